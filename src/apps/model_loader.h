// From a model's folder to a model that is ready to serve.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/serve_config.h"
#include "backend/ort/ort_backend.h"
#include "base/clock.h"
#include "base/result.h"
#include "executor/served_model.h"

namespace delen::apps {

// Threads of the shared pool: `asked`, or one per core when that is 0.
int PoolThreads(int asked);

// The versions of a model that are to be served.
Result<std::vector<int>> VersionsToServe(const ServeConfig& config, const std::string& name);

// Opens a model version, chooses its threads, loads it and runs it warm, alone
// and in the batch sizes of its profile. A version that was never profiled on this
// machine is measured briefly first.
Result<std::shared_ptr<executor::ServedModel>> LoadModel(backend::OrtBackend& backend,
                                                         const ServeConfig& config,
                                                         const std::string& name, int version,
                                                         const Clock& clock);

}  // namespace delen::apps
