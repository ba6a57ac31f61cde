#include "policy/static_exit_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/testing/waiting_jobs.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::ElementsAre;
using testing::ExitsWithBatches;
using testing::WaitingJobs;
using Order = StaticExitPolicy::Order;

const StaticExitPolicy kAllFinal{std::nullopt, Order::kFirstCome};
const StaticExitPolicy kEdfFinal{std::nullopt, Order::kEarliestDeadline};
const StaticExitPolicy kAllEarly{0, Order::kFirstCome};

void ExpectAnswers(const Plan& plan, std::size_t job, int exit) {
  EXPECT_EQ(plan.kind, Plan::Kind::kAnswer);
  EXPECT_THAT(plan.jobs, ElementsAre(job));
  EXPECT_EQ(plan.exit, exit);
}

// The ids of those whom a plan runs, all the way to `exit`.
std::vector<core::RequestId> RunBy(const StaticExitPolicy& policy, const Queue& queue, int exit) {
  const Plan plan = policy.Choose(queue);
  EXPECT_EQ(plan.kind, Plan::Kind::kRun);
  EXPECT_EQ(plan.exit, exit);
  std::vector<core::RequestId> ids;
  for (const std::size_t index : plan.jobs) ids.push_back(queue.jobs[index]->id);
  return ids;
}

TEST(StaticExitPolicy, AllFinalRunsToTheLastExitWhateverTheBounds) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 2_ms}});
  EXPECT_THAT(RunBy(kAllFinal, jobs.At(0_ms), 3), ElementsAre(1));
  EXPECT_THAT(RunBy(kAllFinal, jobs.At(50_ms), 3), ElementsAre(1));
}

TEST(StaticExitPolicy, AllEarlyRunsToTheFirst) {
  WaitingJobs jobs;
  jobs.Add({});
  EXPECT_THAT(RunBy(kAllEarly, jobs.At(0_ms), 0), ElementsAre(1));
}

TEST(StaticExitPolicy, AnswersFromItsExit) {
  WaitingJobs jobs;
  jobs.Add({}).Add({.confidences = {0.1}});
  ExpectAnswers(kAllEarly.Choose(jobs.At(1_ms)), 1, 0);
  WaitingJobs final_jobs;
  final_jobs.Add({.confidences = {0.9, 0.9, 0.9, 0.1}});
  ExpectAnswers(kAllFinal.Choose(final_jobs.At(10_ms)), 0, 3);  // dominated or not
}

TEST(StaticExitPolicy, AJobThatWasStoppedOnItsWayGoesOn) {
  WaitingJobs jobs;
  jobs.Add({.confidences = {0.9}});
  EXPECT_THAT(RunBy(kAllFinal, jobs.At(1_ms), 3), ElementsAre(1));
}

TEST(StaticExitPolicy, AnExitThatTheModelLacksIsItsLast) {
  WaitingJobs jobs;
  jobs.Add({});
  EXPECT_THAT(RunBy(StaticExitPolicy(9, Order::kFirstCome), jobs.At(0_ms), 3), ElementsAre(1));
}

TEST(StaticExitPolicy, FirstComeIsFirstServedWhoeverIsMoreUrgent) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 50_ms}}).Add({.bounds = {.max_latency = 20_ms}});
  EXPECT_THAT(RunBy(kAllFinal, jobs.At(0_ms), 3), ElementsAre(1));
  EXPECT_THAT(RunBy(kEdfFinal, jobs.At(0_ms), 3), ElementsAre(2));
}

TEST(StaticExitPolicy, OfEqualDeadlinesTheFirstCome) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 20_ms}}).Add({.bounds = {.max_latency = 20_ms}}).Add({});
  EXPECT_THAT(RunBy(kEdfFinal, jobs.At(0_ms), 3), ElementsAre(1));
}

TEST(StaticExitPolicy, WhatWaitsForOneModelRunsTogetherInTheOrderOfService) {
  WaitingJobs jobs{ExitsWithBatches({{2, 1.2}, {4, 1.5}})};
  const core::ExitTable other = ExitsWithBatches({{2, 1.2}});
  jobs.Add({.bounds = {.max_latency = 60_ms}})
      .Add({.bounds = {.max_latency = 50_ms}})
      .Add({.bounds = {.max_latency = 10_ms}, .exits = &other})
      .Add({.bounds = {.max_latency = 20_ms}})
      .Add({.bounds = {.max_latency = 30_ms}})
      .Add({.bounds = {.max_latency = 40_ms}});
  EXPECT_THAT(RunBy(kAllFinal, jobs.At(0_ms), 3), ElementsAre(1, 2, 4, 5));
  jobs.job(2).due = jobs.job(2).deadline = TimePoint::Never();
  EXPECT_THAT(RunBy(kEdfFinal, jobs.At(0_ms), 3), ElementsAre(4, 5, 6, 2));
}

TEST(StaticExitPolicy, BatchesAreAsLargeAsPays) {
  WaitingJobs jobs{ExitsWithBatches({{2, 1.2}, {4, 2.4}})};  // four take twice the time of two
  jobs.Add({}).Add({}).Add({}).Add({});
  EXPECT_THAT(RunBy(kAllFinal, jobs.At(0_ms), 3), ElementsAre(1, 2));
}

}  // namespace
}  // namespace delen::policy
