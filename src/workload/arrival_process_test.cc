#include "workload/arrival_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace delen::workload {
namespace {

using namespace literals;
using ::testing::DoubleEq;
using ::testing::ElementsAre;

// The first `count` instants in seconds.
std::vector<double> Draw(const Arrivals& arrivals, int count, std::uint64_t tenant = 0) {
  const auto process = MakeArrivalProcess(arrivals, RandomSource(7, "arrivals", tenant));
  std::vector<double> times;
  while (static_cast<int>(times.size()) < count) {
    const std::optional<TimePoint> time = process->Next();
    if (!time) break;
    times.push_back(time->since_origin().value());
  }
  return times;
}

// Mean of the gaps, and their standard deviation over it.
struct Gaps {
  double mean = 0.0;
  double variation = 0.0;
};

Gaps GapsOf(const std::vector<double>& times) {
  double sum = 0.0;
  double squares = 0.0;
  double last = 0.0;
  for (const double time : times) {
    EXPECT_GE(time, last);
    sum += time - last;
    squares += (time - last) * (time - last);
    last = time;
  }
  const double mean = sum / static_cast<double>(times.size());
  const double variance = squares / static_cast<double>(times.size()) - mean * mean;
  return {mean, std::sqrt(variance) / mean};
}

TEST(ArrivalProcess, PoissonHasExponentialGaps) {
  const Gaps gaps = GapsOf(Draw(PoissonArrivals{40.0}, 50'000));
  EXPECT_NEAR(gaps.mean, 1.0 / 40, 0.0005);
  EXPECT_NEAR(gaps.variation, 1.0, 0.03);
}

// The instants were computed apart, in Python.
TEST(ArrivalProcess, TheSameStreamGivesTheSameInstants) {
  EXPECT_THAT(Draw(PoissonArrivals{10.0}, 3),
              ElementsAre(DoubleEq(0.10645411601969985), DoubleEq(0.11774039071078654),
                          DoubleEq(0.5389465687569376)));
  EXPECT_EQ(Draw(PoissonArrivals{10.0}, 100), Draw(PoissonArrivals{10.0}, 100));
  EXPECT_NE(Draw(PoissonArrivals{10.0}, 1, 0), Draw(PoissonArrivals{10.0}, 1, 1));
}

// 100/s for a quarter of the time: 25/s, in gaps that vary much more than a Poisson process's.
TEST(ArrivalProcess, BurstsKeepTheMeanRateAndVaryMore) {
  const BurstyArrivals arrivals{{{0.0, 3_s}, {100.0, 1_s}}};
  const Gaps gaps = GapsOf(Draw(arrivals, 100'000));
  EXPECT_NEAR(gaps.mean, 1.0 / 25, 0.002);
  EXPECT_GT(gaps.variation, 5.0);
}

TEST(ArrivalProcess, StatesOfOneRateAreAPoissonProcess) {
  const BurstyArrivals arrivals{{{50.0, 100_ms}, {50.0, 30_ms}, {50.0, 1_s}}};
  const Gaps gaps = GapsOf(Draw(arrivals, 50'000));
  EXPECT_NEAR(gaps.mean, 1.0 / 50, 0.0005);
  EXPECT_NEAR(gaps.variation, 1.0, 0.03);
}

TEST(ArrivalProcess, FramesWithoutJitterAreAnEvenGrid) {
  EXPECT_THAT(Draw(PeriodicArrivals{.rate_per_s = 4.0, .offset = 100_ms}, 4),
              ElementsAre(DoubleEq(0.1), DoubleEq(0.35), DoubleEq(0.6), DoubleEq(0.85)));
}

TEST(ArrivalProcess, UniformJitterStaysOnTheGrid) {
  const PeriodicArrivals arrivals{.rate_per_s = 10.0,
                                  .offset = 50_ms,
                                  .jitter = 5_ms,
                                  .shape = PeriodicArrivals::Jitter::kUniform};
  const std::vector<double> times = Draw(arrivals, 1000);
  double furthest = 0.0;
  for (std::size_t i = 0; i < times.size(); ++i) {
    furthest = std::max(furthest, std::abs(times[i] - (0.05 + 0.1 * static_cast<double>(i))));
  }
  EXPECT_LE(furthest, 0.005 + 1e-9);
  EXPECT_GT(furthest, 0.0049);
}

TEST(ArrivalProcess, JitterLargerThanThePeriodNeverGoesBackInTime) {
  const std::vector<double> times =
      Draw(PeriodicArrivals{.rate_per_s = 100.0, .jitter = 30_ms}, 10'000);
  const Gaps gaps = GapsOf(times);  // checks the order
  EXPECT_GE(times.front(), 0.0);
  EXPECT_NEAR(gaps.mean, 0.01, 0.0001);
}

TEST(ArrivalProcess, ARecordingIsPlayedAndEnds) {
  const auto arrivals = ParseRecordedArrivals("seconds\n0.5\n0.5\n2\n", "door.csv");
  ASSERT_TRUE(arrivals) << arrivals.error().message;
  EXPECT_THAT(Draw(*arrivals, 9), ElementsAre(0.5, 0.5, 2.0));
  EXPECT_EQ(ParseRecordedArrivals("0.5\n0.4\n", "door.csv").error().message,
            "door.csv:2: seconds is 0.4, expected at least 0.5, as in the row before");
}

TEST(ArrivalProcess, RatesScale) {
  EXPECT_EQ(WithRate(PoissonArrivals{10.0}, 1.5), Arrivals(PoissonArrivals{15.0}));
  EXPECT_EQ(WithRate(BurstyArrivals{{{2.0, 1_s}, {8.0, 2_s}}}, 0.5),
            Arrivals(BurstyArrivals{{{1.0, 1_s}, {4.0, 2_s}}}));
  EXPECT_EQ(WithRate(PeriodicArrivals{.rate_per_s = 30.0, .jitter = 1_ms}, 2.0),
            Arrivals(PeriodicArrivals{.rate_per_s = 60.0, .jitter = 1_ms}));
  EXPECT_EQ(WithRate(RecordedArrivals{{1_s, 3_s}}, 2.0),
            Arrivals(RecordedArrivals{{0.5_s, 1.5_s}}));
}

}  // namespace
}  // namespace delen::workload
