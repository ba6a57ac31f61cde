// The settings of a tenant as the command line takes and shows them. Between
// here and the server they are JSON: what is valid is the server's to say.
#pragma once

#include <array>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"

namespace delen::apps {

// One thing that can be set, and its place in a tenant's JSON.
struct TenantSetting {
  const char* flag;
  const char* group;  // "": the tenant itself
  const char* key;
  bool number;
  const char* help;
};

inline constexpr std::array<TenantSetting, 12> kTenantSettings = {{
    {"--weight", "", "weight", true, "Share of the machine, against the other tenants'"},
    {"--policy", "", "policy", false, "Policy that decides for its requests"},
    {"--max-latency-ms", "bounds", "max_latency_ms", true, "Bound of requests that set none"},
    {"--max-energy-mj", "bounds", "max_energy_mj", true, "Bound of requests that set none"},
    {"--min-accuracy", "bounds", "min_accuracy", true, "Bound of requests that set none, 0 to 1"},
    {"--min-confidence", "bounds", "min_confidence", true,
     "Bound of requests that set none, 0 to 1"},
    {"--objective", "bounds", "objective", false, "accuracy, latency or energy"},
    {"--on-infeasible", "bounds", "on_infeasible", false, "best_effort or reject"},
    {"--requests-per-second", "quotas", "requests_per_second", true, "Requests let in, on average"},
    {"--burst", "quotas", "burst", true, "Requests let in at once, over that rate"},
    {"--energy-j-per-hour", "quotas", "energy_j_per_hour", true, "Energy of its requests"},
    {"--max-in-flight", "quotas", "max_in_flight", true, "Requests let in and not yet answered"},
}};

// The value that puts a setting back to its default.
inline constexpr std::string_view kNoSetting = "none";

// Changes one setting of a tenant.
// Errors: kInvalidArgument when the value has to be a number and is none.
Status Set(nlohmann::json& tenant, const TenantSetting& setting, const std::string& value);

// All tenants, one a line; what is at its default is left out.
std::string TenantsTable(const nlohmann::json& tenants);
// One tenant, one setting a line.
std::string TenantTable(const nlohmann::json& tenant);

}  // namespace delen::apps
