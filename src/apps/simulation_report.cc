#include "apps/simulation_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "apps/console/svg_chart.h"
#include "apps/console/table.h"

namespace delen::apps {
namespace {

using Json = nlohmann::ordered_json;

std::string Percent(double share) { return fmt::format("{:.2f} %", share * 100.0); }

void AddRow(Table& table, const SimulationRun& run, const sim::Tally& tally) {
  table.AddRow({run.policy, fmt::format("{:g}", run.scale), tally.tenant,
                fmt::format("{}", tally.arrived), fmt::format("{:.1f}", run.report.Goodput(tally)),
                Percent(tally.ViolationRate()), fmt::format("{}", tally.refused),
                fmt::format("{}", tally.degraded), fmt::format("{:.4f}", tally.MeanAccuracy()),
                fmt::format("{:.2f}", InMilliseconds(tally.latency.Quantile(0.5))),
                fmt::format("{:.2f}", InMilliseconds(tally.latency.Quantile(0.99))),
                workload::ExitShares(tally, " ")});
}

Json TallyJson(const sim::Report& report, const sim::Tally& tally) {
  return {{"tenant", tally.tenant},
          {"arrived", tally.arrived},
          {"answered", tally.answered},
          {"kept", tally.kept},
          {"refused", tally.refused},
          {"dropped", tally.dropped},
          {"degraded", tally.degraded},
          {"goodput_per_second", report.Goodput(tally)},
          {"violation_rate", tally.ViolationRate()},
          {"admitted_violation_rate", tally.AdmittedViolationRate()},
          {"mean_accuracy", tally.MeanAccuracy()},
          {"latency_p50_ms", InMilliseconds(tally.latency.Quantile(0.5))},
          {"latency_p95_ms", InMilliseconds(tally.latency.Quantile(0.95))},
          {"latency_p99_ms", InMilliseconds(tally.latency.Quantile(0.99))},
          {"device_seconds", tally.device.value()},
          {"energy_joules", tally.energy.value()},
          {"answers_by_exit", tally.exits}};
}

}  // namespace

std::string SimulationTable(const std::vector<SimulationRun>& runs) {
  Table table({"policy", "scale", "tenant", "arrived", "goodput/s", "violations", "refused",
               "degraded", "accuracy", "p50 ms", "p99 ms", "exits %"});
  for (const SimulationRun& run : runs) {
    if (runs.size() == 1) {
      for (const sim::Tally& tally : run.report.tenants) AddRow(table, run, tally);
    }
    AddRow(table, run, run.report.Total());
  }
  return table.Text();
}

std::string SimulationJson(const std::vector<SimulationRun>& runs) {
  Json json = Json::array();
  for (const SimulationRun& run : runs) {
    Json tenants = Json::array();
    for (const sim::Tally& tally : run.report.tenants) {
      tenants.push_back(TallyJson(run.report, tally));
    }
    json.push_back({{"policy", run.policy},
                    {"scale", run.scale},
                    {"simulated_seconds", run.report.time.value()},
                    {"stages", run.report.stages},
                    {"hash", fmt::format("{:016x}", run.report.hash)},
                    {"all", TallyJson(run.report, run.report.Total())},
                    {"tenants", tenants}});
  }
  return json.dump(2) + "\n";
}

std::string SimulationSvg(const std::string& scenario, const std::vector<SimulationRun>& runs) {
  LineChart chart{.title = scenario + ": requests not answered within their bounds",
                  .x_label = "rate (requests/s)",
                  .y_label = "violations (%)",
                  .series = {}};
  for (const SimulationRun& run : runs) {
    auto series = std::ranges::find(chart.series, run.policy, &ChartSeries::name);
    if (series == chart.series.end()) {
      chart.series.push_back({run.policy, {}});
      series = chart.series.end() - 1;
    }
    const sim::Tally total = run.report.Total();
    series->points.push_back({static_cast<double>(total.arrived) / run.report.time.value(),
                              total.ViolationRate() * 100.0});
  }
  return SvgText(chart);
}

}  // namespace delen::apps
