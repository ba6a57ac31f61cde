#include "isolation.h"

#include <fmt/core.h>

#include <chrono>
#include <future>
#include <thread>
#include <utility>

#include "served_load.h"

namespace delen::bench {
namespace {

constexpr double kModestShare = 0.2;  // of the capacity
constexpr double kFloodShare = 10.0;
// The flood begins before the modest tenant and ends after it.
constexpr Seconds kFloodLead{0.5};
// More than the server lets in, so that it is the server who has to say no.
constexpr int kFloodConnections = 512;
constexpr Seconds kFloodPatience{1.0};

workload::Scenario ModestScenario(const BundledLoad& bundled, Seconds measured) {
  workload::Scenario scenario = NewScenario("modest", 1, measured);
  const Seconds bound = 10.0 * P95To(bundled.exits, 0) + FromMilliseconds(1.0);
  scenario.tenants = {PoissonTenant({.name = "modest", .bounds = {.max_latency = bound}},
                                    bundled.model.spec.name,
                                    kModestShare * bundled.CapacityPerSecond())};
  return scenario;
}

workload::Scenario FloodScenario(const BundledLoad& bundled, Seconds measured) {
  workload::Scenario scenario = NewScenario("flood", 2, measured + 2.0 * kFloodLead);
  scenario.tenants = {PoissonTenant({.name = "flood", .bounds = {}}, bundled.model.spec.name,
                                    kFloodShare * bundled.CapacityPerSecond())};
  return scenario;
}

struct Outcome {
  client::LoadReport alone;
  client::LoadReport beside;
  client::LoadReport flood;
};

// Both tenants, each with a generator and a thread of its own.
Status PlayBeside(const ServedLoad& server, const client::LoadInputs& pictures,
                  const workload::Scenario& modest, const workload::Scenario& flood,
                  Outcome& outcome) {
  auto flooding = std::async(std::launch::async, [&] {
    return server.Play(flood, {pictures},
                       {.label = "",
                        .connections = kFloodConnections,
                        .patience = kFloodPatience,
                        .shown = false});
  });
  std::this_thread::sleep_for(std::chrono::duration<double>(kFloodLead.value()));
  Result<client::LoadReport> beside =
      server.Play(modest, {pictures}, {.label = "isolation: beside a flood"});
  Result<client::LoadReport> flooded = flooding.get();
  if (!beside) return std::move(beside).error();
  if (!flooded) return std::move(flooded).error();
  outcome.beside = *std::move(beside);
  outcome.flood = *std::move(flooded);
  return {};
}

Result<Outcome> Measure(const ServedLoad& server, const BundledLoad& bundled, Seconds time) {
  const Result<client::LoadInputs> pictures = bundled.Pictures(1);
  if (!pictures) return pictures.error();
  const workload::Scenario modest = ModestScenario(bundled, time);
  const workload::Scenario flood = FloodScenario(bundled, time);
  for (const workload::Scenario* scenario : {&modest, &flood}) {
    if (Status put = server.Put(*scenario); !put) return std::move(put).error();
  }
  Outcome outcome;
  Result<client::LoadReport> alone =
      server.Play(modest, {*pictures}, {.label = "isolation: alone"});
  if (!alone) return std::move(alone).error();
  outcome.alone = *std::move(alone);
  if (Status played = PlayBeside(server, *pictures, modest, flood, outcome); !played) {
    return std::move(played).error();
  }
  return outcome;
}

}  // namespace

Status ReportIsolation(const TenantsSetting& setting, Report& report) {
  const Result<BundledLoad> bundled = PrepareBundled(setting);
  if (!bundled) return bundled.error();
  const Result<ServedLoad> server = ServedLoad::StartBundled(setting);
  if (!server) return server.error();
  const Result<Outcome> outcome = Measure(*server, *bundled, Seconds(setting.quick ? 1.0 : 10.0));
  if (!outcome) return outcome.error();
  const client::LoadTally& alone = outcome->alone.tenants[0];
  const client::LoadTally& beside = outcome->beside.tenants[0];
  const client::LoadTally& flood = outcome->flood.tenants[0];
  report.Figure("isolation.alone", alone.ToldViolationRate(), "share",
                "beside the next; by the server's account");
  report.Figure("isolation.beside_flood", beside.ToldViolationRate(), "share",
                "at most 0.02 above alone");
  report.Figure("isolation.alone_by_client", alone.counts.ViolationRate(), "share",
                "by the clock of a client on the same cores, as is the flood's");
  report.Figure("isolation.beside_flood_by_client", beside.counts.ViolationRate(), "share",
                "beside it");
  report.details("isolation") = {
      {"threads", BundledLoad::kThreads},
      {"capacity_per_second", bundled->CapacityPerSecond()},
      {"modest_share_of_capacity", kModestShare},
      {"flood_share_of_capacity", kFloodShare},
      {"max_latency_ms",
       InMilliseconds(*ModestScenario(*bundled, {}).tenants[0].terms.bounds.max_latency)},
      {"flood_connections", kFloodConnections},
      {"alone", TallyJson(outcome->alone, alone)},
      {"beside_flood", TallyJson(outcome->beside, beside)},
      {"flood", TallyJson(outcome->flood, flood)}};
  return {};
}

}  // namespace delen::bench
