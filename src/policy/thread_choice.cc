#include "policy/thread_choice.h"

#include <map>

namespace delen::policy {
namespace {

Seconds TimeToTheEnd(const core::CostTable& table) {
  Seconds time;
  for (const core::StageCost& stage : table.stages) time += stage.p95;
  return time;
}

}  // namespace

std::optional<int> ChooseThreads(const core::Profile& profile, int most) {
  std::map<int, const core::CostTable*> smallest_batch;  // by threads
  for (const core::CostTable& table : profile.costs) {
    if (table.threads > most) continue;
    const core::CostTable*& kept = smallest_batch[table.threads];
    if (kept == nullptr || table.batch < kept->batch) kept = &table;
  }
  std::optional<int> best;
  for (const auto& [threads, table] : smallest_batch) {
    const bool is_worth_it =
        !best || TimeToTheEnd(*smallest_batch[*best]) >= TimeToTheEnd(*table) * kWorthMoreThreads;
    if (is_worth_it) best = threads;
  }
  return best;
}

}  // namespace delen::policy
