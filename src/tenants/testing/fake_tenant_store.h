// A store that keeps tenants in memory and fails when a test says so.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tenants/tenant_store.h"

namespace delen::tenants::testing {

class FakeTenantStore final : public TenantStore {
 public:
  // Every call from now on fails so; nothing: none does.
  void FailWith(std::optional<Error> error) { error_ = std::move(error); }

  Result<std::vector<core::Tenant>> Load() override {
    if (error_) return *error_;
    std::vector<core::Tenant> tenants;
    for (const auto& [name, tenant] : stored) tenants.push_back(tenant);
    return tenants;
  }
  Status Save(const core::Tenant& tenant) override {
    if (error_) return *error_;
    stored[tenant.name] = tenant;
    return {};
  }
  Status Erase(std::string_view name) override {
    if (error_) return *error_;
    stored.erase(std::string(name));
    return {};
  }

  std::map<std::string, core::Tenant> stored;

 private:
  std::optional<Error> error_;
};

}  // namespace delen::tenants::testing
