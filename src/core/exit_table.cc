#include "core/exit_table.h"

#include <algorithm>

namespace delen::core {
namespace {

// The cost tables of one thread count, ascending batch.
std::vector<CostTable> CostsOf(const Profile& profile, int threads) {
  std::vector<CostTable> costs;
  std::copy_if(profile.costs.begin(), profile.costs.end(), std::back_inserter(costs),
               [&](const CostTable& table) { return table.threads == threads; });
  std::sort(costs.begin(), costs.end(),
            [](const CostTable& a, const CostTable& b) { return a.batch < b.batch; });
  return costs;
}

}  // namespace

Result<ExitTable> ExitTable::Make(const ModelVersion& model, int threads) {
  ExitTable table;
  table.threads_ = threads;
  table.costs_ = CostsOf(model.profile, threads);
  if (table.costs_.empty()) {
    return InvalidArgument(
        "the profile of model '{}' version {} has no latencies for {} threads; run `delen profile`",
        model.spec.name, model.version, threads);
  }
  table.energy_source_ = model.profile.energy_source;
  table.scores_ = model.spec.scores;
  table.quality_ = model.profile.quality;
  table.cumulative_flops_ = CumulativeFlops(model.profile);
  table.dominated_ = DominatedExits(model.profile);
  for (int exit = 0; exit < model.spec.exit_count(); ++exit) {
    const std::optional<double> accuracy = table.accuracy(exit);
    table.value_.push_back(accuracy.value_or(exit));
    table.temperature_.push_back(table.quality_ ? table.quality_->exits[At(exit)].temperature
                                                : 1.0);
  }
  const auto best = std::max_element(table.value_.begin(), table.value_.end());
  table.best_exit_ = static_cast<int>(best - table.value_.begin());
  return table;
}

std::optional<double> ExitTable::accuracy(int exit) const {
  if (!quality_) return std::nullopt;
  return quality_->exits[At(exit)].accuracy;
}

ExitTable::Costs ExitTable::CostsFor(int rows) const {
  const auto holds = std::find_if(costs_.begin(), costs_.end(),
                                  [&](const CostTable& table) { return table.batch >= rows; });
  if (holds != costs_.end()) return {&*holds, 1.0};
  const CostTable& largest = costs_.back();
  return {&largest, static_cast<double>(rows) / largest.batch};
}

}  // namespace delen::core
