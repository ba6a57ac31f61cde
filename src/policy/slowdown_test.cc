#include "policy/slowdown.h"

#include <gtest/gtest.h>

#include <numbers>

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

void Feed(SlowdownEstimator& slowdown, int times, double ratio) {
  for (int i = 0; i < times; ++i) slowdown.Update(10_ms * ratio, 10_ms, TimePoint());
}

TEST(Slowdown, StartsAtOne) { EXPECT_EQ(SlowdownEstimator().At(TimePoint()), 1.0); }

TEST(Slowdown, OneLateStageDoesNotMoveIt) {
  SlowdownEstimator slowdown;
  Feed(slowdown, 9, 1.0);
  Feed(slowdown, 1, 20.0);
  EXPECT_DOUBLE_EQ(slowdown.At(TimePoint()), 1.0);
}

TEST(Slowdown, FiveInARowDo) {
  SlowdownEstimator slowdown;
  Feed(slowdown, 9, 1.0);
  Feed(slowdown, 4, 2.0);
  EXPECT_DOUBLE_EQ(slowdown.At(TimePoint()), 1.0);
  Feed(slowdown, 1, 2.0);
  EXPECT_DOUBLE_EQ(slowdown.At(TimePoint()), 2.0);
}

TEST(Slowdown, FadesWhenNoStageRuns) {
  SlowdownEstimator slowdown;
  Feed(slowdown, 9, 3.0);
  EXPECT_DOUBLE_EQ(slowdown.At(TimePoint(200_ms)), 3.0);
  EXPECT_NEAR(slowdown.At(TimePoint(1250_ms)), 1.0 + 2.0 / std::numbers::e, 1e-9);
  EXPECT_NEAR(slowdown.At(TimePoint(20_s)), 1.0, 1e-6);
}

TEST(Slowdown, IgnoresProfilesOfNothingAndClampsTheAbsurd) {
  SlowdownEstimator slowdown;
  slowdown.Update(1_ms, 0_ms, TimePoint());
  EXPECT_EQ(slowdown.At(TimePoint()), 1.0);
  Feed(slowdown, 9, 1e6);
  EXPECT_EQ(slowdown.At(TimePoint()), 100.0);
  Feed(slowdown, 9, 0.0);
  EXPECT_EQ(slowdown.At(TimePoint()), 0.25);
}

}  // namespace
}  // namespace delen::policy
