#include "core/confidence.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace delen::core {
namespace {

TEST(Confidence, OfLogitsIsTheSoftmaxAtTheTemperature) {
  const std::vector<float> scores = {0.0F, std::log(3.0F)};
  EXPECT_NEAR(RowConfidence(scores, ScoreKind::kLogits, 1.0), 0.75, 1e-6);
  const double root = std::sqrt(3.0);
  EXPECT_NEAR(RowConfidence(scores, ScoreKind::kLogits, 2.0), root / (1.0 + root), 1e-6);
}

TEST(Confidence, DoesNotOverflow) {
  const std::vector<float> scores = {1000.0F, -1000.0F};
  EXPECT_EQ(RowConfidence(scores, ScoreKind::kLogits, 1.0), 1.0);
}

TEST(Confidence, OfNotANumberIsNone) {
  const std::vector<float> scores = {std::numeric_limits<float>::quiet_NaN(), 1.0F};
  EXPECT_EQ(RowConfidence(scores, ScoreKind::kLogits, 1.0), 0.0);
}

TEST(Confidence, OfABatchIsThatOfItsLeastSureRow) {
  const std::vector<float> scores = {0.9F, 0.1F, 0.4F, 0.6F, 0.2F, 0.8F};
  EXPECT_FLOAT_EQ(
      static_cast<float>(BatchConfidence(scores, 2, ScoreKind::kProbabilities, 1.0).value()), 0.6F);
  EXPECT_EQ(BatchConfidence(scores, 2, ScoreKind::kNone, 1.0), std::nullopt);
}

}  // namespace
}  // namespace delen::core
