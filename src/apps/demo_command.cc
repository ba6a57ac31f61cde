#include "apps/demo_command.h"

#include <fmt/core.h>

#include <chrono>
#include <future>
#include <memory>
#include <thread>

#include "apps/console/progress_bar.h"
#include "apps/console/table.h"
#include "apps/demo/client_run.h"
#include "apps/demo/crowd.h"
#include "apps/demo/demo_model.h"
#include "apps/demo/server_process.h"
#include "apps/load_inputs.h"
#include "base/clock.h"
#include "base/quantile.h"

namespace delen::apps {
namespace {

constexpr Seconds kPeriod = FromMilliseconds(25.0);  // of each client's requests

struct DemoFlags {
  DemoPaths paths;
  double seconds = 5.0;
};

// What running the first exits up to `exit` costs on one thread of control, by
// the profile's first table.
core::StageCost CostToExit(const core::ModelVersion& model, int exit) {
  core::StageCost total;
  for (int stage = 0; stage <= exit; ++stage) {
    const core::StageCost& cost = model.profile.costs[0].stages[static_cast<std::size_t>(stage)];
    total.p99 += cost.p99;
    total.energy += cost.energy;
  }
  return total;
}

// Three applications on one box, each with what matters to it.
std::vector<ClientPlan> PlanClients(const core::ModelVersion& model, std::uint16_t port,
                                    Seconds duration) {
  const auto& exits = model.profile.quality->exits;
  // A machine that idles between requests is slower than one that is profiled.
  constexpr double kColdStart = 2.0;
  const double max_latency_ms = InMilliseconds(CostToExit(model, 1).p99) * kColdStart + 0.5;
  const double min_accuracy = (exits[1].accuracy + exits[2].accuracy) / 2.0;
  const double max_energy_mj = InMillijoules(CostToExit(model, 2).energy) * kColdStart;
  std::vector<ClientPlan> plans = {
      {.name = "robot arm",
       .bounds = fmt::format("latency <= {:.2f} ms", max_latency_ms),
       .parameters = {{"max_latency_ms", max_latency_ms}}},
      {.name = "turnstile",
       .bounds = fmt::format("accuracy >= {:.1f} %", min_accuracy * 100.0),
       .parameters = {{"min_accuracy", min_accuracy}}},
      {.name = "wildlife camera",
       .bounds = fmt::format("energy <= {:.2f} mJ", max_energy_mj),
       .parameters = {{"max_energy_mj", max_energy_mj}}},
  };
  for (ClientPlan& plan : plans) {
    plan.port = port;
    plan.model = model.spec.name;
    plan.period = kPeriod;
    plan.duration = duration;
  }
  return plans;
}

// Runs all clients at once under one progress bar.
Result<std::vector<ClientScore>> RunClients(const std::vector<ClientPlan>& plans,
                                            const LabelledInputs& data, int exit_count) {
  std::atomic<std::int64_t> asked = 0;
  std::vector<std::future<Result<ClientScore>>> running;
  for (const ClientPlan& plan : plans) {
    running.push_back(std::async(std::launch::async,
                                 [&, plan] { return RunClient(plan, data, exit_count, asked); }));
  }
  const auto total = plans.size() * static_cast<std::size_t>(plans[0].duration / kPeriod);
  const SteadyClock clock;
  ProgressBar bar(clock);
  while (running.back().wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
    bar.Update(static_cast<std::size_t>(asked), total, "three clients are asking");
  }
  bar.Clear();
  std::vector<ClientScore> scores;
  for (auto& client : running) {
    Result<ClientScore> score = client.get();
    if (!score) return std::move(score).error();
    scores.push_back(*std::move(score));
  }
  return scores;
}

std::string ExitHistogram(const ClientScore& score) {
  std::string text;
  for (const std::int64_t count : score.by_exit) {
    const double share = static_cast<double>(count) / static_cast<double>(score.answers());
    text += fmt::format("{}{:.0f}", text.empty() ? "" : "/", share * 100.0);
  }
  return text;
}

void PrintScores(const std::vector<ClientPlan>& plans, const std::vector<ClientScore>& scores) {
  Table table({"client", "bound asked", "requests", "p50 ms", "p99 ms", "exits 0/1/2/3 %",
               "accuracy %", "bounds kept %"});
  for (std::size_t i = 0; i < plans.size(); ++i) {
    const ClientScore& score = scores[i];
    const auto percent = [&](std::int64_t count) {
      return fmt::format("{:.1f}",
                         100.0 * static_cast<double>(count) / static_cast<double>(score.answers()));
    };
    table.AddRow({plans[i].name, plans[i].bounds, fmt::format("{}", score.answers()),
                  fmt::format("{:.2f}", Quantile(score.latency_ms, 0.50)),
                  fmt::format("{:.2f}", Quantile(score.latency_ms, 0.99)), ExitHistogram(score),
                  percent(score.correct), percent(score.bounds_met)});
  }
  fmt::print("\n{}\n", table.Text());
}

void PrintHowToAsk(const DemoPaths& paths) {
  fmt::print(
      "Serve it yourself, and ask with a bound:\n\n"
      "  {0} serve --models {1}\n\n"
      "  printf '{{\"inputs\":[{{\"name\":\"input\",\"datatype\":\"FP32\",\"shape\":[1,3,32,32],"
      "\"data\":[%s]}}],\n"
      "           \"parameters\":{{\"max_latency_ms\":5}}}}' \"$(yes 0.5 | head -n 3072 | paste "
      "-sd,)\" "
      "|\n"
      "    curl --data-binary @- http://127.0.0.1:8000/v2/models/glyphs/infer\n",
      paths.program, paths.models.string());
}

Status Demo(const DemoFlags& flags) {
  const Result<core::ModelVersion> model = PrepareDemoModel(flags.paths);
  if (!model) return model.error();
  const Result<LabelledInputs> data = ReadDemoTestData(flags.paths, model->spec);
  if (!data) return data.error();
  Result<ServerProcess> server = ServerProcess::Start(
      flags.paths.program, {"--models", flags.paths.models.string(), "--http-port", "0"});
  if (!server) return std::move(server).error();
  const std::vector<ClientPlan> plans = PlanClients(*model, server->port(), Seconds(flags.seconds));
  const Result<std::vector<ClientScore>> scores =
      RunClients(plans, *data, model->spec.exit_count());
  if (!scores) return scores.error();
  PrintScores(plans, *scores);
  const Result<client::LoadInputs> requests =
      LabelledRequests(flags.paths.data("test-images.idx").string(), model->spec, 1);
  if (!requests) return requests.error();
  const Result<std::vector<CrowdScore>> crowd =
      PlayCrowd(*model, server->port(), *requests, Seconds(flags.seconds / 2.0));
  if (!crowd) return crowd.error();
  fmt::print("{}\n", CrowdText(*crowd));
  PrintHowToAsk(flags.paths);
  const int ended = server->Stop();
  if (ended != 0) return Internal("the server ended with exit code {}, expected 0", ended);
  return {};
}

}  // namespace

void AddDemoCommand(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<DemoFlags>();
  flags->paths = {OwnProgram(), "zoo", "build/demo/models"};
  CLI::App* command = app.add_subcommand("demo", "Serve the bundled model to three clients");
  command->add_option("--zoo", flags->paths.zoo, "Folder of the bundled model")
      ->capture_default_str();
  command->add_option("--models", flags->paths.models, "Folder to import it to")
      ->capture_default_str();
  command->add_option("--seconds", flags->seconds, "How long the clients ask")
      ->check(CLI::Range(0.5, 3600.0))
      ->capture_default_str();
  command->footer("Example:\n  delen demo --seconds 10");
  command->callback([flags, &exit_code] {
    const Status shown = Demo(*flags);
    if (shown) return;
    fmt::print(stderr, "delen demo: {}\n", shown.error().message);
    exit_code = 1;
  });
}

}  // namespace delen::apps
