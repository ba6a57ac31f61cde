// What running on is expected to cost, stage by stage.
#pragma once

#include <array>

#include "base/units.h"
#include "core/exit_table.h"

namespace delen::policy {

// Pessimistic times and energies of a model's stages for one batch size and the
// current slowdown of the machine.
class Forecast {
 public:
  // Times are the profile's p99 times `slowdown`; energies what the stage's mean
  // power takes in that time.
  Forecast(const core::ExitTable& exits, int rows, double slowdown);

  // From the exit `from` (-1: before the first stage) to the exit `to`.
  Seconds Time(int from, int to) const;
  Joules Energy(int from, int to) const;

 private:
  std::array<Seconds, core::kMaxExits> time_{};
  std::array<Joules, core::kMaxExits> energy_{};
};

}  // namespace delen::policy
