// Lets requests in: finds their model, checks them against it, and hands them to
// the lane.
#pragma once

#include <atomic>

#include "admission/inference_service.h"
#include "executor/model_repository.h"
#include "scheduler/lane.h"

namespace delen::admission {

struct AdmissionOptions {
  int max_rows = 64;  // rows of one request's batch
};

class Admission final : public InferenceService {
 public:
  // Both must outlive this.
  Admission(const AdmissionOptions& options, const executor::ModelRepository& models,
            scheduler::Lane& lane)
      : options_(options), models_(models), lane_(lane) {}

  core::RequestId Submit(core::Request request, Done done) override;
  void Cancel(core::RequestId id) override;

 private:
  Result<scheduler::Submission> Check(core::Request request) const;

  const AdmissionOptions options_;
  const executor::ModelRepository& models_;
  scheduler::Lane& lane_;
  std::atomic<core::RequestId> last_id_ = 0;
};

}  // namespace delen::admission
