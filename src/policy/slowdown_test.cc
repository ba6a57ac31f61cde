#include "policy/slowdown.h"

#include <gtest/gtest.h>

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

void Feed(SlowdownEstimator& slowdown, int times, double ratio) {
  for (int i = 0; i < times; ++i) slowdown.Update(10_ms * ratio, 10_ms);
}

TEST(Slowdown, StartsAtOne) { EXPECT_EQ(SlowdownEstimator().value(), 1.0); }

TEST(Slowdown, OneLateStageDoesNotMoveIt) {
  SlowdownEstimator slowdown;
  Feed(slowdown, 9, 1.0);
  Feed(slowdown, 1, 20.0);
  EXPECT_DOUBLE_EQ(slowdown.value(), 1.0);
}

TEST(Slowdown, FiveInARowDo) {
  SlowdownEstimator slowdown;
  Feed(slowdown, 9, 1.0);
  Feed(slowdown, 4, 2.0);
  EXPECT_DOUBLE_EQ(slowdown.value(), 1.0);
  Feed(slowdown, 1, 2.0);
  EXPECT_DOUBLE_EQ(slowdown.value(), 2.0);
}

TEST(Slowdown, IgnoresProfilesOfNothingAndClampsTheAbsurd) {
  SlowdownEstimator slowdown;
  slowdown.Update(1_ms, 0_ms);
  EXPECT_EQ(slowdown.value(), 1.0);
  Feed(slowdown, 9, 1e6);
  EXPECT_EQ(slowdown.value(), 100.0);
  Feed(slowdown, 9, 0.0);
  EXPECT_EQ(slowdown.value(), 0.25);
}

}  // namespace
}  // namespace delen::policy
