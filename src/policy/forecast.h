// What running on is expected to cost, stage by stage.
#pragma once

#include "base/units.h"
#include "core/exit_table.h"

namespace delen::policy {

// Pessimistic times and energies of a model's stages for one batch size and the
// current slowdown of the machine.
class Forecast {
 public:
  // Times are the profile's p99 times `slowdown`; energies what the stage's mean
  // power takes in that time. `exits` must outlive this.
  Forecast(const core::ExitTable& exits, int rows, double slowdown)
      : Forecast(exits.CostsFor(rows), slowdown) {}

  // From the exit `from` (-1: before the first stage) to the exit `to`.
  Seconds Time(int from, int to) const { return Between(sums_.p99, from, to) * factor_; }
  Joules Energy(int from, int to) const { return Between(sums_.energy, from, to) * factor_; }

 private:
  Forecast(const core::ExitTable::Costs& costs, double slowdown)
      : sums_(*costs.sums), factor_(costs.factor * slowdown) {}

  template <class Unit>
  static Unit Between(const std::vector<Unit>& sums, int from, int to) {
    return sums[static_cast<std::size_t>(to) + 1] - sums[static_cast<std::size_t>(from) + 1];
  }

  const core::ExitTable::CostSums& sums_;
  double factor_;
};

}  // namespace delen::policy
