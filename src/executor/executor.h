// Runs one stage of one request and says what came of it.
#pragma once

#include "base/clock.h"
#include "base/result.h"
#include "base/units.h"
#include "executor/served_model.h"

namespace delen::executor {

// What running a stage told.
struct Outcome {
  Status status;            // an error when the runtime failed; then the rest is unset
  Seconds time;             // on the device, confidence included
  double confidence = 0.0;  // calibrated, lowest of the batch; 0 when there is none
};

// Threads: one caller at a time per workspace.
class Executor {
 public:
  // `clock` must outlive the executor.
  explicit Executor(const Clock& clock) : clock_(clock) {}

  Outcome RunStage(ServedModel& model, int stage, backend::Workspace& workspace) const;

 private:
  const Clock& clock_;
};

}  // namespace delen::executor
