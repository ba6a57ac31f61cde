#include "executor/executor.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <vector>

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

TEST(Executor, OnePartRunsInPlace) {
  delen::testing::ManualClock clock;
  auto model = testing::SampleServedModel(clock, testing::SampleStages(std::log(3.0F)));
  backend::testing::FakeModel& fake = static_cast<backend::testing::FakeModel&>(model->loaded());
  fake.rows_are_independent = false;
  const WorkspaceLease lease = WorkspaceLease::Begin(model, testing::SampleInputs()).value();
  const std::array parts = {&lease.workspace()};
  const BatchOutcome outcome = Executor(clock).RunStage(*model, 1, parts);
  ASSERT_TRUE(outcome.status);
  EXPECT_DOUBLE_EQ(InMilliseconds(outcome.time), 2.0);
  EXPECT_NEAR(outcome.confidence[0], 0.75, 1e-6);
  EXPECT_EQ(fake.workspaces_made, 1);
}

// Requests of one, two and one rows. A row's lead is the logarithm of the odds
// given, so that its confidence is odds / (1 + odds).
class ExecutorBatch : public ::testing::Test {
 protected:
  ExecutorBatch() { Use(Stages()); }

  static std::vector<backend::testing::FakeStage> Stages() {
    auto stages = testing::SampleStages(0.0F);
    for (auto& stage : stages) stage.adds_input = true;
    return stages;
  }
  void Use(std::vector<backend::testing::FakeStage> stages) {
    model_ = testing::SampleServedModel(clock_, std::move(stages));
    leases_ = {};
    Begin(0, {1.0F});
    Begin(1, {9.0F, 3.0F});
    Begin(2, {4.0F});
  }
  void Begin(std::size_t part, const std::vector<float>& odds) {
    const auto rows = static_cast<std::int64_t>(odds.size());
    leases_[part] = WorkspaceLease::Begin(model_, testing::SampleInputs(rows)).value();
    parts_[part] = &leases_[part].workspace();
    for (std::size_t row = 0; row < odds.size(); ++row) {
      const float lead = std::log(odds[row]);
      std::memcpy(&parts_[part]->input(0)[row * 4 * sizeof(float)], &lead, sizeof(lead));
    }
  }
  BatchOutcome Run(int stage) { return Executor(clock_).RunStage(*model_, stage, parts_); }
  backend::testing::FakeModel& fake() {
    return static_cast<backend::testing::FakeModel&>(model_->loaded());
  }

  delen::testing::ManualClock clock_;
  std::shared_ptr<ServedModel> model_;
  std::array<WorkspaceLease, 3> leases_;
  std::array<backend::Workspace*, 3> parts_{};
};

TEST_F(ExecutorBatch, RunsOnceAndGivesEachPartItsOwn) {
  const BatchOutcome outcome = Run(1);
  ASSERT_TRUE(outcome.status) << outcome.status.error().message;
  EXPECT_EQ(fake().stages_run, 1);
  EXPECT_DOUBLE_EQ(InMilliseconds(outcome.time), 2.0);
  EXPECT_NEAR(outcome.confidence[0], 0.5, 1e-6);
  EXPECT_NEAR(outcome.confidence[1], 0.75, 1e-6);  // the lower of its two rows
  EXPECT_NEAR(outcome.confidence[2], 0.8, 1e-6);
  const backend::ExitOutput output = parts_[1]->exit_output(1);
  EXPECT_EQ(core::ToString(output.shape), "[2,2]");
  EXPECT_EQ(output.bytes.size(), 4 * sizeof(float));
}

TEST_F(ExecutorBatch, BatchWorkspacesAreUsedAgain) {
  EXPECT_TRUE(Run(0).status);
  const int made = fake().workspaces_made;
  EXPECT_TRUE(Run(1).status);
  EXPECT_EQ(fake().workspaces_made, made);
}

TEST_F(ExecutorBatch, AFailureLeavesEarlierExitsAsTheyWere) {
  auto stages = Stages();
  stages[1].fails = true;
  Use(std::move(stages));
  ASSERT_TRUE(Run(0).status);
  EXPECT_EQ(Run(1).status.error().message, "stage 1 failed");
  for (const backend::Workspace* const part : parts_) {
    EXPECT_EQ(part->exit_output(0).shape.size(), 2U);
    EXPECT_TRUE(part->exit_output(1).shape.empty());
  }
}

TEST_F(ExecutorBatch, WithoutAWorkspaceNothingRuns) {
  fake().refuses_workspaces = true;
  EXPECT_EQ(Run(0).status.error().message, "no workspace for [4,4]");
  EXPECT_EQ(fake().stages_run, 0);
  EXPECT_TRUE(Executor(clock_).RunStage(*model_, 0, *parts_[0]).status);
}

TEST_F(ExecutorBatch, AModelWhoseRowsDependOnEachOtherIsNotBatched) {
  fake().rows_are_independent = false;
  EXPECT_EQ(Run(0).status.error().message,
            "3 requests for one stage of model 'sample', which is not batchable");
}

TEST_F(ExecutorBatch, TakesOneToSixteenParts) {
  const std::vector<backend::Workspace*> many(17, parts_[0]);
  const Executor executor(clock_);
  EXPECT_EQ(executor.RunStage(*model_, 0, many).status.error().message,
            "17 requests for one stage, expected 1 to 16");
  EXPECT_EQ(executor.RunStage(*model_, 0, std::span(many).first(0)).status.error().message,
            "0 requests for one stage, expected 1 to 16");
}

}  // namespace
}  // namespace delen::executor
