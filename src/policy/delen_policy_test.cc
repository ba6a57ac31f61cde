#include "policy/delen_policy.h"

#include <gtest/gtest.h>

#include <vector>

#include "core/testing/sample_model.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

// Exits at 1, 3, 6 and 10 ms and mJ, worth 0.6, 0.8, 0.9 and 0.85.
class DelenPolicyTest : public ::testing::Test {
 protected:
  struct Situation {
    core::Bounds bounds;
    std::vector<double> confidences;
    Seconds elapsed;
    Joules energy;
    double slowdown = 1.0;
  };

  Decision Decide(const Situation& now) const {
    const Forecast forecast(exits_, 1, now.slowdown);
    const FloorRule floor = ChooseFloorRule(exits_, now.bounds.min_accuracy.value_or(0.0));
    return policy_.Decide(
        {now.bounds, exits_, forecast, floor, nullptr, now.elapsed, now.energy, now.confidences});
  }

  const core::ExitTable exits_ = core::testing::SampleExits();
  const DelenPolicy policy_{0_ms};
};

void ExpectRunsOnTo(const Decision& decision, int exit) {
  EXPECT_EQ(decision.kind, Decision::Kind::kRunNextStage);
  EXPECT_EQ(decision.exit, exit);
}

void ExpectAnswers(const Decision& decision, int exit) {
  EXPECT_EQ(decision.kind, Decision::Kind::kAnswer);
  EXPECT_EQ(decision.exit, exit);
}

TEST_F(DelenPolicyTest, WithoutBoundsGoesToTheMostAccurateExitAndNoFurther) {
  ExpectRunsOnTo(Decide({.confidences = {}}), 0);
  ExpectRunsOnTo(Decide({.confidences = {0.99}}), 1);
  ExpectRunsOnTo(Decide({.confidences = {0.99, 0.99}}), 2);
  ExpectAnswers(Decide({.confidences = {0.99, 0.99, 0.1}}), 2);
}

TEST_F(DelenPolicyTest, RunsOnWhileTheNextStageFitsTheLatencyBound) {
  const core::Bounds bounds{.max_latency = 6_ms};
  ExpectRunsOnTo(Decide({.bounds = bounds, .confidences = {0.5, 0.5}, .elapsed = 3_ms}), 2);
  ExpectAnswers(Decide({.bounds = bounds, .confidences = {0.5, 0.5}, .elapsed = 3.01_ms}), 1);
}

TEST_F(DelenPolicyTest, ASlowMachineMakesItLeaveEarlier) {
  const core::Bounds bounds{.max_latency = 6_ms};
  ExpectAnswers(
      Decide({.bounds = bounds, .confidences = {0.5, 0.5}, .elapsed = 3_ms, .slowdown = 1.1}), 1);
}

TEST_F(DelenPolicyTest, KeepsTheReserveForTheResponse) {
  const DelenPolicy careful(0.5_ms);
  const core::Bounds bounds{.max_latency = 3.4_ms};
  const Forecast forecast(exits_, 1, 1.0);
  const FloorRule floor;
  const std::vector<double> confidences = {0.5};
  ExpectAnswers(careful.Decide({bounds, exits_, forecast, floor, nullptr, 1_ms, 0_mJ, confidences}),
                0);
}

TEST_F(DelenPolicyTest, KeepsAnEnergyBoundLikewise) {
  const core::Bounds bounds{.max_energy = 3.5_mJ};
  ExpectRunsOnTo(Decide({.bounds = bounds, .confidences = {0.5}, .energy = 1_mJ}), 1);
  ExpectAnswers(Decide({.bounds = bounds, .confidences = {0.5, 0.5}, .energy = 3_mJ}), 1);
}

TEST_F(DelenPolicyTest, SaysWhenNotEvenTheFirstExitFits) {
  const Decision decision = Decide({.bounds = {.max_latency = 0.9_ms}});
  ExpectRunsOnTo(decision, 0);
  EXPECT_FALSE(decision.feasible);
  EXPECT_TRUE(Decide({.bounds = {.max_latency = 1_ms}}).feasible);
}

TEST_F(DelenPolicyTest, PassesThroughADominatedExitOnlyForABetterOne) {
  core::ModelVersion model = core::testing::SampleModel();
  model.profile.quality->exits[1].accuracy = 0.5;
  const core::ExitTable exits = core::ExitTable::Make(model, 1).value();
  const Forecast forecast(exits, 1, 1.0);
  const FloorRule floor;
  const std::vector<double> one = {0.5};
  // Exit 1 (3 ms) would fit, but only exit 2 (6 ms) is worth more than exit 0.
  const core::Bounds tight{.max_latency = 5_ms};
  ExpectAnswers(policy_.Decide({tight, exits, forecast, floor, nullptr, 1_ms, 0_mJ, one}), 0);
  const core::Bounds wide{.max_latency = 6_ms};
  ExpectRunsOnTo(policy_.Decide({wide, exits, forecast, floor, nullptr, 1_ms, 0_mJ, one}), 2);
}

TEST_F(DelenPolicyTest, AnswersWithTheBestExitReachedNotTheLast) {
  core::ModelVersion model = core::testing::SampleModel();
  model.profile.quality->exits[1].accuracy = 0.5;
  const core::ExitTable exits = core::ExitTable::Make(model, 1).value();
  const Forecast slow(exits, 1, 50.0);
  const FloorRule floor;
  const std::vector<double> two = {0.5, 0.5};
  const core::Bounds bounds{.max_latency = 6_ms};
  ExpectAnswers(policy_.Decide({bounds, exits, slow, floor, nullptr, 5_ms, 0_mJ, two}), 0);
}

TEST_F(DelenPolicyTest, LeastLatencyLeavesAtTheFirstExit) {
  ExpectAnswers(Decide({.bounds = {.objective = core::Objective::kLatency}, .confidences = {0.1}}),
                0);
  ExpectAnswers(Decide({.bounds = {.objective = core::Objective::kEnergy}, .confidences = {0.1}}),
                0);
}

TEST_F(DelenPolicyTest, AConfidenceFloorHoldsForThisVeryAnswer) {
  const core::Bounds bounds{.min_confidence = 0.9};
  ExpectRunsOnTo(Decide({.bounds = bounds, .confidences = {0.8}}), 1);
  ExpectAnswers(Decide({.bounds = bounds, .confidences = {0.8, 0.95}}), 1);
  // Nothing deeper is worth more: answer, and the response says it was missed.
  ExpectAnswers(Decide({.bounds = bounds, .confidences = {0.8, 0.8, 0.8}}), 2);
}

TEST_F(DelenPolicyTest, AnAccuracyFloorLetsSureInputsLeaveAndHardOnesGoOn) {
  const core::Bounds bounds{.min_accuracy = 0.80};  // rule: threshold 0.7, last exit 2
  ExpectAnswers(Decide({.bounds = bounds, .confidences = {0.7}}), 0);
  ExpectRunsOnTo(Decide({.bounds = bounds, .confidences = {0.69}}), 1);
  ExpectAnswers(Decide({.bounds = bounds, .confidences = {0.1, 0.1, 0.1}}), 2);
}

TEST_F(DelenPolicyTest, LatencyComesBeforeTheFloors) {
  const core::Bounds bounds{.max_latency = 2_ms, .min_accuracy = 0.8, .min_confidence = 0.99};
  ExpectAnswers(Decide({.bounds = bounds, .confidences = {0.1}, .elapsed = 1_ms}), 0);
}

}  // namespace
}  // namespace delen::policy
