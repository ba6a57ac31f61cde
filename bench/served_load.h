// A real `delen serve` process, and loads played against it as open loops.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "apps/demo/server_process.h"
#include "base/result.h"
#include "base/units.h"
#include "client/http_connection.h"
#include "client/load_generator.h"
#include "core/exit_table.h"
#include "core/model_folder.h"
#include "core/tenant.h"
#include "report.h"
#include "tenants_setting.h"
#include "workload/scenario.h"

namespace delen::bench {

// The bundled model, and what is to be sent to it.
struct BundledLoad {
  // One, wherever there are more: on a small machine the load generator and the
  // server's own thread need the rest, and with less than what the profile was
  // measured with, a capacity computed from it would not be one.
  static constexpr int kThreads = 1;

  core::ModelVersion model;
  core::ExitTable exits;  // on kThreads
  std::filesystem::path data;

  // Answers from the last exit per second, one after another.
  double CapacityPerSecond() const;
  // Labelled pictures, `rows` in each request.
  Result<client::LoadInputs> Pictures(int rows) const;
};

Result<BundledLoad> PrepareBundled(const TenantsSetting& setting);

// From the input up to an exit, a batch of one.
Seconds P50To(const core::ExitTable& exits, int exit);
Seconds P95To(const core::ExitTable& exits, int exit);
Seconds P99To(const core::ExitTable& exits, int exit);

struct PlayOptions {
  std::string label;      // for the progress bar
  int connections = 256;  // of each tenant at most: as many as the server lets in
  Seconds patience{30.0};
  bool shown = true;  // in a progress bar
};

// What the server's clock does not see of a request, kept free of every latency
// bound (response_reserve_ms): the way there and back and a client on the same
// machine. About the p99 of `infer_round_trip_less_stages_us`, which delen_main_job_bench
// measures.
inline constexpr Seconds kReserve = FromMilliseconds(0.2);

// Threads: loads may be played side by side.
class ServedLoad {
 public:
  // Serves a models folder; `execution` are the lines of that section of the
  // server's configuration.
  static Result<ServedLoad> Start(const TenantsSetting& setting,
                                  const std::filesystem::path& models,
                                  const std::string& execution);
  // Serves the bundled model on BundledLoad::kThreads, with kReserve.
  static Result<ServedLoad> StartBundled(const TenantsSetting& setting);

  pid_t pid() const { return process_.pid(); }

  // Declares the scenario's tenants, or changes them if they are there.
  Status Put(const workload::Scenario& scenario) const;
  // `inputs` has one element per tenant.
  Result<client::LoadReport> Play(workload::Scenario scenario,
                                  std::vector<client::LoadInputs> inputs,
                                  const PlayOptions& options) const;

 private:
  explicit ServedLoad(apps::ServerProcess process) : process_(std::move(process)) {}

  apps::ServerProcess process_;
};

// A scenario to add tenants to: `measured` after a warm-up.
workload::Scenario NewScenario(const std::string& name, std::uint64_t seed, Seconds measured);
workload::ScenarioTenant PoissonTenant(core::Tenant terms, const std::string& model,
                                       double rate_per_s);

// How many of the latencies were not above `limit`, to the histogram's precision.
std::uint64_t CountWithin(const LatencyHistogram& latencies, Seconds limit);

// All that a load's tally tells, for `details`.
nlohmann::ordered_json TallyJson(const client::LoadReport& report, const client::LoadTally& tally);

// In milliseconds; "-" without an answer.
std::string QuantileText(const LatencyHistogram& latencies, double fraction);

}  // namespace delen::bench
