// What the server itself costs per request, beside the stages.
#pragma once

#include "apps/serve_config.h"
#include "live_server.h"

namespace delen::bench {

struct OverheadSamples {
  std::vector<double> overhead_us;  // first byte read to last written, less the stages
  std::vector<double> infer_us;     // round trip seen by the client, less the stages
  std::vector<double> health_us;    // round trip of GET /v2/health/live
};

// One keep-alive connection, one request at a time, health and infer in turn.
Result<OverheadSamples> MeasureOverhead(const apps::ServeConfig& config, const std::string& model,
                                        const apps::LabelledInputs& data, int requests);

}  // namespace delen::bench
