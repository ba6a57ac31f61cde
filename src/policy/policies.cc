#include "policy/policies.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <functional>
#include <optional>
#include <utility>

#include "policy/confidence_policy.h"
#include "policy/delen_policy.h"
#include "policy/edgeserving_policy.h"
#include "policy/reactive_policy.h"
#include "policy/static_exit_policy.h"
#include "policy/symphony_policy.h"

namespace delen::policy {
namespace {

using Order = StaticExitPolicy::Order;

struct Argument {
  std::optional<double> value;
  Seconds response_reserve;
};

struct Entry {
  const char* name;
  bool takes_number;
  std::unique_ptr<Policy> (*make)(const Argument&);
};

constexpr double kDefaultThreshold = 0.8;

constexpr Entry kPolicies[] = {
    {"delen", false,
     [](const Argument& argument) -> std::unique_ptr<Policy> {
       return std::make_unique<DelenPolicy>(argument.response_reserve);
     }},
    {"reactive", false,
     [](const Argument&) -> std::unique_ptr<Policy> { return std::make_unique<ReactivePolicy>(); }},
    {"static-exit", true,
     [](const Argument& argument) -> std::unique_ptr<Policy> {
       return std::make_unique<StaticExitPolicy>(static_cast<int>(argument.value.value_or(0)),
                                                 Order::kFirstCome);
     }},
    {"all-final", false,
     [](const Argument&) -> std::unique_ptr<Policy> {
       return std::make_unique<StaticExitPolicy>(std::nullopt, Order::kFirstCome);
     }},
    {"edf-final", false,
     [](const Argument&) -> std::unique_ptr<Policy> {
       return std::make_unique<StaticExitPolicy>(std::nullopt, Order::kEarliestDeadline);
     }},
    {"all-early", false,
     [](const Argument&) -> std::unique_ptr<Policy> {
       return std::make_unique<StaticExitPolicy>(0, Order::kFirstCome);
     }},
    {"symphony", false,
     [](const Argument&) -> std::unique_ptr<Policy> { return std::make_unique<SymphonyPolicy>(); }},
    {"edgeserving", false,
     [](const Argument&) -> std::unique_ptr<Policy> {
       return std::make_unique<EdgeServingPolicy>();
     }},
    {"confidence", true,
     [](const Argument& argument) -> std::unique_ptr<Policy> {
       return std::make_unique<ConfidencePolicy>(argument.value.value_or(kDefaultThreshold));
     }},
};

Error UnknownPolicy(std::string_view name) {
  return InvalidArgument("no policy is called '{}'; there are: {}", name,
                         fmt::join(PolicyNames(), ", "));
}

// What follows the colon: a number of 0 or more.
Result<double> ParseNumber(std::string_view name, std::string_view text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_number = error == std::errc() && end == text.data() + text.size();
  if (is_number && value >= 0.0 && value <= 1000.0) return value;
  return InvalidArgument("policy '{}': expected a number after the colon, got '{}'", name, text);
}

}  // namespace

Result<std::unique_ptr<Policy>> MakePolicy(std::string_view name, Seconds response_reserve) {
  const std::size_t colon = name.find(':');
  Argument argument{std::nullopt, response_reserve};
  if (colon != std::string_view::npos) {
    const Result<double> number = ParseNumber(name, name.substr(colon + 1));
    if (!number) return number.error();
    argument.value = *number;
  }
  for (const Entry& entry : kPolicies) {
    if (entry.name != name.substr(0, colon)) continue;
    if (argument.value && !entry.takes_number) {
      return InvalidArgument("policy '{}' takes no number, got '{}'", entry.name, name);
    }
    return entry.make(argument);
  }
  return UnknownPolicy(name);
}

std::vector<std::string> PolicyNames() {
  std::vector<std::string> names;
  for (const Entry& entry : kPolicies) names.emplace_back(entry.name);
  return names;
}

}  // namespace delen::policy
