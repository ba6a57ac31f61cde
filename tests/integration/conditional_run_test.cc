// Scheduler, policy and executor together on a fake model whose stages move a
// fake clock: what a request gets when stages take longer than the profile says.
#include <gtest/gtest.h>

#include <cmath>
#include <optional>

#include "executor/executor.h"
#include "executor/testing/sample_served_model.h"
#include "scheduler/scheduler.h"

namespace delen {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

// Runs one request to its end in this thread.
class ConditionalRun : public ::testing::Test {
 protected:
  core::Account Run(std::vector<backend::testing::FakeStage> stages, const core::Bounds& bounds) {
    const auto model = executor::testing::SampleServedModel(clock_, std::move(stages));
    const executor::WorkspaceLease lease =
        executor::WorkspaceLease::Begin(model, executor::testing::SampleInputs()).value();
    const executor::Executor executor(clock_);
    scheduler::Job job;
    job.id = ++last_id_;
    job.arrival = clock_.Now();
    job.bounds = bounds;
    job.exits = &model->exits();
    EXPECT_TRUE(scheduler_.OnArrival(job, clock_.Now()));
    std::optional<scheduler::Action> action = scheduler_.Next(clock_.Now());
    while (action->kind == scheduler::Action::Kind::kRunStage) {
      executor::Outcome outcome = executor.RunStage(*model, action->stage, lease.workspace());
      scheduler_.OnStageDone({outcome.status, outcome.time, std::span(&outcome.confidence, 1)},
                             clock_.Now());
      action = scheduler_.Next(clock_.Now());
    }
    EXPECT_EQ(action->kind, scheduler::Action::Kind::kAnswer);
    return action->account;
  }
  static std::vector<backend::testing::FakeStage> Stages(double slowdown, float lead = 1.0F) {
    auto stages = executor::testing::SampleStages(lead);
    for (auto& stage : stages) stage.time = stage.time * slowdown;
    return stages;
  }

  testing::ManualClock clock_;
  scheduler::Scheduler scheduler_{{.response_reserve = 0_ms}};
  core::RequestId last_id_ = 0;
};

TEST_F(ConditionalRun, KeepsEveryBoundFromTheFirstExitOnWhenStagesBehave) {
  for (double bound_ms = 1.01; bound_ms < 20.0; bound_ms += 0.05) {
    const core::Account account = Run(Stages(1.0), {.max_latency = FromMilliseconds(bound_ms)});
    EXPECT_TRUE(account.missed.empty()) << bound_ms;
    const int deepest = bound_ms < 3.0 ? 0 : bound_ms < 6.0 ? 1 : 2;
    EXPECT_GE(account.exit, deepest - (std::abs(std::remainder(bound_ms, 3.0)) < 1e-6 ? 1 : 0));
  }
}

TEST_F(ConditionalRun, ASlowerMachineCostsAFewRequestsAndThenDepth) {
  const core::Bounds bounds{.max_latency = 7_ms};
  int missed = 0;
  for (int i = 0; i < 20; ++i) {
    const core::Account account = Run(Stages(2.0), bounds);
    missed += account.missed.empty() ? 0 : 1;
    if (i >= 4) {
      EXPECT_EQ(account.exit, 1);
      EXPECT_TRUE(account.missed.empty());
    }
  }
  EXPECT_LE(missed, 2);
}

TEST_F(ConditionalRun, ASureAnswerLeavesEarlyUnderAFloor) {
  const core::Account sure = Run(Stages(1.0, 6.0F), {.min_accuracy = 0.8});
  EXPECT_EQ(sure.exit, 0);
  const core::Account unsure = Run(Stages(1.0, 0.1F), {.min_accuracy = 0.8});
  EXPECT_EQ(unsure.exit, 2);
}

TEST_F(ConditionalRun, EnergyIsChargedForTheTimeTaken) {
  const core::Account account = Run(Stages(1.5), {});
  EXPECT_NEAR(InMillijoules(account.energy), 9.0, 1e-6);
  EXPECT_NEAR(InMilliseconds(account.device), 9.0, 1e-6);
}

}  // namespace
}  // namespace delen
