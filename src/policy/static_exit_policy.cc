#include "policy/static_exit_policy.h"

#include <algorithm>

#include "policy/batching.h"

namespace delen::policy {

Plan StaticExitPolicy::Choose(const Queue& queue) const {
  if (queue.jobs.empty()) return {};
  const auto goes_before = [this](const WaitingJob* a, const WaitingJob* b) {
    const bool by_deadline = order_ == Order::kEarliestDeadline && a->deadline != b->deadline;
    return by_deadline ? a->deadline < b->deadline : a->id < b->id;
  };
  for (std::size_t i = 0; i < queue.jobs.size(); ++i) {
    const WaitingJob& job = *queue.jobs[i];
    if (job.last_reached() >= ExitOf(job)) return Answer(i, job.last_reached());
  }
  const Ordered ordered(queue.jobs, goes_before);
  const WaitingJob& first = *ordered.jobs().front();
  const int rows = first.exits->BestBatch(RowsThatMayJoin(ordered.jobs()));
  Plan plan = Run(queue, ordered.Indices(BatchOf(ordered.jobs(), rows)));
  plan.exit = ExitOf(first);
  return plan;
}

int StaticExitPolicy::ExitOf(const WaitingJob& job) const {
  const int last = job.exits->last_exit();
  return std::clamp(exit_.value_or(last), 0, last);
}

}  // namespace delen::policy
