// All tenants of the server, by name.
//
// Threads: all methods may be called from any thread. Find() and List() never
//          wait for the store.
// Memory:  the store must outlive the registry.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "core/tenant.h"
#include "tenants/tenant_store.h"

namespace delen::tenants {

using core::kMaxTenants;

// A tenant as it was at one instant, and its place in arrays of tenants.
//
// Hold the pointer for as long as the index is in use: an index belongs to its
// name, removed or not, while anybody holds a pointer with it; after that the
// index of a removed tenant may go to a new name.
struct RegisteredTenant {
  core::Tenant tenant;
  std::uint32_t index = 0;  // 0: "default"
};

class TenantRegistry {
 public:
  // An error unless there is a policy of that name.
  using PolicyCheck = std::function<Status(std::string_view policy)>;
  enum class Change { kCreated, kReplaced };

  // The tenants in the store, and "default" if it is not among them. Without a
  // store (null) they live as long as the process.
  // Errors: the store's, or what is wrong with a tenant in it.
  static Result<std::unique_ptr<TenantRegistry>> Open(TenantStore* store, PolicyCheck check_policy);

  // Errors: kNotFound, naming the tenant.
  Result<std::shared_ptr<const RegisteredTenant>> Find(std::string_view name) const;
  // In the order of their names.
  std::vector<core::Tenant> List() const;

  // Creates the tenant or replaces it as a whole, from the next Find() on. The
  // store keeps the change before anybody sees it.
  // Errors: kInvalidArgument when the tenant or its policy's name is wrong,
  //         kOverloaded when there are kMaxTenants already, or the store's;
  //         nothing has changed then.
  Result<Change> Put(const core::Tenant& tenant);
  // Errors: kNotFound, kUnsupported for "default", or the store's; nothing has
  //         changed then.
  Status Remove(std::string_view name);

 private:
  using Tenants = std::map<std::string, std::shared_ptr<const RegisteredTenant>, std::less<>>;
  // Alive while anybody holds a pointer with the index it stands for.
  struct Lease {};
  struct Version {
    RegisteredTenant registered;
    std::shared_ptr<const Lease> lease;
  };
  // Who has an index. Of a removed tenant it stays until another name needs it.
  struct Slot {
    std::string name;
    std::weak_ptr<const Lease> lease;
    std::uint64_t removed = 0;  // 0: not removed; else in the order of removals
  };

  TenantRegistry(TenantStore* store, PolicyCheck check_policy)
      : store_(store), check_policy_(std::move(check_policy)) {}
  Status Add(const core::Tenant& tenant) REQUIRES(change_mutex_);
  Status Check(const core::Tenant& tenant) const;
  Result<std::uint32_t> IndexFor(std::string_view name) const REQUIRES(change_mutex_);
  std::uint32_t IndexOf(const Slot& slot) const REQUIRES(change_mutex_);
  void Show(const core::Tenant& tenant, std::uint32_t index) REQUIRES(change_mutex_);

  TenantStore* const store_;
  const PolicyCheck check_policy_;

  Mutex change_mutex_;  // held for a whole change, the store's part included
  std::vector<Slot> slots_ GUARDED_BY(change_mutex_);
  std::uint64_t removals_ GUARDED_BY(change_mutex_) = 0;

  mutable Mutex mutex_;  // never held while something takes long
  Tenants tenants_ GUARDED_BY(mutex_);
};

}  // namespace delen::tenants
