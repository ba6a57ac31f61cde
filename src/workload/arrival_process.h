// When the requests of one tenant arrive.
#pragma once

#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "base/units.h"

namespace delen::workload {

// Independent requests: exponential gaps.
struct PoissonArrivals {
  double rate_per_s = 1.0;

  friend bool operator==(const PoissonArrivals&, const PoissonArrivals&) = default;
};

// Bursts: a Poisson process whose rate changes (a Markov-modulated one). It
// begins in the first state, dwells in each for an exponential time, and goes
// through them in turn.
struct BurstyArrivals {
  struct State {
    double rate_per_s = 0.0;  // 0: silence
    Seconds mean_dwell{1.0};

    friend bool operator==(const State&, const State&) = default;
  };
  std::vector<State> states;  // at least two, one rate above 0

  friend bool operator==(const BurstyArrivals&, const BurstyArrivals&) = default;
};

// A camera's frames: an even grid of instants, each frame off by its own jitter.
struct PeriodicArrivals {
  enum class Jitter { kNormal, kUniform };

  double rate_per_s = 1.0;
  Seconds offset;  // of the first frame
  Seconds jitter;  // standard deviation, or half width of the uniform interval
  Jitter shape = Jitter::kNormal;

  friend bool operator==(const PeriodicArrivals&, const PeriodicArrivals&) = default;
};

// Instants that were recorded, in order.
struct RecordedArrivals {
  std::vector<Seconds> times;

  friend bool operator==(const RecordedArrivals&, const RecordedArrivals&) = default;
};

using Arrivals = std::variant<PoissonArrivals, BurstyArrivals, PeriodicArrivals, RecordedArrivals>;

// One column of seconds (see ParseRecording).
Result<RecordedArrivals> ParseRecordedArrivals(std::string_view csv, std::string_view source);

// `arrivals` made `factor` times as frequent. Dwell times and jitter stay; a
// recording is pressed together.
Arrivals WithRate(Arrivals arrivals, double factor);

// The same for the same seed.
//
// Threads: not thread-safe.
class ArrivalProcess {
 public:
  virtual ~ArrivalProcess() = default;

  // The next instant, at or after the last and time 0; nothing after the end of
  // a recording.
  virtual std::optional<TimePoint> Next() = 0;
};

std::unique_ptr<ArrivalProcess> MakeArrivalProcess(const Arrivals& arrivals,
                                                   const RandomSource& random);

}  // namespace delen::workload
