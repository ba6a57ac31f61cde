#include "workload/published_model.h"

#include <gtest/gtest.h>

#include "core/exit_table.h"

namespace delen::workload {
namespace {

PublishedModel Sample() {
  return {.exit_latencies = {FromMilliseconds(2.0), FromMilliseconds(5.0)},
          .reference_batch = 4,
          .batches = {1, 4, 8},
          .fixed_share = 0.5,
          .exit_accuracies = {0.6, 0.8},
          .samples = 50'000,
          .power = Watts(10.0)};
}

TEST(PublishedModel, LatencyIsAFixedShareAndOnePerRow) {
  const core::ModelVersion version = MakeModelVersion("net", Sample(), 0.0);
  const std::vector<core::CostTable>& costs = version.profile.costs;
  ASSERT_EQ(costs.size(), 3U);
  const auto p50_ms = [&](int table, int stage) {
    return InMilliseconds(
        costs.at(static_cast<std::size_t>(table)).stages.at(static_cast<std::size_t>(stage)).p50);
  };
  EXPECT_EQ(costs[0].batch, 1);
  EXPECT_DOUBLE_EQ(p50_ms(0, 0), 2.0 * 0.625);
  EXPECT_DOUBLE_EQ(p50_ms(0, 1), 3.0 * 0.625);
  EXPECT_EQ(costs[1].batch, 4);
  EXPECT_DOUBLE_EQ(p50_ms(1, 0), 2.0);
  EXPECT_DOUBLE_EQ(p50_ms(1, 1), 3.0);
  EXPECT_EQ(costs[2].batch, 8);
  EXPECT_DOUBLE_EQ(p50_ms(2, 0), 3.0);
  EXPECT_DOUBLE_EQ(p50_ms(2, 1), 4.5);
  EXPECT_DOUBLE_EQ(InMillijoules(costs[2].stages[0].energy), 30.0);
}

TEST(PublishedModel, QuantilesFollowFromTheNoise) {
  const core::ModelVersion exact = MakeModelVersion("net", Sample(), 0.0);
  EXPECT_EQ(exact.profile.costs[1].stages[0].p99, exact.profile.costs[1].stages[0].p50);
  const core::ModelVersion noisy = MakeModelVersion("net", Sample(), 0.05);
  const core::StageCost& stage = noisy.profile.costs[1].stages[0];
  EXPECT_DOUBLE_EQ(InMilliseconds(stage.p50), 2.0);
  EXPECT_NEAR(InMilliseconds(stage.p95), 2.1713, 1e-4);
  EXPECT_NEAR(InMilliseconds(stage.p99), 2.2465, 1e-4);
}

TEST(PublishedModel, MakesAnExitTable) {
  const auto exits = core::ExitTable::Make(MakeModelVersion("net", Sample(), 0.05), 1);
  ASSERT_TRUE(exits) << exits.error().message;
  EXPECT_EQ(exits->exit_count(), 2);
  EXPECT_EQ(exits->best_exit(), 1);
  EXPECT_EQ(exits->accuracy(0), 0.6);
  EXPECT_TRUE(exits->calibrated());
  EXPECT_EQ(exits->CostsFor(3).table->batch, 4);
  EXPECT_DOUBLE_EQ(exits->cumulative_flops(1), 5e9);
  ASSERT_EQ(exits->quality()->floor_points.size(), 2U);
  EXPECT_EQ(exits->quality()->samples, 50'000);
  EXPECT_EQ(exits->quality()->floor_points[1], (core::FloorPoint{1, 2.0, 0.8, 5e9}));
}

}  // namespace
}  // namespace delen::workload
