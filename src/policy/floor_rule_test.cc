#include "policy/floor_rule.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/testing/sample_model.h"

namespace delen::policy {
namespace {

TEST(FloorRule, TakesTheLeastWorkThatKeepsTheFloor) {
  const core::ExitTable exits = core::testing::SampleExits();
  // 0.80 needs a margin of 1.5 points: exit 1 fixed (0.80) is out, the cheapest
  // left is exit 2 with threshold 0.7 (0.84).
  const FloorRule rule = ChooseFloorRule(exits, 0.80);
  EXPECT_EQ(rule.last_exit, 2);
  EXPECT_EQ(rule.threshold, 0.7);
  EXPECT_EQ(rule.accuracy, 0.84);
}

TEST(FloorRule, LowFloorsStayShallow) {
  const FloorRule rule = ChooseFloorRule(core::testing::SampleExits(), 0.5);
  EXPECT_EQ(rule.last_exit, 0);
  EXPECT_EQ(rule.accuracy, 0.60);
}

TEST(FloorRule, AFloorOutOfReachGetsTheMostAccurate) {
  const FloorRule rule = ChooseFloorRule(core::testing::SampleExits(), 0.99);
  EXPECT_EQ(rule.last_exit, 2);
  EXPECT_GT(rule.threshold, 1.0);
  EXPECT_EQ(rule.accuracy, 0.90);
}

TEST(FloorRule, WithoutLabelledDataItGoesToTheEnd) {
  core::ModelVersion model = core::testing::SampleModel();
  model.profile.quality.reset();
  const FloorRule rule = ChooseFloorRule(core::ExitTable::Make(model, 1).value(), 0.5);
  EXPECT_EQ(rule.last_exit, 3);
  EXPECT_TRUE(std::isinf(rule.threshold));
  EXPECT_EQ(rule.accuracy, std::nullopt);
}

TEST(FloorRule, TheMarginShrinksWithTheLabelledDataButNotBelowTheClientsOwn) {
  // 1.645 * sqrt(0.25 * (1/2000 + 1/2000))
  EXPECT_NEAR(FloorMargin(0.5, 2000), 0.02601, 1e-5);
  EXPECT_NEAR(FloorMargin(0.5, 1000000000), 0.01839, 1e-5);
}

}  // namespace
}  // namespace delen::policy
