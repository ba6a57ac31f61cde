#include "policy/symphony_policy.h"

#include <algorithm>
#include <limits>
#include <optional>

#include "policy/batching.h"

namespace delen::policy {
namespace {

// The moments between which a batch may start.
struct Window {
  Batch batch;
  TimePoint opens;   // one more request would no longer fit after this
  TimePoint closes;  // the batch's most urgent deadline breaks after this
};

Seconds TimeToTheEnd(const WaitingJob& job, int rows, double slowdown) {
  const core::ExitTable::Costs costs = job.exits->CostsFor(rows);
  return costs.sums->p95.back() * costs.factor * slowdown;
}

// The largest batch of the first of `jobs` and those behind it that keeps the
// first one's deadline, or nothing when not even the first alone does.
std::optional<Window> WindowOf(Jobs jobs, const Queue& queue) {
  const WaitingJob& first = *jobs[0];
  const auto start_by = [&](int rows) {
    return first.deadline - TimeToTheEnd(first, rows, queue.slowdown);
  };
  if (queue.now > start_by(first.rows)) return std::nullopt;
  const int most = first.exits->BestBatch(RowsThatMayJoin(jobs));
  Window window{BatchOf(jobs, most), {}, {}};
  while (window.batch.size() > 1 && queue.now > start_by(RowsOf(jobs, window.batch))) {
    window.batch.pop_back();
  }
  const int rows = RowsOf(jobs, window.batch);
  const bool is_full = rows >= first.exits->BestBatch(std::numeric_limits<int>::max());
  window.opens = is_full || first.deadline == TimePoint::Never() ? queue.now : start_by(rows + 1);
  window.closes = start_by(rows);
  return window;
}

}  // namespace

Plan SymphonyPolicy::Choose(const Queue& queue) const {
  if (const std::optional<Plan> answer = AnswerOfReached(queue)) return *answer;
  const Ordered ordered(queue.jobs, [](const WaitingJob* a, const WaitingJob* b) {
    return a->deadline != b->deadline ? a->deadline < b->deadline : a->id < b->id;
  });
  const Jobs jobs = ordered.jobs();
  std::optional<std::size_t> best;
  std::optional<Window> best_window;
  Plan wait;
  for (const std::size_t i : FirstOfEachModel(jobs)) {
    const std::optional<Window> window = WindowOf(jobs.subspan(i), queue);
    if (!window) return Drop(ordered.Indices({i})[0]);
    if (window->opens > queue.now) {
      wait.until = std::min(wait.until, window->opens);
    } else if (!best || window->closes < best_window->closes) {
      best = i;
      best_window = window;
    }
  }
  if (!best) return wait;
  for (std::size_t& index : best_window->batch) index += *best;
  Plan plan = Run(queue, ordered.Indices(best_window->batch));
  plan.exit = jobs[*best]->exits->last_exit();
  return plan;
}

}  // namespace delen::policy
