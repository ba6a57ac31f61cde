#include "executor/served_model.h"

#include <gtest/gtest.h>

#include <array>
#include <numeric>
#include <optional>

#include "executor/testing/sample_served_model.h"

namespace delen::executor {
namespace {

class ServedModelTest : public ::testing::Test {
 protected:
  WorkspaceLease Begin(std::int64_t rows) {
    return WorkspaceLease::Begin(model_, testing::SampleInputs(rows)).value();
  }
  int workspaces_made() {
    return static_cast<backend::testing::FakeModel&>(model_->loaded()).workspaces_made;
  }

  delen::testing::ManualClock clock_;
  std::shared_ptr<ServedModel> model_ = testing::SampleServedModel(clock_);
};

TEST_F(ServedModelTest, WorkspacesAreUsedAgainForTheSameShapes) {
  Begin(1);
  Begin(1);
  EXPECT_EQ(workspaces_made(), 1);
  Begin(2);
  EXPECT_EQ(workspaces_made(), 2);
  Begin(1);
  EXPECT_EQ(workspaces_made(), 2);
}

TEST_F(ServedModelTest, RunsAtOnceGetOneEach) {
  const WorkspaceLease first = Begin(1);
  const WorkspaceLease second = Begin(1);
  EXPECT_NE(&first.workspace(), &second.workspace());
}

TEST_F(ServedModelTest, AMovedLeaseIsGivenBackOnce) {
  WorkspaceLease lease = Begin(1);
  WorkspaceLease other = std::move(lease);
  EXPECT_FALSE(lease);  // NOLINT(bugprone-use-after-move): that is the point
  other = WorkspaceLease();
  Begin(1);
  EXPECT_EQ(workspaces_made(), 1);
}

TEST_F(ServedModelTest, InputsOfTheWrongSizeAreRefused) {
  std::vector<core::Tensor> inputs = testing::SampleInputs(1);
  inputs[0].shape = {2, 4};
  const Result<WorkspaceLease> lease = WorkspaceLease::Begin(model_, inputs);
  EXPECT_EQ(lease.error().message, "input 'input' has 16 bytes, expected 32");
}

TEST_F(ServedModelTest, PrewarmedBatchesAreReady) {
  const std::array<std::int64_t, 2> sizes = {2, 8};
  ASSERT_TRUE(model_->Prewarm(sizes));
  EXPECT_EQ(workspaces_made(), 2);
  const PooledWorkspace batch = model_->AcquireBatch(8).value();
  EXPECT_EQ(workspaces_made(), 2);
  EXPECT_EQ(model_->RowsOf(*batch.workspace), 8);
}

TEST_F(ServedModelTest, BatchesDoNotPushOutSingleRuns) {
  Begin(1);
  std::vector<std::int64_t> sizes(40);
  std::iota(sizes.begin(), sizes.end(), 1);
  ASSERT_TRUE(model_->Prewarm(sizes));
  const int made = workspaces_made();
  Begin(1);
  EXPECT_EQ(workspaces_made(), made);
}

TEST_F(ServedModelTest, PrewarmingSaysWhatDoesNotRun) {
  static_cast<backend::testing::FakeModel&>(model_->loaded()).refuses_workspaces = true;
  const std::array<std::int64_t, 1> sizes = {3};
  EXPECT_EQ(model_->Prewarm(sizes).error().message, "no workspace for [3,4]");
}

}  // namespace
}  // namespace delen::executor
