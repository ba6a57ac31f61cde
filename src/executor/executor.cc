#include "executor/executor.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include "core/confidence.h"

namespace delen::executor {
namespace {

double ConfidenceOf(const ServedModel& model, int exit, const backend::Workspace& workspace) {
  const backend::ExitOutput output = workspace.exit_output(exit);
  if (output.datatype != core::DataType::kFp32 || output.shape.empty()) return 0.0;
  const std::span<const float> values(reinterpret_cast<const float*>(output.bytes.data()),
                                      output.bytes.size() / sizeof(float));
  const auto classes = static_cast<std::size_t>(output.shape.back());
  return core::BatchConfidence(values, classes, model.exits().scores(),
                               model.exits().temperature(exit))
      .value_or(0.0);
}

Status CheckParts(const ServedModel& model, std::size_t parts) {
  if (parts == 0 || parts > core::kMaxBatch) {
    return InvalidArgument("{} requests for one stage, expected 1 to {}", parts, core::kMaxBatch);
  }
  if (parts > 1 && !model.batchable()) {
    return Unsupported("{} requests for one stage of model '{}', which is not batchable", parts,
                       model.version().spec.name);
  }
  return {};
}

}  // namespace

Outcome Executor::RunStage(ServedModel& model, int stage, backend::Workspace& workspace) const {
  const TimePoint start = clock_.Now();
  Outcome outcome;
  outcome.status = model.loaded().RunStage(stage, workspace);
  if (!outcome.status) return outcome;
  outcome.confidence = ConfidenceOf(model, stage, workspace);
  outcome.time = clock_.Now() - start;
  return outcome;
}

BatchOutcome Executor::RunStage(ServedModel& model, int stage,
                                std::span<backend::Workspace* const> parts) const {
  if (Status fits = CheckParts(model, parts.size()); !fits) return {std::move(fits), {}, {}};
  if (parts.size() == 1) {
    Outcome alone = RunStage(model, stage, *parts[0]);
    return {std::move(alone.status), alone.time, {alone.confidence}};
  }
  std::int64_t rows = 0;
  for (backend::Workspace* const part : parts) rows += model.RowsOf(*part);
  Result<PooledWorkspace> batch = model.AcquireBatch(rows);
  if (!batch) return {std::move(batch).error(), {}, {}};
  BatchOutcome outcome = RunJoined(model, stage, parts, *batch->workspace);
  model.ReleaseBatch(*std::move(batch));
  return outcome;
}

BatchOutcome Executor::RunJoined(ServedModel& model, int stage,
                                 std::span<backend::Workspace* const> parts,
                                 backend::Workspace& batch) const {
  const TimePoint start = clock_.Now();
  BatchOutcome outcome;
  outcome.status = model.loaded().RunStageJoined(stage, parts, batch);
  if (!outcome.status) return outcome;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    outcome.confidence[i] = ConfidenceOf(model, stage, *parts[i]);
  }
  outcome.time = clock_.Now() - start;
  return outcome;
}

}  // namespace delen::executor
