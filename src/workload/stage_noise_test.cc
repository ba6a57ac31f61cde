#include "workload/stage_noise.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "base/quantile.h"

namespace delen::workload {
namespace {

TEST(StageNoise, HasMedianOneAndTheVariationAskedFor) {
  StageNoise noise(0.2, RandomSource(1, "noise"));
  std::vector<double> factors;
  double sum = 0.0;
  double squares = 0.0;
  for (int i = 0; i < 100'000; ++i) {
    factors.push_back(noise.Next());
    sum += factors.back();
    squares += factors.back() * factors.back();
  }
  const double mean = sum / 100'000;
  EXPECT_NEAR(Quantile(factors, 0.5), 1.0, 0.003);
  EXPECT_NEAR(std::sqrt(squares / 100'000 - mean * mean) / mean, 0.2, 0.003);
}

TEST(StageNoise, WithoutVariationIsOne) {
  StageNoise noise(0.0, RandomSource(1, "noise"));
  EXPECT_EQ(noise.Next(), 1.0);
  EXPECT_EQ(noise.Next(), 1.0);
}

TEST(StageNoise, DeviationOfTheLogarithm) {
  EXPECT_EQ(LogDeviation(0.0), 0.0);
  EXPECT_NEAR(LogDeviation(0.05), 0.04996879225, 1e-10);
  EXPECT_NEAR(LogDeviation(1.0), 0.83255461116, 1e-10);
}

}  // namespace
}  // namespace delen::workload
