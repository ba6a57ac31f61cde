#include "policy/reactive_policy.h"

#include <algorithm>

#include "policy/batching.h"

namespace delen::policy {

Plan ReactivePolicy::Choose(const Queue& queue) const {
  if (queue.jobs.empty()) return {};
  const auto first = std::ranges::min_element(queue.jobs, {}, &WaitingJob::id);
  const auto index = static_cast<std::size_t>(first - queue.jobs.begin());
  const WaitingJob& job = **first;
  const bool is_over = job.reached() > 0 && queue.now > job.deadline;
  if (is_over || job.last_reached() == job.exits->last_exit()) {
    return Answer(index, job.last_reached());
  }
  return Run(queue, {index});
}

}  // namespace delen::policy
