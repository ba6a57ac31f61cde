#include "apps/load_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "apps/console/svg_chart.h"
#include "apps/console/table.h"

namespace delen::apps {
namespace {

using Json = nlohmann::ordered_json;
using client::LoadReport;
using client::LoadTally;

std::string Count(std::uint64_t count) { return fmt::format("{}", count); }

std::optional<double> MeasuredAccuracy(const LoadTally& tally) {
  if (tally.labelled == 0) return std::nullopt;
  return static_cast<double>(tally.correct) / static_cast<double>(tally.labelled);
}

// What the server expects of its answers; unknown without labelled data there.
std::optional<double> ExpectedAccuracy(const LoadTally& tally) {
  if (tally.counts.accuracy_sum == 0.0) return std::nullopt;
  return tally.counts.MeanAccuracy();
}

std::string Percent(std::optional<double> share) {
  return share ? fmt::format("{:.1f}", *share * 100.0) : "-";
}

std::string Quantile(const LatencyHistogram& latency, double fraction) {
  if (latency.count() == 0) return "-";
  return fmt::format("{:.2f}", InMilliseconds(latency.Quantile(fraction)));
}

void AddOutcome(Table& table, const LoadReport& report, const LoadTally& tally) {
  const workload::Tally& counts = tally.counts;
  table.AddRow({counts.tenant, Count(counts.arrived), Count(counts.answered), Count(counts.kept),
                Count(counts.refused), Count(counts.dropped),
                fmt::format("{:.1f}", report.Goodput(tally)), Percent(counts.ViolationRate()),
                Percent(MeasuredAccuracy(tally)), Percent(ExpectedAccuracy(tally)),
                workload::ExitShares(counts)});
}

void AddLatency(Table& table, const LoadTally& tally, std::optional<Seconds> bound) {
  const LatencyHistogram& latency = tally.counts.latency;
  table.AddRow({tally.counts.tenant, bound ? fmt::format("{:g}", InMilliseconds(*bound)) : "-",
                Quantile(latency, 0.5), Quantile(latency, 0.95), Quantile(latency, 0.99),
                Quantile(latency, 1.0), Quantile(tally.server_latency, 0.5),
                Quantile(tally.server_latency, 0.99), Quantile(tally.send_delay, 0.99),
                Count(tally.waited)});
}

Json NumberOrNull(std::optional<double> number) { return number ? Json(*number) : Json(); }

// To the microsecond.
Json Milliseconds(const LatencyHistogram& latency, double fraction) {
  if (latency.count() == 0) return {};
  return std::round(InMicroseconds(latency.Quantile(fraction))) / 1e3;
}

Json TallyJson(const LoadReport& report, const LoadTally& tally) {
  const workload::Tally& counts = tally.counts;
  return {{"tenant", counts.tenant},
          {"arrived", counts.arrived},
          {"answered", counts.answered},
          {"kept", counts.kept},
          {"refused", counts.refused},
          {"errors", counts.dropped},
          {"degraded", counts.degraded},
          {"first_error", tally.first_error.empty() ? Json() : Json(tally.first_error)},
          {"goodput_per_second", report.Goodput(tally)},
          {"violation_rate", counts.ViolationRate()},
          {"accuracy", NumberOrNull(MeasuredAccuracy(tally))},
          {"expected_accuracy", NumberOrNull(ExpectedAccuracy(tally))},
          {"answers_by_exit", counts.exits},
          {"latency_p50_ms", Milliseconds(counts.latency, 0.5)},
          {"latency_p95_ms", Milliseconds(counts.latency, 0.95)},
          {"latency_p99_ms", Milliseconds(counts.latency, 0.99)},
          {"latency_max_ms", Milliseconds(counts.latency, 1.0)},
          {"server_latency_p50_ms", Milliseconds(tally.server_latency, 0.5)},
          {"server_latency_p99_ms", Milliseconds(tally.server_latency, 0.99)},
          {"send_delay_p50_ms", Milliseconds(tally.send_delay, 0.5)},
          {"send_delay_p99_ms", Milliseconds(tally.send_delay, 0.99)},
          {"waited_for_connection", tally.waited},
          {"device_seconds", counts.device.value()},
          {"energy_joules", counts.energy.value()}};
}

// From the fastest answer to the slowest; `nines` of 2 are 99 %.
std::vector<ChartPoint> QuantileCurve(const LatencyHistogram& latency) {
  constexpr double kStep = 0.05;
  std::vector<ChartPoint> points;
  if (latency.count() == 0) return points;
  points.push_back({0.0, InMilliseconds(latency.min())});
  const double most = std::log10(static_cast<double>(latency.count()));
  for (double nines = kStep; nines < most; nines += kStep) {
    points.push_back({nines, InMilliseconds(latency.Quantile(1.0 - std::pow(10.0, -nines)))});
  }
  points.push_back({most, InMilliseconds(latency.max())});
  return points;
}

}  // namespace

std::string LoadTables(const workload::Scenario& scenario, const LoadReport& report) {
  Table outcomes({"tenant", "arrived", "answered", "kept", "refused", "errors", "kept/s",
                  "violations %", "accuracy %", "expected %", "by exit %"});
  Table latencies({"tenant", "bound ms", "p50 ms", "p95 ms", "p99 ms", "max ms", "server p50 ms",
                   "server p99 ms", "send delay p99 ms", "waited"});
  for (std::size_t i = 0; i < report.tenants.size(); ++i) {
    AddOutcome(outcomes, report, report.tenants[i]);
    AddLatency(latencies, report.tenants[i], scenario.tenants[i].terms.bounds.max_latency);
  }
  const LoadTally total = report.Total();
  AddOutcome(outcomes, report, total);
  AddLatency(latencies, total, std::nullopt);
  std::string text = fmt::format("{}, {:g} s\n\n{}\n{}", scenario.name, report.time.value(),
                                 outcomes.Text(), latencies.Text());
  if (!total.first_error.empty()) text += fmt::format("\nfirst error: {}\n", total.first_error);
  return text;
}

std::string LoadJson(const workload::Scenario& scenario, const LoadReport& report) {
  Json tenants = Json::array();
  for (const LoadTally& tally : report.tenants) tenants.push_back(TallyJson(report, tally));
  const Json json = {{"scenario", scenario.name},
                     {"seed", scenario.seed},
                     {"measured_seconds", report.time.value()},
                     {"all", TallyJson(report, report.Total())},
                     {"tenants", std::move(tenants)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string LoadSvg(const workload::Scenario& scenario, const LoadReport& report) {
  LineChart chart{.title = scenario.name + ": latency, from the instant due",
                  .x_label = "nines of the answers (1: 90 %, 2: 99 %, 3: 99.9 %)",
                  .y_label = "latency (ms)",
                  .log_y = true,
                  .series = {}};
  double most = 0.0;
  for (const LoadTally& tally : report.tenants) {
    chart.series.push_back({tally.counts.tenant, QuantileCurve(tally.counts.latency)});
    if (!chart.series.back().points.empty()) {
      most = std::max(most, chart.series.back().points.back().x);
    }
  }
  for (const workload::ScenarioTenant& tenant : scenario.tenants) {
    if (!tenant.terms.bounds.max_latency) continue;
    const double bound = InMilliseconds(*tenant.terms.bounds.max_latency);
    chart.series.push_back({tenant.terms.name + ", bound", {{0.0, bound}, {most, bound}}});
  }
  return SvgText(chart);
}

}  // namespace delen::apps
