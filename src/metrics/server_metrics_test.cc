#include "metrics/server_metrics.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "core/testing/sample_model.h"

namespace delen::metrics {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::Contains;
using ::testing::IsSupersetOf;
using ::testing::Not;

bool IsTenant(std::string_view name) { return name == "default" || name == "robot"; }
bool IsModel(std::string_view name) { return name == "sample"; }

class ServerMetricsTest : public ::testing::Test {
 protected:
  void Answer(std::string tenant, const core::Bounds& bounds, const core::Account& account) {
    core::Request request;
    request.tenant = std::move(tenant);
    request.bounds = bounds;
    metrics_.OnAnswer({request, model_, account});
  }
  void RunStage(int requests) {
    metrics_.OnStage(
        {.model = model_, .stage = 0, .requests = requests, .rows = requests, .time = 1_ms});
  }

  std::vector<std::string> Lines() {
    std::istringstream text(metrics_.Text());
    std::vector<std::string> lines;
    for (std::string line; std::getline(text, line);) lines.push_back(line);
    return lines;
  }

  const core::ModelVersion model_ = core::testing::SampleModel();
  ServerMetrics metrics_{"1.2.3", {IsTenant, IsModel}};
};

core::Account SampleAccount() {
  core::Account account;
  account.exit = 2;
  account.latency = 3_ms;
  account.queue = 0.25_ms;
  account.device = 2_ms;
  account.energy = 4_mJ;
  return account;
}

TEST_F(ServerMetricsTest, CountsAnswersByTenantModelAndExit) {
  Answer("robot", {}, SampleAccount());
  Answer("robot", {}, SampleAccount());
  core::Account shallow = SampleAccount();
  shallow.exit = 0;
  shallow.degraded = true;
  Answer("", {}, shallow);
  EXPECT_THAT(
      Lines(),
      IsSupersetOf({
          "# HELP delen_requests_total Requests answered, by the exit that answered.",
          "# TYPE delen_requests_total counter",
          "delen_requests_total{exit=\"2\",model=\"sample\",tenant=\"robot\"} 2",
          "delen_requests_total{exit=\"0\",model=\"sample\",tenant=\"default\"} 1",
          "delen_degraded_total{model=\"sample\",tenant=\"robot\"} 0",
          "delen_degraded_total{model=\"sample\",tenant=\"default\"} 1",
          "delen_device_seconds_total{model=\"sample\",tenant=\"robot\"} 0.004",
          "delen_energy_joules_total{model=\"sample\",source=\"model\",tenant=\"robot\"} 0.008",
      }));
}

TEST_F(ServerMetricsTest, CountsTheBoundsAskedAndThoseMissed) {
  core::Account late = SampleAccount();
  late.missed.Add(core::Bound::kLatency);
  Answer("robot", {.max_latency = 2_ms, .min_accuracy = 0.5}, late);
  Answer("robot", {.max_latency = 9_ms}, SampleAccount());
  const std::vector<std::string> lines = Lines();
  const auto line = [](std::string_view what, std::string_view bound, int count) {
    return fmt::format(R"(delen_bounds_{}_total{{bound="{}",model="sample",tenant="robot"}} {})",
                       what, bound, count);
  };
  EXPECT_THAT(lines,
              IsSupersetOf({line("asked", "max_latency_ms", 2), line("missed", "max_latency_ms", 1),
                            line("asked", "min_accuracy", 1), line("missed", "min_accuracy", 0)}));
  EXPECT_THAT(lines, Not(Contains(::testing::HasSubstr("max_energy_mj"))));
}

TEST_F(ServerMetricsTest, TimesAndBatchesAreHistograms) {
  Answer("robot", {}, SampleAccount());
  RunStage(1);
  RunStage(4);
  EXPECT_THAT(
      Lines(),
      IsSupersetOf({
          "# TYPE delen_request_latency_seconds histogram",
          R"(delen_request_latency_seconds_bucket{model="sample",tenant="robot",le="0.0025"} 0)",
          R"(delen_request_latency_seconds_bucket{model="sample",tenant="robot",le="0.005"} 1)",
          R"(delen_request_latency_seconds_bucket{model="sample",tenant="robot",le="+Inf"} 1)",
          R"(delen_request_latency_seconds_count{model="sample",tenant="robot"} 1)",
          R"(delen_request_latency_seconds_sum{model="sample",tenant="robot"} 0.003)",
          R"(delen_queue_seconds_bucket{model="sample",tenant="robot",le="0.00025"} 1)",
          R"(delen_batch_size_bucket{model="sample",le="1"} 1)",
          R"(delen_batch_size_bucket{model="sample",le="3"} 1)",
          R"(delen_batch_size_bucket{model="sample",le="4"} 2)",
          R"(delen_batch_size_sum{model="sample"} 5)",
      }));
}

TEST_F(ServerMetricsTest, CountsRefusalsByReason) {
  metrics_.OnRefused("robot", "sample", ErrorCode::kOverloaded);
  metrics_.OnRefused("robot", "sample", ErrorCode::kOverloaded);
  metrics_.OnRefused("", "nobody's", ErrorCode::kNotFound);
  EXPECT_THAT(Lines(),
              IsSupersetOf({
                  R"(delen_refused_total{model="sample",reason="overloaded",tenant="robot"} 2)",
                  R"(delen_refused_total{model="other",reason="not_found",tenant="default"} 1)",
              }));
}

TEST_F(ServerMetricsTest, ReadsLanesWhenAsked) {
  scheduler::LaneState state{1.5, 7, 2};
  metrics_.Watch("cpu", [&] { return state; });
  Lines();
  state.slowdown = 2.5;
  EXPECT_THAT(Lines(), IsSupersetOf({
                           R"(delen_lane_slowdown_ratio{lane="cpu"} 2.5)",
                           R"(delen_lane_threads{lane="cpu"} 2)",
                           R"(delen_lane_queue_depth{lane="cpu"} 7)",
                           R"(delen_build_info{version="1.2.3"} 1)",
                           "# TYPE process_cpu_seconds_total counter",
                       }));
}

TEST_F(ServerMetricsTest, StaysSmallHoweverManyNamesAreSent) {
  const auto ask = [&](int i) {
    const std::string name = fmt::format("name_{}", i);
    Answer(name, {.max_latency = 5_ms}, SampleAccount());
    metrics_.OnRefused(name, name, ErrorCode::kNotFound);
  };
  ask(0);
  const std::size_t lines = Lines().size();
  for (int i = 1; i < 10000; ++i) ask(i);
  const std::vector<std::string> after = Lines();
  EXPECT_EQ(after.size(), lines);
  EXPECT_THAT(after,
              IsSupersetOf({
                  R"(delen_requests_total{exit="2",model="sample",tenant="other"} 10000)",
                  R"(delen_refused_total{model="other",reason="not_found",tenant="other"} 10000)",
              }));
}

TEST_F(ServerMetricsTest, EveryFamilyThatIsToldIsInTheTable) {
  Answer("robot", {.max_latency = 5_ms}, SampleAccount());
  RunStage(1);
  metrics_.OnRefused("robot", "sample", ErrorCode::kInternal);
  metrics_.Watch("cpu", [] { return scheduler::LaneState(); });
  std::set<std::string> told;
  for (const std::string& line : Lines()) {
    if (line.starts_with("# TYPE ")) told.insert(line.substr(7));
  }
  std::set<std::string> expected;
  for (const FamilySpec& spec : AllFamilies()) {
    expected.insert(fmt::format("{} {}", spec.name, Name(spec.type)));
  }
  EXPECT_EQ(told, expected);
}

}  // namespace
}  // namespace delen::metrics
