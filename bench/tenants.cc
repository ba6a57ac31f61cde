// The benchmark of many tenants: bounds kept under load, apart from each other,
// and beside other programs; the simulator held against the server.
//
// usage: tenants --delen PROGRAM --zoo FOLDER --scenarios FOLDER --work FOLDER --out FILE
//                [--resnet50 FILE] [--memory-minutes M] [--only PART,PART] [--quick]
//
// Works best on an idle machine: the load generator runs on the same one.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "contention.h"
#include "decision_time.h"
#include "isolation.h"
#include "memory_slope.h"
#include "overload.h"
#include "published_sweep.h"
#include "report.h"
#include "sim_vs_live.h"
#include "tenants_setting.h"

namespace delen::bench {
namespace {

// Figures that are measured together.
struct Part {
  std::string name;
  Status (*measure)(const TenantsSetting&, Report&);
  std::vector<std::string> figures;
};

const std::vector<Part>& Parts() {
  static const std::vector<Part> parts = {
      {"published", ReportPublished, {"published.points_beaten"}},
      {"live", ReportOverload, {"live.goodput_ratio_at_2x", "live.admitted_violation_rate_max"}},
      {"isolation", ReportIsolation, {"isolation.alone", "isolation.beside_flood"}},
      {"contention",
       ReportContention,
       {"contention.adaptive", "contention.fixed_1", "contention.fixed_2"}},
      {"scheduler",
       ReportDecisionTime,
       {"scheduler.decision_us_p50_10", "scheduler.decision_us_p99_10",
        "scheduler.decision_us_p50_100", "scheduler.decision_us_p99_100",
        "scheduler.decision_us_p50_1000", "scheduler.decision_us_p99_1000"}},
      {"memory", ReportMemory, {"memory.rss_slope_mb_per_min"}},
      {"sim_vs_live",
       ReportSimVsLive,
       {"sim_vs_live.violation_rate_points", "sim_vs_live.p50_ratio"}}};
  return parts;
}

struct Options {
  TenantsSetting setting;
  std::string out;
  double memory_minutes = 10.0;
  std::vector<std::string> only;  // empty: all

  bool Wants(const std::string& part) const {
    return only.empty() || std::ranges::count(only, part) > 0;
  }
};

Status Prepare(Options& options) {
  TenantsSetting& setting = options.setting;
  setting.paths.models = setting.work / "bundled";
  setting.pictures = std::filesystem::path(options.out).parent_path();
  setting.memory_time = Seconds(options.memory_minutes * 60.0);
  std::error_code failure;
  for (const std::filesystem::path& folder : {setting.paths.models, setting.work / "large"}) {
    std::filesystem::create_directories(folder, failure);
    if (failure) return Unavailable("cannot make '{}': {}", folder.string(), failure.message());
  }
  return {};
}

// A part that cannot be measured here leaves its figures missing.
Status Run(Options& options) {
  if (Status prepared = Prepare(options); !prepared) return prepared;
  Report report({{"benchmark", "tenants"},
                 {"cores", std::thread::hardware_concurrency()},
                 {"quick", options.setting.quick}});
  for (const Part& part : Parts()) {
    if (!options.Wants(part.name)) continue;
    const Status measured = part.measure(options.setting, report);
    if (measured) continue;
    for (const std::string& figure : part.figures) {
      report.Missing(figure, measured.error().message);
    }
  }
  return report.Write(options.out);
}

std::vector<std::string> PartNames() {
  std::vector<std::string> names;
  for (const Part& part : Parts()) names.push_back(part.name);
  return names;
}

}  // namespace
}  // namespace delen::bench

int main(int argc, char** argv) {
  delen::bench::Options options;
  delen::bench::TenantsSetting& setting = options.setting;
  CLI::App app("Measures many tenants on one server.", "tenants");
  app.add_option("--delen", setting.paths.program, "The delen program")->required();
  app.add_option("--zoo", setting.paths.zoo, "Folder of the bundled model")->required();
  app.add_option("--scenarios", setting.scenarios, "Folder of the example scenarios")->required();
  app.add_option("--work", setting.work, "Folder for imported models")->required();
  app.add_option("--out", options.out, "JSON file to write; charts go beside it")->required();
  app.add_option("--resnet50", setting.resnet50, "A 4-exit ResNet-50 in one ONNX file");
  app.add_option("--memory-minutes", options.memory_minutes,
                 "How long the server's memory is watched (default: 10)")
      ->check(CLI::Range(0.1, 1e4));
  app.add_option("--only", options.only, "Parts to measure (default: all)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::IsMember(delen::bench::PartNames()));
  app.add_flag("--quick", setting.quick, "Short runs, to try the program; the figures mean little");
  CLI11_PARSE(app, argc, argv);
  const delen::Status status = delen::bench::Run(options);
  if (status) return 0;
  std::fprintf(stderr, "tenants: %s\n", status.error().message.c_str());
  return 1;
}
