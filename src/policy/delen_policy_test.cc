#include "policy/delen_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <span>
#include <utility>

#include "policy/testing/waiting_jobs.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::ElementsAre;
using testing::ExpectAnswers;
using testing::ExpectRuns;
using testing::JobSpec;
using testing::WaitingJobs;

const DelenPolicy kPolicy{0_ms};
constexpr std::array kThree = {0.5, 0.5, 0.5};

// What becomes of a job that waits alone.
Plan Alone(JobSpec spec, Seconds now, double slowdown = 1.0) {
  return kPolicy.Choose(WaitingJobs().Add(std::move(spec)).At(now, slowdown));
}

// --- One job ---

TEST(DelenPolicy, WithoutBoundsGoesToTheMostAccurateExitAndNoFurther) {
  ExpectRuns(Alone({}, 0_ms), 0);
  ExpectRuns(Alone({.confidences = {0.99}}, 1_ms), 1);
  ExpectRuns(Alone({.confidences = {0.99, 0.99}}, 3_ms), 2);
  ExpectAnswers(Alone({.confidences = {0.99, 0.99, 0.1}}, 6_ms), 2);
}

TEST(DelenPolicy, RunsOnWhileTheNextStageFitsTheLatencyBound) {
  const JobSpec job{.bounds = {.max_latency = 6_ms}, .confidences = {0.5, 0.5}};
  ExpectRuns(Alone(job, 3_ms), 2);
  ExpectAnswers(Alone(job, 3.01_ms), 1);
}

TEST(DelenPolicy, ASlowMachineMakesItLeaveEarlier) {
  ExpectAnswers(Alone({.bounds = {.max_latency = 6_ms}, .confidences = {0.5, 0.5}}, 3_ms, 1.1), 1);
}

TEST(DelenPolicy, KeepsTheReserveForTheResponse) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 3.4_ms}, .confidences = {0.5}});
  ExpectAnswers(DelenPolicy(0.5_ms).Choose(jobs.At(1_ms)), 0);
}

TEST(DelenPolicy, KeepsAnEnergyBoundLikewise) {
  const core::Bounds bounds{.max_energy = 3.5_mJ};
  ExpectRuns(Alone({.bounds = bounds, .confidences = {0.5}, .energy = 1_mJ}, 1_ms), 1);
  ExpectAnswers(Alone({.bounds = bounds, .confidences = {0.5, 0.5}, .energy = 3_mJ}, 3_ms), 1);
}

TEST(DelenPolicy, NobodyGoesWithoutAnAnswer) {
  ExpectRuns(Alone({.bounds = {.max_latency = 0.9_ms}}, 0_ms), 0);
  ExpectAnswers(Alone({.bounds = {.max_latency = 0.9_ms}, .confidences = {0.5}}, 1_ms), 0);
}

TEST(DelenPolicy, PassesThroughADominatedExitOnlyForABetterOne) {
  core::ModelVersion model = core::testing::SampleModel();
  model.profile.quality->exits[1].accuracy = 0.5;
  const core::ExitTable exits = core::ExitTable::Make(model, 1).value();
  // Exit 1 (3 ms) would fit, but only exit 2 (6 ms) is worth more than exit 0.
  ExpectAnswers(
      Alone({.bounds = {.max_latency = 5_ms}, .confidences = {0.5}, .exits = &exits}, 1_ms), 0);
  ExpectRuns(Alone({.bounds = {.max_latency = 6_ms}, .confidences = {0.5}, .exits = &exits}, 1_ms),
             1);
}

TEST(DelenPolicy, AnswersWithTheBestExitReachedNotTheLast) {
  core::ModelVersion model = core::testing::SampleModel();
  model.profile.quality->exits[1].accuracy = 0.5;
  const core::ExitTable exits = core::ExitTable::Make(model, 1).value();
  ExpectAnswers(Alone({.bounds = {.max_latency = 6_ms}, .confidences = {0.5, 0.5}, .exits = &exits},
                      5_ms, 50.0),
                0);
}

TEST(DelenPolicy, LeastLatencyLeavesAtTheFirstExit) {
  ExpectAnswers(
      Alone({.bounds = {.objective = core::Objective::kLatency}, .confidences = {0.1}}, 1_ms), 0);
  ExpectAnswers(
      Alone({.bounds = {.objective = core::Objective::kEnergy}, .confidences = {0.1}}, 1_ms), 0);
}

TEST(DelenPolicy, AConfidenceFloorHoldsForThisVeryAnswer) {
  const core::Bounds bounds{.min_confidence = 0.9};
  ExpectRuns(Alone({.bounds = bounds, .confidences = {0.8}}, 1_ms), 1);
  ExpectAnswers(Alone({.bounds = bounds, .confidences = {0.8, 0.95}}, 3_ms), 1);
  // Nothing deeper is worth more: answer, and the response says it was missed.
  ExpectAnswers(Alone({.bounds = bounds, .confidences = {0.8, 0.8, 0.8}}, 6_ms), 2);
}

TEST(DelenPolicy, AnAccuracyFloorLetsSureInputsLeaveAndHardOnesGoOn) {
  const core::Bounds bounds{.min_accuracy = 0.80};  // rule: threshold 0.7, last exit 2
  ExpectAnswers(Alone({.bounds = bounds, .confidences = {0.7}}, 1_ms), 0);
  ExpectRuns(Alone({.bounds = bounds, .confidences = {0.69}}, 1_ms), 1);
  ExpectAnswers(Alone({.bounds = bounds, .confidences = {0.1, 0.1, 0.1}}, 6_ms), 2);
}

TEST(DelenPolicy, LatencyComesBeforeTheFloors) {
  const core::Bounds bounds{.max_latency = 2_ms, .min_accuracy = 0.8, .min_confidence = 0.99};
  ExpectAnswers(Alone({.bounds = bounds, .confidences = {0.1}}, 1_ms), 0);
}

// --- Several jobs ---

TEST(DelenPolicy, TheEarliestDeadlineGoesFirst) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 20_ms}}).Add({.bounds = {.max_latency = 10_ms}});
  const Queue queue = jobs.At(0_ms);
  const Plan plan = kPolicy.Choose(queue);
  ExpectRuns(plan, 0);
  EXPECT_EQ(queue.jobs[plan.jobs[0]]->id, 2U);
}

TEST(DelenPolicy, WhoeverWaitsMakesTheOthersLeaveEarlier) {
  const JobSpec at_second{.bounds = {.max_latency = 10_ms}, .confidences = {0.5, 0.5}};
  ExpectRuns(kPolicy.Choose(WaitingJobs().Add(at_second).At(3_ms)), 2);
  WaitingJobs jobs;
  jobs.Add(at_second).Add({.bounds = {.max_latency = 6.9_ms}, .arrival = 0_ms});
  // The newcomer needs 1 of its 3.9 ms for its first exit, 3 more for its second;
  // going on first would cost 3.
  const Queue queue = jobs.At(3_ms);
  const Plan plan = kPolicy.Choose(queue);
  ExpectRuns(plan, 0);
  EXPECT_EQ(queue.jobs[plan.jobs[0]]->id, 2U);
}

TEST(DelenPolicy, WhenTimeIsShortAnAnswerGoesOutAtOnce) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 10_ms}, .confidences = {0.5}});
  for (int i = 0; i < 9; ++i) jobs.Add({.bounds = {.max_latency = 10_ms}, .arrival = 0.5_ms});
  ExpectAnswers(kPolicy.Choose(jobs.At(1_ms)), 0);  // 9 ms of first exits in 9.5 ms
}

TEST(DelenPolicy, SpareTimeGoesWhereItGainsMost) {
  // Two jobs, 10 ms: 1 + 2 each is 6; the last step (3 ms for 0.1) fits once only,
  // and the price that forbids it forbids it to both.
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 8_ms}, .confidences = {0.5, 0.5}});
  jobs.Add({.bounds = {.max_latency = 8_ms}});
  const Queue queue = jobs.At(3_ms);  // 5 ms left; wanted: 3 and 6
  ExpectAnswers(kPolicy.Choose(queue), 1);
}

TEST(DelenPolicy, WhatKeepsArrivingCountsOnceThereIsABacklog) {
  WaitingJobs jobs;
  jobs.Add({.confidences = {0.5, 0.5}});
  jobs.streams = {
      {.rows_per_second = 200.0, .steps = jobs.exits().steps(0)}};  // 1.2 lanes to the third exit
  ExpectRuns(kPolicy.Choose(jobs.At(3_ms)), 2);  // alone: the lane would only idle
  for (int i = 0; i < 120; ++i) jobs.Add({});    // 720 ms of work, due in a second
  ExpectAnswers(kPolicy.Choose(jobs.At(3_ms)), 1);
}

TEST(DelenPolicy, NoLongStageInFrontOfTightBoundsThatKeepComing) {
  WaitingJobs jobs;
  jobs.Add({.confidences = {0.5, 0.5}});  // 3 ms for 0.1
  Stream tight{.tenant = 1, .recent_rows = 5.0, .steps = jobs.exits().steps(0).first(1)};
  tight.slack = 1_ms;
  tight.rows_per_second = 5.0;  // a hundredth of a request during the 2 ms beyond its slack
  jobs.streams = {tight};
  ExpectRuns(kPolicy.Choose(jobs.At(3_ms)), 2);
  jobs.streams[0].rows_per_second = 50.0;  // a tenth
  ExpectAnswers(kPolicy.Choose(jobs.At(3_ms)), 1);
}

TEST(DelenPolicy, AFloodBeyondItsShareDoesNotRaiseThePrice) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 10_ms}, .confidences = {0.5, 0.5}});
  for (int i = 0; i < 20; ++i) {
    jobs.Add({.bounds = {.max_latency = 5_ms}, .over_share = true, .yields = true});
  }
  ExpectRuns(kPolicy.Choose(jobs.At(3_ms)), 2);
}

TEST(DelenPolicy, WhoIsWithinItsSharePaysForWhatOthersMustHaveNotForWhatTheyWouldLike) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 10_ms}, .confidences = {0.5, 0.5}});
  jobs.Add({.bounds = {.max_latency = 9_ms}, .confidences = {0.5}, .over_share = true});
  // 7 ms left; 3 wanted within the share, 5 beyond it.
  const Queue queue = jobs.At(3_ms);
  const Plan plan = kPolicy.Choose(queue);
  EXPECT_EQ(queue.jobs[plan.jobs[0]]->id, 2U);
  EXPECT_EQ(plan.kind, Plan::Kind::kRun);
  jobs.job(1).confidences = std::span(kThree).first(2);  // its second exit is reached
  ExpectAnswers(kPolicy.Choose(jobs.At(5_ms)), 1);       // not at the cost of the first
}

// --- Batches ---

// Twice the rows take 1.2 times as long.
core::ExitTable WithBatches() {
  core::ModelVersion model = core::testing::SampleModel();
  core::CostTable two = model.profile.costs[0];
  two.batch = 2;
  for (core::StageCost& stage : two.stages) {
    stage = {stage.p50 * 1.2, stage.p95 * 1.2, stage.p99 * 1.2, stage.energy * 1.2};
  }
  model.profile.costs.push_back(two);
  return core::ExitTable::Make(model, 1).value();
}

TEST(DelenPolicy, JobsAtTheSameBoundaryShareABatch) {
  WaitingJobs jobs{WithBatches()};
  jobs.Add({}).Add({.confidences = {0.5}}).Add({});
  EXPECT_THAT(kPolicy.Choose(jobs.At(0_ms)).jobs, ElementsAre(0, 2));
}

TEST(DelenPolicy, NoBatchThatBreaksAMembersDeadlineOrAWaitersOne) {
  WaitingJobs tight{WithBatches()};
  tight.Add({.bounds = {.max_latency = 1.1_ms}}).Add({});  // 1.2 ms together
  EXPECT_THAT(kPolicy.Choose(tight.At(0_ms)).jobs, ElementsAre(0));
  const core::ExitTable other = core::testing::SampleExits();
  WaitingJobs waiter{WithBatches()};
  waiter.Add({.bounds = {.max_latency = 2_ms}})
      .Add({.bounds = {.max_latency = 2.1_ms}, .exits = &other})  // 1 + 1 ms; after a batch 2.2
      .Add({.bounds = {.max_latency = 9_ms}});
  EXPECT_THAT(kPolicy.Choose(waiter.At(0_ms)).jobs, ElementsAre(0));
}

TEST(DelenPolicy, NoBatchThatDoesNotPay) {
  WaitingJobs jobs;  // batch 1 is all that was measured
  jobs.Add({}).Add({});
  EXPECT_THAT(kPolicy.Choose(jobs.At(0_ms)).jobs, ElementsAre(0));
}

// --- Admission ---

TEST(DelenPolicy, AdmitsWhatCanBeKept) {
  WaitingJobs empty;
  WaitingJobs arriving;
  arriving.Add({.bounds = {.max_latency = 1_ms}}).Add({.bounds = {.max_latency = 0.9_ms}});
  EXPECT_EQ(kPolicy.Admit(empty.At(0_ms), arriving.job(0)), Verdict::kAccept);
  EXPECT_EQ(kPolicy.Admit(empty.At(0_ms), arriving.job(1)), Verdict::kInfeasible);
}

TEST(DelenPolicy, RefusesWhenTheWorkAheadLeavesNoTime) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 1.5_ms}});
  WaitingJobs arriving;
  arriving.Add({.bounds = {.max_latency = 1.9_ms}}).Add({.bounds = {.max_latency = 2_ms}});
  EXPECT_EQ(kPolicy.Admit(jobs.At(0_ms), arriving.job(0)), Verdict::kOverloaded);
  EXPECT_EQ(kPolicy.Admit(jobs.At(0_ms), arriving.job(1)), Verdict::kAccept);
  Queue busy = jobs.At(0_ms);
  busy.busy = 0.1_ms;
  EXPECT_EQ(kPolicy.Admit(busy, arriving.job(1)), Verdict::kOverloaded);
}

TEST(DelenPolicy, RefusesWhoWouldPushSomeoneElseOverTheirDeadline) {
  WaitingJobs jobs;
  jobs.Add({.bounds = {.max_latency = 1.5_ms}});
  WaitingJobs arriving;
  arriving.Add({.bounds = {.max_latency = 1.2_ms}});
  EXPECT_EQ(kPolicy.Admit(jobs.At(0_ms), arriving.job(0)), Verdict::kOverloaded);
}

}  // namespace
}  // namespace delen::policy
