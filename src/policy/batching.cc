#include "policy/batching.h"

#include <algorithm>

namespace delen::policy {

bool MayShareBatch(const WaitingJob& a, const WaitingJob& b) {
  return a.exits == b.exits && a.reached() == b.reached() && a.yields == b.yields && !a.alone &&
         !b.alone;
}

Batch BatchOf(Jobs jobs, int max_rows) {
  Batch batch = {0};
  int rows = jobs[0]->rows;
  for (std::size_t i = 1; i < jobs.size() && batch.size() < batch.capacity(); ++i) {
    if (!MayShareBatch(*jobs[0], *jobs[i]) || rows + jobs[i]->rows > max_rows) continue;
    rows += jobs[i]->rows;
    batch.push_back(i);
  }
  return batch;
}

int RowsThatMayJoin(Jobs jobs) {
  int rows = jobs[0]->rows;
  for (const WaitingJob* job : jobs.subspan(1)) {
    if (MayShareBatch(*jobs[0], *job)) rows += job->rows;
  }
  return rows;
}

boost::container::static_vector<std::size_t, 32> FirstOfEachModel(Jobs jobs) {
  boost::container::static_vector<std::size_t, 32> first;
  for (std::size_t i = 0; i < jobs.size() && first.size() < first.capacity(); ++i) {
    const bool is_known = std::ranges::any_of(
        first, [&](std::size_t other) { return jobs[other]->exits == jobs[i]->exits; });
    if (!is_known) first.push_back(i);
  }
  return first;
}

int RowsOf(Jobs jobs, const Batch& batch) {
  int rows = 0;
  for (const std::size_t i : batch) rows += jobs[i]->rows;
  return rows;
}

Plan Run(const Queue& queue, const Batch& batch) {
  Plan plan;
  plan.kind = Plan::Kind::kRun;
  plan.jobs = batch;
  plan.exit = queue.jobs[batch[0]]->last_reached() + 1;
  return plan;
}

Batch Ordered::Indices(const Batch& batch) const {
  Batch indices;
  for (const std::size_t i : batch) {
    indices.push_back(
        static_cast<std::size_t>(std::ranges::find(original_, jobs_[i]) - original_.begin()));
  }
  return indices;
}

Boundaries::Boundaries(Jobs jobs) {
  for (const WaitingJob* job : jobs) {
    const auto known = std::ranges::find_if(boundaries_, [&](const Boundary& boundary) {
      return boundary.exits == job->exits && boundary.reached == job->reached();
    });
    if (known != boundaries_.end()) {
      known->rows += job->rows;
    } else if (boundaries_.size() < boundaries_.capacity()) {
      boundaries_.push_back({job->exits, job->reached(), job->rows});
    }
  }
}

int Boundaries::rows(const WaitingJob& job) const {
  const auto known = std::ranges::find_if(boundaries_, [&](const Boundary& boundary) {
    return boundary.exits == job.exits && boundary.reached == job.reached();
  });
  return known == boundaries_.end() ? job.rows : std::max(known->rows, job.rows);
}

}  // namespace delen::policy
