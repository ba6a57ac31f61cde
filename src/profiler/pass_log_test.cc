#include "profiler/pass_log.h"

#include <gtest/gtest.h>

namespace delen::profiler {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

// A hundred passes: stage 0 takes 1 to 100 ms, stage 1 always 10 ms.
PassLog HundredPasses() {
  PassLog log(2);
  for (int pass = 100; pass >= 1; --pass) {
    log.AddStage(0, FromMilliseconds(pass));
    log.AddStage(1, 10_ms);
  }
  return log;
}

TEST(PassLog, TellsTheQuantilesOfEachStage) {
  const PassLog log = HundredPasses();
  EXPECT_EQ(log.passes(), 100U);
  EXPECT_NEAR(log.time().value(), 6.05, 1e-9);
  const std::vector<core::StageCost> costs = log.MeteredCosts();
  ASSERT_EQ(costs.size(), 2U);
  EXPECT_EQ(costs[0].p50, 50_ms);
  EXPECT_EQ(costs[0].p95, 95_ms);
  EXPECT_EQ(costs[0].p99, 99_ms);
  EXPECT_EQ(costs[1].p50, 10_ms);
  EXPECT_EQ(costs[1].p99, 10_ms);
}

TEST(PassLog, SharesMeteredEnergyOutByTime) {
  PassLog log(2);
  for (int pass = 0; pass < 4; ++pass) {
    log.AddStage(0, 1_ms);
    log.AddStage(1, 3_ms);
  }
  log.AddMetered(30_mJ);
  log.AddMetered(10_mJ);
  const std::vector<core::StageCost> costs = log.MeteredCosts();
  EXPECT_DOUBLE_EQ(InMillijoules(costs[0].energy), 2.5);
  EXPECT_DOUBLE_EQ(InMillijoules(costs[1].energy), 7.5);
}

TEST(PassLog, ModelsEnergyFromTheMedian) {
  const std::vector<core::StageCost> costs =
      HundredPasses().ModelledCosts({.active_per_core = 2_W}, 4);
  EXPECT_DOUBLE_EQ(InMillijoules(costs[0].energy), 400.0);
  EXPECT_DOUBLE_EQ(InMillijoules(costs[1].energy), 80.0);
}

}  // namespace
}  // namespace delen::profiler
