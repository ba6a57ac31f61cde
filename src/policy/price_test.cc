#include "policy/price.h"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using Step = core::ExitTable::Step;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr Seconds kEver{kInfinity};

// 1 ms for the first exit, then 2 ms at 100 per second and 3 ms at 30 per second.
constexpr std::array<Step, 3> kSteps = {{{0, 1_ms, kInfinity}, {1, 3_ms, 100.0}, {2, 6_ms, 30.0}}};

Stream New(std::uint32_t tenant, double rows_per_second, double share) {
  return {.tenant = tenant, .rows_per_second = rows_per_second, .steps = kSteps, .share = share};
}

Claim New(Seconds budget) { return {1_ms, kSteps, 1.0, budget}; }

TEST(Price, IsNothingWhileThereIsTimeForAll) {
  const std::array claims = {New(6_ms), New(12_ms)};
  EXPECT_EQ(PriceOfTime(claims), 0.0);
  EXPECT_EQ(PriceOfTime({}), 0.0);
}

TEST(Price, RisesUntilTheLeastValuableTimeIsGone) {
  const std::array claims = {New(6_ms), New(11_ms)};
  const double price = PriceOfTime(claims);
  EXPECT_GT(price, 30.0);
  EXPECT_LE(price, 100.0);
  EXPECT_EQ(StepsWorth(kSteps, price), 2U);
}

TEST(Price, LeavesOnlyFirstExitsWhenTimeIsShort) {
  const std::array claims = {New(6_ms), New(2_ms)};
  EXPECT_EQ(StepsWorth(kSteps, PriceOfTime(claims)), 1U);
}

TEST(Price, IsInfiniteWhenNotEvenThatFits) {
  const std::array claims = {New(6_ms), New(1.5_ms)};
  EXPECT_EQ(PriceOfTime(claims), kInfinity);
  EXPECT_EQ(WorkAt(claims[0], kInfinity), 1_ms);
}

TEST(Price, WorkDoneAtAnyPriceIsNotTradedAway) {
  const Claim floor{6_ms, kSteps, 1.0, kEver};
  EXPECT_EQ(WorkAt(floor, kInfinity), 6_ms);
}

TEST(Price, SlownessAndBatchesScaleTheWork) {
  const Claim slow{1_ms, kSteps, 2.0, kEver};
  EXPECT_EQ(WorkAt(slow, 0.0), 12_ms);
}

TEST(SteadyPrice, IsWhatTheStreamsCanBeServedAt) {
  const std::array light = {New(0, 100.0, 1.0)};  // 100 rows/s of 6 ms
  EXPECT_EQ(SteadyPrice(light, 0, 1.0, 0.9), 0.0);
  EXPECT_GT(SteadyPrice(light, 0, 1.6, 0.9), 30.0);  // 0.96 of the lane; 0.48 without the last
  const std::array heavy = {New(0, 500.0, 0.5)};
  EXPECT_EQ(StepsWorth(kSteps, SteadyPrice(heavy, 0, 1.0, 0.9)), 2U);  // 0.75
}

TEST(SteadyPrice, AFloodDoesNotRaiseItForOthers) {
  const std::array streams = {New(0, 50.0, 1.0), New(1, 5000.0, 1.0)};
  EXPECT_EQ(SteadyPrice(streams, 0, 1.0, 0.9), 0.0);  // 0.3, of 0.45 that are its own
  EXPECT_EQ(SteadyPrice(streams, 1, 1.0, 0.9), kInfinity);
}

TEST(SteadyPrice, WhatOthersLeaveMayBeUsed) {
  const std::array streams = {New(0, 10.0, 1.0), New(1, 130.0, 1.0)};
  EXPECT_EQ(SteadyPrice(streams, 1, 1.0, 0.9), 0.0);  // 0.78 of 0.84
}

}  // namespace
}  // namespace delen::policy
