#include "core/stop_rule.h"

#include <gtest/gtest.h>

namespace delen::core {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

// The file that ships with the reference implementation: stop once 20 ms are over.
constexpr std::string_view kReferenceFile = R"([
  {"metric": "response_time", "op": "greater", "threshold": 0.02},
  {"metric": "response_time", "op": "greater", "threshold": 0.02},
  {"metric": "response_time", "op": "greater", "threshold": 0.02},
  {"metric": "response_time", "op": "greater", "threshold": 0.02}
])";

ExitStatus AtExit(int exit, Seconds response_time) {
  ExitStatus status;
  status.exit = exit;
  status.response_time = response_time;
  return status;
}

TEST(StopRule, LoadsTheReferenceFileWithItsReactiveMeaning) {
  const Result<StopRule> rule = ParseStopRule(kReferenceFile);
  ASSERT_TRUE(rule) << rule.error().message;
  EXPECT_FALSE(rule->StopsAt(AtExit(0, 20_ms)));
  EXPECT_TRUE(rule->StopsAt(AtExit(1, 20.1_ms)));
  EXPECT_TRUE(rule->Fits(4));
  EXPECT_EQ(rule->Fits(3).error().message,
            "the stop rule has 4 conditions, expected 1 or one per exit: 3");
}

TEST(StopRule, OneConditionStandsAtEveryExit) {
  const Result<StopRule> rule =
      ParseStopRule(R"({"metric": "exit", "op": "greater_eq", "threshold": 2})");
  ASSERT_TRUE(rule) << rule.error().message;
  EXPECT_TRUE(rule->Fits(7));
  EXPECT_FALSE(rule->StopsAt(AtExit(1, 0_ms)));
  EXPECT_TRUE(rule->StopsAt(AtExit(2, 0_ms)));
}

TEST(StopRule, EveryMetricAndComparison) {
  ExitStatus status{.exit = 1,
                    .response_time = 5_ms,
                    .confidence = 0.8,
                    .accuracy = 0.7,
                    .energy = 30_mJ,
                    .computation = 2e6};
  const auto holds = [&](std::string_view metric, std::string_view op, double threshold) {
    const Result<StopRule> rule = ParseStopRule(
        fmt::format(R"({{"metric": "{}", "op": "{}", "threshold": {}}})", metric, op, threshold));
    EXPECT_TRUE(rule) << metric << " " << op;
    return rule && rule->StopsAt(status);
  };
  EXPECT_TRUE(holds("response_time", "less", 0.006));
  EXPECT_FALSE(holds("response_time", "less", 0.005));
  EXPECT_TRUE(holds("response_time", "less_eq", 0.005));
  EXPECT_TRUE(holds("confidence", "greater_eq", 0.8));
  EXPECT_FALSE(holds("confidence", "greater", 0.8));
  EXPECT_TRUE(holds("accuracy", "equal", 0.7));
  EXPECT_TRUE(holds("energy", "greater", 0.029));
  EXPECT_TRUE(holds("computation", "greater", 1e6));
  EXPECT_FALSE(holds("exit", "null", 0));
}

TEST(StopRule, ConditionsJoin) {
  const Result<StopRule> rule = ParseStopRule(R"({"or": [
      {"and": [{"metric": "confidence", "op": "greater", "threshold": 0.9},
               {"not": {"metric": "exit", "op": "equal", "threshold": 0}}]},
      {"metric": "response_time", "op": "greater", "threshold": 0.01}]})");
  ASSERT_TRUE(rule) << rule.error().message;
  EXPECT_FALSE(rule->StopsAt({.exit = 0, .confidence = 0.95}));
  EXPECT_TRUE(rule->StopsAt({.exit = 1, .confidence = 0.95}));
  EXPECT_TRUE(rule->StopsAt({.exit = 0, .response_time = 11_ms}));
}

TEST(StopRule, RefusesWhatItCannotRead) {
  const auto message = [](std::string_view json) {
    const Result<StopRule> rule = ParseStopRule(json);
    return rule ? std::string("accepted") : rule.error().message;
  };
  EXPECT_EQ(message("nonsense"), "the stop rule is not valid JSON");
  EXPECT_EQ(message("[]"), "the stop rule is an empty list");
  EXPECT_EQ(message("[3]"), "stop rule, condition 0: a condition is number, expected an object");
  EXPECT_EQ(message(R"([{"metric": "speed", "op": "less", "threshold": 1}])"),
            "stop rule, condition 0: \"metric\" is 'speed', expected one of response_time, "
            "confidence, accuracy, energy, computation, exit");
  EXPECT_EQ(message(R"([{"metric": "exit", "op": "less"}])"),
            "stop rule, condition 0: \"threshold\" is missing or no number");
  EXPECT_EQ(message(R"({"and": []})"),
            "stop rule, condition 0: \"and\" and \"or\" take a list of at least one condition");
}

TEST(StopRule, RefusesDeepNesting) {
  std::string json = R"({"metric": "exit", "op": "less", "threshold": 1})";
  for (int i = 0; i < 20; ++i) json.insert(0, R"({"not": )").append("}");
  const Result<StopRule> rule = ParseStopRule(json);
  ASSERT_FALSE(rule);
  EXPECT_NE(rule.error().message.find("deeper than 16"), std::string::npos);
}

}  // namespace
}  // namespace delen::core
