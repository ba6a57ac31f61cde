#include "profiler/quality.h"

#include <gtest/gtest.h>

#include <cmath>

namespace delen::profiler {
namespace {

// Eight samples of class 1. Exit 0 leads by 2 logits and is right on three of
// every four; exit 1 leads by 1 and is always right.
Answers EightAnswers() {
  Answers answers;
  answers.classes = 2;
  answers.scores.resize(2);
  for (int sample = 0; sample < 8; ++sample) {
    answers.labels.push_back(1);
    const bool wrong = sample == 0 || sample == 1;
    answers.scores[0].insert(answers.scores[0].end(), {wrong ? 2.0F : 0.0F, wrong ? 0.0F : 2.0F});
    answers.scores[1].insert(answers.scores[1].end(), {0.0F, 1.0F});
  }
  return answers;
}

const std::vector<double> kFlops = {100, 400};

TEST(JudgeExits, FitsOnOneHalfAndJudgesOnTheOther) {
  const core::Quality quality =
      JudgeExits(EightAnswers(), core::ScoreKind::kLogits, kFlops, "eight");
  EXPECT_EQ(quality.data, "eight");
  EXPECT_EQ(quality.samples, 8);
  ASSERT_EQ(quality.exits.size(), 2U);
  EXPECT_EQ(quality.exits[0].accuracy, 0.75);
  // Both halves have one wrong answer of four: 2 / T becomes log 3.
  EXPECT_NEAR(quality.exits[0].temperature, 2.0 / std::log(3.0), 1e-3);
  EXPECT_NEAR(quality.exits[0].calibration_error, 0.0, 1e-4);
  EXPECT_EQ(quality.exits[1].accuracy, 1.0);
  EXPECT_NEAR(quality.exits[1].temperature, 0.05, 1e-4);
}

TEST(JudgeExits, MakesFloorPointsFromCalibratedConfidence) {
  const core::Quality quality =
      JudgeExits(EightAnswers(), core::ScoreKind::kLogits, kFlops, "eight");
  // Exit 0 is 0.75 sure of everything: all leave there, or none.
  ASSERT_EQ(quality.floor_points.size(), 2U);
  EXPECT_EQ(quality.floor_points[0].flops, 100);
  EXPECT_EQ(quality.floor_points[0].accuracy, 0.75);
  EXPECT_EQ(quality.floor_points[1], (core::FloorPoint{1, 2.0, 1.0, 400}));
}

TEST(JudgeExits, TakesProbabilitiesAsTheyAre) {
  Answers answers;
  answers.classes = 2;
  answers.labels = {0, 0, 1, 0};
  answers.scores = {{0.9F, 0.1F, 0.8F, 0.2F, 0.6F, 0.4F, std::nanf(""), std::nanf("")}};
  const core::Quality quality =
      JudgeExits(answers, core::ScoreKind::kProbabilities, std::vector<double>{100}, "four");
  EXPECT_EQ(quality.exits[0].temperature, 1.0);
  EXPECT_EQ(quality.exits[0].accuracy, 0.5);
  // Of the judging half, 0.8 is right (off by 0.2) and what is no number is
  // wrong without confidence (off by nothing).
  EXPECT_NEAR(quality.exits[0].calibration_error, 0.1, 1e-6);
}

}  // namespace
}  // namespace delen::profiler
