// A workload as a whole: which tenants ask which models for what, when, and on
// what kind of machine. The content of a scenario file (docs/formats.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "core/model_folder.h"
#include "core/tenant.h"
#include "workload/arrival_process.h"
#include "workload/generators_toml.h"
#include "workload/slowdown_trace.h"
#include "workload/stage_noise.h"

namespace delen::workload {

struct ScenarioModel {
  std::string name;
  std::optional<core::ModelVersion> published;  // absent: the models folder has it
};

struct ScenarioTenant {
  core::Tenant terms;
  std::string model;  // the name of one of the scenario's models
  int rows = 1;       // of each request's batch
  Arrivals arrivals;
};

struct Scenario {
  std::string name;
  std::uint64_t seed = 1;
  // One of the two is set: arrivals end at this instant, or after so many.
  std::optional<Seconds> duration;
  std::optional<std::int64_t> requests;  // of all tenants together
  Seconds warmup;                        // requests that arrive before it do not count
  Slowdown slowdown;
  Seconds request_overhead;      // from a request's first byte until it waits for the lane
  double stage_noise_cv = 0.05;  // coefficient of variation of a stage's time
  std::vector<ScenarioModel> models;
  std::vector<ScenarioTenant> tenants;

  // All arrivals `factor` times as frequent (see WithRate); for sweeps.
  void ScaleRates(double factor);

  // The scenario's random processes, each with a stream of its own.
  std::unique_ptr<ArrivalProcess> ArrivalsOf(std::size_t tenant) const;
  std::unique_ptr<SlowdownTrace> SlowdownOverTime() const;
  StageNoise NoiseOfStages() const;
};

// `source` names the file in messages; `files` reads the recordings it names.
// Errors: kInvalidArgument with the file, the key, what it holds and what is
//         expected; unknown keys are errors.
Result<Scenario> ParseScenario(std::string_view toml, std::string_view source,
                               const FileReader& files);

// Recordings are looked for beside the scenario file.
Result<Scenario> ReadScenario(const std::filesystem::path& file);

}  // namespace delen::workload
