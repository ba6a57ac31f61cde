// Who may share a batch.
#pragma once

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <span>

#include "policy/policy.h"
#include "policy/queue.h"

namespace delen::policy {

// Indices into a queue's jobs.
using Batch = boost::container::static_vector<std::size_t, kMaxBatch>;
using Jobs = std::span<const WaitingJob* const>;

// Whether one stage can be run for both at once.
bool MayShareBatch(const WaitingJob& a, const WaitingJob& b);

// Jobs[0] and those after it that may share its batch, in order, as many as have
// at most `max_rows` rows together.
Batch BatchOf(Jobs jobs, int max_rows);

// All rows that may share a batch with jobs[0], its own included.
int RowsThatMayJoin(Jobs jobs);

int RowsOf(Jobs jobs, const Batch& batch);

// The first job of each model, in order; of very many models, of the first only.
boost::container::static_vector<std::size_t, 32> FirstOfEachModel(Jobs jobs);

// Runs the next stage of the batch.
Plan Run(const Queue& queue, const Batch& batch);

// A queue's jobs in another order, and the way back to their indices.
class Ordered {
 public:
  // Of more jobs, only the first kMaxOrdered are looked at.
  static constexpr std::size_t kMaxOrdered = 1024;

  template <class GoesBefore>
  Ordered(Jobs jobs, GoesBefore goes_before) : original_(jobs) {
    jobs_.assign(jobs.begin(),
                 jobs.begin() + static_cast<std::ptrdiff_t>(std::min(jobs.size(), kMaxOrdered)));
    std::ranges::stable_sort(jobs_, goes_before);
  }

  Jobs jobs() const { return jobs_; }
  // Of a batch of jobs(), the indices in the original order's numbering.
  Batch Indices(const Batch& batch) const;

 private:
  Jobs original_;
  boost::container::static_vector<const WaitingJob*, kMaxOrdered> jobs_;
};

// Counts how many rows wait at which boundary of which model.
class Boundaries {
 public:
  explicit Boundaries(Jobs jobs);

  // At the boundary where `job` waits: one of the jobs counted, or any other.
  int rows(const WaitingJob& job) const;

 private:
  struct Boundary {
    const core::ExitTable* exits;
    std::size_t reached;
    int rows;
  };

  boost::container::static_vector<Boundary, 32> boundaries_;  // of more, only the first are known
};

}  // namespace delen::policy
