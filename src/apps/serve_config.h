// How `delen serve` is set up: docs/delen.toml has every option with its default.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "admission/admission.h"
#include "base/result.h"
#include "core/tenant.h"
#include "frontend/http/http_options.h"
#include "scheduler/scheduler.h"

namespace delen::apps {

enum class VersionChoice {
  kNewest,  // of each model, only its newest version is served
  kAll,
};

struct ServeConfig {
  std::filesystem::path models = "models";
  VersionChoice versions = VersionChoice::kNewest;
  // That a stage runs on; 0: what the profile says is quickest, but one while
  // others keep the cores busy.
  int threads = 0;
  bool spinning = true;          // whether idle threads of the pool spin before they sleep
  Seconds drain_patience{10.0};  // how long running requests may take after SIGTERM
  scheduler::SchedulerOptions scheduler;
  admission::AdmissionOptions admission;
  std::filesystem::path tenants_database;  // a SQLite file; empty: kept in memory only
  std::vector<core::Tenant> tenants;       // to begin with (apps/initial_tenants.h)
  frontend::HttpOptions http;

  bool AdaptsThreads() const { return threads == 0; }
};

// Reads a configuration file; what it does not name keeps its default.
// Errors: kInvalidArgument with the file, the key, what it holds and what is
//         expected; unknown keys are errors.
Result<ServeConfig> ParseServeConfig(std::string_view toml, std::string_view source);

}  // namespace delen::apps
