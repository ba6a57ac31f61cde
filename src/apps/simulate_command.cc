#include "apps/simulate_command.h"

#include <fmt/core.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "apps/console/progress_bar.h"
#include "apps/simulation_report.h"
#include "base/clock.h"
#include "base/files.h"
#include "core/model_folder.h"
#include "sim/simulator.h"

namespace delen::apps {
namespace {

struct SimulateFlags {
  std::string scenario;
  std::string models = "models";
  std::vector<std::string> policies;
  std::vector<double> scales = {1.0};
  std::optional<std::uint64_t> seed;
  int threads = 1;
  std::string svg;
  bool json = false;
};

constexpr const char* kOwnPolicies = "own";  // each tenant's, as the scenario says

using Models = std::map<std::string, core::ModelVersion>;

Result<Models> OpenModels(const workload::Scenario& scenario, const std::string& folder) {
  Models models;
  for (const workload::ScenarioModel& model : scenario.models) {
    if (model.published) continue;
    Result<core::ModelVersion> opened = core::OpenModelVersion(folder, model.name);
    if (!opened) return std::move(opened).error();
    models.emplace(model.name, *std::move(opened));
  }
  return models;
}

Result<SimulationRun> RunOnce(workload::Scenario scenario, const Models& models,
                              const std::string& policy, double scale, int threads) {
  scenario.ScaleRates(scale);
  sim::SimulatorOptions options;
  options.threads = threads;
  if (policy != kOwnPolicies) options.policy = policy;
  Result<sim::Simulator> simulator = sim::Simulator::Make(scenario, models, options);
  if (!simulator) return std::move(simulator).error();
  return SimulationRun{policy, scale, simulator->Run()};
}

Result<std::vector<SimulationRun>> RunAll(const SimulateFlags& flags,
                                          const workload::Scenario& scenario) {
  const Result<Models> models = OpenModels(scenario, flags.models);
  if (!models) return models.error();
  const SteadyClock clock;
  ProgressBar bar(clock);
  std::vector<SimulationRun> runs;
  const std::size_t total = flags.policies.size() * flags.scales.size();
  for (const std::string& policy : flags.policies) {
    for (const double scale : flags.scales) {
      bar.Update(runs.size(), total, "simulating");
      Result<SimulationRun> run = RunOnce(scenario, *models, policy, scale, flags.threads);
      if (!run) return std::move(run).error();
      runs.push_back(*std::move(run));
    }
  }
  return runs;
}

Status Simulate(const SimulateFlags& flags) {
  Result<workload::Scenario> scenario = workload::ReadScenario(flags.scenario);
  if (!scenario) return std::move(scenario).error();
  if (flags.seed) scenario->seed = *flags.seed;
  const Result<std::vector<SimulationRun>> runs = RunAll(flags, *scenario);
  if (!runs) return runs.error();
  if (!flags.svg.empty()) {
    Status drawn = WriteFileAtomically(flags.svg, SimulationSvg(scenario->name, *runs));
    if (!drawn) return drawn;
  }
  if (flags.json) {
    fmt::print("{}", SimulationJson(*runs));
    return {};
  }
  fmt::print("{}", SimulationTable(*runs));
  if (runs->size() == 1) fmt::print("hash {:016x}\n", runs->front().report.hash);
  if (!flags.svg.empty()) fmt::print("drawn in: {}\n", flags.svg);
  return {};
}

void AddOptions(CLI::App& command, SimulateFlags& flags) {
  command.add_option("--scenario", flags.scenario, "Scenario file (docs/formats.md)")->required();
  command.add_option("--models", flags.models,
                     "Folder with the models that the scenario names (default: models)");
  command
      .add_option("--policy", flags.policies,
                  "Policies for all tenants, one run each (default: the scenario's own)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--scale", flags.scales, "Factors on all rates, one run each (default: 1)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::PositiveNumber);
  command.add_option("--seed", flags.seed, "Seed (default: the scenario's)");
  command
      .add_option("--threads", flags.threads, "Which of the profile's thread counts (default: 1)")
      ->check(CLI::PositiveNumber);
  command.add_option("--svg", flags.svg, "Draw the violation rate over the rate into this file");
  command.add_flag("--json", flags.json, "Print JSON instead of a table");
}

}  // namespace

void AddSimulateCommand(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<SimulateFlags>();
  CLI::App* command = app.add_subcommand(
      "simulate", "Run a workload on a virtual clock, through the scheduler that serves");
  AddOptions(*command, *flags);
  command->footer(
      "Example:\n"
      "  delen simulate --scenario examples/scenarios/published.toml \\\n"
      "    --policy delen,edgeserving,all-final --scale 1,4,8,12 --svg violations.svg");
  command->callback([flags, &exit_code] {
    if (flags->policies.empty()) flags->policies = {kOwnPolicies};
    const Status simulated = Simulate(*flags);
    if (simulated) return;
    fmt::print(stderr, "delen simulate: {}\n", simulated.error().message);
    exit_code = 1;
  });
}

}  // namespace delen::apps
