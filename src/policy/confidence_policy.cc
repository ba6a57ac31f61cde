#include "policy/confidence_policy.h"

#include "policy/batching.h"

namespace delen::policy {

Plan ConfidencePolicy::Choose(const Queue& queue) const {
  if (queue.jobs.empty()) return {};
  for (std::size_t i = 0; i < queue.jobs.size(); ++i) {
    const WaitingJob& job = *queue.jobs[i];
    if (job.reached() == 0) continue;
    const bool is_last = job.last_reached() == job.exits->last_exit();
    if (is_last || job.confidences.back() >= threshold_) return Answer(i, job.last_reached());
  }
  const Ordered ordered(queue.jobs,
                        [](const WaitingJob* a, const WaitingJob* b) { return a->id < b->id; });
  const WaitingJob& first = *ordered.jobs().front();
  const int rows = first.exits->BestBatch(RowsThatMayJoin(ordered.jobs()));
  return Run(queue, ordered.Indices(BatchOf(ordered.jobs(), rows)));
}

}  // namespace delen::policy
