// Lets requests in: finds their model, checks them against it, puts them under
// their tenant's terms, and hands them to the lane.
#pragma once

#include <atomic>

#include "admission/inference_service.h"
#include "admission/tenant_gate.h"
#include "executor/model_repository.h"
#include "scheduler/lane.h"

namespace delen::admission {

struct AdmissionOptions {
  int max_rows = 64;  // rows of one request's batch
  UnknownTenant unknown_tenant = UnknownTenant::kDefault;
  Seconds response_reserve = scheduler::SchedulerOptions().response_reserve;  // of all policies
};

class Admission final : public InferenceService {
 public:
  // All of them must outlive this, and the clock the lane.
  Admission(const AdmissionOptions& options, const executor::ModelRepository& models,
            scheduler::Lane& lane, const tenants::TenantRegistry& tenants, const Clock& clock)
      : options_(options),
        models_(models),
        lane_(lane),
        gate_(tenants, options.unknown_tenant, options.response_reserve, clock) {}

  core::RequestId Submit(core::Request request, Done done) override;
  void Cancel(core::RequestId id) override;

 private:
  Result<scheduler::Submission> Check(core::Request request) const;

  const AdmissionOptions options_;
  const executor::ModelRepository& models_;
  scheduler::Lane& lane_;
  TenantGate gate_;
  std::atomic<core::RequestId> last_id_ = 0;
};

}  // namespace delen::admission
