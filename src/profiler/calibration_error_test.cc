#include "profiler/calibration_error.h"

#include <gtest/gtest.h>

#include <vector>

namespace delen::profiler {
namespace {

TEST(CalibrationError, IsZeroWhenConfidenceIsTheShareOfRightAnswers) {
  const std::vector<Judgement> judgements = {
      {0.75, true}, {0.75, true}, {0.75, true}, {0.75, false}};
  EXPECT_NEAR(CalibrationError(judgements), 0.0, 1e-12);
}

TEST(CalibrationError, IsTheDistanceWithinABin) {
  const std::vector<Judgement> judgements = {{0.9, true}, {0.9, false}};
  EXPECT_NEAR(CalibrationError(judgements), 0.4, 1e-12);
}

TEST(CalibrationError, BinsDoNotMakeUpForEachOther) {
  // Too sure at 0.9 by 0.4, not sure enough at 0.5 by 0.5, two samples each.
  const std::vector<Judgement> judgements = {{0.9, true}, {0.9, false}, {0.5, true}, {0.5, true}};
  EXPECT_NEAR(CalibrationError(judgements), 0.45, 1e-12);
}

TEST(CalibrationError, CertaintyIsInTheLastBin) {
  const std::vector<Judgement> judgements = {{1.0, true}, {0.0, false}};
  EXPECT_EQ(CalibrationError(judgements), 0.0);
  EXPECT_EQ(CalibrationError({}), 0.0);
}

}  // namespace
}  // namespace delen::profiler
