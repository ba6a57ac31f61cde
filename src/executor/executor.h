// Runs one stage of one request, or of several that share it, and says what came
// of it.
#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"
#include "core/request.h"
#include "executor/served_model.h"

namespace delen::executor {

// What running a stage told.
struct Outcome {
  Status status;            // an error when the runtime failed; then the rest is unset
  Seconds time;             // on the device, confidence included
  double confidence = 0.0;  // calibrated, lowest of the batch; 0 when there is none
};

// What running a stage for several requests told. On an error what their earlier
// exits gave is untouched, and each may still run alone.
struct BatchOutcome {
  Status status;  // an error when the runtime failed; then the rest is unset
  Seconds time;   // on the device for all of them, copies and confidences included
  std::array<double, core::kMaxBatch> confidence{};  // by part, as Outcome's
};

// Threads: one caller at a time per workspace.
class Executor {
 public:
  // `clock` must outlive the executor.
  explicit Executor(const Clock& clock) : clock_(clock) {}

  Outcome RunStage(ServedModel& model, int stage, backend::Workspace& workspace) const;

  // Runs the stage once for all `parts`: in place for one; for more, on rows
  // copied together and back. Making a batch workspace of a size not seen before
  // costs a run of every stage, which does not count as the stage's time.
  //
  // Shapes: 1 to core::kMaxBatch different workspaces of `model`, of any rows.
  // Memory: nothing is allocated when a batch workspace of that size is idle.
  // Errors: in `status`; kUnsupported for several parts of a model that is not
  //         batchable.
  BatchOutcome RunStage(ServedModel& model, int stage,
                        std::span<backend::Workspace* const> parts) const;

 private:
  BatchOutcome RunJoined(ServedModel& model, int stage, std::span<backend::Workspace* const> parts,
                         backend::Workspace& batch) const;

  const Clock& clock_;
};

}  // namespace delen::executor
