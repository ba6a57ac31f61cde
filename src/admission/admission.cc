#include "admission/admission.h"

#include <utility>

#include "admission/input_check.h"

namespace delen::admission {

core::RequestId Admission::Submit(core::Request request, Done done) {
  const core::RequestId id = ++last_id_;
  Result<scheduler::Submission> submission = Check(request);
  if (!submission) {
    Refuse(request, done, std::move(submission).error());
    return id;
  }
  submission->id = id;
  submission->done = std::move(done);
  if (Status entered = gate_.Enter(*submission); !entered) {
    Refuse(submission->request, submission->done, std::move(entered).error());
    return id;
  }
  lane_.Submit(*std::move(submission));
  return id;
}

void Admission::Cancel(core::RequestId id) { lane_.Cancel(id); }

Result<scheduler::Submission> Admission::Check(core::Request& request) const {
  Result<std::shared_ptr<executor::ServedModel>> model =
      models_.Get(request.model, request.version);
  if (!model) return std::move(model).error();
  const core::ModelSpec& spec = (*model)->version().spec;
  const Result<int> rows = CheckInputs(spec, options_.max_rows, request.inputs);
  if (!rows) return rows.error();
  if (request.stop_rule != nullptr) {
    if (Status fits = request.stop_rule->Fits(spec.exit_count()); !fits) {
      return std::move(fits).error();
    }
  }
  scheduler::Submission submission;
  submission.request = std::move(request);
  const bool is_narrow = lane_.narrow() && (*model)->narrow() != nullptr;
  submission.model = is_narrow ? (*model)->narrow() : *std::move(model);
  submission.rows = *rows;
  return submission;
}

void Admission::Refuse(const core::Request& request, const Done& done, Error error) const {
  if (observer_ != nullptr) observer_->OnRefused(request.tenant, request.model, error.code);
  done(std::move(error));
}

}  // namespace delen::admission
