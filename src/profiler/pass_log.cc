#include "profiler/pass_log.h"

#include <algorithm>
#include <numeric>

#include "base/quantile.h"

namespace delen::profiler {

void PassLog::AddStage(std::size_t stage, Seconds time) {
  times_[stage].push_back(time.value());
  time_ += time;
}

std::vector<core::StageCost> PassLog::TimeCosts() const {
  std::vector<core::StageCost> costs;
  for (std::vector<double> sorted : times_) {
    std::sort(sorted.begin(), sorted.end());
    costs.push_back({.p50 = Seconds(QuantileOfSorted(sorted, 0.50)),
                     .p95 = Seconds(QuantileOfSorted(sorted, 0.95)),
                     .p99 = Seconds(QuantileOfSorted(sorted, 0.99))});
  }
  return costs;
}

std::vector<core::StageCost> PassLog::MeteredCosts() const {
  std::vector<core::StageCost> costs = TimeCosts();
  const Joules per_pass = metered_ / static_cast<double>(passes());
  for (std::size_t stage = 0; stage < costs.size(); ++stage) {
    const double own = std::accumulate(times_[stage].begin(), times_[stage].end(), 0.0);
    if (time_ > Seconds(0.0)) costs[stage].energy = per_pass * (own / time_.value());
  }
  return costs;
}

std::vector<core::StageCost> PassLog::ModelledCosts(const power::PowerModel& model,
                                                    int threads) const {
  std::vector<core::StageCost> costs = TimeCosts();
  for (core::StageCost& cost : costs) cost.energy = model.ActiveEnergy(threads, cost.p50);
  return costs;
}

}  // namespace delen::profiler
