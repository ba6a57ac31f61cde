#include "power/open_meter.h"

#include <gtest/gtest.h>

#include "base/testing/manual_clock.h"
#include "power/power_model.h"
#include "power/testing/fake_power_meter.h"

namespace delen::power {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

TEST(IdlePower, IsEnergyOverTime) {
  delen::testing::ManualClock clock;
  const auto sleep = [&](Seconds span) { clock.Advance(span); };
  testing::FakePowerMeter meter(clock, 30_W);
  EXPECT_DOUBLE_EQ(MeasureIdlePower(meter, clock, 20_ms, sleep).value().value(), 30.0);
  EXPECT_EQ(MeasureIdlePower(meter, clock, 0_s, sleep).value(), 0_W);
  meter.broken = true;
  EXPECT_EQ(MeasureIdlePower(meter, clock, 1_ms, sleep).error().message, "the meter is broken");
}

TEST(PowerModel, CountsEveryThreadOfTheStage) {
  const PowerModel model{.active_per_core = 2_W};
  EXPECT_DOUBLE_EQ(InMillijoules(model.ActiveEnergy(1, 5_ms)), 10.0);
  EXPECT_DOUBLE_EQ(InMillijoules(model.ActiveEnergy(4, 5_ms)), 40.0);
}

}  // namespace
}  // namespace delen::power
