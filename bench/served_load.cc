#include "served_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "apps/load_inputs.h"
#include "apps/load_run.h"
#include "base/clock.h"
#include "base/files.h"

namespace delen::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kAddress = "127.0.0.1";
constexpr Seconds kWarmup{0.5};

Json Milliseconds(const LatencyHistogram& latencies, double fraction) {
  if (latencies.count() == 0) return {};
  return InMilliseconds(latencies.Quantile(fraction));
}

}  // namespace

double BundledLoad::CapacityPerSecond() const {
  return 1.0 / P50To(exits, exits.last_exit()).value();
}

Result<client::LoadInputs> BundledLoad::Pictures(int rows) const {
  return apps::LabelledRequests(data.string(), model.spec, rows);
}

Result<BundledLoad> PrepareBundled(const TenantsSetting& setting) {
  Result<core::ModelVersion> model = apps::PrepareDemoModel(setting.paths);
  if (!model) return std::move(model).error();
  Result<core::ExitTable> exits = core::ExitTable::Make(*model, BundledLoad::kThreads);
  if (!exits) return std::move(exits).error();
  return BundledLoad{*std::move(model), *std::move(exits), setting.paths.data("test-images.idx")};
}

Seconds P50To(const core::ExitTable& exits, int exit) {
  const std::vector<core::StageCost>& stages = exits.CostsFor(1).table->stages;
  Seconds time;
  for (int stage = 0; stage <= exit; ++stage) time += stages[static_cast<std::size_t>(stage)].p50;
  return time;
}

Seconds P95To(const core::ExitTable& exits, int exit) {
  return exits.CostsFor(1).sums->p95[static_cast<std::size_t>(exit) + 1];
}

Seconds P99To(const core::ExitTable& exits, int exit) {
  return exits.CostsFor(1).sums->p99[static_cast<std::size_t>(exit) + 1];
}

Result<ServedLoad> ServedLoad::Start(const TenantsSetting& setting,
                                     const std::filesystem::path& models,
                                     const std::string& execution) {
  const std::filesystem::path config = setting.work / "serve.toml";
  Status written = WriteFileAtomically(config, "[execution]\n" + execution);
  if (!written) return std::move(written).error();
  Result<apps::ServerProcess> process = apps::ServerProcess::Start(
      setting.paths.program,
      {"--config", config.string(), "--models", models.string(), "--http-port", "0"});
  if (!process) return std::move(process).error();
  return ServedLoad(*std::move(process));
}

Result<ServedLoad> ServedLoad::StartBundled(const TenantsSetting& setting) {
  return Start(setting, setting.paths.models,
               fmt::format("threads = {}\nresponse_reserve_ms = {:g}\n", BundledLoad::kThreads,
                           InMilliseconds(kReserve)));
}

Status ServedLoad::Put(const workload::Scenario& scenario) const {
  return apps::DeclareTenants(scenario, kAddress, process_.port());
}

Result<client::LoadReport> ServedLoad::Play(workload::Scenario scenario,
                                            std::vector<client::LoadInputs> inputs,
                                            const PlayOptions& options) const {
  const client::LoadPlan plan{std::move(scenario), std::move(inputs)};
  client::LoadOptions load;
  load.address = kAddress;
  load.port = process_.port();
  load.connections = options.connections;
  load.patience = options.patience;
  if (options.shown) return apps::RunShown(plan, load, options.label);
  const SteadyClock clock;
  client::LoadProgress progress;
  return client::RunLoad(plan, load, clock, progress);
}

workload::Scenario NewScenario(const std::string& name, std::uint64_t seed, Seconds measured) {
  workload::Scenario scenario;
  scenario.name = name;
  scenario.seed = seed;
  scenario.warmup = kWarmup;
  scenario.duration = kWarmup + measured;
  return scenario;
}

workload::ScenarioTenant PoissonTenant(core::Tenant terms, const std::string& model,
                                       double rate_per_s) {
  return {.terms = std::move(terms),
          .model = model,
          .arrivals = workload::PoissonArrivals{.rate_per_s = rate_per_s}};
}

std::uint64_t CountWithin(const LatencyHistogram& latencies, Seconds limit) {
  std::uint64_t within = 0;  // the latency of this rank is not above the limit
  std::uint64_t above = latencies.count() + 1;
  while (above - within > 1) {
    const std::uint64_t rank = within + (above - within) / 2;
    const double fraction = static_cast<double>(rank) / static_cast<double>(latencies.count());
    (latencies.Quantile(fraction) <= limit ? within : above) = rank;
  }
  return within;
}

Json TallyJson(const client::LoadReport& report, const client::LoadTally& tally) {
  const workload::Tally& counts = tally.counts;
  Json json = {{"tenant", counts.tenant},
               {"arrived", counts.arrived},
               {"answered", counts.answered},
               {"kept", counts.kept},
               {"refused", counts.refused},
               {"failed", counts.dropped},
               {"degraded", counts.degraded},
               {"goodput_per_second", report.Goodput(tally)},
               {"violation_rate", counts.ViolationRate()},
               {"admitted_violation_rate", counts.AdmittedViolationRate()},
               {"admitted_violation_rate_by_server", tally.ToldViolationRate()},
               {"expected_accuracy", counts.MeanAccuracy()},
               {"answers_by_exit", counts.exits},
               {"p50_ms", Milliseconds(counts.latency, 0.5)},
               {"p99_ms", Milliseconds(counts.latency, 0.99)},
               {"server_p50_ms", Milliseconds(tally.server_latency, 0.5)},
               {"server_p99_ms", Milliseconds(tally.server_latency, 0.99)},
               {"send_delay_p99_ms", Milliseconds(tally.send_delay, 0.99)},
               {"waited_for_connection", tally.waited}};
  if (!tally.first_error.empty()) json["first_error"] = tally.first_error;
  return json;
}

std::string QuantileText(const LatencyHistogram& latencies, double fraction) {
  if (latencies.count() == 0) return "-";
  return fmt::format("{:.2f}", InMilliseconds(latencies.Quantile(fraction)));
}

}  // namespace delen::bench
