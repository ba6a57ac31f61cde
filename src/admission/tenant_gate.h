// Puts each request under the terms of its tenant: bounds, quotas, weight, policy.
#pragma once

#include <memory>
#include <string_view>

#include "admission/policy_cache.h"
#include "base/clock.h"
#include "base/result.h"
#include "scheduler/lane.h"
#include "tenants/tenant_registry.h"

namespace delen::admission {

// What becomes of a request whose tenant is not registered.
enum class UnknownTenant {
  kDefault,  // it is served as one of the default tenant's
  kRefuse,
};

// Threads: Enter may be called from any thread.
// Memory:  the registry and the clock must outlive this, the clock also what was
//          let in.
class TenantGate {
 public:
  TenantGate(const tenants::TenantRegistry& registry, UnknownTenant unknown,
             Seconds response_reserve, const Clock& clock);

  // Counts the submission as one of its tenant's and fills in what the tenant
  // says: its name, the bounds that the request does not set, its place in the
  // scheduler, its policy. Its `done` then also tells the quotas that it is through: it has
  // to be called, whatever becomes of the submission.
  // Errors: kPermissionDenied when there is no such tenant and that is refused,
  //         kOverloaded when a quota is used up; the submission is as before then.
  Status Enter(scheduler::Submission& submission);

 private:
  class Quotas;
  using Tenant = std::shared_ptr<const tenants::RegisteredTenant>;

  Result<Tenant> Find(std::string_view name) const;

  const tenants::TenantRegistry& registry_;
  const UnknownTenant unknown_;
  PolicyCache policies_;
  const std::shared_ptr<Quotas> quotas_;  // shared with all that was let in
};

}  // namespace delen::admission
