#include "executor/executor.h"

#include <gtest/gtest.h>

#include <cmath>

#include "executor/testing/sample_served_model.h"

namespace delen::executor {
namespace {

TEST(Executor, MeasuresTheStageAndItsConfidence) {
  delen::testing::ManualClock clock;
  auto model = testing::SampleServedModel(clock, testing::SampleStages(std::log(3.0F)));
  const WorkspaceLease lease = WorkspaceLease::Begin(model, testing::SampleInputs()).value();
  const Outcome outcome = Executor(clock).RunStage(*model, 1, lease.workspace());
  ASSERT_TRUE(outcome.status);
  EXPECT_DOUBLE_EQ(InMilliseconds(outcome.time), 2.0);
  EXPECT_NEAR(outcome.confidence, 0.75, 1e-6);
}

TEST(Executor, HandsOnTheRuntimesError) {
  delen::testing::ManualClock clock;
  auto stages = testing::SampleStages();
  stages[0].fails = true;
  auto model = testing::SampleServedModel(clock, stages);
  const WorkspaceLease lease = WorkspaceLease::Begin(model, testing::SampleInputs()).value();
  const Outcome outcome = Executor(clock).RunStage(*model, 0, lease.workspace());
  EXPECT_EQ(outcome.status.error().message, "stage 0 failed");
}

}  // namespace
}  // namespace delen::executor
