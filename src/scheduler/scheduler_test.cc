#include "scheduler/scheduler.h"

#include <gtest/gtest.h>

#include <set>
#include <vector>

#include "core/testing/sample_model.h"
#include "policy/static_exit_policy.h"
#include "policy/symphony_policy.h"

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
    const std::vector<double> confidences(run.slots.size(), confidence);
    scheduler_.OnStageDone({{}, time, confidences}, now_);
  }
  Action Next() {
    std::optional<Action> action = scheduler_.Next(now_);
    EXPECT_TRUE(action.has_value());
    return action.value_or(Action());
  }
  Action NextRun() {
    Action action = Next();
    while (action.kind != Action::Kind::kRunStage) action = Next();
    return action;
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
  Scheduler scheduler_{SchedulerOptions{.max_jobs = 8, .response_reserve = 0_ms}};
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

TEST_F(SchedulerTest, DepthIsDecidedAnewWheneverTheQueueChanges) {
  const core::RequestId waiting = Arrive({.max_latency = 10_ms});
  Complete(Next());
  const core::RequestId urgent = Arrive({.max_latency = 8_ms});
  // 6 and 5 ms wanted, 9 there: the least valuable steps (3 ms for 0.1) fall.
  const Action first = Finish();
  EXPECT_EQ(first.id, urgent);
  EXPECT_EQ(first.account.exit, 1);
  const Action second = Finish();  // 6 ms left for the 5 it wants
  EXPECT_EQ(second.id, waiting);
  EXPECT_EQ(second.account.exit, 2);
}

TEST_F(SchedulerTest, ASlowMachineIsNoticedAndJobsLeaveEarlier) {
  for (int i = 0; i < 2; ++i) {
    Arrive();
    for (int stage = 0; stage < 3; ++stage) Complete(Next(), 0.5, 2.0);
    EXPECT_EQ(Next().account.exit, 2);
  }
  EXPECT_DOUBLE_EQ(scheduler_.slowdown(now_), 2.0);
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
  for (int i = 0; i < 7; ++i) Arrive();  // of 8, one is kept for other tenants
  const Result<Slot> refused = scheduler_.OnArrival(NewJob(), now_);
  EXPECT_EQ(refused.error().code, ErrorCode::kOverloaded);
  Job other = NewJob();
  other.tenant.index = 1;
  EXPECT_TRUE(scheduler_.OnArrival(other, now_));
  Finish();
  Finish();
  EXPECT_TRUE(scheduler_.OnArrival(NewJob(), now_));
}

TEST_F(SchedulerTest, ACancelledJobFailsOnce) {
  const core::RequestId waiting = Arrive();
  scheduler_.OnCancel(waiting, now_);
  scheduler_.OnCancel(waiting, now_);
  const Action failed = Next();
  EXPECT_EQ(failed.kind, Action::Kind::kFail);
  EXPECT_EQ(failed.error.code, ErrorCode::kCancelled);
  EXPECT_FALSE(scheduler_.Next(now_));
}

TEST_F(SchedulerTest, ACancelledRunningJobIsDroppedAtTheNextStage) {
  const core::RequestId running = Arrive();
  const Action run = Next();
  scheduler_.OnCancel(running, now_);
  EXPECT_FALSE(scheduler_.Next(now_));
  Complete(run);
  EXPECT_EQ(Next().error.code, ErrorCode::kCancelled);
}

TEST_F(SchedulerTest, AFaultDoesNotTakeWhatWasReachedBefore) {
  Arrive();
  Complete(Next());
  const Action run = Next();
  scheduler_.OnStageDone({Internal("stage 1 failed"), {}, {}}, now_);
  const Action answer = Next();
  EXPECT_EQ(answer.kind, Action::Kind::kAnswer);
  EXPECT_EQ(answer.account.exit, 0);
}

TEST_F(SchedulerTest, AFaultInTheFirstStageIsAnError) {
  Arrive();
  Next();
  scheduler_.OnStageDone({Internal("stage 0 failed"), {}, {}}, now_);
  EXPECT_EQ(Next().error.message, "stage 0 failed");
}

TEST_F(SchedulerTest, JobsAtTheSameBoundaryRunAsOneBatch) {
  core::ModelVersion model = core::testing::SampleModel();
  core::CostTable two = model.profile.costs[0];
  two.batch = 2;
  for (core::StageCost& stage : two.stages) stage.p50 = stage.p95 = stage.p50 * 1.2;
  model.profile.costs.push_back(two);
  const core::ExitTable exits = core::ExitTable::Make(model, 1).value();
  for (int i = 0; i < 2; ++i) {
    Job job = NewJob({.objective = core::Objective::kLatency});
    job.exits = &exits;
    ASSERT_TRUE(scheduler_.OnArrival(job, now_));
  }
  const Action run = Next();
  ASSERT_EQ(run.slots.size(), 2U);
  now_ = now_ + 1.2_ms;
  scheduler_.OnStageDone({{}, 1.2_ms, std::vector<double>{0.3, 0.7}}, now_);
  for (const double confidence : {0.3, 0.7}) {
    const Action answer = Next();
    EXPECT_EQ(answer.account.confidence, confidence);
    EXPECT_EQ(answer.account.batch, 2);
    EXPECT_NEAR(InMilliseconds(answer.account.device), 0.6, 1e-9);
    EXPECT_NEAR(InMilliseconds(answer.account.latency), 1.2, 1e-9);
  }
  EXPECT_DOUBLE_EQ(scheduler_.slowdown(now_), 1.0);
}

TEST_F(SchedulerTest, MembersOfAFaultyBatchTryAgainAlone) {
  const policy::StaticExitPolicy all_early(0, policy::StaticExitPolicy::Order::kFirstCome);
  core::ModelVersion model = core::testing::SampleModel();
  model.profile.costs.push_back(model.profile.costs[0]);
  model.profile.costs.back().batch = 2;
  const core::ExitTable exits = core::ExitTable::Make(model, 1).value();
  for (int i = 0; i < 2; ++i) {
    Job job = NewJob();
    job.exits = &exits;
    job.tenant.policy = &all_early;
    ASSERT_TRUE(scheduler_.OnArrival(job, now_));
  }
  EXPECT_EQ(Next().slots.size(), 2U);
  scheduler_.OnStageDone({Internal("out of memory"), {}, {}}, now_);
  for (int i = 0; i < 2; ++i) {
    const Action alone = Next();
    ASSERT_EQ(alone.slots.size(), 1U);
    Complete(alone);
    EXPECT_EQ(Next().account.exit, 0);
  }
}

TEST_F(SchedulerTest, WhereNotAllCanBeServedATenantBeyondItsShareComesLast) {
  const auto arrive_of = [&](std::uint32_t tenant, core::Bounds bounds) {
    Job job = NewJob(bounds);
    job.tenant.index = tenant;
    EXPECT_TRUE(scheduler_.OnArrival(job, now_));
    return job.id;
  };
  arrive_of(0, {});
  arrive_of(1, {});                // has work all the while
  Complete(NextRun(), 0.5, 50.0);  // tenant 0 used 50 ms; 25 were its due
  const core::RequestId greedy = arrive_of(0, {.max_latency = 70_ms});
  const Action alone = NextRun();
  EXPECT_EQ(alone.id, greedy);  // there is time for everyone
  Complete(alone, 0.5, 50.0);
  arrive_of(0, {.max_latency = 70_ms});
  const core::RequestId modest = arrive_of(1, {.max_latency = 75_ms});  // 50 ms each
  EXPECT_EQ(NextRun().id, modest);
}

TEST_F(SchedulerTest, ADeadlineThatCannotBeKeptIsGivenUpForThoseThatCan) {
  const core::RequestId hopeless = Arrive({.max_latency = 0.5_ms});
  const core::RequestId hopeful = Arrive({.max_latency = 1.2_ms});
  const Action first = Finish();
  EXPECT_EQ(first.id, hopeful);
  EXPECT_TRUE(first.account.missed.empty());
  const Action second = Finish();
  EXPECT_EQ(second.id, hopeless);
  EXPECT_TRUE(second.account.degraded);
  EXPECT_FALSE(second.account.missed.empty());
}

TEST_F(SchedulerTest, NobodyWaitsForEver) {
  const core::RequestId patient = Arrive();  // due in a second
  now_ = now_ + 995_ms;
  const core::RequestId urgent = Arrive({.max_latency = 6_ms});
  EXPECT_EQ(Next().id, patient);
  EXPECT_NE(urgent, patient);
}

TEST_F(SchedulerTest, WhoAsksForItIsRefusedWhenTheWorkAheadIsTooMuch) {
  Arrive({.max_latency = 1.5_ms});
  const Result<Slot> refused = scheduler_.OnArrival(
      NewJob({.max_latency = 1.8_ms, .on_infeasible = core::OnInfeasible::kReject}), now_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kOverloaded);
  EXPECT_EQ(refused.error().message,
            "a latency of 1.800 ms cannot be kept behind 1 requests that are waiting");
}

TEST_F(SchedulerTest, PoliciesOfDifferentTenantsServeTheirOwnJobs) {
  const policy::StaticExitPolicy all_final(std::nullopt,
                                           policy::StaticExitPolicy::Order::kFirstCome);
  Job old_way = NewJob({.max_latency = 2_ms});
  old_way.tenant = {1, 1.0, &all_final};
  ASSERT_TRUE(scheduler_.OnArrival(old_way, now_));
  const core::RequestId ours = Arrive({.max_latency = 30_ms});
  const Action first = Finish();
  EXPECT_EQ(first.id, old_way.id);
  EXPECT_EQ(first.account.exit, 3);  // dominated or not, late or not
  const Action second = Finish();
  EXPECT_EQ(second.id, ours);
  EXPECT_EQ(second.account.exit, 2);
}

TEST_F(SchedulerTest, APolicyMayWaitAndSaysUntilWhen) {
  const policy::SymphonyPolicy symphony;
  core::ModelVersion model = core::testing::SampleModel();
  model.profile.costs.push_back(model.profile.costs[0]);
  model.profile.costs.back().batch = 2;
  const core::ExitTable exits = core::ExitTable::Make(model, 1).value();
  Job job = NewJob({.max_latency = 15_ms});
  job.exits = &exits;
  job.tenant.policy = &symphony;
  ASSERT_TRUE(scheduler_.OnArrival(job, now_));
  EXPECT_FALSE(scheduler_.Next(now_));
  EXPECT_NEAR(InMilliseconds(scheduler_.wake() - now_), 5.0, 1e-6);  // 10 ms to the end
  EXPECT_EQ(scheduler_.Next(scheduler_.wake())->slots.size(), 1U);
}

// A rule that stops at the second exit.
std::shared_ptr<const core::StopRule> AtTheSecondExit() {
  return std::make_shared<core::StopRule>(
      core::ParseStopRule(R"({"metric": "exit", "op": "equal", "threshold": 1})").value());
}

TEST_F(SchedulerTest, AStopRuleAsksForNoBounds) {
  for (const core::Bounds& bounds :
       {core::Bounds{.max_latency = 2_ms},
        core::Bounds{.max_latency = 0.5_ms, .on_infeasible = core::OnInfeasible::kReject}}) {
    Job job = NewJob(bounds);
    job.stop_rule = AtTheSecondExit();
    ASSERT_TRUE(scheduler_.OnArrival(job, now_));
    const Action answer = Finish();
    EXPECT_EQ(answer.kind, Action::Kind::kAnswer);
    EXPECT_EQ(answer.account.exit, 1);
  }
}

TEST_F(SchedulerTest, AStopRuleStandsInPlaceOfTheTenantsPolicy) {
  const policy::StaticExitPolicy all_early(0, policy::StaticExitPolicy::Order::kFirstCome);
  Job job = NewJob();
  job.stop_rule = AtTheSecondExit();
  job.tenant.policy = &all_early;
  ASSERT_TRUE(scheduler_.OnArrival(job, now_));
  EXPECT_EQ(Finish().account.exit, 1);
}

TEST_F(SchedulerTest, NoStageStartsAfterShutdownOrCancellationInTheMiddleOfAUnit) {
  const policy::StaticExitPolicy all_final(std::nullopt,
                                           policy::StaticExitPolicy::Order::kFirstCome);
  for (const ErrorCode why : {ErrorCode::kCancelled, ErrorCode::kUnavailable}) {
    Job job = NewJob();
    job.tenant.policy = &all_final;
    ASSERT_TRUE(scheduler_.OnArrival(job, now_));
    Complete(Next());
    if (why == ErrorCode::kCancelled) scheduler_.OnCancel(job.id, now_);
    if (why == ErrorCode::kUnavailable) scheduler_.OnShutdown(now_);
    EXPECT_EQ(Next().error.code, why);
  }
}

TEST_F(SchedulerTest, ShutdownAnswersEveryoneOnce) {
  std::set<core::RequestId> waiting = {Arrive(), Arrive(), Arrive()};
  const Action run = Next();
  scheduler_.OnShutdown(now_);
  for (int i = 0; i < 2; ++i) waiting.erase(Next().id);
  EXPECT_EQ(waiting, (std::set<core::RequestId>{run.id}));
  Complete(run);
  const Action last = Next();
  EXPECT_EQ(last.error.code, ErrorCode::kUnavailable);
  EXPECT_EQ(scheduler_.job_count(), 0U);
}

}  // namespace
}  // namespace delen::scheduler
