#include "core/bounds.h"

#include <limits>
#include <utility>

namespace delen::core {
namespace {

// Reads one number parameter into `field`, if it was sent and passes `check`.
template <class Field, class Convert>
Status ReadNumber(const Parameters& parameters, std::string_view name, double highest,
                  std::string_view range, Convert convert, std::optional<Field>& field) {
  const ParameterValue* value = Find(parameters, name);
  if (value == nullptr) return {};
  const Result<double> number = AsNumber(name, *value);
  if (!number) return number.error();
  if (*number < 0.0 || *number > highest) {
    return InvalidArgument("parameter '{}' is {}, expected {}", name, *number, range);
  }
  field = convert(*number);
  return {};
}

// Reads one word parameter into `field`, if it was sent.
template <class Field, std::size_t N>
Status ReadWord(const Parameters& parameters, std::string_view name,
                const std::array<std::pair<std::string_view, Field>, N>& words, auto& field) {
  const ParameterValue* value = Find(parameters, name);
  if (value == nullptr) return {};
  const Result<std::string_view> text = AsText(name, *value);
  if (!text) return text.error();
  std::string known;
  for (const auto& [word, meaning] : words) {
    if (word == *text) {
      field = meaning;
      return {};
    }
    if (!known.empty()) known += ", ";
    known += word;
  }
  return InvalidArgument("parameter '{}' is '{:.64}', expected one of {}", name, *text, known);
}

constexpr std::array<std::pair<std::string_view, Objective>, 3> kObjectives = {{
    {"accuracy", Objective::kAccuracy},
    {"latency", Objective::kLatency},
    {"energy", Objective::kEnergy},
}};
constexpr std::array<std::pair<std::string_view, OnInfeasible>, 2> kOnInfeasible = {{
    {"best_effort", OnInfeasible::kBestEffort},
    {"reject", OnInfeasible::kReject},
}};

constexpr double kNoLimit = std::numeric_limits<double>::max();

bool HasFloor(const Bounds& bounds) { return bounds.min_accuracy || bounds.min_confidence; }

}  // namespace

Objective ObjectiveOf(const Bounds& bounds) {
  if (bounds.objective) return *bounds.objective;
  return HasFloor(bounds) ? Objective::kLatency : Objective::kAccuracy;
}

Bounds WithDefaults(const Bounds& request, const Bounds& tenant) {
  const auto either = [](const auto& own, const auto& otherwise) { return own ? own : otherwise; };
  Bounds bounds;
  bounds.max_latency = either(request.max_latency, tenant.max_latency);
  bounds.max_energy = either(request.max_energy, tenant.max_energy);
  bounds.min_accuracy = either(request.min_accuracy, tenant.min_accuracy);
  bounds.min_confidence = either(request.min_confidence, tenant.min_confidence);
  bounds.on_infeasible = either(request.on_infeasible, tenant.on_infeasible);
  bounds.objective =
      HasFloor(request) ? request.objective : either(request.objective, tenant.objective);
  return bounds;
}

Result<Bounds> ParseBounds(const Parameters& parameters) {
  constexpr std::string_view kPositive = "a number of at least 0";
  constexpr std::string_view kShare = "a number from 0 to 1";
  const auto as_is = [](double v) { return v; };
  Bounds bounds;
  const std::array<Status, 6> statuses = {
      ReadNumber(parameters, ParameterName(Bound::kLatency), kNoLimit, kPositive, FromMilliseconds,
                 bounds.max_latency),
      ReadNumber(parameters, ParameterName(Bound::kEnergy), kNoLimit, kPositive, FromMillijoules,
                 bounds.max_energy),
      ReadNumber(parameters, ParameterName(Bound::kAccuracy), 1.0, kShare, as_is,
                 bounds.min_accuracy),
      ReadNumber(parameters, ParameterName(Bound::kConfidence), 1.0, kShare, as_is,
                 bounds.min_confidence),
      ReadWord(parameters, "objective", kObjectives, bounds.objective),
      ReadWord(parameters, "on_infeasible", kOnInfeasible, bounds.on_infeasible),
  };
  for (const Status& status : statuses) {
    if (!status) return status.error();
  }
  return bounds;
}

std::string_view ParameterName(Bound bound) {
  switch (bound) {
    case Bound::kLatency: return "max_latency_ms";
    case Bound::kEnergy: return "max_energy_mj";
    case Bound::kAccuracy: return "min_accuracy";
    case Bound::kConfidence: return "min_confidence";
  }
  return "";
}

std::string ToString(BoundSet bounds) {
  std::string names;
  for (const Bound bound : kAllBounds) {
    if (!bounds.contains(bound)) continue;
    if (!names.empty()) names += ',';
    names += ParameterName(bound);
  }
  return names;
}

BoundSet MissedBounds(const Bounds& bounds, const Achieved& achieved) {
  BoundSet missed;
  if (bounds.max_latency && achieved.latency > *bounds.max_latency) missed.Add(Bound::kLatency);
  if (bounds.max_energy && achieved.energy > *bounds.max_energy) missed.Add(Bound::kEnergy);
  if (bounds.min_accuracy && achieved.accuracy.value_or(0.0) < *bounds.min_accuracy) {
    missed.Add(Bound::kAccuracy);
  }
  if (bounds.min_confidence && achieved.confidence.value_or(0.0) < *bounds.min_confidence) {
    missed.Add(Bound::kConfidence);
  }
  return missed;
}

}  // namespace delen::core
