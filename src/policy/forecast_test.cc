#include "policy/forecast.h"

#include <gtest/gtest.h>

#include "core/testing/sample_model.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

TEST(Forecast, AddsTheStagesBetweenTwoExits) {
  const core::ExitTable exits = core::testing::SampleExits();
  const Forecast forecast(exits, 1, 1.0);
  EXPECT_DOUBLE_EQ(InMilliseconds(forecast.Time(-1, 0)), 1.0);
  EXPECT_DOUBLE_EQ(InMilliseconds(forecast.Time(-1, 3)), 10.0);
  EXPECT_DOUBLE_EQ(InMilliseconds(forecast.Time(0, 2)), 5.0);
  EXPECT_DOUBLE_EQ(InMillijoules(forecast.Energy(1, 2)), 3.0);
  EXPECT_EQ(forecast.Time(2, 2), 0_s);
}

TEST(Forecast, IsPessimisticInTimeAndInEnergy) {
  core::ModelVersion model = core::testing::SampleModel();
  model.profile.costs[0].stages[0] = {1_ms, 2_ms, 3_ms, 5_mJ};  // 5 W
  const core::ExitTable exits = core::ExitTable::Make(model, 1).value();
  const Forecast forecast(exits, 1, 2.0);
  EXPECT_DOUBLE_EQ(InMilliseconds(forecast.Time(-1, 0)), 6.0);
  EXPECT_DOUBLE_EQ(InMillijoules(forecast.Energy(-1, 0)), 30.0);
}

TEST(Forecast, GrowsWithTheSlowdownAndTheBatch) {
  const core::ExitTable exits = core::testing::SampleExits();
  EXPECT_DOUBLE_EQ(InMilliseconds(Forecast(exits, 1, 2.0).Time(-1, 1)), 6.0);
  EXPECT_DOUBLE_EQ(InMilliseconds(Forecast(exits, 5, 1.0).Time(-1, 1)), 15.0);
}

}  // namespace
}  // namespace delen::policy
