#include "contention.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <thread>
#include <utility>

#include "apps/load_inputs.h"
#include "base/clock.h"
#include "base/random.h"
#include "co_runner.h"
#include "served_load.h"

namespace delen::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kModel = "resnet50";
constexpr std::uint64_t kSeed = 20260402;
constexpr double kRate = 4.0;  // requests per second
// Of ResNet-50 with the same four exits, from examples/scenarios/published.toml:
// the weights here are random, and say nothing of accuracy.
constexpr std::array kPublishedAccuracies = {0.590, 0.755, 0.807, 0.806};

struct Phase {
  const char* name;
  std::vector<std::string> arguments;  // of the co-runner; empty: nobody
};

// One round; the timeout is a net in case this program dies.
const std::vector<Phase>& Round() {
  static const std::vector<Phase> round = {
      {"idle", {}},
      {"cpu", {"--cpu", "2", "--timeout", "60s"}},
      {"idle", {}},
      {"vm", {"--vm", "2", "--vm-bytes", "256M", "--timeout", "60s"}}};
  return round;
}

struct Sequence {
  Seconds phase_length;
  int rounds = 0;

  int phases() const { return rounds * static_cast<int>(Round().size()); }
  Seconds length() const { return phase_length * phases(); }
  static const Phase& At(int phase) {
    return Round()[static_cast<std::size_t>(phase) % Round().size()];
  }
};

struct Budget {
  const char* figure;
  const char* threads;  // [execution] threads
  const char* expected;
};

constexpr Budget kBudgets[] = {
    {"contention.adaptive", "0", "not above the better of the fixed ones"},
    {"contention.fixed_1", "1", "beside it"},
    {"contention.fixed_2", "2", "beside it"}};

Result<core::ModelVersion> PrepareLarge(const TenantsSetting& setting,
                                        const std::filesystem::path& models) {
  Result<core::ModelVersion> model =
      apps::ImportOnce(setting.paths.program, models, kModel, setting.resnet50);
  if (!model || !model->profile.costs.empty()) return model;
  const Result<int> exit_code = apps::RunProgram(
      setting.paths.program,
      {"profile", kModel, "--models", models.string(), "--threads", "1,2", "--batches", "1,2"});
  if (!exit_code) return exit_code.error();
  if (*exit_code != 0) return Internal("'delen profile' ended with exit code {}", *exit_code);
  return core::OpenModelVersion(models, kModel);
}

// Halfway between the median times to the last exit with two threads and with
// one: on an idle machine two threads get there in time and one thread does not,
// while a co-runner on both cores makes two threads, which wait for each other at
// every layer, slower than one. No fixed budget is right in all phases.
Result<Seconds> Bound(const core::ModelVersion& model) {
  Seconds sum;
  for (const int threads : {1, 2}) {
    const Result<core::ExitTable> exits = core::ExitTable::Make(model, threads);
    if (!exits) return exits.error();
    sum += P50To(*exits, exits->last_exit());
  }
  return sum / 2.0;
}

// The requests of one tenant, told apart by the kind of phase they are due in: to
// the server one stream, to the load generator a stream for each kind.
struct PhasedLoad {
  workload::Scenario scenario;
  std::vector<std::string> phases;  // of the scenario's streams
};

// One Poisson process; the same for all budgets.
PhasedLoad MakeLoad(const Sequence& sequence, Seconds bound) {
  PhasedLoad load;
  std::vector<workload::RecordedArrivals> arrivals;
  for (const Phase& phase : Round()) {
    if (std::ranges::count(load.phases, phase.name) == 0) load.phases.emplace_back(phase.name);
  }
  arrivals.resize(load.phases.size());
  RandomSource random(kSeed, "contention");
  Seconds now(random.Exponential() / kRate);
  for (; now < sequence.length(); now += Seconds(random.Exponential() / kRate)) {
    const Phase& phase = Sequence::At(static_cast<int>(now / sequence.phase_length));
    const auto index = std::ranges::find(load.phases, phase.name) - load.phases.begin();
    arrivals[static_cast<std::size_t>(index)].times.push_back(now);
  }
  load.scenario.name = "contention";
  load.scenario.duration = sequence.length();
  for (workload::RecordedArrivals& of_phase : arrivals) {
    load.scenario.tenants.push_back({.terms = {.name = "camera", .bounds = {.max_latency = bound}},
                                     .model = kModel,
                                     .arrivals = std::move(of_phase)});
  }
  return load;
}

// Lets the co-runners come and go; begin it when the load begins.
Status RunPhases(const Sequence& sequence) {
  const auto begun = std::chrono::steady_clock::now();
  for (int phase = 0; phase < sequence.phases(); ++phase) {
    const std::vector<std::string>& arguments = Sequence::At(phase).arguments;
    std::optional<CoRunner> runner;
    if (!arguments.empty()) {
      Result<CoRunner> started = CoRunner::Start(arguments);
      if (!started) return std::move(started).error();
      runner.emplace(*std::move(started));
    }
    const std::chrono::duration<double> end((sequence.phase_length * (phase + 1)).value());
    std::this_thread::sleep_until(
        begun + std::chrono::duration_cast<std::chrono::steady_clock::duration>(end));
  }
  return {};
}

Result<client::LoadReport> Measure(const TenantsSetting& setting,
                                   const std::filesystem::path& models, const Budget& budget,
                                   const Sequence& sequence, const PhasedLoad& load,
                                   const client::LoadInputs& inputs) {
  const Result<ServedLoad> server =
      ServedLoad::Start(setting, models, fmt::format("threads = {}\n", budget.threads));
  if (!server) return WithContext(fmt::format("threads = {}", budget.threads), server.error());
  if (Status put = server->Put(load.scenario); !put) return std::move(put).error();
  auto phases = std::async(std::launch::async, RunPhases, std::cref(sequence));
  const std::vector<client::LoadInputs> per_stream(load.phases.size(), inputs);
  Result<client::LoadReport> report =
      server->Play(load.scenario, per_stream, {.label = budget.figure});
  if (Status ran = phases.get(); !ran) return std::move(ran).error();
  return report;
}

// Nothing without an answer.
std::optional<double> PublishedAccuracy(const workload::Tally& counts) {
  if (counts.answered == 0) return std::nullopt;
  double sum = 0.0;
  for (std::size_t exit = 0; exit < counts.exits.size(); ++exit) {
    sum += static_cast<double>(counts.exits[exit]) * kPublishedAccuracies[exit];
  }
  return sum / static_cast<double>(counts.answered);
}

Json PhaseJson(const client::LoadReport& report, const client::LoadTally& tally) {
  Json json = TallyJson(report, tally);
  json.erase("expected_accuracy");
  json.erase("tenant");
  const std::optional<double> accuracy = PublishedAccuracy(tally.counts);
  json["published_accuracy"] = accuracy ? Json(*accuracy) : Json();
  return json;
}

void ReportBudget(const Budget& budget, const PhasedLoad& load, const client::LoadReport& outcome,
                  Report& report) {
  const client::LoadTally total = outcome.Total();
  report.Figure(budget.figure, total.counts.ViolationRate(), "share", budget.expected);
  Json phases = Json::object();
  for (std::size_t i = 0; i < load.phases.size(); ++i) {
    phases[load.phases[i]] = PhaseJson(outcome, outcome.tenants[i]);
  }
  report.details(budget.figure) = {{"all", PhaseJson(outcome, total)}, {"phases", phases}};
}

void ReportMissing(const std::string& why, Report& report) {
  for (const Budget& budget : kBudgets) report.Missing(budget.figure, why);
}

Status ReportBudgets(const TenantsSetting& setting, const std::filesystem::path& models,
                     const core::ModelVersion& model, Report& report) {
  const Result<Seconds> bound = Bound(model);
  if (!bound) return bound.error();
  const Result<client::LoadInputs> inputs = apps::RandomRequests(model.spec, 1, kSeed);
  if (!inputs) return inputs.error();
  const Sequence sequence{Seconds(setting.quick ? 1.0 : 5.0), setting.quick ? 1 : 2};
  const PhasedLoad load = MakeLoad(sequence, *bound);
  report.details("contention") = {
      {"requests_per_second", kRate},
      {"phase_seconds", sequence.phase_length.value()},
      {"rounds", sequence.rounds},
      {"max_latency_ms", InMilliseconds(*bound)},
      {"max_latency_is", "halfway between the p50 times to the last exit on 1 and 2 threads"},
      {"published_accuracy_is", "of the exits that answered, for a trained ResNet-50"}};
  for (const Budget& budget : kBudgets) {
    const Result<client::LoadReport> outcome =
        Measure(setting, models, budget, sequence, load, *inputs);
    if (outcome) {
      ReportBudget(budget, load, *outcome, report);
    } else {
      report.Missing(budget.figure, outcome.error().message);
    }
  }
  return {};
}

}  // namespace

Status ReportContention(const TenantsSetting& setting, Report& report) {
  if (setting.resnet50.empty()) {
    ReportMissing("no ResNet-50; make one with python3 zoo/resnet50.py", report);
    return {};
  }
  if (!HasCoRunner()) {
    ReportMissing("no stress-ng; tools/install_packages.sh build installs it", report);
    return {};
  }
  const std::filesystem::path models = setting.work / "large";
  const Result<core::ModelVersion> model = PrepareLarge(setting, models);
  if (!model) return model.error();
  return ReportBudgets(setting, models, *model, report);
}

}  // namespace delen::bench
