#include "tenants/tenant_json.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/document/decimal.h"

namespace delen::tenants {
namespace {

using core::Bound;
using core::Bounds;
using core::Objective;
using core::OnInfeasible;
using core::Quotas;

constexpr std::size_t kMaxBytes = std::size_t{64} << 10;
constexpr double kMaxInFlight = 2147483647;

// Seconds and joules in the program, thousandths in a bound's JSON.
constexpr int kMilli = 3;

// --- Writing ---

std::string Quote(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string_view Word(Objective objective) {
  switch (objective) {
    case Objective::kAccuracy: return "accuracy";
    case Objective::kLatency: return "latency";
    case Objective::kEnergy: return "energy";
  }
  return "";
}

std::string_view Word(OnInfeasible on_infeasible) {
  return on_infeasible == OnInfeasible::kReject ? "reject" : "best_effort";
}

// A JSON object that grows by one member at a time.
class Object {
 public:
  void Add(std::string_view key, std::string_view json) {
    text_ += fmt::format("{}\"{}\":{}", text_.empty() ? "" : ",", key, json);
  }
  void Add(Bound bound, std::optional<double> value, int shift = 0) {
    if (value) Add(core::ParameterName(bound), Decimal(*value, shift));
  }
  std::string Text() const { return "{" + text_ + "}"; }

 private:
  std::string text_;
};

template <class Quantity>
std::optional<double> ValueOf(const std::optional<Quantity>& quantity) {
  return quantity ? std::optional(quantity->value()) : std::nullopt;
}

std::string Format(const Bounds& bounds) {
  Object object;
  object.Add(Bound::kLatency, ValueOf(bounds.max_latency), kMilli);
  object.Add(Bound::kEnergy, ValueOf(bounds.max_energy), kMilli);
  object.Add(Bound::kAccuracy, bounds.min_accuracy);
  object.Add(Bound::kConfidence, bounds.min_confidence);
  if (bounds.objective) object.Add("objective", Quote(Word(*bounds.objective)));
  if (bounds.on_infeasible) object.Add("on_infeasible", Quote(Word(*bounds.on_infeasible)));
  return object.Text();
}

std::string Format(const Quotas& quotas) {
  Object object;
  if (quotas.requests_per_second) {
    object.Add("requests_per_second", Decimal(*quotas.requests_per_second));
  }
  object.Add("burst", Decimal(quotas.burst));
  if (quotas.energy_per_hour) {
    object.Add("energy_j_per_hour", Decimal(quotas.energy_per_hour->value()));
  }
  if (quotas.max_in_flight) object.Add("max_in_flight", std::to_string(*quotas.max_in_flight));
  return object.Text();
}

// --- Reading ---

std::optional<double> ReadNumber(const DocumentReader& reader, std::string_view key, Range range,
                                 int shift = 0) {
  if (!reader.Has(key)) return std::nullopt;
  return reader.Number(key, range, shift);
}

template <class Quantity>
std::optional<Quantity> As(std::optional<double> value) {
  return value ? std::optional(Quantity(*value)) : std::nullopt;
}

// The words' meanings are core's to know.
void ReadWords(const DocumentReader& reader, FirstProblem& problem, Bounds& bounds) {
  core::Parameters words;
  for (const std::string_view key : {"objective", "on_infeasible"}) {
    if (reader.Has(key)) words.emplace_back(key, reader.Text(key));
  }
  const Result<Bounds> read = core::ParseBounds(words);
  if (!read) return problem.Report(WithContext("bounds", read.error()));
  bounds.objective = read->objective;
  bounds.on_infeasible = read->on_infeasible;
}

Bounds ReadBounds(const DocumentReader& reader, FirstProblem& problem) {
  reader.AllowKeys({"max_latency_ms", "max_energy_mj", "min_accuracy", "min_confidence",
                    "objective", "on_infeasible"});
  const auto read = [&](Bound bound, Range range, int shift) {
    return ReadNumber(reader, core::ParameterName(bound), range, shift);
  };
  Bounds bounds{.max_latency = As<Seconds>(read(Bound::kLatency, AtLeast(0.0), -kMilli)),
                .max_energy = As<Joules>(read(Bound::kEnergy, AtLeast(0.0), -kMilli)),
                .min_accuracy = read(Bound::kAccuracy, kShare, 0),
                .min_confidence = read(Bound::kConfidence, kShare, 0)};
  ReadWords(reader, problem, bounds);
  return bounds;
}

// CheckTenant says what else must hold.
Quotas ReadQuotas(const DocumentReader& reader) {
  reader.AllowKeys({"requests_per_second", "burst", "energy_j_per_hour", "max_in_flight"});
  Quotas quotas;
  quotas.requests_per_second = ReadNumber(reader, "requests_per_second", AtLeast(0.0));
  quotas.burst = ReadNumber(reader, "burst", AtLeast(1.0)).value_or(quotas.burst);
  quotas.energy_per_hour = As<Joules>(ReadNumber(reader, "energy_j_per_hour", AtLeast(0.0)));
  if (reader.Has("max_in_flight")) {
    quotas.max_in_flight = static_cast<int>(reader.Integer("max_in_flight", {1, kMaxInFlight}));
  }
  return quotas;
}

}  // namespace

std::string FormatTenant(const core::Tenant& tenant) {
  Object object;
  object.Add("name", Quote(tenant.name));
  object.Add("weight", Decimal(tenant.weight));
  object.Add("policy", Quote(tenant.policy));
  object.Add("bounds", Format(tenant.bounds));
  object.Add("quotas", Format(tenant.quotas));
  return object.Text();
}

Result<core::Tenant> ParseTenant(std::string_view json, std::string_view source,
                                 std::string_view name) {
  if (json.size() > kMaxBytes) {
    return InvalidArgument("{}: {} bytes, at most {} are allowed", source, json.size(), kMaxBytes);
  }
  const Result<Document> document = ParseJson(json, source);
  if (!document) return document.error();
  FirstProblem problem;
  const DocumentReader root(*document, std::string(source), "", problem);
  core::Tenant tenant = ReadTenant(root, name, problem);
  if (Status status = problem.status(); !status) return std::move(status).error();
  if (Status status = core::CheckTenant(tenant); !status) {
    return WithContext(source, std::move(status).error());
  }
  return tenant;
}

core::Tenant ReadTenant(const DocumentReader& table, std::string_view name, FirstProblem& problem) {
  table.AllowKeys({"name", "weight", "policy", "bounds", "quotas"});
  core::Tenant tenant;
  tenant.name = name;
  if (table.Has("name")) {
    const std::string said = table.Text("name");
    if (said != name)
      table.Reject("name", fmt::format("'{:.64}'", said), fmt::format("'{}'", name));
  }
  tenant.weight = ReadNumber(table, "weight", AtLeast(0.0)).value_or(tenant.weight);
  if (table.Has("policy")) tenant.policy = table.Text("policy");
  if (table.Has("bounds")) tenant.bounds = ReadBounds(table.Table("bounds"), problem);
  if (table.Has("quotas")) tenant.quotas = ReadQuotas(table.Table("quotas"));
  return tenant;
}

}  // namespace delen::tenants
