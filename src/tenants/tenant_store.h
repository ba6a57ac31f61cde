// Where tenants outlive the process.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/tenant.h"

namespace delen::tenants {

// Threads: one call at a time; TenantRegistry sees to that.
class TenantStore {
 public:
  virtual ~TenantStore() = default;

  virtual Result<std::vector<core::Tenant>> Load() = 0;
  // When these return without an error, the change is there to stay.
  virtual Status Save(const core::Tenant& tenant) = 0;
  virtual Status Erase(std::string_view name) = 0;  // of a name that is stored or not
};

}  // namespace delen::tenants
