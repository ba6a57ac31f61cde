// Queues made of literals, for tests of policies.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <map>
#include <vector>

#include "core/testing/sample_model.h"
#include "policy/policy.h"

namespace delen::policy::testing {

// The sample model with batches: `factors` is, for each batch size measured
// besides 1, how many times as long as a single row it takes.
inline core::ExitTable ExitsWithBatches(const std::map<int, double>& factors) {
  core::ModelVersion model = core::testing::SampleModel();
  for (const auto& [batch, factor] : factors) {
    core::CostTable costs = model.profile.costs[0];
    costs.batch = batch;
    for (core::StageCost& stage : costs.stages) {
      stage = {stage.p50 * factor, stage.p95 * factor, stage.p99 * factor, stage.energy * factor};
    }
    model.profile.costs.push_back(costs);
  }
  return core::ExitTable::Make(model, 1).value();
}

// What is particular about one job; the rest is as for a request that arrived
// at 0 and waits for its first stage.
struct JobSpec {
  core::Bounds bounds;
  std::vector<double> confidences;
  Seconds arrival;
  Joules energy;
  int rows = 1;
  bool over_share = false;
  bool yields = false;
  const core::ExitTable* exits = nullptr;  // null: the sample model's
};

// Jobs of the sample model: exits at 1, 3, 6 and 10 ms and mJ, worth 0.6, 0.8,
// 0.9 and 0.85.
class WaitingJobs {
 public:
  WaitingJobs() = default;
  explicit WaitingJobs(core::ExitTable exits) : exits_(std::move(exits)) {}

  WaitingJobs& Add(JobSpec spec) {
    const JobSpec& kept = specs_.emplace_back(std::move(spec));
    WaitingJob& job = jobs_.emplace_back();
    job.id = jobs_.size();
    job.exits = kept.exits != nullptr ? kept.exits : &exits_;
    job.bounds = &kept.bounds;
    job.floor = ChooseFloorRule(*job.exits, kept.bounds.min_accuracy.value_or(0.0));
    job.arrival = TimePoint(kept.arrival);
    job.deadline =
        kept.bounds.max_latency ? job.arrival + *kept.bounds.max_latency : TimePoint::Never();
    job.due = std::min(job.deadline, job.arrival + Seconds(1.0));
    job.rows = kept.rows;
    job.confidences = kept.confidences;
    job.energy = kept.energy;
    job.over_share = kept.over_share;
    job.yields = kept.yields;
    return *this;
  }

  WaitingJob& job(std::size_t index) { return jobs_[index]; }
  const core::ExitTable& exits() const { return exits_; }

  // As of `now`, in order.
  Queue At(Seconds now, double slowdown = 1.0) {
    order_.clear();
    for (const WaitingJob& job : jobs_) order_.push_back(&job);
    std::ranges::sort(order_, [](auto* a, auto* b) { return GoesBefore(*a, *b); });
    return {TimePoint(now), slowdown, order_, streams, Seconds()};
  }

  std::vector<Stream> streams;

 private:
  const core::ExitTable exits_ = core::testing::SampleExits();
  std::deque<JobSpec> specs_;
  std::deque<WaitingJob> jobs_;
  std::vector<const WaitingJob*> order_;
};

// That the stage is run next, or the job answered from the exit.
inline void ExpectRuns(const Plan& plan, int stage) {
  EXPECT_EQ(plan.kind, Plan::Kind::kRun);
  EXPECT_EQ(plan.exit, stage);
}

inline void ExpectAnswers(const Plan& plan, int exit) {
  EXPECT_EQ(plan.kind, Plan::Kind::kAnswer);
  EXPECT_EQ(plan.exit, exit);
}

}  // namespace delen::policy::testing
