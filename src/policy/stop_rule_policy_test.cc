#include "policy/stop_rule_policy.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "core/testing/sample_model.h"

namespace delen::policy {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

Decision Decide(std::string_view rule_json, std::vector<double> confidences, Seconds elapsed) {
  static const core::ExitTable exits = core::testing::SampleExits();
  const core::StopRule rule = core::ParseStopRule(rule_json).value();
  const Forecast forecast(exits, 1, 1.0);
  return StopRulePolicy().Decide(
      {core::Bounds(), exits, forecast, FloorRule(), &rule, elapsed, 0_mJ, confidences});
}

constexpr std::string_view kAfter5Ms =
    R"({"metric": "response_time", "op": "greater", "threshold": 0.005})";

TEST(StopRulePolicy, TestsAfterTheStageSoItOvershoots) {
  // 4.9 ms are over at exit 1; the next stage takes 3 ms; it runs all the same.
  const Decision decision = Decide(kAfter5Ms, {0.5, 0.5}, 4.9_ms);
  EXPECT_EQ(decision.kind, Decision::Kind::kRunNextStage);
  EXPECT_EQ(Decide(kAfter5Ms, {0.5, 0.5, 0.5}, 7.9_ms).kind, Decision::Kind::kAnswer);
}

TEST(StopRulePolicy, AnswersFromTheLastExitWhenNoConditionHolds) {
  const Decision decision = Decide(kAfter5Ms, {0.5, 0.5, 0.5, 0.5}, 1_ms);
  EXPECT_EQ(decision.kind, Decision::Kind::kAnswer);
  EXPECT_EQ(decision.exit, 3);
}

TEST(StopRulePolicy, SeesTheProfileOfTheExit) {
  constexpr std::string_view kAccurateEnough =
      R"({"metric": "accuracy", "op": "greater_eq", "threshold": 0.8})";
  EXPECT_EQ(Decide(kAccurateEnough, {0.5}, 1_ms).kind, Decision::Kind::kRunNextStage);
  EXPECT_EQ(Decide(kAccurateEnough, {0.5, 0.5}, 3_ms).kind, Decision::Kind::kAnswer);
}

}  // namespace
}  // namespace delen::policy
