// Lets requests in: finds their model, checks them against it, puts them under
// their tenant's terms, and hands them to the lane.
#pragma once

#include <atomic>

#include "admission/inference_service.h"
#include "admission/tenant_gate.h"
#include "executor/model_repository.h"
#include "scheduler/lane.h"
#include "scheduler/lane_observer.h"

namespace delen::admission {

struct AdmissionOptions {
  int max_rows = 64;  // rows of one request's batch
  UnknownTenant unknown_tenant = UnknownTenant::kDefault;
  Seconds response_reserve = scheduler::SchedulerOptions().response_reserve;  // of all policies
};

class Admission final : public InferenceService {
 public:
  // All of them must outlive this, and the clock the lane. `observer`, if any, is
  // told what is refused here; the lane has its own.
  Admission(const AdmissionOptions& options, const executor::ModelRepository& models,
            scheduler::Lane& lane, const tenants::TenantRegistry& tenants, const Clock& clock,
            scheduler::LaneObserver* observer = nullptr)
      : options_(options),
        models_(models),
        lane_(lane),
        observer_(observer),
        gate_(tenants, options.unknown_tenant, options.response_reserve, clock) {}

  core::RequestId Submit(core::Request request, Done done) override;
  void Cancel(core::RequestId id) override;

 private:
  // Takes the request in only if it fits.
  Result<scheduler::Submission> Check(core::Request& request) const;
  void Refuse(const core::Request& request, const Done& done, Error error) const;

  const AdmissionOptions options_;
  const executor::ModelRepository& models_;
  scheduler::Lane& lane_;
  scheduler::LaneObserver* const observer_;  // null: nobody listens
  TenantGate gate_;
  std::atomic<core::RequestId> last_id_ = 0;
};

}  // namespace delen::admission
