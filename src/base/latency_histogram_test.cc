#include "base/latency_histogram.h"

#include <gtest/gtest.h>

namespace delen {
namespace {

using namespace literals;

TEST(LatencyHistogram, IsEmptyAtFirst) {
  const LatencyHistogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.mean(), 0_s);
  EXPECT_EQ(histogram.min(), 0_s);
  EXPECT_EQ(histogram.max(), 0_s);
  EXPECT_EQ(histogram.Quantile(0.5), 0_s);
}

TEST(LatencyHistogram, OfOneLatencyIsThatLatency) {
  LatencyHistogram histogram;
  histogram.Record(5.06_ms);
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.mean(), 5.06_ms);
  EXPECT_EQ(histogram.min(), 5.06_ms);
  EXPECT_EQ(histogram.max(), 5.06_ms);
  EXPECT_EQ(histogram.Quantile(0.01), 5.06_ms);
  EXPECT_EQ(histogram.Quantile(1.0), 5.06_ms);
}

TEST(LatencyHistogram, QuantilesAreTheNearestRankWithinOnePercent) {
  LatencyHistogram histogram;
  for (int ms = 1; ms <= 1000; ++ms) histogram.Record(FromMilliseconds(ms));
  EXPECT_NEAR(InMilliseconds(histogram.Quantile(0.5)), 500.0, 500.0 / 128);
  EXPECT_NEAR(InMilliseconds(histogram.Quantile(0.95)), 950.0, 950.0 / 128);
  EXPECT_NEAR(InMilliseconds(histogram.Quantile(0.99)), 990.0, 990.0 / 128);
  EXPECT_NEAR(InMilliseconds(histogram.Quantile(0.001)), 1.0, 1.0 / 128);
  EXPECT_EQ(histogram.max(), 1_s);
  EXPECT_EQ(histogram.min(), 1_ms);
  EXPECT_NEAR(InMilliseconds(histogram.mean()), 500.5, 1e-9);
}

// Two latencies, so that the quantile is a bucket's middle and not the exact greatest.
TEST(LatencyHistogram, IsWithinOnePercentFromAMicrosecondToAnHour) {
  for (double us = 1.0; us <= 3.6e9; us *= 1.0117) {
    LatencyHistogram histogram;
    histogram.Record(Seconds(us * 1e-6));
    histogram.Record(2_s * 3600.0);
    EXPECT_NEAR(InMicroseconds(histogram.Quantile(0.5)), us, us / 127);
  }
}

TEST(LatencyHistogram, WhatLiesOutsideCountsAsTheEnds) {
  LatencyHistogram histogram;
  histogram.Record(0_s);
  histogram.Record(1e-9_s);
  histogram.Record(100000_s);
  histogram.Record(200000_s);
  EXPECT_EQ(histogram.count(), 4U);
  EXPECT_NEAR(InMicroseconds(histogram.Quantile(0.5)), 1.0, 0.01);
  EXPECT_NEAR(histogram.Quantile(0.75).value(), 4294.967296, 34);
  EXPECT_EQ(histogram.max(), 200000_s);
  EXPECT_EQ(histogram.min(), 0_s);
}

TEST(LatencyHistogram, MergeIsRecordingBoth) {
  LatencyHistogram quick;
  LatencyHistogram slow;
  for (int i = 0; i < 90; ++i) quick.Record(1_ms);
  for (int i = 0; i < 10; ++i) slow.Record(100_ms);
  quick.Merge(slow);
  EXPECT_EQ(quick.count(), 100U);
  EXPECT_NEAR(InMilliseconds(quick.mean()), 10.9, 1e-9);
  EXPECT_NEAR(InMilliseconds(quick.Quantile(0.9)), 1.0, 0.01);
  EXPECT_NEAR(InMilliseconds(quick.Quantile(0.91)), 100.0, 1.0);
  quick.Merge(LatencyHistogram());
  EXPECT_EQ(quick.count(), 100U);
  EXPECT_EQ(quick.min(), 1_ms);
  EXPECT_EQ(quick.max(), 100_ms);
}

}  // namespace
}  // namespace delen
