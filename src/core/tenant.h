// An application that shares the machine with others, each on its own terms.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/units.h"
#include "core/bounds.h"

namespace delen::core {

// What a tenant may use at most; absent means without limit.
struct Quotas {
  std::optional<double> requests_per_second;  // on average
  double burst = 1.0;                         // requests at once, over that rate
  std::optional<Joules> energy_per_hour;      // of its requests' stages
  std::optional<int> max_in_flight;           // let in and not yet answered

  friend bool operator==(const Quotas&, const Quotas&) = default;
};

struct Tenant {
  std::string name;
  Bounds bounds;        // of requests that do not set their own
  double weight = 1.0;  // share of the machine, against the other tenants'
  Quotas quotas;
  std::string policy = "delen";  // policy/policies.h has the names

  friend bool operator==(const Tenant&, const Tenant&) = default;
};

// Tenants at a time; their indices are below.
inline constexpr std::uint32_t kMaxTenants = 64;

// The tenant of requests that name none.
inline constexpr std::string_view kDefaultTenant = "default";

// Errors: kInvalidArgument unless the name is 1 to 64 of letters, digits, '-', '_'
//         and '.'.
Status CheckTenantName(std::string_view name);

// Errors: kInvalidArgument unless the name is one, the weight is finite and
//         positive, and the quotas are positive (the burst at least 1: below it
//         no request could ever be let in).
Status CheckTenant(const Tenant& tenant);

}  // namespace delen::core
