#include "policy/stream_estimator.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using Step = core::ExitTable::Step;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::array<Step, 2> kSteps = {{{0, 1_ms, kInfinity}, {1, 3_ms, 100.0}}};

constexpr TimePoint At(Seconds time) { return TimePoint(time); }

Stream Of(std::uint32_t tenant) { return {.tenant = tenant, .steps = kSteps}; }

// `rate` requests of one row a second, from `from` on for `time`.
void Feed(StreamEstimator& streams, const Stream& stream, double rate, Seconds from, Seconds time) {
  const int count = static_cast<int>(rate * time.value());
  for (int i = 0; i < count; ++i) streams.OnArrival(stream, 1, At(from + Seconds(i / rate)));
}

TEST(StreamEstimator, KnowsNothingAtFirst) { EXPECT_TRUE(StreamEstimator().At(At(1_s)).empty()); }

TEST(StreamEstimator, ASteadyStreamHasItsRate) {
  StreamEstimator streams;
  Feed(streams, Of(3), 100.0, 0_s, 5_s);
  ASSERT_EQ(streams.At(At(5_s)).size(), 1U);
  const Stream& stream = streams.At(At(5_s))[0];
  EXPECT_EQ(stream.tenant, 3U);
  EXPECT_NEAR(stream.rows_per_second, 100.0, 1.0);
}

TEST(StreamEstimator, AYoungStreamHasTheRateOfItsLife) {
  StreamEstimator streams;
  Feed(streams, Of(0), 100.0, 7_s, 200_ms);
  EXPECT_NEAR(streams.At(At(7.2_s))[0].rows_per_second, 100.0, 1.0);
}

TEST(StreamEstimator, AVeryYoungStreamHasLivedATwentiethOfASecond) {
  StreamEstimator streams;
  streams.OnArrival(Of(0), 1, At(7_s));
  EXPECT_NEAR(streams.At(At(7_s))[0].rows_per_second, 20.5, 0.05);  // 1 / (1 - exp(-0.05))
}

TEST(StreamEstimator, RowsCount) {
  StreamEstimator streams;
  streams.OnArrival(Of(0), 4, At(7_s));
  EXPECT_NEAR(streams.At(At(7_s))[0].rows_per_second, 4 * 20.5, 0.2);
}

TEST(StreamEstimator, WhatHasEndedFadesAndIsForgotten) {
  StreamEstimator streams;
  Feed(streams, Of(0), 100.0, 0_s, 5_s);
  EXPECT_NEAR(streams.At(At(6_s))[0].rows_per_second, 36.8, 0.5);  // 100 exp(-1)
  for (const Stream& stream : streams.At(At(20_s))) EXPECT_EQ(stream.rows_per_second, 0.0);
  EXPECT_TRUE(streams.At(At(20_s)).empty());
}

TEST(StreamEstimator, RequestsOfOneKindMayGoEquallyFarAtEqualCost) {
  constexpr std::array<Step, 1> kShort = {{{0, 1_ms, kInfinity}}};
  constexpr std::array<Step, 2> kSlow = {{{0, 1_ms, kInfinity}, {1, 4_ms, 100.0}}};
  constexpr std::array<Step, 2> kEqual = kSteps;
  StreamEstimator streams;
  streams.OnArrival(Of(0), 1, At(0_s));
  streams.OnArrival({.tenant = 0, .steps = kEqual}, 1, At(0_s));
  EXPECT_EQ(streams.At(At(0_s)).size(), 1U);
  streams.OnArrival({.tenant = 0, .steps = kShort}, 1, At(0_s));
  streams.OnArrival({.tenant = 0, .steps = kSlow}, 1, At(0_s));
  streams.OnArrival({.tenant = 0, .steps = kSteps, .share = 0.5}, 1, At(0_s));
  streams.OnArrival({.tenant = 0, .weight = 2.0, .steps = kSteps}, 1, At(0_s));
  streams.OnArrival(Of(1), 1, At(0_s));
  EXPECT_EQ(streams.At(At(0_s)).size(), 6U);
}

TEST(StreamEstimator, KeepsACopyOfTheSteps) {
  StreamEstimator streams;
  {
    const std::array<Step, 2> steps = kSteps;
    streams.OnArrival({.tenant = 0, .steps = steps}, 1, At(0_s));
  }
  const Stream& stream = streams.At(At(0_s))[0];
  ASSERT_EQ(stream.steps.size(), 2U);
  EXPECT_EQ(stream.steps[1].time, 3_ms);
}

TEST(StreamEstimator, OfTooManyKindsTheRarestIsForgotten) {
  StreamEstimator streams;
  for (std::uint32_t tenant = 0; tenant < StreamEstimator::kMaxStreams; ++tenant) {
    streams.OnArrival(Of(tenant), tenant == 5 ? 1 : 2, At(0_s));
  }
  streams.OnArrival(Of(100), 1, At(0.1_s));
  EXPECT_EQ(streams.At(At(0.1_s)).size(), StreamEstimator::kMaxStreams);
  for (const Stream& stream : streams.At(At(0.1_s))) EXPECT_NE(stream.tenant, 5U);
  EXPECT_EQ(streams.At(At(0.1_s))[5].tenant, 100U);
}

}  // namespace
}  // namespace delen::policy
