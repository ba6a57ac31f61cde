// Heap allocations per request on the executor's path, from the job's arrival to
// its answer's account.
#pragma once

#include "live_server.h"

namespace delen::bench {

struct AllocationsPerRequest {
  double ours = 0.0;
  double runtime = 0.0;  // inside ONNX Runtime's Run
};

// Drives a scheduler and an executor of the serving kind in this thread, all
// stages of each request, after a warm-up.
Result<AllocationsPerRequest> CountExecutorAllocations(const LiveServer& live,
                                                       const apps::LabelledInputs& data,
                                                       int requests);

}  // namespace delen::bench
