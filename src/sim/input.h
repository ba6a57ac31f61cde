// What a simulated request's input is like: how sure the exits are of it.
#pragma once

#include "base/random.h"
#include "core/exit_table.h"

namespace delen::sim {

// One input. Its difficulty is the same at every exit: what a shallow exit is
// sure of, a deeper one is too.
//
// Confidences are calibrated and have the exit's accuracy as their mean: with
// accuracy a and an easiness u, uniform in [0, 1), they are u^((1 - a) / a). A
// stated model, no measurement.
class Input {
 public:
  explicit Input(double easiness) : easiness_(easiness) {}

  double ConfidenceAt(const core::ExitTable& exits, int exit) const;

 private:
  double easiness_;
};

}  // namespace delen::sim
