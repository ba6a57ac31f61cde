// The demo's second act: three tenants ask for twice what a server without exits
// could answer, first of one like that, then of Delen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "client/load_generator.h"
#include "core/model_folder.h"

namespace delen::apps {

struct CrowdScore {
  std::string policy;
  client::LoadReport report;
};

// Sends `requests` to a server that serves `model`, `time` long under each policy,
// with a progress bar.
Result<std::vector<CrowdScore>> PlayCrowd(const core::ModelVersion& model, std::uint16_t port,
                                          const client::LoadInputs& requests, Seconds time);

// A table, and above it what was asked.
std::string CrowdText(const std::vector<CrowdScore>& scores);

}  // namespace delen::apps
