#include "sim/simulator.h"

#include <gtest/gtest.h>

#include "core/testing/sample_model.h"

namespace delen::sim {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

// One tenant, evenly spaced requests for the sample model: exits at 1, 3, 6 and
// 10 ms, worth 0.6, 0.8, 0.9 and 0.85.
workload::Scenario Scenario(double rate_per_s, core::Bounds bounds) {
  workload::Scenario scenario;
  scenario.duration = 10_s;
  scenario.stage_noise_cv = 0.0;
  scenario.models = {{"sample", core::testing::SampleModel()}};
  workload::ScenarioTenant tenant;
  tenant.terms.name = "camera";
  tenant.terms.bounds = bounds;
  tenant.model = "sample";
  tenant.arrivals = workload::PeriodicArrivals{.rate_per_s = rate_per_s};
  scenario.tenants = {tenant};
  return scenario;
}

Report Simulate(const workload::Scenario& scenario, const SimulatorOptions& options = {}) {
  return Simulator::Make(scenario, {}, options).value().Run();
}

TEST(Simulator, AnIdleMachineAnswersFromTheBestExit) {
  const Report report = Simulate(Scenario(100.0, {.max_latency = 8_ms}));
  const Tally& tally = report.tenants[0];
  EXPECT_EQ(tally.arrived, 1000U);
  EXPECT_EQ(tally.kept, 1000U);
  EXPECT_EQ(tally.exits, (std::vector<std::uint64_t>{0, 0, 1000}));
  EXPECT_NEAR(tally.MeanAccuracy(), 0.9, 1e-9);
  EXPECT_NEAR(InMilliseconds(tally.latency.Quantile(0.5)), 6.0, 0.06);
  EXPECT_NEAR(tally.device.value(), 6.0, 1e-6);
  EXPECT_NEAR(report.Goodput(tally), 100.0, 1e-9);
}

TEST(Simulator, OverloadCostsDepthNotAnswers) {
  const Report report = Simulate(Scenario(400.0, {.max_latency = 20_ms}));  // 2.5 ms each
  const Tally& tally = report.tenants[0];
  EXPECT_EQ(tally.answered, 4000U);
  EXPECT_LT(tally.ViolationRate(), 0.01);
  EXPECT_GT(tally.MeanAccuracy(), 0.65);
}

TEST(Simulator, TodaysServersMissTheBoundInstead) {
  SimulatorOptions options;
  options.policy = "all-final";
  const Tally tally = Simulate(Scenario(400.0, {.max_latency = 20_ms}), options).Total();
  EXPECT_GT(tally.ViolationRate(), 0.9);
}

TEST(Simulator, TheSlowdownOfTheScenarioIsTheMachines) {
  workload::Scenario scenario = Scenario(100.0, {.max_latency = 8_ms});
  scenario.slowdown = workload::ConstantSlowdown{2.0};
  const Tally tally = Simulate(scenario).Total();
  EXPECT_GT(tally.exits[1], 990U);  // 6 ms; the third exit would take 12
}

TEST(Simulator, WhatARequestCostsBesidesItsStagesCountsAgainstItsBound) {
  workload::Scenario scenario = Scenario(50.0, {.max_latency = 6.5_ms});
  EXPECT_EQ(Simulate(scenario).Total().exits, (std::vector<std::uint64_t>{0, 0, 500}));
  scenario.request_overhead = 1_ms;
  const Tally tally = Simulate(scenario).Total();
  EXPECT_EQ(tally.exits, (std::vector<std::uint64_t>{0, 500}));
  EXPECT_NEAR(InMilliseconds(tally.latency.Quantile(0.5)), 4.0, 0.04);
}

TEST(Simulator, TheSameSeedGivesTheSameReport) {
  workload::Scenario scenario = Scenario(300.0, {.max_latency = 20_ms});
  scenario.tenants[0].arrivals = workload::PoissonArrivals{300.0};
  scenario.stage_noise_cv = 0.2;
  const Report first = Simulate(scenario);
  EXPECT_EQ(first.hash, Simulate(scenario).hash);
  scenario.seed = 2;
  EXPECT_NE(first.hash, Simulate(scenario).hash);
}

TEST(Simulator, EndsAfterSoManyRequests) {
  workload::Scenario scenario = Scenario(100.0, {});
  scenario.duration.reset();
  scenario.requests = 25;
  EXPECT_EQ(Simulate(scenario).Total().arrived, 25U);
}

TEST(Simulator, QuotasHold) {
  workload::Scenario scenario = Scenario(100.0, {});
  scenario.tenants[0].terms.quotas.requests_per_second = 50.0;
  const Tally tally = Simulate(scenario).Total();
  EXPECT_NEAR(static_cast<double>(tally.refused), 500.0, 2.0);
}

TEST(Simulator, StreamsOfOneTenantShareItsPlace) {
  workload::Scenario scenario = Scenario(100.0, {});
  scenario.tenants.push_back(scenario.tenants[0]);
  scenario.tenants[0].terms.quotas.max_in_flight = 1;
  scenario.tenants[1].terms.quotas.max_in_flight = 1;
  const Report report = Simulate(scenario);
  EXPECT_EQ(report.tenants[0].tenant, "camera/sample");
  EXPECT_EQ(report.Total().refused, 1000U);  // they come at the same instants
}

TEST(Simulator, NamesWhatIsMissing) {
  workload::Scenario scenario = Scenario(100.0, {});
  scenario.models[0].published.reset();
  const Result<Simulator> simulator = Simulator::Make(scenario, {}, {});
  ASSERT_FALSE(simulator);
  EXPECT_EQ(simulator.error().message, "the scenario's model 'sample' is in no models folder");
}

}  // namespace
}  // namespace delen::sim
