#include "published_sweep.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "apps/console/progress_bar.h"
#include "apps/console/svg_chart.h"
#include "apps/console/table.h"
#include "base/clock.h"
#include "base/files.h"
#include "sim/simulator.h"
#include "workload/scenario.h"

namespace delen::bench {
namespace {

using Json = nlohmann::ordered_json;

// Ours first.
constexpr std::array kPolicies = {"delen",     "edgeserving", "symphony",   "all-early",
                                  "all-final", "edf-final",   "confidence", "reactive"};
// These make the same promise as ours, so they must not be more accurate either.
constexpr std::array kRivals = {"edgeserving", "symphony", "all-early"};
constexpr double kFirstRate = 20.0;  // of resnet152, as the scenario has it
constexpr int kRates = 12;
constexpr double kTolerance = 1e-4;          // of violation rates
constexpr double kAccuracyTolerance = 1e-6;  // sums of equal numbers in another order

// Means over the seeds.
struct Point {
  double violation_rate = 0.0;  // of all that arrived, not answered within the bound
  double accuracy = 0.0;        // expected, of the answers
};

// A rate's place among the rates, a policy's among the policies.
struct Case {
  std::size_t policy = 0;
  int rate = 0;

  double rate_per_s() const { return kFirstRate * (rate + 1); }
};

struct Sweep {
  int seeds = 0;
  std::array<std::array<Point, kRates>, kPolicies.size()> points;

  const Point& At(Case of) const { return points[of.policy][static_cast<std::size_t>(of.rate)]; }
};

Result<Point> Simulate(workload::Scenario scenario, Case of, int seeds) {
  scenario.ScaleRates(of.rate_per_s() / kFirstRate);
  sim::SimulatorOptions options;
  options.policy = kPolicies[of.policy];
  Point mean;
  for (int seed = 1; seed <= seeds; ++seed) {
    scenario.seed = static_cast<std::uint64_t>(seed);
    Result<sim::Simulator> simulator = sim::Simulator::Make(scenario, {}, options);
    if (!simulator) return std::move(simulator).error();
    const sim::Tally total = simulator->Run().Total();
    mean.violation_rate += total.ViolationRate() / seeds;
    mean.accuracy += total.MeanAccuracy() / seeds;
  }
  return mean;
}

// Runs the cases that others have not begun yet.
Status SimulateCases(const workload::Scenario& scenario, std::atomic<int>& begun,
                     std::atomic<int>& done, Sweep& sweep) {
  constexpr int kCases = kRates * static_cast<int>(kPolicies.size());
  for (int index = begun++; index < kCases; index = begun++) {
    const Case of{static_cast<std::size_t>(index / kRates), index % kRates};
    const Result<Point> point = Simulate(scenario, of, sweep.seeds);
    if (!point) return point.error();
    sweep.points[of.policy][static_cast<std::size_t>(of.rate)] = *point;
    ++done;
  }
  return {};
}

Result<Sweep> SimulateAll(const workload::Scenario& scenario, int seeds) {
  Sweep sweep{.seeds = seeds, .points = {}};
  std::atomic<int> begun = 0;
  std::atomic<int> done = 0;
  std::vector<std::future<Status>> workers(std::max(1U, std::thread::hardware_concurrency()));
  for (std::future<Status>& worker : workers) {
    worker = std::async(std::launch::async, SimulateCases, std::cref(scenario), std::ref(begun),
                        std::ref(done), std::ref(sweep));
  }
  const SteadyClock clock;
  apps::ProgressBar bar(clock);
  Status all;
  for (std::future<Status>& worker : workers) {
    while (worker.wait_for(std::chrono::milliseconds(200)) != std::future_status::ready) {
      bar.Update(static_cast<std::size_t>(done), kRates * kPolicies.size(),
                 "published: simulating");
    }
    if (Status status = worker.get(); !status) all = std::move(status);
  }
  if (!all) return std::move(all).error();
  return sweep;
}

bool IsBeaten(const Point& ours, const Point& other, bool rival) {
  if (other.violation_rate < ours.violation_rate - kTolerance) return true;
  return rival && other.violation_rate <= ours.violation_rate &&
         other.accuracy > ours.accuracy + kAccuracyTolerance;
}

// Where another policy did better than ours.
Json BeatenAt(const Sweep& sweep) {
  Json beaten = Json::array();
  for (int rate = 0; rate < kRates; ++rate) {
    for (std::size_t policy = 1; policy < kPolicies.size(); ++policy) {
      const bool rival = std::ranges::count(kRivals, std::string_view(kPolicies[policy])) > 0;
      const Case of{policy, rate};
      if (!IsBeaten(sweep.At({0, rate}), sweep.At(of), rival)) continue;
      beaten.push_back({{"resnet152_per_second", of.rate_per_s()}, {"policy", kPolicies[policy]}});
    }
  }
  return beaten;
}

Json PointsJson(const Sweep& sweep) {
  Json points = Json::array();
  for (std::size_t policy = 0; policy < kPolicies.size(); ++policy) {
    for (int rate = 0; rate < kRates; ++rate) {
      const Case of{policy, rate};
      points.push_back({{"policy", kPolicies[policy]},
                        {"resnet152_per_second", of.rate_per_s()},
                        {"violation_rate", sweep.At(of).violation_rate},
                        {"mean_accuracy", sweep.At(of).accuracy}});
    }
  }
  return points;
}

// One of the two numbers of a point, as people want to read it.
struct Measure {
  const char* name;
  const char* label;
  const char* file;
  double Point::*field;
  double factor;
  int decimals;
};

constexpr Measure kMeasures[] = {{"not answered within the bound", "violations (%)",
                                  "published_violations.svg", &Point::violation_rate, 100.0, 2},
                                 {"mean accuracy of the answers", "accuracy (%)",
                                  "published_accuracy.svg", &Point::accuracy, 100.0, 2}};

void Print(const Sweep& sweep, const Measure& measure) {
  std::vector<std::string> header = {"resnet152/s"};
  header.insert(header.end(), kPolicies.begin(), kPolicies.end());
  apps::Table table(header);
  for (int rate = 0; rate < kRates; ++rate) {
    std::vector<std::string> row = {fmt::format("{:g}", Case{0, rate}.rate_per_s())};
    for (std::size_t policy = 0; policy < kPolicies.size(); ++policy) {
      const double value = sweep.At({policy, rate}).*measure.field * measure.factor;
      row.push_back(fmt::format("{:.{}f}", value, measure.decimals));
    }
    table.AddRow(std::move(row));
  }
  fmt::print("\npublished models, {}: {}\n{}", measure.name, measure.label, table.Text());
}

Status Draw(const Sweep& sweep, const Measure& measure, const std::filesystem::path& folder) {
  apps::LineChart chart{.title = fmt::format("Published models: {}", measure.name),
                        .x_label = "ResNet-152 requests, beside 2x ResNet-101, 3x ResNet-50 (1/s)",
                        .y_label = measure.label,
                        .series = {}};
  for (std::size_t policy = 0; policy < kPolicies.size(); ++policy) {
    apps::ChartSeries series{kPolicies[policy], {}};
    for (int rate = 0; rate < kRates; ++rate) {
      const Case of{policy, rate};
      series.points.push_back({of.rate_per_s(), sweep.At(of).*measure.field * measure.factor});
    }
    chart.series.push_back(std::move(series));
  }
  return WriteFileAtomically(folder / measure.file, apps::SvgText(chart));
}

}  // namespace

Status ReportPublished(const TenantsSetting& setting, Report& report) {
  Result<workload::Scenario> scenario =
      workload::ReadScenario(setting.scenarios / "published.toml");
  if (!scenario) return std::move(scenario).error();
  if (setting.quick) scenario->duration = Seconds(1.0);
  const Result<Sweep> sweep = SimulateAll(*scenario, setting.quick ? 1 : 5);
  if (!sweep) return sweep.error();
  for (const Measure& measure : kMeasures) {
    Print(*sweep, measure);
    if (Status drawn = Draw(*sweep, measure, setting.pictures); !drawn) return drawn;
  }
  fmt::print("\n");
  const Json beaten = BeatenAt(*sweep);
  report.Figure("published.points_beaten", static_cast<double>(beaten.size()), "points", "0");
  report.details("published") = {{"seeds", sweep->seeds},
                                 {"simulated_seconds", scenario->duration->value()},
                                 {"violation_rate_tolerance", kTolerance},
                                 {"accuracy_tolerance", kAccuracyTolerance},
                                 {"beaten_at", beaten},
                                 {"points", PointsJson(*sweep)}};
  return {};
}

}  // namespace delen::bench
