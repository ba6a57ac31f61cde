#include "policy/symphony_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/testing/waiting_jobs.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::ElementsAre;
using testing::ExitsWithBatches;
using testing::WaitingJobs;

const SymphonyPolicy kPolicy;

// To the last exit: one row takes 10 ms, two 12, up to four 16.
core::ExitTable Exits() { return ExitsWithBatches({{2, 1.2}, {4, 1.6}}); }

void ExpectWaits(const Plan& plan, double until_ms) {
  EXPECT_EQ(plan.kind, Plan::Kind::kWait);
  EXPECT_NEAR(InMilliseconds(plan.until.since_origin()), until_ms, 1e-9);
}

// The ids of those whom the plan runs, to the last exit.
std::vector<core::RequestId> IdsRun(const Queue& queue) {
  const Plan plan = kPolicy.Choose(queue);
  EXPECT_EQ(plan.kind, Plan::Kind::kRun);
  EXPECT_EQ(plan.exit, 3);
  std::vector<core::RequestId> ids;
  for (const std::size_t index : plan.jobs) ids.push_back(queue.jobs[index]->id);
  return ids;
}

TEST(SymphonyPolicy, WaitsUntilOneMoreWouldNotFit) {
  WaitingJobs jobs{Exits()};
  jobs.Add({.bounds = {.max_latency = 30_ms}});
  const Plan plan = kPolicy.Choose(jobs.At(0_ms));
  ExpectWaits(plan, 18.0);  // two would take 12
  EXPECT_THAT(IdsRun(jobs.At(plan.until.since_origin())), ElementsAre(1));
}

TEST(SymphonyPolicy, TheOldestDeadlineOfABatchCounts) {
  WaitingJobs jobs{Exits()};
  jobs.Add({.bounds = {.max_latency = 40_ms}}).Add({.bounds = {.max_latency = 30_ms}});
  ExpectWaits(kPolicy.Choose(jobs.At(0_ms)), 14.0);  // three would take 16
  EXPECT_THAT(IdsRun(jobs.At(14.5_ms)), ElementsAre(2, 1));
}

TEST(SymphonyPolicy, AFullBatchStartsAtOnce) {
  WaitingJobs jobs{Exits()};
  for (int i = 0; i < 3; ++i) jobs.Add({.bounds = {.max_latency = 90_ms}});
  EXPECT_EQ(kPolicy.Choose(jobs.At(0_ms)).kind, Plan::Kind::kWait);
  jobs.Add({.bounds = {.max_latency = 80_ms}}).Add({.bounds = {.max_latency = 95_ms}});
  EXPECT_THAT(IdsRun(jobs.At(0_ms)), ElementsAre(4, 1, 2, 3));
}

TEST(SymphonyPolicy, WithoutADeadlineThereIsNothingToWaitFor) {
  WaitingJobs jobs{Exits()};
  jobs.Add({});
  EXPECT_THAT(IdsRun(jobs.At(0_ms)), ElementsAre(1));
}

TEST(SymphonyPolicy, ABatchIsNoLargerThanItsFirstDeadlineAllows) {
  WaitingJobs jobs{Exits()};
  for (int i = 0; i < 4; ++i) jobs.Add({.bounds = {.max_latency = 30_ms}});
  EXPECT_THAT(IdsRun(jobs.At(14.1_ms)), ElementsAre(1, 2));  // four would be late by 0.1 ms
  EXPECT_THAT(IdsRun(jobs.At(18.1_ms)), ElementsAre(1));
}

TEST(SymphonyPolicy, DropsWhatCannotBeMetEvenAlone) {
  WaitingJobs jobs{Exits()};
  jobs.Add({.bounds = {.max_latency = 90_ms}}).Add({.bounds = {.max_latency = 30_ms}});
  const Queue queue = jobs.At(20.1_ms);
  const Plan plan = kPolicy.Choose(queue);
  EXPECT_EQ(plan.kind, Plan::Kind::kDrop);
  EXPECT_EQ(queue.jobs[plan.jobs[0]]->id, 2U);
}

TEST(SymphonyPolicy, ASlowMachineMakesEverythingEarlier) {
  WaitingJobs jobs{Exits()};
  jobs.Add({.bounds = {.max_latency = 30_ms}});
  ExpectWaits(kPolicy.Choose(jobs.At(0_ms, 1.25)), 15.0);
  EXPECT_EQ(kPolicy.Choose(jobs.At(0_ms, 3.1)).kind, Plan::Kind::kDrop);
}

TEST(SymphonyPolicy, OfModelsThatMayStartTheOneWhoseWindowClosesFirst) {
  // Not batched, so both may start at once. The second is due later but takes
  // three times as long: it must start at 10 ms, the first at 20.
  core::ModelVersion slow = core::testing::SampleModel();
  for (core::StageCost& stage : slow.profile.costs[0].stages) stage.p95 = stage.p95 * 3.0;
  const core::ExitTable slow_exits = core::ExitTable::Make(slow, 1).value();
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 30_ms}});
  EXPECT_THAT(IdsRun(jobs.At(0_ms)), ElementsAre(1));
  jobs.Add({.bounds = {.max_latency = 40_ms}, .exits = &slow_exits});
  EXPECT_THAT(IdsRun(jobs.At(0_ms)), ElementsAre(2));
}

TEST(SymphonyPolicy, OneModelsBatchMayStartWhileAnotherIsStillGathering) {
  const core::ExitTable single = core::testing::SampleExits();
  WaitingJobs jobs{Exits()};
  jobs.Add({.bounds = {.max_latency = 30_ms}})
      .Add({.bounds = {.max_latency = 90_ms}, .exits = &single});
  EXPECT_THAT(IdsRun(jobs.At(0_ms)), ElementsAre(2));
}

TEST(SymphonyPolicy, WaitsForTheFirstWindowOfAnyModel) {
  const core::ExitTable other = Exits();
  WaitingJobs jobs{Exits()};
  jobs.Add({.bounds = {.max_latency = 50_ms}})
      .Add({.bounds = {.max_latency = 40_ms}, .exits = &other});
  ExpectWaits(kPolicy.Choose(jobs.At(0_ms)), 28.0);
}

TEST(SymphonyPolicy, AnswersWhatHasRun) {
  WaitingJobs jobs{Exits()};
  jobs.Add({}).Add({.confidences = {0.5, 0.5, 0.5, 0.5}});
  const Plan plan = kPolicy.Choose(jobs.At(10_ms));
  EXPECT_EQ(plan.kind, Plan::Kind::kAnswer);
  EXPECT_THAT(plan.jobs, ElementsAre(1));
  EXPECT_EQ(plan.exit, 3);
}

}  // namespace
}  // namespace delen::policy
