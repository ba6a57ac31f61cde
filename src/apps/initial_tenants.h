// The tenants that a configuration file declares: what the server begins with.
#pragma once

#include <vector>

#include "base/result.h"
#include "core/tenant.h"
#include "tenants/tenant_registry.h"
#include "tenants/tenant_store.h"

namespace delen::apps {

// Puts into the registry those that the store (null: there is none) does not
// have: what was changed since the server's first start stays as it is.
// Errors: the store's and the registry's.
Status PutInitialTenants(const std::vector<core::Tenant>& tenants, tenants::TenantStore* store,
                         tenants::TenantRegistry& registry);

}  // namespace delen::apps
