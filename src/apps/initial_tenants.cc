#include "apps/initial_tenants.h"

#include <algorithm>
#include <utility>

namespace delen::apps {

Status PutInitialTenants(const std::vector<core::Tenant>& tenants, tenants::TenantStore* store,
                         tenants::TenantRegistry& registry) {
  if (tenants.empty()) return {};
  std::vector<core::Tenant> stored;
  if (store != nullptr) {
    Result<std::vector<core::Tenant>> loaded = store->Load();
    if (!loaded) return std::move(loaded).error();
    stored = *std::move(loaded);
  }
  for (const core::Tenant& tenant : tenants) {
    const auto is_of_that_name = [&](const core::Tenant& s) { return s.name == tenant.name; };
    if (std::any_of(stored.begin(), stored.end(), is_of_that_name)) continue;
    const Result<tenants::TenantRegistry::Change> put = registry.Put(tenant);
    if (!put) return put.error();
  }
  return {};
}

}  // namespace delen::apps
