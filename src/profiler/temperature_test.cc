#include "profiler/temperature.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace delen::profiler {
namespace {

TEST(NegativeLogLikelihood, OfTwoEvenClassesIsLogTwo) {
  const std::vector<float> scores = {3.0F, 3.0F};
  const std::vector<std::int32_t> labels = {1};
  EXPECT_NEAR(NegativeLogLikelihood(scores, 2, labels, 1.0), std::log(2.0), 1e-12);
  EXPECT_NEAR(NegativeLogLikelihood(scores, 2, labels, 7.0), std::log(2.0), 1e-12);
}

TEST(NegativeLogLikelihood, DividesScoresByTheTemperature) {
  const std::vector<float> scores = {0.0F, 2.0F};
  const std::vector<std::int32_t> labels = {0};
  EXPECT_NEAR(NegativeLogLikelihood(scores, 2, labels, 2.0), std::log(1.0 + std::exp(1.0)), 1e-12);
}

// `right` of four samples are right, each with a lead of `lead` logits.
double FitFour(float lead, int right) {
  std::vector<float> scores;
  std::vector<std::int32_t> labels;
  for (int sample = 0; sample < 4; ++sample) {
    scores.insert(scores.end(), {0.0F, lead});
    labels.push_back(sample < right ? 1 : 0);
  }
  return FitTemperature(scores, 2, labels);
}

TEST(FitTemperature, MakesConfidenceTheShareOfRightAnswers) {
  // Right three times of four: the confidence must become 0.75, that is a lead
  // of log 3 after division.
  EXPECT_NEAR(FitFour(4.0F, 3), 4.0 / std::log(3.0), 1e-3);
  EXPECT_NEAR(FitFour(0.2F, 3), 0.2 / std::log(3.0), 1e-4);
  EXPECT_NEAR(FitFour(static_cast<float>(std::log(3.0)), 3), 1.0, 1e-3);
}

TEST(FitTemperature, StaysWithinItsLimits) {
  EXPECT_NEAR(FitFour(1.0F, 4), kMinTemperature, 1e-4);
  EXPECT_NEAR(FitFour(1.0F, 0), kMaxTemperature, 1e-2);
}

}  // namespace
}  // namespace delen::profiler
