#include "tenants/tenant_registry.h"

#include <utility>

namespace delen::tenants {
namespace {

Error Unknown(std::string_view name) { return NotFound("there is no tenant '{:.64}'", name); }

}  // namespace

Result<std::unique_ptr<TenantRegistry>> TenantRegistry::Open(TenantStore* store,
                                                             PolicyCheck check_policy) {
  std::unique_ptr<TenantRegistry> registry(new TenantRegistry(store, std::move(check_policy)));
  const MutexLock changing(registry->change_mutex_);
  registry->Show({.name = std::string(core::kDefaultTenant)}, 0);
  if (store == nullptr) return registry;
  const Result<std::vector<core::Tenant>> stored = store->Load();
  if (!stored) return stored.error();
  for (const core::Tenant& tenant : *stored) {
    if (Status added = registry->Add(tenant); !added) return std::move(added).error();
  }
  return registry;
}

Result<std::shared_ptr<const RegisteredTenant>> TenantRegistry::Find(std::string_view name) const {
  const MutexLock lock(mutex_);
  const auto found = tenants_.find(name);
  if (found == tenants_.end()) return Unknown(name);
  return found->second;
}

std::vector<core::Tenant> TenantRegistry::List() const {
  std::vector<core::Tenant> tenants;
  const MutexLock lock(mutex_);
  tenants.reserve(tenants_.size());
  for (const auto& [name, registered] : tenants_) tenants.push_back(registered->tenant);
  return tenants;
}

Result<TenantRegistry::Change> TenantRegistry::Put(const core::Tenant& tenant) {
  if (Status checked = Check(tenant); !checked) return std::move(checked).error();
  const MutexLock changing(change_mutex_);
  const Change change = Find(tenant.name) ? Change::kReplaced : Change::kCreated;
  const Result<std::uint32_t> index = IndexFor(tenant.name);
  if (!index) return index.error();
  if (store_ != nullptr) {
    if (Status saved = store_->Save(tenant); !saved) return std::move(saved).error();
  }
  Show(tenant, *index);
  return change;
}

Status TenantRegistry::Remove(std::string_view name) {
  if (name == core::kDefaultTenant) {
    return Unsupported("tenant '{}' can be changed but not removed", name);
  }
  const MutexLock changing(change_mutex_);
  const Result<std::shared_ptr<const RegisteredTenant>> found = Find(name);
  if (!found) return found.error();
  if (store_ != nullptr) {
    if (Status erased = store_->Erase(name); !erased) return erased;
  }
  slots_[(*found)->index].removed = ++removals_;
  const MutexLock lock(mutex_);
  tenants_.erase((*found)->tenant.name);
  return {};
}

// Takes in what the store holds.
Status TenantRegistry::Add(const core::Tenant& tenant) {
  if (Status checked = Check(tenant); !checked) return checked;
  const Result<std::uint32_t> index = IndexFor(tenant.name);
  if (!index) return index.error();
  Show(tenant, *index);
  return {};
}

Status TenantRegistry::Check(const core::Tenant& tenant) const {
  if (Status checked = core::CheckTenant(tenant); !checked) return checked;
  Status known = check_policy_(tenant.policy);
  if (known) return {};
  return WithContext(fmt::format("tenant '{}'", tenant.name), std::move(known).error());
}

// The index that the name has or had, else a new one, else that of the tenant
// removed longest ago among those that nobody holds any more.
Result<std::uint32_t> TenantRegistry::IndexFor(std::string_view name) const {
  const Slot* oldest = nullptr;
  for (const Slot& slot : slots_) {
    if (slot.name == name) return IndexOf(slot);
    if (slot.removed == 0 || !slot.lease.expired()) continue;
    if (oldest == nullptr || slot.removed < oldest->removed) oldest = &slot;
  }
  if (slots_.size() < kMaxTenants) return static_cast<std::uint32_t>(slots_.size());
  if (oldest != nullptr) return IndexOf(*oldest);
  return MakeError(ErrorCode::kOverloaded,
                   "no room for tenant '{}': {} tenants are there or have requests that still run, "
                   "the limit is {}",
                   name, slots_.size(), kMaxTenants);
}

std::uint32_t TenantRegistry::IndexOf(const Slot& slot) const {
  return static_cast<std::uint32_t>(&slot - slots_.data());
}

// Makes the tenant what Find() finds from now on.
void TenantRegistry::Show(const core::Tenant& tenant, std::uint32_t index) {
  if (index == slots_.size()) slots_.emplace_back();
  Slot& slot = slots_[index];
  slot.name = tenant.name;
  slot.removed = 0;
  std::shared_ptr<const Lease> lease = slot.lease.lock();
  if (lease == nullptr) slot.lease = lease = std::make_shared<const Lease>();
  const auto version = std::make_shared<const Version>(Version{{tenant, index}, std::move(lease)});
  const MutexLock lock(mutex_);
  tenants_[tenant.name] = {version, &version->registered};
}

}  // namespace delen::tenants
