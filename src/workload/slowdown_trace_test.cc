#include "workload/slowdown_trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

namespace delen::workload {
namespace {

using namespace literals;

std::unique_ptr<SlowdownTrace> Trace(const Slowdown& slowdown, std::uint64_t seed = 7) {
  return MakeSlowdownTrace(slowdown, RandomSource(seed, "slowdown"));
}

TEST(SlowdownTrace, ConstantIsConstant) {
  const auto trace = Trace(ConstantSlowdown{1.5});
  EXPECT_EQ(trace->At(TimePoint(0_s)), 1.5);
  EXPECT_EQ(trace->At(TimePoint(100_s)), 1.5);
}

TEST(SlowdownTrace, StepsHoldUntilTheNext) {
  const auto trace = Trace(SteppedSlowdown{{{2_s, 3.0}, {4_s, 0.5}, {4_s, 2.0}, {9_s, 1.0}}});
  EXPECT_EQ(trace->At(TimePoint(0_s)), 1.0);
  EXPECT_EQ(trace->At(TimePoint(1.999_s)), 1.0);
  EXPECT_EQ(trace->At(TimePoint(2_s)), 3.0);
  EXPECT_EQ(trace->At(TimePoint(3_s)), 3.0);
  EXPECT_EQ(trace->At(TimePoint(4_s)), 2.0);
  EXPECT_EQ(trace->At(TimePoint(1000_s)), 1.0);
}

TEST(SlowdownTrace, ARecordingIsSteps) {
  const auto recorded = ParseRecordedSlowdown("seconds,slowdown\n0,1.25\n60,2\n", "machine.csv");
  ASSERT_TRUE(recorded) << recorded.error().message;
  EXPECT_EQ(*recorded, (SteppedSlowdown{{{0_s, 1.25}, {60_s, 2.0}}}));
  EXPECT_EQ(ParseRecordedSlowdown("0,0\n", "machine.csv").error().message,
            "machine.csv:1: slowdown is '0', expected a number from 0.01 to 100");
}

TEST(SlowdownTrace, AWalkChangesOnceEachIntervalAndKeepsItsEnds) {
  const auto trace = Trace(WalkingSlowdown{1_s, 0.3, 0.8, 3.0});
  EXPECT_EQ(trace->At(TimePoint(0_s)), 1.0);
  EXPECT_EQ(trace->At(TimePoint(0.999_s)), 1.0);
  double least = 1.0;
  double greatest = 1.0;
  for (int second = 1; second <= 10'000; ++second) {
    const double value = trace->At(TimePoint(Seconds(second)));
    EXPECT_EQ(trace->At(TimePoint(Seconds(second + 0.5))), value);
    least = std::min(least, value);
    greatest = std::max(greatest, value);
  }
  EXPECT_NEAR(least, 0.8, 0.001);
  EXPECT_NEAR(greatest, 3.0, 0.01);
  EXPECT_GE(least, 0.8 - 1e-12);
  EXPECT_LE(greatest, 3.0 + 1e-12);
}

TEST(SlowdownTrace, AWalkMovesByItsDeviation) {
  const auto trace = Trace(WalkingSlowdown{1_s, 0.01, 0.01, 100.0});
  double squares = 0.0;
  double last = trace->At(TimePoint(0_s));
  for (int second = 1; second <= 2'000; ++second) {
    const double value = trace->At(TimePoint(Seconds(second)));
    squares += std::pow(std::log(value / last), 2);
    last = value;
  }
  EXPECT_NEAR(std::sqrt(squares / 2'000), 0.01, 0.0005);
}

TEST(SlowdownTrace, AWalkDoesNotDependOnWhenItIsAsked) {
  const Slowdown walk = WalkingSlowdown{100_ms, 0.2, 0.5, 4.0};
  const auto often = Trace(walk);
  const auto seldom = Trace(walk);
  double value = 0.0;
  for (int i = 0; i <= 1000; ++i) value = often->At(TimePoint(Seconds(i * 0.01)));
  EXPECT_EQ(seldom->At(TimePoint(Seconds(1000 * 0.01))), value);
  EXPECT_NE(Trace(walk, 8)->At(TimePoint(10_s)), value);
}

TEST(SlowdownTrace, AWalkWhoseRangeExcludesOneStartsAtTheNearestEnd) {
  EXPECT_DOUBLE_EQ(Trace(WalkingSlowdown{1_s, 0.1, 1.5, 3.0})->At(TimePoint(0_s)), 1.5);
  EXPECT_DOUBLE_EQ(Trace(WalkingSlowdown{1_s, 0.1, 0.5, 0.8})->At(TimePoint(0_s)), 0.8);
}

}  // namespace
}  // namespace delen::workload
