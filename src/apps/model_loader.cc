#include "apps/model_loader.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <thread>
#include <utility>

#include "policy/thread_choice.h"
#include "profiler/latency_profile.h"
#include "profiler/machine.h"

namespace delen::apps {
namespace {

// Enough to serve by until somebody runs `delen profile`.
const profiler::LatencyOptions kBriefly = {
    .batches = {1}, .min_passes = 50, .min_time = Seconds(0.1), .max_time = Seconds(1.0)};

Status MeasureBriefly(backend::OrtBackend& backend, const Clock& clock, core::ModelVersion& model) {
  spdlog::warn(
      "model '{}' version {} was never profiled here; measuring it briefly. For good "
      "bounds run `delen profile {}`",
      model.spec.name, model.version, model.spec.name);
  profiler::NoProgress nobody;
  for (const int threads : std::set<int>{1, backend.threads()}) {
    Result<std::vector<core::CostTable>> costs = profiler::MeasureLatency(
        backend, model, threads, kBriefly, profiler::EnergyGauge(), clock, nobody);
    if (!costs) return std::move(costs).error();
    model.profile.costs.insert(model.profile.costs.end(), costs->begin(), costs->end());
  }
  model.profile.energy_source = EnergySource::kModel;
  return {};
}

Result<int> ThreadsFor(const core::ModelVersion& model, const ServeConfig& config, int pool) {
  if (config.threads != 0) return config.threads;
  if (const std::optional<int> best = policy::ChooseThreads(model.profile, pool)) return *best;
  return InvalidArgument(
      "the profile of model '{}' version {} has no latencies for {} threads or fewer; run `delen "
      "profile {}`",
      model.spec.name, model.version, pool, model.spec.name);
}

// The first runs of a session are slow: they fill its caches. Better now than
// under a client's bound.
Status WarmUp(const std::shared_ptr<executor::ServedModel>& model) {
  constexpr int kRuns = 5;
  std::vector<core::Shape> shapes;
  for (const core::TensorSpec& input : model->version().spec.inputs) {
    core::Shape shape = input.shape;
    std::replace(shape.begin(), shape.end(), std::int64_t{-1}, std::int64_t{1});
    shapes.push_back(std::move(shape));
  }
  Result<std::unique_ptr<backend::Workspace>> workspace = model->loaded().NewWorkspace(shapes);
  if (!workspace) return std::move(workspace).error();
  for (int run = 0; run < kRuns; ++run) {
    for (int stage = 0; stage < model->exits().exit_count(); ++stage) {
      if (Status ran = model->loaded().RunStage(stage, **workspace); !ran) return ran;
    }
  }
  model->Release({std::move(shapes), *std::move(workspace)});
  return {};
}

// The first batch of a size is slow: its workspace costs a run of every stage. A
// model that cannot have one is served all the same, one request at a time.
void PrewarmBatches(executor::ServedModel& model, int threads) {
  if (!model.batchable()) return;
  std::vector<std::int64_t> rows;
  for (const core::CostTable& costs : model.version().profile.costs) {
    if (costs.threads == threads && costs.batch > 1) rows.push_back(costs.batch);
  }
  if (const Status warm = model.Prewarm(rows); !warm) {
    spdlog::warn("model '{}' version {}: no batch could be made ready: {}",
                 model.version().spec.name, model.version().version, warm.error().message);
  }
}

Result<std::shared_ptr<executor::ServedModel>> LoadOn(int threads, backend::OrtBackend& backend,
                                                      const core::ModelVersion& model) {
  Result<core::ExitTable> exits = core::ExitTable::Make(model, threads);
  if (!exits) return std::move(exits).error();
  Result<std::unique_ptr<backend::LoadedModel>> loaded = backend.Load(model, threads);
  if (!loaded) return std::move(loaded).error();
  auto served =
      std::make_shared<executor::ServedModel>(model, *std::move(exits), *std::move(loaded));
  if (Status warm = WarmUp(served); !warm) return std::move(warm).error();
  PrewarmBatches(*served, threads);
  return served;
}

}  // namespace

int PoolThreads(int asked) {
  return asked != 0 ? asked : std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
}

Result<std::vector<int>> VersionsToServe(const ServeConfig& config, const std::string& name) {
  Result<std::vector<int>> versions = core::ListVersions(config.models / name);
  if (!versions || versions->empty() || config.versions == VersionChoice::kAll) return versions;
  return std::vector<int>{versions->back()};
}

Result<std::shared_ptr<executor::ServedModel>> LoadModel(backend::OrtBackend& backend,
                                                         const ServeConfig& config,
                                                         const std::string& name, int version,
                                                         const Clock& clock) {
  Result<core::ModelVersion> model = core::OpenModelVersion(config.models, name, version);
  if (!model) return std::move(model).error();
  const core::Machine here = profiler::DescribeMachine(backend::RuntimeVersion());
  if (model->profile.costs.empty()) {
    if (Status measured = MeasureBriefly(backend, clock, *model); !measured) {
      return std::move(measured).error();
    }
  } else if (model->profile.machine != here) {
    spdlog::warn(
        "model '{}' version {} was profiled on another machine or runtime ({}, {}); run "
        "`delen profile {}` here",
        name, model->version, model->profile.machine.cpu, model->profile.machine.runtime, name);
  }
  const Result<int> threads = ThreadsFor(*model, config, backend.threads());
  if (!threads) return threads.error();
  Result<std::shared_ptr<executor::ServedModel>> served = LoadOn(*threads, backend, *model);
  if (!served || *threads == 1 || !config.AdaptsThreads()) return served;
  Result<std::shared_ptr<executor::ServedModel>> narrow = LoadOn(1, backend, *model);
  if (narrow) {
    (*served)->SetNarrow(*std::move(narrow));
  } else {
    spdlog::warn("threads will not adapt to busy neighbours: {}", narrow.error().message);
  }
  return served;
}

}  // namespace delen::apps
