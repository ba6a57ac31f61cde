// How an accuracy floor, a promise about the average, becomes a rule for the
// single request: leave early when sure, go on when not.
#pragma once

#include <optional>

#include "core/exit_table.h"

namespace delen::policy {

// Answer at the first exit whose calibrated confidence reaches `threshold`, and
// at `last_exit` whatever it is.
struct FloorRule {
  int last_exit = 0;
  double threshold = 0.0;
  std::optional<double> accuracy;  // the average that answers chosen so had on labelled data

  bool LetsLeave(int exit, double confidence) const {
    return exit >= last_exit || confidence >= threshold;
  }
};

// The rule of least work that keeps the floor on the average of
// kFloorHorizon requests with 95 % confidence, both samplings counted: the
// labelled data's and the client's own. Where no rule does, the most accurate.
// Without labelled data or confidences: always the last exit.
FloorRule ChooseFloorRule(const core::ExitTable& exits, double min_accuracy);

// The number of a client's requests over which the floor is promised.
inline constexpr double kFloorHorizon = 2000.0;

// How far the average of kFloorHorizon requests may fall below `accuracy`, as
// measured on `samples` pictures, in one case of twenty.
double FloorMargin(double accuracy, int samples);

}  // namespace delen::policy
