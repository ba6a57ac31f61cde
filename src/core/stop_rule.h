// Stop rules as data: conditions over what is known at an exit, which say when
// to answer there.
//
// Source: the conditions API of Delen (Liang et al., IoTDI 2023); its condition
//         files, a JSON list with one {"metric", "op", "threshold"} per exit,
//         load as they are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/units.h"

namespace delen::core {

// What is known when a request stands at an exit. A condition sees these as
// plain numbers in base units: seconds, joules, floating-point operations.
struct ExitStatus {
  int exit = 0;
  Seconds response_time;  // since the request arrived
  double confidence = 0.0;
  double accuracy = 0.0;  // of this exit, by the profile
  Joules energy;          // spent on this request
  double computation = 0.0;
};

enum class Metric { kResponseTime, kConfidence, kAccuracy, kEnergy, kComputation, kExit };
enum class Comparison { kLess, kLessEq, kEqual, kGreater, kGreaterEq, kNever };

// A comparison, or conditions joined by and, or, not.
struct Condition {
  enum class Kind { kCompare, kAll, kAny, kNot };

  Kind kind = Kind::kCompare;
  Metric metric = Metric::kExit;
  Comparison comparison = Comparison::kNever;
  double threshold = 0.0;
  std::vector<Condition> operands;  // for kAll, kAny; one for kNot

  friend bool operator==(const Condition&, const Condition&) = default;
};

bool Holds(const Condition& condition, const ExitStatus& status);

// When to answer: at the first exit whose condition holds, else at the last.
class StopRule {
 public:
  // One condition per exit, or a single one that stands at every exit.
  explicit StopRule(std::vector<Condition> conditions);

  // Whether this rule fits a model with `exit_count` exits.
  // Errors: kInvalidArgument, naming both counts.
  Status Fits(int exit_count) const;

  bool StopsAt(const ExitStatus& status) const;

  friend bool operator==(const StopRule&, const StopRule&) = default;

 private:
  std::vector<Condition> conditions_;
};

// Reads a rule: one condition, or a list with one per exit. A condition is
// {"metric": "response_time", "op": "greater", "threshold": 0.02} or
// {"and": [...]}, {"or": [...]}, {"not": {...}}.
// Errors: kInvalidArgument, saying which condition and what was expected.
Result<StopRule> ParseStopRule(std::string_view json);

}  // namespace delen::core
