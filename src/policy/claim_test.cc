#include "policy/claim.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <memory>
#include <vector>

#include "policy/testing/waiting_jobs.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::ElementsAre;
using testing::ExitsWithBatches;
using ::testing::IsEmpty;
using testing::JobSpec;
using testing::WaitingJobs;

constexpr Seconds kEver{std::numeric_limits<double>::infinity()};

Conditions At(Seconds now, double slowdown = 1.0, Seconds reserve = {}) {
  return {TimePoint(now), slowdown, reserve};
}

// The one job of a queue.
class Single {
 public:
  explicit Single(JobSpec spec) { jobs_.Add(std::move(spec)); }
  WaitingJob& operator*() { return jobs_.job(0); }
  WaitingJob* operator->() { return &jobs_.job(0); }

 private:
  WaitingJobs jobs_;
};

std::vector<int> ExitsAllowed(const WaitingJob& job, const Conditions& conditions) {
  std::vector<int> exits;
  for (const core::ExitTable::Step& step : StepsAllowed(job, conditions)) {
    exits.push_back(step.exit);
  }
  return exits;
}

// A p99 of twice the p95, which is twice the p50: 1, 3, 6 and 10 ms.
core::ExitTable WithSpread() {
  core::ModelVersion model = core::testing::SampleModel();
  for (core::StageCost& stage : model.profile.costs[0].stages) {
    stage.p95 = stage.p50 * 2.0;
    stage.p99 = stage.p50 * 4.0;
  }
  return core::ExitTable::Make(model, 1).value();
}

// --- Fits ---

TEST(Claim, FitsByTheTimePassedTheWayAheadAndTheReserve) {
  Single job({.bounds = {.max_latency = 7.5_ms}, .confidences = {0.5}, .arrival = 1_ms});
  EXPECT_TRUE(Fits(*job, 2, At(3_ms)));  // 2 ms passed, 5 to go
  EXPECT_TRUE(Fits(*job, 2, At(3_ms, 1.0, 0.4_ms)));
  EXPECT_FALSE(Fits(*job, 2, At(3_ms, 1.0, 0.6_ms)));
  EXPECT_FALSE(Fits(*job, 2, At(3_ms, 1.2)));
  EXPECT_FALSE(Fits(*job, 3, At(3_ms)));
  EXPECT_TRUE(Fits(*Single({}), 3, At(1000_s)));
}

TEST(Claim, FitsByTheEnergySpentAndTheWayAhead) {
  Single job({.bounds = {.max_energy = 6.5_mJ}, .confidences = {0.5}, .energy = 1.2_mJ});
  EXPECT_TRUE(Fits(*job, 2, At(3_ms)));
  EXPECT_FALSE(Fits(*job, 3, At(3_ms)));
  EXPECT_FALSE(Fits(*job, 2, At(3_ms, 1.1)));
  EXPECT_TRUE(Fits(*job, 1, At(3_ms, 1.1)));
}

TEST(Claim, FitsByAHighQuantileOfTheTime) {
  const core::ExitTable exits = WithSpread();
  Single job({.bounds = {.max_latency = 4.1_ms}, .exits = &exits});
  EXPECT_TRUE(Fits(*job, 0, At(0_ms)));
  EXPECT_FALSE(Fits(*job, 0, At(0.2_ms)));
}

TEST(Claim, FitsByTheTimeOfTheJobsOwnRows) {
  const core::ExitTable exits = ExitsWithBatches({{2, 1.5}});
  Single job({.bounds = {.max_latency = 2.9_ms}, .rows = 4, .exits = &exits});
  EXPECT_FALSE(Fits(*job, 0, At(0_ms)));  // two batches of two
  job->rows = 3;
  EXPECT_TRUE(Fits(*job, 0, At(0_ms)));
}

// --- StepsAllowed ---

TEST(Claim, WithoutBoundsAllStepsThatGainAreAllowed) {
  EXPECT_THAT(ExitsAllowed(*Single({}), At(0_ms)), ElementsAre(0, 1, 2));
  EXPECT_THAT(ExitsAllowed(*Single({.confidences = {0.9, 0.9}}), At(3_ms)), ElementsAre(2));
  EXPECT_THAT(ExitsAllowed(*Single({.confidences = {0.9, 0.9, 0.9}}), At(6_ms)), IsEmpty());
}

TEST(Claim, StepsEndWhereTheBoundsDo) {
  Single job({.bounds = {.max_latency = 5_ms}});
  EXPECT_THAT(ExitsAllowed(*job, At(0_ms)), ElementsAre(0, 1));
  EXPECT_THAT(ExitsAllowed(*job, At(0_ms, 2.0)), ElementsAre(0));
}

TEST(Claim, TheFirstStepIsAlwaysAllowedTheOthersAreNot) {
  const core::Bounds bounds{.max_latency = 0.5_ms};
  EXPECT_THAT(ExitsAllowed(*Single({.bounds = bounds}), At(0_ms)), ElementsAre(0));
  EXPECT_THAT(ExitsAllowed(*Single({.bounds = bounds, .confidences = {0.5}}), At(1_ms)), IsEmpty());
}

TEST(Claim, LeastWorkIsTheFirstExit) {
  const core::Bounds bounds{.objective = core::Objective::kLatency};
  EXPECT_THAT(ExitsAllowed(*Single({.bounds = bounds}), At(0_ms)), ElementsAre(0));
  EXPECT_THAT(ExitsAllowed(*Single({.bounds = bounds, .confidences = {0.1}}), At(1_ms)), IsEmpty());
}

TEST(Claim, AnAccuracyFloorAsksForTheStepsOfItsRule) {
  const core::Bounds bounds{.min_accuracy = 0.72};  // rule: threshold 0.7, last exit 1
  EXPECT_THAT(ExitsAllowed(*Single({.bounds = bounds}), At(0_ms)), ElementsAre(0, 1));
  EXPECT_THAT(ExitsAllowed(*Single({.bounds = bounds, .confidences = {0.6}}), At(1_ms)),
              ElementsAre(1));
  EXPECT_THAT(ExitsAllowed(*Single({.bounds = bounds, .confidences = {0.8}}), At(1_ms)), IsEmpty());
}

TEST(Claim, AConfidenceFloorAsksForAllThatGainsUntilItIsKept) {
  const core::Bounds bounds{.min_confidence = 0.8};
  EXPECT_THAT(ExitsAllowed(*Single({.bounds = bounds, .confidences = {0.7}}), At(1_ms)),
              ElementsAre(1, 2));
  EXPECT_THAT(ExitsAllowed(*Single({.bounds = bounds, .confidences = {0.8}}), At(1_ms)), IsEmpty());
}

// --- ClaimOf ---

TEST(Claim, MustHaveItsFirstAnswerAndLikesTheRest) {
  const Claim claim = ClaimOf(*Single({.bounds = {.max_latency = 20_ms}}), 1, At(2_ms));
  EXPECT_EQ(claim.must, 1_ms);
  EXPECT_EQ(claim.steps.size(), 3U);
  EXPECT_EQ(claim.scale, 1.0);
  EXPECT_NEAR(InMilliseconds(claim.budget), 18.0, 1e-9);
}

TEST(Claim, OnceAnsweredNothingIsAMust) {
  EXPECT_EQ(ClaimOf(*Single({.confidences = {0.5}}), 1, At(1_ms)).must, 0_ms);
}

TEST(Claim, WhatAFloorNeedsIsAMust) {
  Single job({.bounds = {.min_accuracy = 0.72}});
  EXPECT_NEAR(InMilliseconds(ClaimOf(*job, 1, At(0_ms)).must), 3.0, 1e-9);
}

TEST(Claim, WorkIsByTheP95) {
  const core::ExitTable exits = WithSpread();
  EXPECT_NEAR(InMilliseconds(ClaimOf(*Single({.exits = &exits}), 1, At(0_ms)).must), 2.0, 1e-9);
}

TEST(Claim, AStopRuleAsksForTheNextStageWhateverTheBounds) {
  core::StopRule never({core::Condition{}});
  Single job({.bounds = {.max_latency = 1_ms}, .confidences = {0.5}});
  job->stop_rule = &never;
  const Claim claim = ClaimOf(*job, 1, At(5_ms));
  EXPECT_NEAR(InMilliseconds(claim.must), 2.0, 1e-9);
  EXPECT_THAT(claim.steps, IsEmpty());
}

TEST(Claim, RowsSlownessAndSharedBatchesScaleIt) {
  const core::ExitTable exits = ExitsWithBatches({{4, 2.0}});  // half the time per row
  Single job({.rows = 3, .exits = &exits});
  EXPECT_DOUBLE_EQ(ClaimOf(*job, 3, At(0_ms)).scale, 3.0);
  EXPECT_DOUBLE_EQ(ClaimOf(*job, 4, At(0_ms)).scale, 1.5);
  EXPECT_DOUBLE_EQ(ClaimOf(*job, 4, At(0_ms, 2.0)).scale, 3.0);
  job->alone = true;
  EXPECT_DOUBLE_EQ(ClaimOf(*job, 4, At(0_ms)).scale, 3.0);
}

TEST(Claim, TheReserveIsNotInTheBudget) {
  Single job({.bounds = {.max_latency = 5_ms}});
  EXPECT_NEAR(InMilliseconds(ClaimOf(*job, 1, At(1_ms, 1.0, 0.5_ms)).budget), 3.5, 1e-9);
}

TEST(Claim, WithoutADeadlineOrOnceItIsGivenUpTheBudgetIsEndless) {
  EXPECT_EQ(ClaimOf(*Single({}), 1, At(1_ms)).budget, kEver);
  Single late({.bounds = {.max_latency = 5_ms}});
  late->late = true;
  EXPECT_EQ(ClaimOf(*late, 1, At(9_ms)).budget, kEver);
}

// --- Deadlines ---

TEST(Deadlines, AreKeptWhenTheMustsInOrderFit) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 1.1_ms}}).Add({.bounds = {.max_latency = 2.1_ms}}).Add({});
  EXPECT_TRUE(AllKeepTheirDeadlines(jobs.At(0_ms).jobs, At(0_ms)));
  EXPECT_FALSE(AllKeepTheirDeadlines(jobs.At(0_ms).jobs, At(0.2_ms)));
  EXPECT_FALSE(AllKeepTheirDeadlines(jobs.At(0_ms).jobs, At(0_ms, 1.2)));
}

TEST(Deadlines, AnAnswerReachedHasKeptItsOwnAndTakesNoTime) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 1_ms}, .confidences = {0.5}});
  jobs.Add({.bounds = {.max_latency = 3_ms}});
  EXPECT_TRUE(AllKeepTheirDeadlines(jobs.At(2_ms).jobs, At(2_ms)));
}

TEST(Deadlines, SharingABatchMakesRoom) {
  WaitingJobs alone;
  WaitingJobs together{ExitsWithBatches({{2, 1.2}})};
  for (WaitingJobs* jobs : {&alone, &together}) {
    jobs->Add({.bounds = {.max_latency = 1.5_ms}}).Add({.bounds = {.max_latency = 1.5_ms}});
  }
  EXPECT_FALSE(AllKeepTheirDeadlines(alone.At(0_ms).jobs, At(0_ms)));
  EXPECT_TRUE(AllKeepTheirDeadlines(together.At(0_ms).jobs, At(0_ms)));
}

TEST(Deadlines, CanBeKeptAsLongAsTheMedianFits) {
  const core::ExitTable exits = WithSpread();
  Single job({.bounds = {.max_latency = 3_ms}, .exits = &exits});
  EXPECT_TRUE(CanKeepDeadline(*job, At(1.9_ms)));
  EXPECT_FALSE(CanKeepDeadline(*job, At(2.1_ms)));
  EXPECT_FALSE(CanKeepDeadline(*job, At(1.9_ms, 2.0)));
  EXPECT_FALSE(CanKeepDeadline(*job, At(1.9_ms, 1.0, 0.2_ms)));
}

TEST(Deadlines, AreNotInQuestionOnceThereIsAnAnswer) {
  Single job({.bounds = {.max_latency = 3_ms}, .confidences = {0.5}});
  EXPECT_TRUE(CanKeepDeadline(*job, At(100_ms)));
}

}  // namespace
}  // namespace delen::policy
