#include "scheduler/scheduler.h"

#include <gtest/gtest.h>

#include <set>

#include "core/testing/sample_model.h"

namespace delen::scheduler {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

// Exits at 1, 3, 6 and 10 ms and mJ, worth 0.6, 0.8, 0.9 and 0.85.
class SchedulerTest : public ::testing::Test {
 protected:
  Job NewJob(core::Bounds bounds = {}) {
    Job job;
    job.id = ++last_id_;
    job.arrival = now_;
    job.bounds = bounds;
    job.exits = &exits_;
    return job;
  }
  core::RequestId Arrive(core::Bounds bounds = {}) {
    const Job job = NewJob(bounds);
    EXPECT_TRUE(scheduler_.OnArrival(job, now_));
    return job.id;
  }
  // Plays the lane: runs the stage for `slowdown` times what the profile says.
  void Complete(const Action& run, double confidence = 0.5, double slowdown = 1.0) {
    const core::CostTable& costs = *exits_.CostsFor(1).table;
    const Seconds time = costs.stages[static_cast<std::size_t>(run.stage)].p50 * slowdown;
    now_ = now_ + time;
    scheduler_.OnStageDone({run.slot, {}, time, confidence}, now_);
  }
  Action Next() {
    std::optional<Action> action = scheduler_.Next(now_);
    EXPECT_TRUE(action.has_value());
    return action.value_or(Action());
  }
  // Plays the lane until the next job is finished.
  Action Finish() {
    Action action = Next();
    while (action.kind == Action::Kind::kRunStage) {
      Complete(action);
      action = Next();
    }
    return action;
  }

  const core::ExitTable exits_ = core::testing::SampleExits();
  Scheduler scheduler_{SchedulerOptions{.max_jobs = 4, .response_reserve = 0_ms}};
  TimePoint now_{100_s};
  core::RequestId last_id_ = 0;
};

TEST_F(SchedulerTest, RunsStagesInOrderAndAnswersWithAnAccount) {
  const core::RequestId id = Arrive({.max_latency = 7.1_ms});
  now_ = now_ + 1_ms;  // the lane was slow to wake
  const Action answer = Finish();
  EXPECT_EQ(answer.kind, Action::Kind::kAnswer);
  EXPECT_EQ(answer.id, id);
  EXPECT_EQ(answer.account.exit, 2);
  EXPECT_EQ(answer.account.accuracy_estimate, 0.9);
  EXPECT_EQ(answer.account.confidence, 0.5);
  EXPECT_NEAR(InMilliseconds(answer.account.latency), 7.0, 1e-6);
  EXPECT_NEAR(InMilliseconds(answer.account.queue), 1.0, 1e-6);
  EXPECT_NEAR(InMilliseconds(answer.account.device), 6.0, 1e-6);
  EXPECT_NEAR(InMillijoules(answer.account.energy), 6.0, 1e-6);
  EXPECT_FALSE(scheduler_.Next(now_));
  EXPECT_EQ(scheduler_.job_count(), 0U);
}

TEST_F(SchedulerTest, ABoundMissedIsDataInTheAnswer) {
  Arrive({.max_latency = 0.5_ms});
  const Action answer = Finish();
  EXPECT_EQ(answer.kind, Action::Kind::kAnswer);
  EXPECT_EQ(answer.account.exit, 0);
  EXPECT_EQ(core::ToString(answer.account.missed), "max_latency_ms");
}

TEST_F(SchedulerTest, WhoAsksForItIsRefusedBeforeAnyWork) {
  const core::Bounds bounds{.max_latency = 0.5_ms, .on_infeasible = core::OnInfeasible::kReject};
  const Result<Slot> refused = scheduler_.OnArrival(NewJob(bounds), now_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInfeasible);
  EXPECT_EQ(refused.error().message,
            "the bounds cannot be kept: the first exit is expected to take 1.000 ms and 1.000 mJ, "
            "and 0.000 ms have passed already");
  EXPECT_EQ(scheduler_.job_count(), 0U);
}

TEST_F(SchedulerTest, AJobThatWaitedTooLongIsRefusedBeforeAnyWorkToo) {
  Arrive({.max_latency = 2_ms, .on_infeasible = core::OnInfeasible::kReject});
  now_ = now_ + 1.5_ms;
  const Action action = Next();
  EXPECT_EQ(action.kind, Action::Kind::kFail);
  EXPECT_EQ(action.error.code, ErrorCode::kInfeasible);
}

TEST_F(SchedulerTest, AnUrgentArrivalGoesBeforeThePatientJobsNextStage) {
  const core::RequestId patient = Arrive();
  const Action first = Next();
  EXPECT_EQ(first.id, patient);
  const core::RequestId urgent = Arrive({.max_latency = 2.5_ms});
  EXPECT_FALSE(scheduler_.Next(now_));  // the lane is busy
  Complete(first);
  const Action second = Next();
  EXPECT_EQ(second.id, urgent);
  Complete(second);
  const Action answer = Next();
  EXPECT_EQ(answer.kind, Action::Kind::kAnswer);
  EXPECT_EQ(answer.id, urgent);
  EXPECT_EQ(Finish().id, patient);
}

TEST_F(SchedulerTest, AJobThatWaitedBetweenStagesIsDecidedAnew) {
  const core::RequestId waiting = Arrive({.max_latency = 10_ms});
  Complete(Next());
  ASSERT_EQ(Arrive({.max_latency = 8_ms}), waiting + 1);
  EXPECT_EQ(Finish().id, waiting + 1);  // 6 ms later
  const Action answer = Next();
  EXPECT_EQ(answer.kind, Action::Kind::kRunStage);  // 7 of 10 ms are over: exit 1 still fits
  Complete(answer);
  EXPECT_EQ(Next().account.exit, 1);
}

TEST_F(SchedulerTest, ASlowMachineIsNoticedAndJobsLeaveEarlier) {
  for (int i = 0; i < 2; ++i) {
    Arrive();
    for (int stage = 0; stage < 3; ++stage) Complete(Next(), 0.5, 2.0);
    EXPECT_EQ(Next().account.exit, 2);
  }
  EXPECT_DOUBLE_EQ(scheduler_.slowdown(), 2.0);
  Arrive({.max_latency = 7_ms});
  EXPECT_EQ(Finish().account.exit, 1);  // 2 + 4 ms expected; 6 more would not fit
}

TEST_F(SchedulerTest, EnergyGrowsWithTheTimeTaken) {
  Arrive({.objective = core::Objective::kLatency});
  Complete(Next(), 0.5, 3.0);
  EXPECT_NEAR(InMillijoules(Next().account.energy), 3.0, 1e-9);
}

TEST_F(SchedulerTest, LeavingByTheFloorsRulePromisesTheFloorsAverage) {
  Arrive({.min_accuracy = 0.8});  // threshold 0.7, last exit 2, average 0.84
  Complete(Next(), 0.95);
  const Action answer = Next();
  EXPECT_EQ(answer.account.exit, 0);
  EXPECT_EQ(answer.account.accuracy_estimate, 0.84);
  EXPECT_TRUE(answer.account.missed.empty());
}

TEST_F(SchedulerTest, LeavingBeforeTheFloorsRuleAllowsItIsAMiss) {
  Arrive({.max_latency = 1.1_ms, .min_accuracy = 0.8});
  Complete(Next(), 0.2);
  const Action answer = Next();
  EXPECT_EQ(answer.account.accuracy_estimate, 0.6);
  EXPECT_EQ(core::ToString(answer.account.missed), "min_accuracy");
}

TEST_F(SchedulerTest, AStopRuleDecidesInsteadOfThePolicy) {
  Job job = NewJob({.max_latency = 0.1_ms});
  job.stop_rule = std::make_shared<core::StopRule>(
      core::ParseStopRule(R"({"metric": "exit", "op": "equal", "threshold": 1})").value());
  ASSERT_TRUE(scheduler_.OnArrival(job, now_));
  const Action answer = Finish();
  EXPECT_EQ(answer.account.exit, 1);
  EXPECT_EQ(core::ToString(answer.account.missed), "max_latency_ms");
}

TEST_F(SchedulerTest, AFullHouseIsRefused) {
  for (int i = 0; i < 4; ++i) Arrive();
  const Result<Slot> refused = scheduler_.OnArrival(NewJob(), now_);
  EXPECT_EQ(refused.error().code, ErrorCode::kOverloaded);
  Finish();
  EXPECT_TRUE(scheduler_.OnArrival(NewJob(), now_));
}

TEST_F(SchedulerTest, ACancelledJobFailsOnce) {
  const core::RequestId waiting = Arrive();
  scheduler_.OnCancel(waiting);
  scheduler_.OnCancel(waiting);
  const Action failed = Next();
  EXPECT_EQ(failed.kind, Action::Kind::kFail);
  EXPECT_EQ(failed.error.code, ErrorCode::kCancelled);
  EXPECT_FALSE(scheduler_.Next(now_));
}

TEST_F(SchedulerTest, ACancelledRunningJobIsDroppedAtTheNextStage) {
  const core::RequestId running = Arrive();
  const Action run = Next();
  scheduler_.OnCancel(running);
  EXPECT_FALSE(scheduler_.Next(now_));
  Complete(run);
  EXPECT_EQ(Next().error.code, ErrorCode::kCancelled);
}

TEST_F(SchedulerTest, AFaultDoesNotTakeWhatWasReachedBefore) {
  Arrive();
  Complete(Next());
  const Action run = Next();
  scheduler_.OnStageDone({run.slot, Internal("stage 1 failed"), {}, 0.0}, now_);
  const Action answer = Next();
  EXPECT_EQ(answer.kind, Action::Kind::kAnswer);
  EXPECT_EQ(answer.account.exit, 0);
}

TEST_F(SchedulerTest, AFaultInTheFirstStageIsAnError) {
  Arrive();
  scheduler_.OnStageDone({Next().slot, Internal("stage 0 failed"), {}, 0.0}, now_);
  EXPECT_EQ(Next().error.message, "stage 0 failed");
}

TEST_F(SchedulerTest, ShutdownAnswersEveryoneOnce) {
  std::set<core::RequestId> waiting = {Arrive(), Arrive(), Arrive()};
  const Action run = Next();
  scheduler_.OnShutdown();
  for (int i = 0; i < 2; ++i) waiting.erase(Next().id);
  EXPECT_EQ(waiting, (std::set<core::RequestId>{run.id}));
  Complete(run);
  const Action last = Next();
  EXPECT_EQ(last.error.code, ErrorCode::kUnavailable);
  EXPECT_EQ(scheduler_.job_count(), 0U);
}

}  // namespace
}  // namespace delen::scheduler
