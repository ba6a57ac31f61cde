#include "admission/tenant_gate.h"

#include <optional>
#include <utility>

#include "tenants/quota_keeper.h"

namespace delen::admission {

// The keeper of the quotas, for many threads.
class TenantGate::Quotas {
 public:
  explicit Quotas(const Clock& clock) : clock_(clock) {}

  Status Admit(const tenants::RegisteredTenant& tenant) {
    const MutexLock lock(mutex_);
    std::optional<tenants::Refusal> refusal = keeper_.Admit(tenant, clock_.Now());
    if (!refusal) return {};
    refusal->error.retry_after = refusal->retry_after;
    return std::move(refusal->error);
  }

  void OnFinished(const tenants::RegisteredTenant& tenant, Joules energy) {
    const MutexLock lock(mutex_);
    keeper_.OnFinished(tenant.index, energy, clock_.Now());
  }

 private:
  const Clock& clock_;
  Mutex mutex_;
  tenants::QuotaKeeper keeper_ GUARDED_BY(mutex_);
};

TenantGate::TenantGate(const tenants::TenantRegistry& registry, UnknownTenant unknown,
                       Seconds response_reserve, const Clock& clock)
    : registry_(registry),
      unknown_(unknown),
      policies_(response_reserve),
      quotas_(std::make_shared<Quotas>(clock)) {}

// Tenants' indices are places in the scheduler's arrays. A request's `done` holds
// its tenant, and so the index; when that goes to another tenant, the scheduler
// has no job of the old one any more and keeps nothing but 0.1 s of device time in
// credit or debt (policy/fair_share.h): it need not be told.
Status TenantGate::Enter(scheduler::Submission& submission) {
  core::Request& request = submission.request;
  Result<Tenant> found = Find(request.tenant);
  if (!found) return std::move(found).error();
  const Tenant& tenant = *found;
  Result<std::shared_ptr<const policy::Policy>> policy = policies_.Get(tenant->tenant.policy);
  if (!policy) return std::move(policy).error();
  if (Status admitted = quotas_->Admit(*tenant); !admitted) return admitted;

  const bool is_named = !request.tenant.empty();
  request.tenant = tenant->tenant.name;
  request.bounds = core::WithDefaults(request.bounds, tenant->tenant.bounds);
  submission.tenant = {tenant->index, tenant->tenant.weight, policy->get()};
  submission.policy = *std::move(policy);
  submission.done = [quotas = quotas_, tenant, is_named,
                     done = std::move(submission.done)](Result<core::Response> response) {
    quotas->OnFinished(*tenant, response ? response->account.energy : Joules());
    if (response && is_named) response->tenant = tenant->tenant.name;
    done(std::move(response));
  };
  return {};
}

Result<TenantGate::Tenant> TenantGate::Find(std::string_view name) const {
  if (name.empty()) return registry_.Find(core::kDefaultTenant);
  Result<Tenant> found = registry_.Find(name);
  if (found) return found;
  if (unknown_ == UnknownTenant::kDefault) return registry_.Find(core::kDefaultTenant);
  return MakeError(ErrorCode::kPermissionDenied, "unknown tenant '{:.64}'", name);
}

}  // namespace delen::admission
