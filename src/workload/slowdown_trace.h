// How slow the machine is as time goes by. Units: a ratio; 1 means "as
// profiled", 2 "twice as slow".
#pragma once

#include <memory>
#include <string_view>
#include <variant>
#include <vector>

#include "base/document/document_reader.h"
#include "base/random.h"
#include "base/result.h"
#include "base/units.h"

namespace delen::workload {

// What a slowdown can be.
inline constexpr Range kSlowdownRange{0.01, 100.0};

struct ConstantSlowdown {
  double value = 1.0;

  friend bool operator==(const ConstantSlowdown&, const ConstantSlowdown&) = default;
};

// Each value holds from its instant to the next one's; before the first it is 1.
struct SteppedSlowdown {
  struct Step {
    Seconds at;
    double value = 1.0;

    friend bool operator==(const Step&, const Step&) = default;
  };
  std::vector<Step> steps;  // ascending

  friend bool operator==(const SteppedSlowdown&, const SteppedSlowdown&) = default;
};

// The logarithm walks: it moves by a normal amount at every interval, and is
// thrown back from the ends. It starts at 1, or at the end that is nearest to 1.
struct WalkingSlowdown {
  Seconds interval{1.0};
  double log_deviation = 0.1;  // standard deviation of a move
  double low = 1.0;
  double high = 4.0;

  friend bool operator==(const WalkingSlowdown&, const WalkingSlowdown&) = default;
};

using Slowdown = std::variant<ConstantSlowdown, SteppedSlowdown, WalkingSlowdown>;

// Two columns, "seconds,slowdown" (see ParseRecording): each row holds until the next.
Result<SteppedSlowdown> ParseRecordedSlowdown(std::string_view csv, std::string_view source);

// The same for the same seed, whenever it is asked.
//
// Threads: not thread-safe.
class SlowdownTrace {
 public:
  virtual ~SlowdownTrace() = default;

  // `time` is not before that of the last call.
  virtual double At(TimePoint time) = 0;
};

std::unique_ptr<SlowdownTrace> MakeSlowdownTrace(const Slowdown& slowdown,
                                                 const RandomSource& random);

}  // namespace delen::workload
