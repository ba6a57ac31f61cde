#include "policy/edgeserving_policy.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "policy/batching.h"

namespace delen::policy {
namespace {

constexpr int kMaxRows = 10;
constexpr double kMostUrgency = 10.0;
// Stands for the bound of requests that have none.
constexpr Seconds kPatience{1.0};

struct Turn {
  Batch batch;
  int exit = 0;
  Seconds time;
};

Seconds BoundOf(const WaitingJob& job) { return job.bounds->max_latency.value_or(kPatience); }

Turn TurnOf(Jobs jobs, const Queue& queue) {
  const WaitingJob& oldest = *jobs[0];
  Turn turn{BatchOf(jobs, std::max(kMaxRows, oldest.rows)), 0, {}};
  const core::ExitTable::Costs costs = oldest.exits->CostsFor(RowsOf(jobs, turn.batch));
  const auto time_to = [&](int exit) {
    return costs.sums->p95[static_cast<std::size_t>(exit) + 1] * costs.factor * queue.slowdown;
  };
  const Seconds waited = queue.now - oldest.arrival;
  turn.exit = oldest.exits->last_exit();
  while (turn.exit > 0 && waited + time_to(turn.exit) > BoundOf(oldest)) --turn.exit;
  turn.time = time_to(turn.exit);
  return turn;
}

// How urgent the rest is once this turn is over. `first` is the turn's first job.
double UrgencyLeft(Jobs jobs, std::size_t first, const Turn& turn, TimePoint now) {
  double sum = 0.0;
  auto member = turn.batch.begin();
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    if (member != turn.batch.end() && *member + first == i) {
      ++member;
      continue;
    }
    const Seconds wait = now - jobs[i]->arrival + turn.time;
    sum += std::min(std::exp(wait / BoundOf(*jobs[i]) - 1.0), kMostUrgency);
  }
  return sum;
}

}  // namespace

Plan EdgeServingPolicy::Choose(const Queue& queue) const {
  if (const std::optional<Plan> answer = AnswerOfReached(queue)) return *answer;
  const Ordered ordered(queue.jobs,
                        [](const WaitingJob* a, const WaitingJob* b) { return a->id < b->id; });
  const Jobs jobs = ordered.jobs();
  double best = std::numeric_limits<double>::infinity();
  Plan plan;
  for (const std::size_t i : FirstOfEachModel(jobs)) {
    Turn turn = TurnOf(jobs.subspan(i), queue);
    const double urgency = UrgencyLeft(jobs, i, turn, queue.now);
    if (urgency >= best) continue;
    best = urgency;
    for (std::size_t& index : turn.batch) index += i;
    plan = Run(queue, ordered.Indices(turn.batch));
    plan.exit = turn.exit;
  }
  return plan;
}

}  // namespace delen::policy
