#include "core/exit_table.h"

#include <gtest/gtest.h>

#include <cmath>
#include <utility>

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

TEST(ExitTable, StepsLeadToTheExitsThatAreWorthMore) {
  const ExitTable exits = testing::SampleExits();
  const auto from_start = exits.steps(0);
  ASSERT_EQ(from_start.size(), 3U);  // the last exit is dominated
  EXPECT_EQ(from_start[0].exit, 0);
  EXPECT_TRUE(std::isinf(from_start[0].density));
  EXPECT_DOUBLE_EQ(InMilliseconds(from_start[2].time), 6.0);
  EXPECT_DOUBLE_EQ(from_start[1].density, 0.2 / 0.002);
  const auto from_second = exits.steps(2);
  ASSERT_EQ(from_second.size(), 1U);
  EXPECT_EQ(from_second[0].exit, 2);
  EXPECT_DOUBLE_EQ(InMilliseconds(from_second[0].time), 3.0);
  EXPECT_NEAR(from_second[0].density, 0.1 / 0.003, 1e-9);
  EXPECT_TRUE(exits.steps(3).empty());
}

TEST(ExitTable, AStepOnTheWayToABetterOneHasItsDensity) {
  ModelVersion model = testing::SampleModel();
  model.profile.quality->exits[1].accuracy = 0.61;
  const ExitTable exits = ExitTable::Make(model, 1).value();
  ASSERT_EQ(exits.steps(1).size(), 2U);
  EXPECT_NEAR(exits.steps(1)[0].density, 0.3 / 0.005, 1e-9);
  EXPECT_NEAR(exits.steps(1)[1].density, 0.3 / 0.005, 1e-9);
}

TEST(ExitTable, ABatchMustPay) {
  ModelVersion model = testing::SampleModel();
  for (const auto& [batch, factor] : {std::pair{2, 1.98}, {4, 2.0}, {8, 3.9}}) {
    CostTable larger = model.profile.costs[0];
    larger.batch = batch;
    for (StageCost& stage : larger.stages) stage.p95 = stage.p95 * factor;
    model.profile.costs.push_back(larger);
  }
  const ExitTable exits = ExitTable::Make(model, 1).value();
  EXPECT_EQ(exits.BestBatch(3), 1);  // two rows gain 1 % only
  EXPECT_EQ(exits.BestBatch(7), 4);
  EXPECT_DOUBLE_EQ(exits.BatchShare(7), 0.5);
  EXPECT_EQ(exits.BestBatch(8), 4);  // 0.4875 against 0.5
}

TEST(ExitTable, NeedsCostsForItsThreads) {
  const Result<ExitTable> exits = ExitTable::Make(testing::SampleModel(), 2);
  ASSERT_FALSE(exits);
  EXPECT_NE(exits.error().message.find("no latencies for 2 threads"), std::string::npos);
}

}  // namespace
}  // namespace delen::core
