#include "profiler/latency_profile.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>

#include "executor/executor.h"
#include "executor/served_model.h"
#include "profiler/pass_log.h"
#include "profiler/random_inputs.h"

namespace delen::profiler {
namespace {

constexpr std::uint64_t kSeed = 20240229;
// A block: long against what its warm-up pass costs, short against the whole.
constexpr Seconds kBlockTime = FromMilliseconds(100);
constexpr std::size_t kBlockPasses = 4;
constexpr std::size_t kStepsPerBatchSize = 100;

// A served model needs some costs to exist; these are never looked at.
core::ModelVersion WithBlankCosts(core::ModelVersion model, int threads) {
  model.profile.costs = {
      {threads, 1,
       std::vector<core::StageCost>(static_cast<std::size_t>(model.spec.exit_count()))}};
  return model;
}

Result<std::shared_ptr<executor::ServedModel>> Serve(backend::Backend& backend,
                                                     const core::ModelVersion& model, int threads) {
  core::ModelVersion version = WithBlankCosts(model, threads);
  Result<core::ExitTable> exits = core::ExitTable::Make(version, threads);
  if (!exits) return std::move(exits).error();
  Result<std::unique_ptr<backend::LoadedModel>> loaded = backend.Load(version, threads);
  if (!loaded) return std::move(loaded).error();
  return std::make_shared<executor::ServedModel>(std::move(version), *std::move(exits),
                                                 *std::move(loaded));
}

// Ascending, each once, only what the model's inputs allow.
Result<std::vector<int>> BatchSizes(const core::ModelSpec& spec, const std::vector<int>& asked) {
  std::vector<int> sizes;
  for (const int size : asked) {
    if (size < 1) return InvalidArgument("a batch size is {}, expected at least 1", size);
    sizes.push_back(static_cast<int>(BatchRows(spec, size)));
  }
  if (sizes.empty()) return InvalidArgument("no batch size to measure was given");
  std::sort(sizes.begin(), sizes.end());
  sizes.erase(std::unique(sizes.begin(), sizes.end()), sizes.end());
  return sizes;
}

// The measuring of one batch size.
class BatchRun {
 public:
  static Result<BatchRun> Begin(const std::shared_ptr<executor::ServedModel>& model, int batch) {
    const Result<std::vector<core::Tensor>> inputs =
        RandomInputs(model->version().spec, batch, kSeed);
    if (!inputs) return inputs.error();
    Result<executor::WorkspaceLease> lease = executor::WorkspaceLease::Begin(model, *inputs);
    if (!lease) return std::move(lease).error();
    return BatchRun(*std::move(lease), batch);
  }

  // From 0 to 1.
  double ShareDone(const LatencyOptions& options) const {
    const double passes = static_cast<double>(log_.passes()) / options.min_passes;
    const double enough = std::min(passes, log_.time() / options.min_time);
    return std::min(1.0, std::max(enough, log_.time() / options.max_time));
  }

  Status RunBlock(const executor::Executor& executor, const EnergyGauge& gauge, Seconds max_time) {
    PassLog warm_up(stages());
    if (Status status = RunPass(executor, warm_up); !status) return status;
    const Result<Joules> before = ReadMeter(gauge);
    if (!before) return before.error();
    const Seconds start = log_.time();
    std::size_t passes = 0;
    do {
      if (Status status = RunPass(executor, log_); !status) return status;
      ++passes;
    } while (log_.time() < max_time && (passes < kBlockPasses || log_.time() - start < kBlockTime));
    const Result<Joules> after = ReadMeter(gauge);
    if (!after) return after.error();
    log_.AddMetered(gauge.ActiveEnergy(*after - *before, log_.time() - start));
    return {};
  }

  core::CostTable Table(const EnergyGauge& gauge) const {
    const int threads = lease_.model().exits().threads();
    return {
        threads, batch_,
        gauge.meter != nullptr ? log_.MeteredCosts() : log_.ModelledCosts(gauge.model, threads)};
  }

 private:
  BatchRun(executor::WorkspaceLease lease, int batch)
      : lease_(std::move(lease)), batch_(batch), log_(stages()) {}

  std::size_t stages() const { return lease_.model().version().spec.exits.size(); }

  static Result<Joules> ReadMeter(const EnergyGauge& gauge) {
    return gauge.meter != nullptr ? gauge.meter->Read() : Joules();
  }

  Status RunPass(const executor::Executor& executor, PassLog& log) {
    for (std::size_t stage = 0; stage < stages(); ++stage) {
      const executor::Outcome outcome =
          executor.RunStage(lease_.model(), static_cast<int>(stage), lease_.workspace());
      if (!outcome.status) return outcome.status;
      log.AddStage(stage, outcome.time);
    }
    return {};
  }

  executor::WorkspaceLease lease_;
  int batch_;
  PassLog log_;
};

void Report(const std::vector<BatchRun>& runs, const LatencyOptions& options, int threads,
            Progress& progress) {
  double done = 0.0;
  for (const BatchRun& run : runs) done += run.ShareDone(options);
  progress.Report(static_cast<std::size_t>(done * kStepsPerBatchSize),
                  runs.size() * kStepsPerBatchSize,
                  fmt::format("latency on {} thread{}", threads, threads == 1 ? "" : "s"));
}

}  // namespace

Result<std::vector<core::CostTable>> MeasureLatency(backend::Backend& backend,
                                                    const core::ModelVersion& model, int threads,
                                                    const LatencyOptions& options,
                                                    const EnergyGauge& gauge, const Clock& clock,
                                                    Progress& progress) {
  const Result<std::vector<int>> sizes = BatchSizes(model.spec, options.batches);
  if (!sizes) return sizes.error();
  const Result<std::shared_ptr<executor::ServedModel>> served = Serve(backend, model, threads);
  if (!served) return served.error();
  std::vector<BatchRun> runs;
  for (const int size : *sizes) {
    Result<BatchRun> run = BatchRun::Begin(*served, size);
    if (!run) return WithContext(fmt::format("batch size {}", size), std::move(run).error());
    runs.push_back(*std::move(run));
  }

  const executor::Executor executor(clock);
  bool any_left = true;
  while (any_left) {
    any_left = false;
    for (BatchRun& run : runs) {
      if (run.ShareDone(options) >= 1.0) continue;
      Report(runs, options, threads, progress);
      if (Status status = run.RunBlock(executor, gauge, options.max_time); !status) {
        return std::move(status).error();
      }
      any_left = true;
    }
  }

  std::vector<core::CostTable> tables;
  tables.reserve(runs.size());
  for (const BatchRun& run : runs) tables.push_back(run.Table(gauge));
  return tables;
}

}  // namespace delen::profiler
