#include "core/exit_table.h"

#include <algorithm>
#include <limits>

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

ExitTable::CostSums SumsOf(const CostTable& table) {
  ExitTable::CostSums sums{{Seconds()}, {Seconds()}, {Joules()}};
  for (const StageCost& stage : table.stages) {
    sums.p95.push_back(sums.p95.back() + stage.p95);
    sums.p99.push_back(sums.p99.back() + stage.p99);
    sums.energy.push_back(sums.energy.back() + stage.MeanPower() * stage.p99);
  }
  return sums;
}

std::ptrdiff_t Offset(std::size_t index) { return static_cast<std::ptrdiff_t>(index); }

// A larger batch must be this much quicker per row.
constexpr double kBatchPays = 0.95;

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
  for (const CostTable& costs : table.costs_) {
    table.sums_.push_back(SumsOf(costs));
    table.shares_.push_back((table.sums_.back().p95.back() / costs.batch) /
                            (table.sums_.front().p95.back() / table.costs_.front().batch));
  }
  table.ChooseBatches();
  for (std::size_t reached = 0; reached <= table.value_.size(); ++reached) {
    table.steps_.push_back(table.StepsFrom(reached));
  }
  return table;
}

std::optional<double> ExitTable::accuracy(int exit) const {
  if (!quality_) return std::nullopt;
  return quality_->exits[At(exit)].accuracy;
}

ExitTable::Costs ExitTable::CostsFor(int rows) const {
  const std::size_t at = ByRows(holding_, rows);
  const CostTable& table = costs_[at];
  return {&table, &sums_[at], std::max(1.0, static_cast<double>(rows) / table.batch)};
}

int ExitTable::BestBatch(int rows) const { return costs_[ByRows(best_, rows)].batch; }

double ExitTable::BatchShare(int rows) const { return shares_[ByRows(best_, rows)]; }

void ExitTable::ChooseBatches() {
  std::size_t holding = 0;
  std::size_t best = 0;
  for (int rows = 0; rows <= costs_.back().batch; ++rows) {
    if (costs_[holding].batch < rows) ++holding;
    const bool is_whole = costs_[holding].batch == rows;
    if (is_whole && shares_[holding] <= shares_[best] * kBatchPays) best = holding;
    holding_.push_back(holding);
    best_.push_back(best);
  }
}

std::vector<ExitTable::Step> ExitTable::StepsFrom(std::size_t reached) const {
  const auto time_to = [&](std::size_t exit) {
    return (sums_.front().p95[exit + 1] - sums_.front().p95[reached]) / costs_.front().batch;
  };
  std::vector<Step> steps;
  const std::size_t first = reached == 0 ? 1 : 0;
  if (reached == 0) steps.push_back({0, time_to(0), std::numeric_limits<double>::infinity()});
  double best = value_[0];
  for (std::size_t exit = 1; exit < value_.size(); ++exit) {
    if (value_[exit] <= best) continue;
    best = value_[exit];
    if (exit >= reached) steps.push_back({static_cast<int>(exit), time_to(exit), 0.0});
  }
  const std::size_t start = std::max<std::size_t>(reached, 1);
  const double worth = *std::max_element(value_.begin(), value_.begin() + Offset(start));
  SetDensities(std::span(steps).subspan(first), reached == 0 ? time_to(0) : Seconds(), worth);
  return steps;
}

// The slope of the least concave line above the points (time, value), from the
// point where the way begins.
void ExitTable::SetDensities(std::span<Step> steps, Seconds time, double worth) const {
  while (!steps.empty()) {
    std::size_t steepest = 0;
    double density = 0.0;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const double slope = (value(steps[i].exit) - worth) / (steps[i].time - time).value();
      if (slope >= density) {
        density = slope;
        steepest = i;
      }
    }
    for (std::size_t i = 0; i <= steepest; ++i) steps[i].density = density;
    time = steps[steepest].time;
    worth = value(steps[steepest].exit);
    steps = steps.subspan(steepest + 1);
  }
}

}  // namespace delen::core
