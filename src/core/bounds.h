// What a client asks of one answer: limits that hold together, and what to
// make best inside them. docs/bounds.md says what the server promises.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/units.h"
#include "core/parameters.h"

namespace delen::core {

enum class Objective { kAccuracy, kLatency, kEnergy };
enum class OnInfeasible {
  kBestEffort,  // answer from the first exit and say which bounds were missed
  kReject,      // refuse before any work is done
};

struct Bounds {
  std::optional<Seconds> max_latency;         // from the request's first byte
  std::optional<Joules> max_energy;           // of this request's stages
  std::optional<double> min_accuracy;         // average over the client's requests, 0..1
  std::optional<double> min_confidence;       // of this very answer, calibrated, 0..1
  std::optional<Objective> objective;         // absent: see ObjectiveOf
  std::optional<OnInfeasible> on_infeasible;  // absent: kBestEffort

  friend bool operator==(const Bounds&, const Bounds&) = default;
};

// The objective asked for, else the default: accuracy, unless the request sets
// a floor (min_accuracy, min_confidence), which asks for the least work that
// keeps it: latency.
Objective ObjectiveOf(const Bounds& bounds);

// A request's bounds, with those it does not set taken from its tenant's, field
// by field. A floor of its own says an objective too (ObjectiveOf): that of the
// tenant is not taken then.
Bounds WithDefaults(const Bounds& request, const Bounds& tenant);

// The bounds among request parameters; other names are ignored.
// Errors: kInvalidArgument on NaN, a negative limit, a floor outside 0..1 or an
//         unknown word.
Result<Bounds> ParseBounds(const Parameters& parameters);

// The four bounds a response can be held against.
enum class Bound : std::uint8_t { kLatency, kEnergy, kAccuracy, kConfidence };
inline constexpr std::array kAllBounds = {Bound::kLatency, Bound::kEnergy, Bound::kAccuracy,
                                          Bound::kConfidence};

// The parameter that sets this bound: "max_latency_ms", ...
std::string_view ParameterName(Bound bound);

// A set of bounds.
class BoundSet {
 public:
  void Add(Bound bound) { bits_ |= Bit(bound); }
  bool contains(Bound bound) const { return (bits_ & Bit(bound)) != 0; }
  bool empty() const { return bits_ == 0; }
  friend bool operator==(BoundSet, BoundSet) = default;

 private:
  static unsigned Bit(Bound bound) { return 1U << static_cast<unsigned>(bound); }
  unsigned bits_ = 0;
};

// Comma-separated parameter names, in the order of kAllBounds; "" when empty.
std::string ToString(BoundSet bounds);

// What an answer achieved, in the terms of the bounds.
struct Achieved {
  Seconds latency;
  Joules energy;
  std::optional<double> accuracy;    // expected average of answers chosen so; absent if unknown
  std::optional<double> confidence;  // absent when the model's output is no score
};

// The bounds that this answer did not keep.
BoundSet MissedBounds(const Bounds& bounds, const Achieved& achieved);

}  // namespace delen::core
