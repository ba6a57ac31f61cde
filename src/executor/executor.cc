#include "executor/executor.h"

#include <cstddef>
#include <span>

#include "core/confidence.h"

namespace delen::executor {
namespace {

double ConfidenceOf(const backend::ExitOutput& output, core::ScoreKind scores, double temperature) {
  if (output.datatype != core::DataType::kFp32 || output.shape.empty()) return 0.0;
  const std::span<const float> values(reinterpret_cast<const float*>(output.bytes.data()),
                                      output.bytes.size() / sizeof(float));
  const auto classes = static_cast<std::size_t>(output.shape.back());
  return core::BatchConfidence(values, classes, scores, temperature).value_or(0.0);
}

}  // namespace

Outcome Executor::RunStage(ServedModel& model, int stage, backend::Workspace& workspace) const {
  const TimePoint start = clock_.Now();
  Outcome outcome;
  outcome.status = model.loaded().RunStage(stage, workspace);
  if (!outcome.status) return outcome;
  outcome.confidence = ConfidenceOf(workspace.exit_output(stage), model.exits().scores(),
                                    model.exits().temperature(stage));
  outcome.time = clock_.Now() - start;
  return outcome;
}

}  // namespace delen::executor
