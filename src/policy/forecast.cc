#include "policy/forecast.h"

namespace delen::policy {
namespace {

// The sum over the stages that lead from one exit to another.
template <class Unit>
Quantity<Unit> Sum(const std::array<Quantity<Unit>, core::kMaxExits>& stages, int from, int to) {
  Quantity<Unit> sum;
  for (int stage = from + 1; stage <= to; ++stage) sum += stages[static_cast<std::size_t>(stage)];
  return sum;
}

}  // namespace

Forecast::Forecast(const core::ExitTable& exits, int rows, double slowdown) {
  const core::ExitTable::Costs costs = exits.CostsFor(rows);
  const double factor = costs.factor * slowdown;
  for (std::size_t stage = 0; stage < costs.table->stages.size(); ++stage) {
    const core::StageCost& cost = costs.table->stages[stage];
    time_[stage] = cost.p99 * factor;
    energy_[stage] = cost.MeanPower() * time_[stage];
  }
}

Seconds Forecast::Time(int from, int to) const { return Sum(time_, from, to); }

Joules Forecast::Energy(int from, int to) const { return Sum(energy_, from, to); }

}  // namespace delen::policy
