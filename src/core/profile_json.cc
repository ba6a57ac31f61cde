// profile.json, both ways.
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "base/document/decimal.h"
#include "base/document/document_reader.h"
#include "core/model_folder.h"
#include "core/model_spec.h"

namespace delen::core {
namespace {

constexpr int kFormat = 1;
constexpr std::size_t kMaxBytes = std::size_t{8} << 20;

// Seconds and joules in the program, thousandths in the file.
constexpr int kMilli = 3;

// Above these a file is damaged, not ambitious.
constexpr double kMaxThreads = 4096;
constexpr double kMaxBatch = 1 << 20;
constexpr double kMaxCount = 2147483647;

// --- Writing ---

std::string Quote(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// The elements, one per line below `indent`, or "[]".
template <class Items, class Print>
std::string Lines(const Items& items, std::string_view indent, Print print) {
  if (items.empty()) return "[]";
  std::string text = "[";
  for (std::size_t i = 0; i < items.size(); ++i) {
    text += fmt::format("{}\n{}  {}", i == 0 ? "" : ",", indent, print(items[i], i));
  }
  return text + fmt::format("\n{}]", indent);
}

std::string Format(const StageCost& cost) {
  return fmt::format(R"({{"p50_ms": {}, "p95_ms": {}, "p99_ms": {}, "energy_mj": {}}})",
                     Decimal(cost.p50.value(), kMilli), Decimal(cost.p95.value(), kMilli),
                     Decimal(cost.p99.value(), kMilli), Decimal(cost.energy.value(), kMilli));
}

std::string Format(const CostTable& table) {
  return fmt::format(
      R"({{"threads": {}, "batch": {}, "stages": {}}})", table.threads, table.batch,
      Lines(table.stages, "    ", [](const StageCost& cost, std::size_t) { return Format(cost); }));
}

std::string Format(const Machine& machine) {
  std::string text = fmt::format(R"({{"cores": {})", machine.cores);
  if (!machine.cpu.empty()) text += R"(, "cpu": )" + Quote(machine.cpu);
  if (!machine.runtime.empty()) text += R"(, "runtime": )" + Quote(machine.runtime);
  return text + "}";
}

std::string Format(const ExitQuality& exit, bool dominated) {
  return fmt::format(
      R"({{"accuracy": {}, "temperature": {}, "calibration_error": {}, "dominated": {}}})",
      Decimal(exit.accuracy), Decimal(exit.temperature), Decimal(exit.calibration_error),
      dominated);
}

std::string Format(const FloorPoint& point) {
  return fmt::format(R"({{"last_exit": {}, "threshold": {}, "accuracy": {}, "flops": {}}})",
                     point.last_exit, Decimal(point.threshold), Decimal(point.accuracy),
                     Decimal(point.flops));
}

std::string Format(const Quality& quality, const std::vector<bool>& dominated) {
  const auto exit = [&](const ExitQuality& one, std::size_t i) {
    return Format(one, dominated.at(i));
  };
  const auto point = [](const FloorPoint& one, std::size_t) { return Format(one); };
  std::string text = "{\n";
  if (!quality.data.empty()) text += fmt::format("    \"data\": {},\n", Quote(quality.data));
  text += fmt::format("    \"samples\": {},\n", quality.samples);
  text += fmt::format("    \"exits\": {},\n", Lines(quality.exits, "    ", exit));
  text += fmt::format("    \"floor_points\": {}\n", Lines(quality.floor_points, "    ", point));
  return text + "  }";
}

// --- Reading ---

StageCost ReadStageCost(const DocumentReader& reader) {
  reader.AllowKeys({"p50_ms", "p95_ms", "p99_ms", "energy_mj"});
  const StageCost cost{.p50 = Seconds(reader.Number("p50_ms", AtLeast(0.0), -kMilli)),
                       .p95 = Seconds(reader.Number("p95_ms", AtLeast(0.0), -kMilli)),
                       .p99 = Seconds(reader.Number("p99_ms", AtLeast(0.0), -kMilli)),
                       .energy = Joules(reader.Number("energy_mj", AtLeast(0.0), -kMilli))};
  if (cost.p95 < cost.p50) {
    reader.Reject("p95_ms", Decimal(cost.p95.value(), kMilli), "at least p50_ms");
  }
  if (cost.p99 < cost.p95) {
    reader.Reject("p99_ms", Decimal(cost.p99.value(), kMilli), "at least p95_ms");
  }
  return cost;
}

CostTable ReadCostTable(const DocumentReader& reader, std::size_t exit_count) {
  reader.AllowKeys({"threads", "batch", "stages"});
  CostTable table;
  table.threads = static_cast<int>(reader.Integer("threads", {1, kMaxThreads}));
  table.batch = static_cast<int>(reader.Integer("batch", {1, kMaxBatch}));
  for (const DocumentReader& stage : reader.Tables("stages")) {
    table.stages.push_back(ReadStageCost(stage));
  }
  if (table.stages.size() != exit_count) {
    reader.Reject("stages", fmt::format("an array of {}", table.stages.size()),
                  fmt::format("{}, as in stage_flops", exit_count));
  }
  return table;
}

std::vector<CostTable> ReadCosts(const DocumentReader& root, std::size_t exit_count) {
  std::vector<CostTable> costs;
  for (const DocumentReader& reader : root.Tables("costs")) {
    CostTable table = ReadCostTable(reader, exit_count);
    for (const CostTable& earlier : costs) {
      if (earlier.threads != table.threads || earlier.batch != table.batch) continue;
      reader.Reject("batch",
                    fmt::format("{} at {} threads a second time", table.batch, table.threads),
                    "one table for each pair");
    }
    costs.push_back(std::move(table));
  }
  return costs;
}

Machine ReadMachine(const DocumentReader& reader) {
  reader.AllowKeys({"cpu", "cores", "runtime"});
  Machine machine;
  if (reader.Has("cpu")) machine.cpu = reader.Text("cpu");
  if (reader.Has("runtime")) machine.runtime = reader.Text("runtime");
  machine.cores = static_cast<int>(reader.Integer("cores", {0, kMaxCount}));
  return machine;
}

EnergySource ReadEnergySource(const DocumentReader& root) {
  const std::string name = root.Text("energy_source");
  const Result<EnergySource> source = ParseEnergySource(name);
  if (source) return *source;
  root.Reject("energy_source", fmt::format("'{:.64}'", name),
              "one of model, rapl, ina3221, nvml, battery");
  return EnergySource::kModel;
}

ExitQuality ReadExitQuality(const DocumentReader& reader) {
  // `dominated` is for people: it follows from the accuracies.
  reader.AllowKeys({"accuracy", "temperature", "calibration_error", "dominated"});
  constexpr double kSmallestTemperature = 1e-6;
  return {.accuracy = reader.Number("accuracy", kShare),
          .temperature = reader.Number("temperature", AtLeast(kSmallestTemperature)),
          .calibration_error = reader.Number("calibration_error", kShare)};
}

FloorPoint ReadFloorPoint(const DocumentReader& reader, std::size_t exit_count) {
  reader.AllowKeys({"last_exit", "threshold", "accuracy", "flops"});
  const double deepest = static_cast<double>(exit_count) - 1;
  return {.last_exit = static_cast<int>(reader.Integer("last_exit", {0, deepest})),
          .threshold = reader.Number("threshold", AtLeast(0.0)),
          .accuracy = reader.Number("accuracy", kShare),
          .flops = reader.Number("flops", AtLeast(0.0))};
}

Quality ReadQuality(const DocumentReader& reader, std::size_t exit_count) {
  reader.AllowKeys({"data", "samples", "exits", "floor_points"});
  Quality quality;
  if (reader.Has("data")) quality.data = reader.Text("data");
  quality.samples = static_cast<int>(reader.Integer("samples", {1, kMaxCount}));
  for (const DocumentReader& exit : reader.Tables("exits")) {
    quality.exits.push_back(ReadExitQuality(exit));
  }
  if (quality.exits.size() != exit_count) {
    reader.Reject("exits", fmt::format("an array of {}", quality.exits.size()),
                  fmt::format("{}, as in stage_flops", exit_count));
  }
  for (const DocumentReader& point : reader.Tables("floor_points")) {
    quality.floor_points.push_back(ReadFloorPoint(point, exit_count));
  }
  return quality;
}

Profile ReadProfile(const DocumentReader& root) {
  root.AllowKeys({"format", "stage_flops", "machine", "energy_source", "costs", "quality"});
  Profile profile;
  profile.stage_flops = root.Numbers("stage_flops", AtLeast(0.0));
  const std::size_t exit_count = profile.stage_flops.size();
  if (exit_count < 1 || exit_count > kMaxExits) {
    root.Reject("stage_flops", fmt::format("an array of {}", exit_count),
                fmt::format("1 to {}", kMaxExits));
  }
  if (root.Has("machine")) profile.machine = ReadMachine(root.Table("machine"));
  profile.energy_source = ReadEnergySource(root);
  profile.costs = ReadCosts(root, exit_count);
  if (root.Has("quality")) profile.quality = ReadQuality(root.Table("quality"), exit_count);
  return profile;
}

}  // namespace

std::string FormatProfile(const Profile& profile) {
  const auto table = [](const CostTable& one, std::size_t) { return Format(one); };
  std::string flops;
  for (const double one : profile.stage_flops) {
    flops += (flops.empty() ? "" : ", ") + Decimal(one);
  }
  std::string text = "{\n";
  text += fmt::format("  \"format\": {},\n", kFormat);
  text += fmt::format("  \"stage_flops\": [{}],\n", flops);
  if (profile.machine != Machine{}) {
    text += fmt::format("  \"machine\": {},\n", Format(profile.machine));
  }
  text += fmt::format("  \"energy_source\": \"{}\",\n", Name(profile.energy_source));
  text += fmt::format("  \"costs\": {}", Lines(profile.costs, "  ", table));
  if (profile.quality) {
    text += fmt::format(",\n  \"quality\": {}", Format(*profile.quality, DominatedExits(profile)));
  }
  return text + "\n}\n";
}

Result<Profile> ParseProfile(std::string_view json, std::string_view source) {
  if (json.size() > kMaxBytes) {
    return InvalidArgument("{}: {} bytes, at most {} are allowed", source, json.size(), kMaxBytes);
  }
  const Result<Document> document = ParseJson(json, source);
  if (!document) return document.error();
  FirstProblem problem;
  const DocumentReader root(*document, std::string(source), "", problem);
  const auto format = root.Integer("format", AtLeast(0));
  if (problem.status() && format != kFormat) {
    return Unsupported("{}: 'format' is {}, this version reads {}", source, format, kFormat);
  }
  Profile profile = ReadProfile(root);
  if (const Status status = problem.status(); !status) return status.error();
  return profile;
}

}  // namespace delen::core
