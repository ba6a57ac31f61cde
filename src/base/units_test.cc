#include "base/units.h"

#include <gtest/gtest.h>

namespace delen {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

TEST(Units, PowerTimesTimeIsEnergy) {
  EXPECT_DOUBLE_EQ(InMillijoules(2_W * 30_ms), 60.0);
  EXPECT_DOUBLE_EQ((60_mJ / 30_ms).value(), 2.0);
}

TEST(Units, RatioOfOneUnitIsANumber) { EXPECT_DOUBLE_EQ(30_ms / 10_ms, 3.0); }

TEST(TimePoint, DifferencesAreSeconds) {
  const TimePoint start(5_s);
  EXPECT_EQ((start + 250_ms) - start, 250_ms);
  EXPECT_LT(start, TimePoint::Never());
  EXPECT_GT(TimePoint::Never() - start, Seconds(1e300));
}

}  // namespace
}  // namespace delen
