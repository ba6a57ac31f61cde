#include "workload/published_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>

#include "workload/stage_noise.h"

namespace delen::workload {
namespace {

constexpr Range kBatch{1, 65536};
constexpr double kFlopsPerSecond = 1e12;
// No confidence reaches it: every request goes on to the last exit of the rule.
constexpr double kNeverEarly = 2.0;

// Quantiles of the standard normal distribution.
constexpr double kNormal95 = 1.6448536269514722;
constexpr double kNormal99 = 2.3263478740408408;

// --- Reading ---

template <class Items>
bool IsRising(const Items& items) {
  return std::adjacent_find(items.begin(), items.end(), std::greater_equal<>()) == items.end();
}

std::vector<Seconds> ReadLatencies(const DocumentReader& reader) {
  std::vector<Seconds> latencies;
  for (const double ms : reader.Numbers("exit_latencies_ms", {1e-6, 1e9})) {
    latencies.push_back(FromMilliseconds(ms));
  }
  if (latencies.empty() || latencies.size() > core::kMaxExits) {
    reader.Reject("exit_latencies_ms", fmt::format("an array of {}", latencies.size()),
                  fmt::format("1 to {}, one per exit", core::kMaxExits));
  }
  if (!IsRising(latencies)) {
    reader.Reject("exit_latencies_ms", "not rising",
                  "the time up to each exit, more than up to the one before");
  }
  return latencies;
}

std::vector<int> ReadBatches(const DocumentReader& reader) {
  std::vector<int> batches;
  for (const std::int64_t batch : reader.Integers("batches", kBatch)) {
    batches.push_back(static_cast<int>(batch));
  }
  if (batches.empty() || !IsRising(batches)) {
    reader.Reject("batches", batches.empty() ? "empty" : "not rising",
                  "at least one batch size, each larger than the one before");
  }
  return batches;
}

// --- Making ---

// The median latency of each stage, of a batch.
std::vector<Seconds> StageMedians(const PublishedModel& model, int batch) {
  const double rows = static_cast<double>(batch) / model.reference_batch;
  const double factor = model.fixed_share + (1.0 - model.fixed_share) * rows;
  std::vector<Seconds> medians;
  Seconds before;
  for (const Seconds latency : model.exit_latencies) {
    medians.push_back((latency - before) * factor);
    before = latency;
  }
  return medians;
}

core::CostTable MakeCosts(const PublishedModel& model, int batch, double log_deviation) {
  core::CostTable table{.threads = 1, .batch = batch, .stages = {}};
  for (const Seconds median : StageMedians(model, batch)) {
    table.stages.push_back({.p50 = median,
                            .p95 = median * std::exp(kNormal95 * log_deviation),
                            .p99 = median * std::exp(kNormal99 * log_deviation),
                            .energy = median * model.power});
  }
  return table;
}

core::Quality MakeQuality(const PublishedModel& model) {
  core::Quality quality{
      .data = "published", .samples = model.samples, .exits = {}, .floor_points = {}};
  for (std::size_t exit = 0; exit < model.exit_accuracies.size(); ++exit) {
    const double accuracy = model.exit_accuracies[exit];
    quality.exits.push_back({.accuracy = accuracy});
    quality.floor_points.push_back({.last_exit = static_cast<int>(exit),
                                    .threshold = kNeverEarly,
                                    .accuracy = accuracy,
                                    .flops = model.exit_latencies[exit].value() * kFlopsPerSecond});
  }
  return quality;
}

core::ModelSpec MakeSpec(std::string_view name, std::size_t exit_count) {
  core::ModelSpec spec;
  spec.name = name;
  spec.inputs = {{"input", core::DataType::kFp32, {-1, 1}}};
  spec.output = {"output", core::DataType::kFp32, {-1, -1}};
  for (std::size_t exit = 0; exit < exit_count; ++exit) {
    spec.exits.push_back(fmt::format("exit_{}", exit));
  }
  return spec;
}

}  // namespace

PublishedModel ReadPublishedModel(const DocumentReader& reader) {
  reader.AllowKeys({"exit_latencies_ms", "reference_batch", "batches", "fixed_share",
                    "exit_accuracies", "samples", "power_w"});
  PublishedModel model;
  model.exit_latencies = ReadLatencies(reader);
  model.reference_batch = static_cast<int>(reader.Integer("reference_batch", kBatch));
  model.batches = ReadBatches(reader);
  model.fixed_share = reader.Number("fixed_share", kShare);
  model.exit_accuracies = reader.Numbers("exit_accuracies", kShare);
  if (model.exit_accuracies.size() != model.exit_latencies.size()) {
    reader.Reject("exit_accuracies", fmt::format("an array of {}", model.exit_accuracies.size()),
                  fmt::format("{}, as in exit_latencies_ms", model.exit_latencies.size()));
  }
  if (reader.Has("samples")) {
    model.samples = static_cast<int>(reader.Integer("samples", {1, 1e9}));
  }
  if (reader.Has("power_w")) model.power = Watts(reader.Number("power_w", {1e-6, 1e6}));
  return model;
}

core::ModelVersion MakeModelVersion(std::string_view name, const PublishedModel& model,
                                    double stage_noise_cv) {
  core::ModelVersion version;
  version.version = 1;
  version.spec = MakeSpec(name, model.exit_latencies.size());
  for (const Seconds stage : StageMedians(model, model.reference_batch)) {
    version.profile.stage_flops.push_back(stage.value() * kFlopsPerSecond);
  }
  for (const int batch : model.batches) {
    version.profile.costs.push_back(MakeCosts(model, batch, LogDeviation(stage_noise_cv)));
  }
  version.profile.quality = MakeQuality(model);
  return version;
}

}  // namespace delen::workload
