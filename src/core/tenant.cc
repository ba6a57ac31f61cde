#include "core/tenant.h"

#include <algorithm>
#include <cmath>

namespace delen::core {
namespace {

constexpr std::size_t kLongestName = 64;

bool IsNameCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

Status CheckPositive(std::string_view tenant, std::string_view what, double value) {
  if (std::isfinite(value) && value > 0.0) return {};
  return InvalidArgument("tenant '{}': '{}' is {}, expected a positive number", tenant, what,
                         value);
}

Status CheckQuotas(std::string_view tenant, const Quotas& quotas) {
  const std::optional<int>& in_flight = quotas.max_in_flight;
  if (in_flight && *in_flight < 1) {
    return InvalidArgument("tenant '{}': 'max_in_flight' is {}, expected at least 1", tenant,
                           *in_flight);
  }
  if (!std::isfinite(quotas.burst) || quotas.burst < 1.0) {
    return InvalidArgument("tenant '{}': 'burst' is {}, expected a number of at least 1", tenant,
                           quotas.burst);
  }
  Status rate =
      CheckPositive(tenant, "requests_per_second", quotas.requests_per_second.value_or(1.0));
  if (!rate) return rate;
  return CheckPositive(tenant, "energy_j_per_hour",
                       quotas.energy_per_hour.value_or(Joules(1.0)).value());
}

}  // namespace

Status CheckTenantName(std::string_view name) {
  if (name.empty() || name.size() > kLongestName) {
    return InvalidArgument("a tenant's name has {} characters, expected 1 to {}", name.size(),
                           kLongestName);
  }
  if (std::all_of(name.begin(), name.end(), IsNameCharacter)) return {};
  return InvalidArgument(
      "a tenant's name is '{}', expected letters, digits, '-', '_' and '.' alone", name);
}

Status CheckTenant(const Tenant& tenant) {
  if (Status name = CheckTenantName(tenant.name); !name) return name;
  if (Status weight = CheckPositive(tenant.name, "weight", tenant.weight); !weight) return weight;
  return CheckQuotas(tenant.name, tenant.quotas);
}

}  // namespace delen::core
