// The benchmark of the main job: does the server keep bounds, at what accuracy,
// and at what cost of its own?
//
// usage: main_job --delen PROGRAM --zoo FOLDER --work FOLDER --out FILE [--resnet50 FILE]
//
// Works best on an idle machine. A bound_violation_rate far above 0.01 with a
// reactive_violation_rate of the same size says that the machine was not.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <optional>

#include "accuracy_floor.h"
#include "apps/demo/demo_model.h"
#include "base/quantile.h"
#include "bound_sweep.h"
#include "cut_cost.h"
#include "executor_allocations.h"
#include "report.h"
#include "server_overhead.h"

namespace delen::bench {
namespace {

constexpr std::uint64_t kSeed = 20230509;
constexpr int kSweepRequests = 2000;
constexpr int kOverheadRequests = 2000;
constexpr int kAllocationRequests = 500;

struct Options {
  apps::DemoPaths paths;
  std::string out;
  std::string resnet50;  // uncut file; empty when there is none
};

Status ReportSweep(LiveServer& live, const std::string& model, const apps::LabelledInputs& data,
                   Report& report) {
  const Result<SweepScore> score = SweepBounds(live, model, data, kSweepRequests, kSeed);
  if (!score) return score.error();
  report.Figure("bound_violation_rate", score->violation_rate, "share", "<= 0.01");
  report.Figure("reactive_violation_rate", score->reactive_violation_rate, "share", "beside it");
  report.Figure("accuracy_vs_clairvoyant", score->accuracy / score->clairvoyant_accuracy, "ratio",
                ">= 0.97");
  report.details("bound_sweep") = {{"requests", score->requests},
                                   {"seed", kSeed},
                                   {"lowest_bound_ms", score->lowest_bound_ms},
                                   {"highest_bound_ms", score->highest_bound_ms},
                                   {"accuracy", score->accuracy},
                                   {"reactive_accuracy", score->reactive_accuracy},
                                   {"clairvoyant_accuracy", score->clairvoyant_accuracy},
                                   {"answers_by_exit", score->by_exit}};
  return {};
}

Status ReportFloors(LiveServer& live, const std::string& model, const apps::LabelledInputs& data,
                    Report& report) {
  const Result<std::vector<FloorScore>> scores = MeasureFloors(live, model, data);
  if (!scores) return scores.error();
  double worst_margin = 1.0;
  double worst_work = 0.0;
  nlohmann::ordered_json rows;
  for (const FloorScore& score : *scores) {
    worst_margin = std::min(worst_margin, score.accuracy - score.floor);
    worst_work = std::max(worst_work, score.work_over_fixed_exit);
    rows.push_back({{"floor", score.floor},
                    {"accuracy", score.accuracy},
                    {"fixed_exit", score.fixed_exit},
                    {"work_over_fixed_exit", score.work_over_fixed_exit}});
  }
  report.Figure("accuracy_floor.measured_minus_floor", worst_margin, "share", ">= -0.005");
  report.Figure("accuracy_floor.work_over_fixed_exit", worst_work, "ratio", "<= 0.85");
  report.details("accuracy_floor") = rows;
  return {};
}

Status ReportLive(const apps::ServeConfig& config, const std::string& model,
                  const apps::LabelledInputs& data, Report& report) {
  const Result<std::unique_ptr<LiveServer>> live = StartServer(config, model);
  if (!live) return live.error();
  report.details("threads") = (*live)->exits().threads();
  if (Status status = ReportSweep(**live, model, data, report); !status) return status;
  if (Status status = ReportFloors(**live, model, data, report); !status) return status;
  const Result<AllocationsPerRequest> allocations =
      CountExecutorAllocations(**live, data, kAllocationRequests);
  if (!allocations) return allocations.error();
  report.Figure("steady_allocations_per_request", allocations->ours, "allocations", "0");
  report.details("allocations_inside_runtime_per_request") = allocations->runtime;
  return {};
}

Status ReportOverhead(const apps::ServeConfig& config, const std::string& model,
                      const apps::LabelledInputs& data, Report& report) {
  const Result<OverheadSamples> samples = MeasureOverhead(config, model, data, kOverheadRequests);
  if (!samples) return samples.error();
  report.Figure("server_overhead_us", Quantile(samples->overhead_us, 0.5), "us",
                "reported; first byte read to last written, less the stages");
  report.Figure("health_live_us", Quantile(samples->health_us, 0.5), "us",
                "beside it; round trip seen by the client");
  report.details("server_overhead_us") = Spread(samples->overhead_us);
  report.details("infer_round_trip_less_stages_us") = Spread(samples->infer_us);
  report.details("health_live_us") = Spread(samples->health_us);
  return {};
}

Status ReportCut(const std::string& key, const core::ModelVersion& staged,
                 const std::filesystem::path& uncut, int threads, int passes,
                 const std::string& expected, Report& report) {
  const Result<CutCost> cost = MeasureCutCost(staged, uncut, threads, passes);
  if (!cost) return cost.error();
  const std::string name = fmt::format("staged_over_monolithic.{}_{}t", key, threads);
  const double ratio = Quantile(cost->staged_ms, 0.5) / Quantile(cost->monolithic_ms, 0.5);
  report.Figure(name, ratio, "ratio", expected);
  report.details(name) = {{"staged_ms", Spread(cost->staged_ms)},
                          {"monolithic_ms", Spread(cost->monolithic_ms)}};
  return {};
}

Status ReportCuts(const Options& options, const core::ModelVersion& bundled, Report& report) {
  constexpr const char* kSmall = "<= 1.15";
  constexpr const char* kLarge = "<= 1.05";
  for (const int threads : {1, 2}) {
    if (Status status = ReportCut("bundled", bundled, options.paths.uncut_model(), threads, 1000,
                                  kSmall, report);
        !status) {
      return status;
    }
  }
  if (options.resnet50.empty()) {
    for (const char* name : {"resnet50_1t", "resnet50_2t"}) {
      report.Missing(std::string("staged_over_monolithic.") + name,
                     "no ResNet-50; make one with python3 zoo/resnet50.py");
    }
    return {};
  }
  const Result<core::ModelVersion> resnet =
      apps::ImportOnce(options.paths.program, options.paths.models, "resnet50", options.resnet50);
  if (!resnet) return resnet.error();
  for (const int threads : {1, 2}) {
    if (Status status =
            ReportCut("resnet50", *resnet, options.resnet50, threads, 40, kLarge, report);
        !status) {
      return status;
    }
  }
  return {};
}

Status Run(const Options& options) {
  const Result<core::ModelVersion> model = apps::PrepareDemoModel(options.paths);
  if (!model) return model.error();
  const Result<apps::LabelledInputs> data = apps::ReadDemoTestData(options.paths, model->spec);
  if (!data) return data.error();
  const core::Machine& machine = model->profile.machine;
  Report report({{"benchmark", "main_job"},
                 {"model", model->spec.name},
                 {"test_pictures", data->labels.size()},
                 {"cpu", machine.cpu},
                 {"cores", machine.cores},
                 {"runtime", machine.runtime},
                 {"seed", kSeed}});
  apps::ServeConfig config;
  config.models = options.paths.models;
  const std::string& name = model->spec.name;
  if (Status status = ReportLive(config, name, *data, report); !status) return status;
  if (Status status = ReportOverhead(config, name, *data, report); !status) return status;
  if (Status status = ReportCuts(options, *model, report); !status) return status;
  return report.Write(options.out);
}

}  // namespace
}  // namespace delen::bench

int main(int argc, char** argv) {
  delen::bench::Options options;
  CLI::App app("Measures the main job.", "main_job");
  app.add_option("--delen", options.paths.program, "The delen program")->required();
  app.add_option("--zoo", options.paths.zoo, "Folder of the bundled model")->required();
  app.add_option("--work", options.paths.models, "Folder for imported models")->required();
  app.add_option("--out", options.out, "JSON file to write")->required();
  app.add_option("--resnet50", options.resnet50, "A 4-exit ResNet-50 in one ONNX file");
  CLI11_PARSE(app, argc, argv);
  const delen::Status status = delen::bench::Run(options);
  if (status) return 0;
  std::fprintf(stderr, "main_job: %s\n", status.error().message.c_str());
  return 1;
}
