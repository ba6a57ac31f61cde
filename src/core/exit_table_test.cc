#include "core/exit_table.h"

#include <gtest/gtest.h>

#include "core/testing/sample_model.h"

namespace delen::core {
namespace {

TEST(ExitTable, KnowsTheBestExitAndTheDominatedOnes) {
  const ExitTable exits = testing::SampleExits();
  EXPECT_EQ(exits.exit_count(), 4);
  EXPECT_EQ(exits.best_exit(), 2);
  EXPECT_FALSE(exits.dominated(2));
  EXPECT_TRUE(exits.dominated(3));
  EXPECT_EQ(exits.accuracy(1), 0.8);
  EXPECT_EQ(exits.cumulative_flops(2), 600);
}

TEST(ExitTable, WithoutLabelledDataDeeperIsBetter) {
  ModelVersion model = testing::SampleModel();
  model.profile.quality.reset();
  const ExitTable exits = ExitTable::Make(model, 1).value();
  EXPECT_EQ(exits.best_exit(), 3);
  EXPECT_FALSE(exits.dominated(3));
  EXPECT_EQ(exits.accuracy(3), std::nullopt);
  EXPECT_FALSE(exits.calibrated());
}

TEST(ExitTable, TakesTheCostsOfTheNextLargerBatchAndScalesBeyondTheLast) {
  ModelVersion model = testing::SampleModel();
  CostTable four = model.profile.costs[0];
  four.batch = 4;
  model.profile.costs.insert(model.profile.costs.begin(), four);
  const ExitTable exits = ExitTable::Make(model, 1).value();
  EXPECT_EQ(exits.CostsFor(1).table->batch, 1);
  EXPECT_EQ(exits.CostsFor(3).table->batch, 4);
  EXPECT_EQ(exits.CostsFor(3).factor, 1.0);
  EXPECT_EQ(exits.CostsFor(6).table->batch, 4);
  EXPECT_EQ(exits.CostsFor(6).factor, 1.5);
}

TEST(ExitTable, NeedsCostsForItsThreads) {
  const Result<ExitTable> exits = ExitTable::Make(testing::SampleModel(), 2);
  ASSERT_FALSE(exits);
  EXPECT_NE(exits.error().message.find("no latencies for 2 threads"), std::string::npos);
}

}  // namespace
}  // namespace delen::core
