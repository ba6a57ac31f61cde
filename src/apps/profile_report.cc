#include "apps/profile_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "apps/console/table.h"

namespace delen::apps {
namespace {

std::string ExitTableText(const core::ModelVersion& model) {
  const core::Profile& profile = model.profile;
  const std::vector<double> flops = core::CumulativeFlops(profile);
  const std::vector<bool> dominated = core::DominatedExits(profile);
  Table table({"exit", "name", "MFLOP", "accuracy", "temperature", "calibration error", ""});
  for (std::size_t exit = 0; exit < flops.size(); ++exit) {
    std::vector<std::string> row = {fmt::format("{}", exit), model.spec.exits[exit],
                                    fmt::format("{:.2f}", flops[exit] * 1e-6)};
    if (profile.quality) {
      const core::ExitQuality& quality = profile.quality->exits[exit];
      row.push_back(fmt::format("{:.2f} %", quality.accuracy * 100.0));
      row.push_back(fmt::format("{:.3f}", quality.temperature));
      row.push_back(fmt::format("{:.2f} %", quality.calibration_error * 100.0));
      row.emplace_back(dominated[exit] ? "no better than an earlier exit" : "");
    } else {
      row.insert(row.end(), {"-", "-", "-"});
    }
    table.AddRow(std::move(row));
  }
  return table.Text();
}

void AddCosts(const core::CostTable& costs, Table& table) {
  core::StageCost sum;
  for (std::size_t exit = 0; exit < costs.stages.size(); ++exit) {
    const core::StageCost& stage = costs.stages[exit];
    sum.p50 += stage.p50;
    sum.p95 += stage.p95;
    sum.p99 += stage.p99;
    sum.energy += stage.energy;
    table.AddRow({fmt::format("{}", costs.threads), fmt::format("{}", exit),
                  fmt::format("{:.3f}", InMilliseconds(sum.p50)),
                  fmt::format("{:.3f}", InMilliseconds(sum.p95)),
                  fmt::format("{:.3f}", InMilliseconds(sum.p99)),
                  fmt::format("{:.3f}", InMillijoules(sum.energy))});
  }
}

// Whether some runs took so much longer than most that something else must have
// had the processor.
bool WasDisturbed(const core::CostTable& costs) {
  constexpr double kUsualTail = 4.0;
  Seconds p50;
  Seconds p99;
  for (const core::StageCost& stage : costs.stages) {
    p50 += stage.p50;
    p99 += stage.p99;
  }
  return p99 > p50 * kUsualTail;
}

// The costs at the smallest batch that was measured.
std::string CostTableText(const core::Profile& profile) {
  int batch = profile.costs.front().batch;
  for (const core::CostTable& costs : profile.costs) {
    batch = std::min(batch, costs.batch);
  }
  Table table({"threads", "exit", "p50 ms", "p95 ms", "p99 ms", "energy mJ"});
  for (const core::CostTable& costs : profile.costs) {
    if (costs.batch == batch) AddCosts(costs, table);
  }
  return fmt::format("Up to each exit, batch of {}:\n{}", batch, table.Text());
}

std::string SourcesText(const core::Profile& profile) {
  const core::Machine& machine = profile.machine;
  std::string text = fmt::format("measured on {}, {} cores, with {}\n",
                                 machine.cpu.empty() ? "an unnamed processor" : machine.cpu,
                                 machine.cores, machine.runtime);
  if (std::any_of(profile.costs.begin(), profile.costs.end(), WasDisturbed)) {
    text +=
        "the machine was busy with something else: measure again when it is not, for latency "
        "bounds\n"
        "are kept by the p99\n";
  }
  text += fmt::format("energy from: {}\n", Name(profile.energy_source));
  if (profile.quality) {
    text += fmt::format("accuracy from: {}, {} samples, {} points for accuracy floors\n",
                        profile.quality->data, profile.quality->samples,
                        profile.quality->floor_points.size());
  } else {
    text += "accuracy unknown: give labelled data with --data\n";
  }
  return text;
}

}  // namespace

std::string ProfileReport(const core::ModelVersion& model) {
  std::string text =
      fmt::format("{} version {}\n\n{}", model.spec.name, model.version, ExitTableText(model));
  if (!model.profile.costs.empty()) text += "\n" + CostTableText(model.profile);
  return text + "\n" + SourcesText(model.profile);
}

}  // namespace delen::apps
