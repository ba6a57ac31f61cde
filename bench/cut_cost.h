// What cutting a model into stages costs, against the uncut graph.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model_folder.h"

namespace delen::bench {

struct CutCost {
  std::vector<double> staged_ms;      // all stages, one pass each
  std::vector<double> monolithic_ms;  // the uncut graph, asked for its last exit
};

// Runs both in turn, `passes` times, on one row, all sessions on one thread pool
// of `threads`. The environment of the runtime must not be in use.
Result<CutCost> MeasureCutCost(const core::ModelVersion& staged, const std::filesystem::path& uncut,
                               int threads, int passes);

}  // namespace delen::bench
