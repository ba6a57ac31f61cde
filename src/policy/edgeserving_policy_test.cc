#include "policy/edgeserving_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/testing/waiting_jobs.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::ElementsAre;
using testing::ExitsWithBatches;
using testing::JobSpec;
using testing::WaitingJobs;

const EdgeServingPolicy kPolicy;

int ExitOf(JobSpec spec, Seconds now, double slowdown = 1.0) {
  WaitingJobs jobs;
  jobs.Add(std::move(spec));
  const Plan plan = kPolicy.Choose(jobs.At(now, slowdown));
  EXPECT_EQ(plan.kind, Plan::Kind::kRun);
  return plan.exit;
}

// The ids of those whom the plan runs.
std::vector<core::RequestId> IdsRun(const Queue& queue) {
  const Plan plan = kPolicy.Choose(queue);
  EXPECT_EQ(plan.kind, Plan::Kind::kRun);
  std::vector<core::RequestId> ids;
  for (const std::size_t index : plan.jobs) ids.push_back(queue.jobs[index]->id);
  return ids;
}

// --- One model's turn ---

TEST(EdgeServingPolicy, RunsToTheDeepestExitThatKeepsTheOldestsBound) {
  const JobSpec job{.bounds = {.max_latency = 11_ms}};
  EXPECT_EQ(ExitOf(job, 0.9_ms), 3);
  EXPECT_EQ(ExitOf(job, 1.1_ms), 2);
  EXPECT_EQ(ExitOf(job, 5.1_ms), 1);
  EXPECT_EQ(ExitOf(job, 8.1_ms), 0);
  EXPECT_EQ(ExitOf(job, 90_ms), 0);  // late anyway
  EXPECT_EQ(ExitOf(job, 0_ms, 1.2), 2);
}

TEST(EdgeServingPolicy, WithoutABoundASecondStandsForIt) {
  EXPECT_EQ(ExitOf({}, 989_ms), 3);
  EXPECT_EQ(ExitOf({}, 991_ms), 2);
}

TEST(EdgeServingPolicy, TheOldestCountsNotTheMostUrgent) {
  WaitingJobs jobs{ExitsWithBatches({{2, 1.0}})};
  jobs.Add({.bounds = {.max_latency = 90_ms}}).Add({.bounds = {.max_latency = 2_ms}});
  const Plan plan = kPolicy.Choose(jobs.At(0_ms));
  EXPECT_EQ(plan.exit, 3);
  EXPECT_EQ(plan.jobs.size(), 2U);
}

TEST(EdgeServingPolicy, TheBatchsTimeDecidesHowDeep) {
  WaitingJobs jobs{ExitsWithBatches({{2, 1.5}})};
  jobs.Add({.bounds = {.max_latency = 11_ms}});
  EXPECT_EQ(kPolicy.Choose(jobs.At(0_ms)).exit, 3);
  jobs.Add({.bounds = {.max_latency = 11_ms}});
  EXPECT_EQ(kPolicy.Choose(jobs.At(0_ms)).exit, 2);  // 9 ms together; 15 to the last
}

TEST(EdgeServingPolicy, TakesTheTenOldest) {
  WaitingJobs jobs{ExitsWithBatches({{16, 1.0}})};
  for (int i = 0; i < 12; ++i) jobs.Add({});
  EXPECT_THAT(IdsRun(jobs.At(0_ms)), ElementsAre(1, 2, 3, 4, 5, 6, 7, 8, 9, 10));
}

TEST(EdgeServingPolicy, RowsCountNotRequests) {
  WaitingJobs jobs{ExitsWithBatches({{16, 1.0}})};
  jobs.Add({.rows = 7}).Add({.rows = 4}).Add({.rows = 3});
  EXPECT_THAT(IdsRun(jobs.At(0_ms)), ElementsAre(1, 3));
  WaitingJobs large;
  large.Add({.rows = 12}).Add({});
  EXPECT_THAT(IdsRun(large.At(0_ms)), ElementsAre(1));
}

TEST(EdgeServingPolicy, AnswersWhatHasRun) {
  WaitingJobs jobs;
  jobs.Add({}).Add({.confidences = {0.5, 0.5}});
  const Plan plan = kPolicy.Choose(jobs.At(3_ms));
  EXPECT_EQ(plan.kind, Plan::Kind::kAnswer);
  EXPECT_THAT(plan.jobs, ElementsAre(1));
  EXPECT_EQ(plan.exit, 1);
}

// --- Whose turn ---

class TwoModels : public ::testing::Test {
 protected:
  WaitingJobs& Add(Seconds bound_of_first, Seconds bound_of_second) {
    return jobs_.Add({.bounds = {.max_latency = bound_of_first}})
        .Add({.bounds = {.max_latency = bound_of_second}, .exits = &other_});
  }

  const core::ExitTable other_ = ExitsWithBatches({{4, 1.0}});
  WaitingJobs jobs_;
};

TEST_F(TwoModels, TheTurnThatLeavesTheLeastUrgencyIsTaken) {
  // Either turn takes 10 ms. After the first model's, the second has waited 10 of
  // 12 ms: exp(10/12 - 1) = 0.85. After the second's, the first has waited 10 of
  // 40: exp(10/40 - 1) = 0.47.
  EXPECT_THAT(IdsRun(Add(40_ms, 12_ms).At(0_ms)), ElementsAre(2));
}

TEST_F(TwoModels, OtherwiseTheOther) {
  EXPECT_THAT(IdsRun(Add(12_ms, 40_ms).At(0_ms)), ElementsAre(1));
}

TEST_F(TwoModels, OfEqualsTheOlder) {
  EXPECT_THAT(IdsRun(Add(20_ms, 20_ms).At(0_ms)), ElementsAre(1));
}

TEST_F(TwoModels, AllWhoWaitAddToTheUrgencyButThoseWhoseTurnItIs) {
  // After the second's turn the first has waited 10 of 30 ms: exp(10/30 - 1) =
  // 0.51. After the first's, each of the second has waited 10 of 40: 0.47.
  Add(30_ms, 40_ms);
  EXPECT_THAT(IdsRun(jobs_.At(0_ms)), ElementsAre(1));
  jobs_.Add({.bounds = {.max_latency = 40_ms}, .exits = &other_});
  EXPECT_THAT(IdsRun(jobs_.At(0_ms)), ElementsAre(2, 3));
}

TEST_F(TwoModels, UrgencyIsLimited) {
  // All are late and get one stage, 1 ms. The first then has waited 61 of 5 ms,
  // exp(61/5 - 1) = 73130, which counts as 10. Each of the second has waited 61 of
  // 20 ms, exp(61/20 - 1) = 7.8: together 15.5.
  Add(5_ms, 20_ms).Add({.bounds = {.max_latency = 20_ms}, .exits = &other_});
  EXPECT_THAT(IdsRun(jobs_.At(60_ms)), ElementsAre(2, 3));
}

TEST_F(TwoModels, ModelsWithNothingWaitingAreSkipped) {
  jobs_.Add({.bounds = {.max_latency = 20_ms}, .exits = &other_});
  EXPECT_THAT(IdsRun(jobs_.At(0_ms)), ElementsAre(1));
  EXPECT_EQ(kPolicy.Choose({}).kind, Plan::Kind::kWait);
}

}  // namespace
}  // namespace delen::policy
