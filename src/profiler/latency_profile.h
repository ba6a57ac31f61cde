// What each stage of a model costs on this machine, measured the way it is served.
#pragma once

#include <vector>

#include "backend/backend.h"
#include "base/clock.h"
#include "base/result.h"
#include "core/model_folder.h"
#include "profiler/energy_gauge.h"
#include "profiler/progress.h"

namespace delen::profiler {

struct LatencyOptions {
  std::vector<int> batches = {1, 2, 4, 8};
  // Each batch size is run until both are reached...
  int min_passes = 200;  // what a p99 needs
  Seconds min_time{0.5};
  // ...or this is spent.
  Seconds max_time{3.0};
};

// One table per batch size, ascending, for stages that run on `threads` threads.
// Confidences are computed and timed as in serving. Batch sizes that the model's
// inputs do not allow are left out.
//
// The batch sizes take turns in short blocks, so that what disturbs the machine
// for a while disturbs them all; the first pass of a block only warms caches.
//
// Errors: kInvalidArgument when no batch size is given or one is below 1;
//         whatever the backend or the meter has to say.
Result<std::vector<core::CostTable>> MeasureLatency(backend::Backend& backend,
                                                    const core::ModelVersion& model, int threads,
                                                    const LatencyOptions& options,
                                                    const EnergyGauge& gauge, const Clock& clock,
                                                    Progress& progress);

}  // namespace delen::profiler
