#include "core/stop_rule.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace delen::core {
namespace {

using Json = nlohmann::json;

constexpr int kMaxDepth = 16;

constexpr std::array<std::pair<std::string_view, Metric>, 6> kMetrics = {{
    {"response_time", Metric::kResponseTime},
    {"confidence", Metric::kConfidence},
    {"accuracy", Metric::kAccuracy},
    {"energy", Metric::kEnergy},
    {"computation", Metric::kComputation},
    {"exit", Metric::kExit},
}};
constexpr std::array<std::pair<std::string_view, Comparison>, 6> kComparisons = {{
    {"less", Comparison::kLess},
    {"less_eq", Comparison::kLessEq},
    {"equal", Comparison::kEqual},
    {"greater", Comparison::kGreater},
    {"greater_eq", Comparison::kGreaterEq},
    {"null", Comparison::kNever},
}};

double ValueOf(Metric metric, const ExitStatus& status) {
  switch (metric) {
    case Metric::kResponseTime: return status.response_time.value();
    case Metric::kConfidence: return status.confidence;
    case Metric::kAccuracy: return status.accuracy;
    case Metric::kEnergy: return status.energy.value();
    case Metric::kComputation: return status.computation;
    case Metric::kExit: return status.exit;
  }
  return 0.0;
}

bool Compare(double value, Comparison comparison, double threshold) {
  switch (comparison) {
    case Comparison::kLess: return value < threshold;
    case Comparison::kLessEq: return value <= threshold;
    case Comparison::kEqual: return value == threshold;
    case Comparison::kGreater: return value > threshold;
    case Comparison::kGreaterEq: return value >= threshold;
    case Comparison::kNever: return false;
  }
  return false;
}

// The meaning of the word that `object` holds under `key`.
template <class Meaning, std::size_t N>
Result<Meaning> ReadWord(const Json& object, std::string_view key,
                         const std::array<std::pair<std::string_view, Meaning>, N>& words) {
  const auto found = object.find(key);
  const std::string text = found != object.end() && found->is_string()
                               ? found->template get<std::string>()
                               : std::string("missing");
  std::string known;
  for (const auto& [word, meaning] : words) {
    if (word == text) return meaning;
    if (!known.empty()) known += ", ";
    known += word;
  }
  return InvalidArgument("\"{}\" is '{:.64}', expected one of {}", key, text, known);
}

Result<Condition> ReadComparison(const Json& object) {
  const Result<Metric> metric = ReadWord(object, "metric", kMetrics);
  if (!metric) return metric.error();
  const Result<Comparison> comparison = ReadWord(object, "op", kComparisons);
  if (!comparison) return comparison.error();
  const auto threshold = object.find("threshold");
  if (threshold == object.end() || !threshold->is_number()) {
    return InvalidArgument("\"threshold\" is missing or no number");
  }
  return Condition{Condition::Kind::kCompare, *metric, *comparison, threshold->get<double>(), {}};
}

Result<Condition> ReadCondition(const Json& json, int depth);

Result<Condition> ReadCompound(Condition::Kind kind, const Json& operands, int depth) {
  if (!operands.is_array() || operands.empty()) {
    return InvalidArgument("\"and\" and \"or\" take a list of at least one condition");
  }
  Condition condition{kind, {}, {}, 0.0, {}};
  for (const Json& operand : operands) {
    Result<Condition> read = ReadCondition(operand, depth + 1);
    if (!read) return read;
    condition.operands.push_back(*std::move(read));
  }
  return condition;
}

Result<Condition> ReadCondition(const Json& json, int depth) {
  if (depth > kMaxDepth) {
    return InvalidArgument("conditions nest deeper than {} levels", kMaxDepth);
  }
  if (!json.is_object()) {
    return InvalidArgument("a condition is {}, expected an object", json.type_name());
  }
  if (const auto all = json.find("and"); all != json.end()) {
    return ReadCompound(Condition::Kind::kAll, *all, depth);
  }
  if (const auto any = json.find("or"); any != json.end()) {
    return ReadCompound(Condition::Kind::kAny, *any, depth);
  }
  if (const auto negated = json.find("not"); negated != json.end()) {
    Result<Condition> operand = ReadCondition(*negated, depth + 1);
    if (!operand) return operand;
    return Condition{Condition::Kind::kNot, {}, {}, 0.0, {*std::move(operand)}};
  }
  return ReadComparison(json);
}

}  // namespace

bool Holds(const Condition& condition, const ExitStatus& status) {
  const auto holds = [&](const Condition& operand) { return Holds(operand, status); };
  const std::vector<Condition>& operands = condition.operands;
  switch (condition.kind) {
    case Condition::Kind::kCompare:
      return Compare(ValueOf(condition.metric, status), condition.comparison, condition.threshold);
    case Condition::Kind::kAll: return std::all_of(operands.begin(), operands.end(), holds);
    case Condition::Kind::kAny: return std::any_of(operands.begin(), operands.end(), holds);
    case Condition::Kind::kNot: return !holds(operands.front());
  }
  return false;
}

StopRule::StopRule(std::vector<Condition> conditions) : conditions_(std::move(conditions)) {
  assert(!conditions_.empty());
}

Status StopRule::Fits(int exit_count) const {
  const auto count = static_cast<int>(conditions_.size());
  if (count == 1 || count == exit_count) return {};
  return InvalidArgument("the stop rule has {} conditions, expected 1 or one per exit: {}", count,
                         exit_count);
}

bool StopRule::StopsAt(const ExitStatus& status) const {
  const bool one_for_all = conditions_.size() == 1;
  const auto exit = static_cast<std::size_t>(status.exit);
  assert(one_for_all || exit < conditions_.size());
  return Holds(conditions_[one_for_all ? 0 : exit], status);
}

Result<StopRule> ParseStopRule(std::string_view json) {
  constexpr bool kNoExceptions = false;
  const Json parsed = Json::parse(json, nullptr, kNoExceptions);
  if (parsed.is_discarded()) return InvalidArgument("the stop rule is not valid JSON");
  if (parsed.is_array() && parsed.empty()) return InvalidArgument("the stop rule is an empty list");
  const Json list = parsed.is_array() ? parsed : Json::array({parsed});
  std::vector<Condition> conditions;
  for (std::size_t i = 0; i < list.size(); ++i) {
    Result<Condition> condition = ReadCondition(list[i], 1);
    if (!condition) {
      return WithContext(fmt::format("stop rule, condition {}", i), std::move(condition).error());
    }
    conditions.push_back(*std::move(condition));
  }
  return StopRule(std::move(conditions));
}

}  // namespace delen::core
