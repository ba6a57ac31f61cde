#include "sim_vs_live.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>
#include <variant>

#include "apps/console/table.h"
#include "served_load.h"
#include "sim/simulator.h"

namespace delen::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kLoad = 0.5;  // of the capacity

struct MeanRate {
  double operator()(const workload::PoissonArrivals& poisson) const { return poisson.rate_per_s; }
  double operator()(const workload::PeriodicArrivals& frames) const { return frames.rate_per_s; }
  double operator()(const workload::BurstyArrivals& bursts) const {
    double requests = 0.0;
    Seconds round;
    for (const workload::BurstyArrivals::State& state : bursts.states) {
      requests += state.rate_per_s * state.mean_dwell.value();
      round += state.mean_dwell;
    }
    return requests / round.value();
  }
  double operator()(const workload::RecordedArrivals& recording) const {
    return static_cast<double>(recording.times.size()) / recording.times.back().value();
  }
};

double RowsPerSecond(const workload::Scenario& scenario) {
  double rows = 0.0;
  for (const workload::ScenarioTenant& tenant : scenario.tenants) {
    rows += tenant.rows * std::visit(MeanRate(), tenant.arrivals);
  }
  return rows;
}

// The coefficient of variation of a log-normal time with the p50 and p99 that the
// profile has of a run to the last exit.
double ProfiledNoise(const BundledLoad& bundled) {
  constexpr double kNormalP99 = 2.326;
  const int last = bundled.exits.last_exit();
  const double deviation =
      std::log(P99To(bundled.exits, last) / P50To(bundled.exits, last)) / kNormalP99;
  return std::sqrt(std::expm1(deviation * deviation));
}

// The three tenants of the example, at a part of what the machine can do, on a
// machine that nobody slows down.
Result<workload::Scenario> ScenarioOf(const TenantsSetting& setting, const BundledLoad& bundled) {
  Result<workload::Scenario> scenario =
      workload::ReadScenario(setting.scenarios / "three_tenants.toml");
  if (!scenario) return scenario;
  scenario->slowdown = workload::ConstantSlowdown{1.0};
  scenario->stage_noise_cv = ProfiledNoise(bundled);
  scenario->duration = scenario->warmup + Seconds(setting.quick ? 2.0 : 10.0);
  scenario->ScaleRates(kLoad * bundled.CapacityPerSecond() / RowsPerSecond(*scenario));
  return scenario;
}

// What a profile, measured with the stages running hot one after another and
// nothing else, does not know of the server.
struct Calibration {
  double slowdown = 1.0;  // of stages between which the cores sleep
  Seconds overhead;       // of a request besides its stages
};

// From one tenant's requests, few enough that hardly any waits.
Result<Calibration> Calibrate(const ServedLoad& server, const BundledLoad& bundled) {
  constexpr double kCalibrationLoad = 0.2;
  workload::Scenario scenario = NewScenario("calibration", 1, Seconds(3.0));
  scenario.tenants = {PoissonTenant({.name = "calibration"}, bundled.model.spec.name,
                                    kCalibrationLoad * bundled.CapacityPerSecond())};
  if (Status put = server.Put(scenario); !put) return std::move(put).error();
  const Result<client::LoadInputs> pictures = bundled.Pictures(1);
  if (!pictures) return pictures.error();
  const Result<client::LoadReport> report =
      server.Play(scenario, {*pictures}, {.label = "sim_vs_live: calibrating"});
  if (!report) return report.error();
  const client::LoadTally& tally = report->tenants[0];
  const Seconds device = tally.counts.device / static_cast<double>(tally.counts.answered);
  return Calibration{device / P50To(bundled.exits, bundled.exits.best_exit()),
                     std::max(tally.server_latency.Quantile(0.5) - device, Seconds())};
}

Result<sim::Report> Simulate(const workload::Scenario& scenario, const BundledLoad& bundled) {
  sim::SimulatorOptions options;
  options.threads = BundledLoad::kThreads;
  options.scheduler.response_reserve = kReserve;
  Result<sim::Simulator> simulator =
      sim::Simulator::Make(scenario, {{bundled.model.spec.name, bundled.model}}, options);
  if (!simulator) return std::move(simulator).error();
  return simulator->Run();
}

Result<client::LoadReport> Serve(const ServedLoad& server, const BundledLoad& bundled,
                                 const workload::Scenario& scenario) {
  if (Status put = server.Put(scenario); !put) return std::move(put).error();
  std::vector<client::LoadInputs> inputs;
  for (const workload::ScenarioTenant& tenant : scenario.tenants) {
    Result<client::LoadInputs> pictures = bundled.Pictures(tenant.rows);
    if (!pictures) return std::move(pictures).error();
    inputs.push_back(*std::move(pictures));
  }
  return server.Play(scenario, std::move(inputs), {.label = "sim_vs_live: live"});
}

Json SimulatedJson(const sim::Tally& tally) {
  return {{"tenant", tally.tenant},
          {"arrived", tally.arrived},
          {"kept", tally.kept},
          {"refused", tally.refused},
          {"violation_rate", tally.ViolationRate()},
          {"expected_accuracy", tally.MeanAccuracy()},
          {"answers_by_exit", tally.exits},
          {"p50_ms", InMilliseconds(tally.latency.Quantile(0.5))},
          {"p99_ms", InMilliseconds(tally.latency.Quantile(0.99))}};
}

void AddRows(apps::Table& table, const sim::Tally& simulated, const client::LoadTally& live) {
  const auto add = [&](const char* what, const workload::Tally& counts,
                       const LatencyHistogram& latency, bool is_judged) {
    table.AddRow(
        {counts.tenant, what, fmt::format("{}", counts.arrived), fmt::format("{}", counts.refused),
         is_judged ? fmt::format("{:.2f}", counts.ViolationRate() * 100.0) : "-",
         QuantileText(latency, 0.5), QuantileText(latency, 0.99), workload::ExitShares(counts)});
  };
  add("simulated", simulated, simulated.latency, true);
  add("live, client's clock", live.counts, live.counts.latency, true);
  add("live, server's clock", live.counts, live.server_latency, false);
}

// Both tables and both figures; the simulator knows the server and neither the
// network nor the client, so times are compared by the server's clock.
void ReportBoth(const sim::Report& simulated, const client::LoadReport& live, Report& report) {
  apps::Table table(
      {"tenant", "", "arrived", "refused", "violations %", "p50 ms", "p99 ms", "by exit %"});
  Json tenants = Json::array();
  for (std::size_t i = 0; i < live.tenants.size(); ++i) {
    AddRows(table, simulated.tenants[i], live.tenants[i]);
    tenants.push_back({{"simulated", SimulatedJson(simulated.tenants[i])},
                       {"live", TallyJson(live, live.tenants[i])}});
  }
  const sim::Tally expected = simulated.Total();
  const client::LoadTally measured = live.Total();
  AddRows(table, expected, measured);
  fmt::print("\none load, simulated and live\n{}\n", table.Text());
  const Seconds simulated_p50 = expected.latency.Quantile(0.5);
  report.Figure("sim_vs_live.violation_rate_points",
                100.0 * std::abs(measured.counts.ViolationRate() - expected.ViolationRate()),
                "points", "<= 5; the live one by the client's clock");
  report.Figure("sim_vs_live.p50_ratio", measured.server_latency.Quantile(0.5) / simulated_p50,
                "ratio", "0.85 .. 1.15; live by the server's clock over simulated");
  report.details("sim_vs_live") = {
      {"load", kLoad},
      {"p50_ratio_by_clients_clock", measured.counts.latency.Quantile(0.5) / simulated_p50},
      {"simulated", SimulatedJson(expected)},
      {"live", TallyJson(live, measured)},
      {"tenants", std::move(tenants)}};
}

}  // namespace

Status ReportSimVsLive(const TenantsSetting& setting, Report& report) {
  const Result<BundledLoad> bundled = PrepareBundled(setting);
  if (!bundled) return bundled.error();
  Result<workload::Scenario> scenario = ScenarioOf(setting, *bundled);
  if (!scenario) return std::move(scenario).error();
  const Result<ServedLoad> server = ServedLoad::StartBundled(setting);
  if (!server) return server.error();
  const Result<Calibration> calibration = Calibrate(*server, *bundled);
  if (!calibration) return calibration.error();
  scenario->slowdown = workload::ConstantSlowdown{calibration->slowdown};
  scenario->request_overhead = calibration->overhead;
  const Result<sim::Report> simulated = Simulate(*scenario, *bundled);
  if (!simulated) return simulated.error();
  const Result<client::LoadReport> live = Serve(*server, *bundled, *scenario);
  if (!live) return live.error();
  ReportBoth(*simulated, *live, report);
  nlohmann::ordered_json& details = report.details("sim_vs_live");
  details["stage_noise_cv"] = scenario->stage_noise_cv;
  details["calibrated_slowdown"] = calibration->slowdown;
  details["calibrated_overhead_ms"] = InMilliseconds(calibration->overhead);
  return {};
}

}  // namespace delen::bench
