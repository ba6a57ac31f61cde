#include "apps/load_command.h"

#include <fmt/core.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/load_inputs.h"
#include "apps/load_report.h"
#include "apps/load_run.h"
#include "apps/server_address.h"
#include "base/files.h"
#include "client/http_connection.h"
#include "client/load_generator.h"
#include "workload/scenario.h"

namespace delen::apps {
namespace {

struct LoadFlags {
  std::string scenario;
  std::string server = "127.0.0.1:8000";
  std::optional<std::uint64_t> seed;
  std::optional<double> duration_s;
  double scale = 1.0;
  LoadData data;
  int connections = client::LoadOptions().connections;
  std::string svg;
  bool json = false;
};

// The scenario as the command line changes it.
Result<workload::Scenario> ScenarioOf(const LoadFlags& flags) {
  Result<workload::Scenario> scenario = workload::ReadScenario(flags.scenario);
  if (!scenario) return scenario;
  if (flags.seed) scenario->seed = *flags.seed;
  if (flags.duration_s) {
    scenario->duration = Seconds(*flags.duration_s);
    scenario->requests.reset();
  }
  if (scenario->duration && *scenario->duration <= scenario->warmup) {
    return InvalidArgument("the load lasts {} s, expected more than its warm-up of {} s",
                           scenario->duration->value(), scenario->warmup.value());
  }
  scenario->ScaleRates(flags.scale);
  return scenario;
}

Result<client::LoadPlan> PlanOf(const LoadFlags& flags, const ServerAddress& server) {
  Result<workload::Scenario> scenario = ScenarioOf(flags);
  if (!scenario) return std::move(scenario).error();
  Result<client::HttpConnection> connection =
      client::HttpConnection::Connect(server.address, server.port, client::LoadOptions().patience);
  if (!connection) return WithContext(flags.server, std::move(connection).error());
  Result<std::vector<client::LoadInputs>> inputs =
      MakeLoadInputs(*scenario, flags.data, *connection);
  if (!inputs) return std::move(inputs).error();
  return client::LoadPlan{*std::move(scenario), *std::move(inputs)};
}

Status Load(const LoadFlags& flags) {
  const Result<ServerAddress> server = ParseServerAddress(flags.server);
  if (!server) return server.error();
  const Result<client::LoadPlan> plan = PlanOf(flags, *server);
  if (!plan) return plan.error();
  client::LoadOptions options;
  options.address = server->address;
  options.port = server->port;
  options.connections = flags.connections;
  const Result<client::LoadReport> report = RunShown(*plan, options, "sending requests");
  if (!report) return WithContext(flags.server, report.error());
  if (!flags.svg.empty()) {
    Status drawn = WriteFileAtomically(flags.svg, LoadSvg(plan->scenario, *report));
    if (!drawn) return drawn;
  }
  fmt::print("{}",
             flags.json ? LoadJson(plan->scenario, *report) : LoadTables(plan->scenario, *report));
  if (!flags.json && !flags.svg.empty()) fmt::print("\ndrawn in: {}\n", flags.svg);
  return {};
}

void AddOptions(CLI::App& command, LoadFlags& flags) {
  command.add_option("--scenario", flags.scenario, "Scenario file (docs/formats.md)")->required();
  command.add_option("--server", flags.server, "Address and port (default: 127.0.0.1:8000)");
  command.add_option("--seed", flags.seed, "Seed (default: the scenario's)");
  command.add_option("--duration", flags.duration_s, "Seconds (default: the scenario's)")
      ->check(CLI::Range(1e-3, 1e7));
  command.add_option("--scale", flags.scale, "Factor on all rates (default: 1)")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--data", flags.data.files,
                  "Labelled data to send: a CIFAR or IDX file, or IMAGES,LABELS; MODEL=FILES, once "
                  "for each, where models differ (default: random tensors)")
      ->allow_extra_args(false);
  command.add_option("--models", flags.data.models,
                     "Folder that says how labelled pictures become inputs (default: models)");
  command
      .add_option("--connections", flags.connections,
                  "Of each tenant at most; opened as needed (default: 64)")
      ->check(CLI::Range(1, 10000));
  command.add_option("--svg", flags.svg, "Draw the latencies into this file");
  command.add_flag("--json", flags.json, "Print JSON instead of tables");
}

}  // namespace

void AddLoadCommand(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<LoadFlags>();
  CLI::App* command = app.add_subcommand(
      "load", "Send a scenario's requests to a running server, each at its time");
  AddOptions(*command, *flags);
  command->footer(
      "Example:\n"
      "  delen load --scenario examples/scenarios/three_tenants.toml \\\n"
      "    --server 127.0.0.1:8000 --duration 10 --svg latency.svg\n"
      "Latencies count from the instant at which a request was due (docs/load.md).");
  command->callback([flags, &exit_code] {
    const Status loaded = Load(*flags);
    if (loaded) return;
    fmt::print(stderr, "delen load: {}\n", loaded.error().message);
    exit_code = 1;
  });
}

}  // namespace delen::apps
