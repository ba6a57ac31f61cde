#include "apps/demo/crowd.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "apps/console/table.h"
#include "apps/load_run.h"
#include "workload/scenario.h"

namespace delen::apps {
namespace {

constexpr const char* kPolicies[] = {"all-final", "delen"};
constexpr double kTimesCapacity = 2.0;
constexpr Seconds kWarmUp{0.5};
constexpr const char* kAddress = "127.0.0.1";

// From the input to the last exit on one thread, one request at a time.
Seconds TimeToTheEnd(const core::ModelVersion& model) {
  Seconds time;
  for (const core::StageCost& stage : model.profile.costs[0].stages) time += stage.p50;
  return time;
}

workload::Scenario CrowdOf(const core::ModelVersion& model, const std::string& policy,
                           Seconds time) {
  const auto& exits = model.profile.quality->exits;
  const double floor = (exits[1].accuracy + exits[2].accuracy) / 2.0;
  workload::Scenario scenario;
  scenario.warmup = kWarmUp;
  scenario.duration = kWarmUp + time;
  const std::pair<const char*, core::Bounds> tenants[] = {
      {"robot", {.max_latency = FromMilliseconds(5.0)}},
      {"turnstile", {.max_latency = FromMilliseconds(50.0), .min_accuracy = floor}},
      {"archive", {.max_latency = FromMilliseconds(100.0)}}};
  const double rate = kTimesCapacity / TimeToTheEnd(model).value() / std::size(tenants);
  for (const auto& [name, bounds] : tenants) {
    workload::ScenarioTenant& tenant = scenario.tenants.emplace_back();
    tenant.terms.name = name;
    tenant.terms.bounds = bounds;
    tenant.terms.policy = policy;
    tenant.model = model.spec.name;
    tenant.arrivals = workload::PoissonArrivals{.rate_per_s = rate};
  }
  return scenario;
}

Result<client::LoadReport> Play(const client::LoadPlan& plan, std::uint16_t port,
                                const std::string& label) {
  client::LoadOptions options;
  options.address = kAddress;
  options.port = port;
  options.connections = 256;  // a tenant that must wait for one asks too late
  return RunShown(plan, options, label);
}

void AddRow(Table& table, const CrowdScore& score, const client::LoadTally& tally) {
  const workload::Tally& counts = tally.counts;
  const auto per_second = [&](std::uint64_t count) {
    return fmt::format("{:.0f}", static_cast<double>(count) / score.report.time.value());
  };
  table.AddRow(
      {score.policy, counts.tenant, per_second(counts.arrived),
       fmt::format("{:.0f}", score.report.Goodput(tally)),
       fmt::format("{:.1f}", 100.0 * (1.0 - counts.ViolationRate())),
       fmt::format("{:.2f}", InMilliseconds(counts.latency.Quantile(0.99))),
       fmt::format("{:.1f}", 100.0 * static_cast<double>(tally.correct) /
                                 static_cast<double>(std::max<std::uint64_t>(tally.labelled, 1)))});
}

}  // namespace

Result<std::vector<CrowdScore>> PlayCrowd(const core::ModelVersion& model, std::uint16_t port,
                                          const client::LoadInputs& requests, Seconds time) {
  std::vector<CrowdScore> scores;
  for (const char* policy : kPolicies) {
    client::LoadPlan plan{CrowdOf(model, policy, time), {}};
    plan.inputs.assign(plan.scenario.tenants.size(), requests);
    if (Status declared = DeclareTenants(plan.scenario, kAddress, port); !declared)
      return declared.error();
    Result<client::LoadReport> report =
        Play(plan, port, fmt::format("three tenants are crowding '{}'", policy));
    if (!report) return std::move(report).error();
    scores.push_back({policy, *std::move(report)});
  }
  return scores;
}

std::string CrowdText(const std::vector<CrowdScore>& scores) {
  Table table({"policy", "tenant", "asked/s", "kept/s", "bounds kept %", "p99 ms", "accuracy %"});
  for (const CrowdScore& score : scores) {
    for (const client::LoadTally& tally : score.report.tenants) AddRow(table, score, tally);
    AddRow(table, score, score.report.Total());
  }
  return fmt::format(
      "{:g} times what a server without exits can answer, by three tenants (latency <= 5 ms; "
      "accuracy\nfloor within 50 ms; 100 ms); first such a server, then Delen:\n\n{}",
      kTimesCapacity, table.Text());
}

}  // namespace delen::apps
