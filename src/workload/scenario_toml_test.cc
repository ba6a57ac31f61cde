#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/files.h"
#include "core/exit_table.h"
#include "workload/scenario.h"

namespace delen::workload {
namespace {

using namespace literals;
using ::testing::HasSubstr;

constexpr const char* kSmall = R"(
name = "small"
duration_s = 10

[machine]
slowdown = {kind = "constant", value = 1.5}

[[model]]
name = "glyphs"

[[model]]
name = "net"
[model.published]
exit_latencies_ms = [1, 2.5]
reference_batch = 4
batches = [1, 4]
fixed_share = 0.5
exit_accuracies = [0.7, 0.8]

[[tenant]]
name = "door"
model = "glyphs"
arrivals = {kind = "poisson", rate_per_s = 20}
bounds = {max_latency_ms = 50}

[[tenant]]
name = "hall"
model = "net"
arrivals = {kind = "periodic", rate_per_s = 30}
quotas = {max_in_flight = 4}
)";

// Recordings by name.
Result<std::string> TestFile(const std::string& name) {
  if (name == "door.csv") return std::string("0.5\n0.75\n");
  if (name == "load.csv") return std::string("seconds,slowdown\n0,1\n2,3\n");
  if (name == "broken.csv") return std::string("1\n0.5\n");
  return NotFound("{}: no such file", name);
}

Result<Scenario> Parse(std::string_view toml) { return ParseScenario(toml, "s.toml", TestFile); }

// The small scenario's text with `from` replaced by `to`.
std::string Changed(const std::string& from, const std::string& to) {
  std::string text = kSmall;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

std::string ErrorAfter(const std::string& from, const std::string& to) {
  const Result<Scenario> scenario = Parse(Changed(from, to));
  return scenario ? "no error" : scenario.error().message;
}

Arrivals ArrivalsAfter(const std::string& arrivals) {
  const Result<Scenario> scenario =
      Parse(Changed(R"(arrivals = {kind = "poisson", rate_per_s = 20})", arrivals));
  EXPECT_TRUE(scenario) << scenario.error().message;
  return scenario ? scenario->tenants[0].arrivals : Arrivals();
}

Slowdown SlowdownAfter(const std::string& slowdown) {
  const Result<Scenario> scenario = Parse(Changed(R"({kind = "constant", value = 1.5})", slowdown));
  EXPECT_TRUE(scenario) << scenario.error().message;
  return scenario ? scenario->slowdown : Slowdown();
}

TEST(ScenarioToml, WhatIsNotNamedHasItsDefault) {
  const Result<Scenario> scenario = Parse(kSmall);
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->name, "small");
  EXPECT_EQ(scenario->seed, 1U);
  EXPECT_EQ(scenario->duration, 10_s);
  EXPECT_EQ(scenario->requests, std::nullopt);
  EXPECT_EQ(scenario->warmup, 0_s);
  EXPECT_EQ(scenario->slowdown, Slowdown(ConstantSlowdown{1.5}));
  EXPECT_EQ(scenario->stage_noise_cv, 0.05);
  ASSERT_EQ(scenario->models.size(), 2U);
  EXPECT_EQ(scenario->models[0].name, "glyphs");
  EXPECT_FALSE(scenario->models[0].published);
  ASSERT_EQ(scenario->tenants.size(), 2U);
  const ScenarioTenant& door = scenario->tenants[0];
  EXPECT_EQ(door.terms.name, "door");
  EXPECT_EQ(door.terms.weight, 1.0);
  EXPECT_EQ(door.terms.policy, "delen");
  EXPECT_EQ(door.terms.bounds, (core::Bounds{.max_latency = 50_ms}));
  EXPECT_EQ(door.terms.quotas, core::Quotas());
  EXPECT_EQ(door.model, "glyphs");
  EXPECT_EQ(door.rows, 1);
  EXPECT_EQ(door.arrivals, Arrivals(PoissonArrivals{20.0}));
  EXPECT_EQ(scenario->tenants[1].terms.quotas.max_in_flight, 4);
}

TEST(ScenarioToml, APublishedModelHasAnExitTable) {
  const Scenario scenario = Parse(kSmall).value();
  ASSERT_TRUE(scenario.models[1].published);
  const auto exits = core::ExitTable::Make(*scenario.models[1].published, 1);
  ASSERT_TRUE(exits) << exits.error().message;
  EXPECT_EQ(exits->accuracy(1), 0.8);
  EXPECT_DOUBLE_EQ(InMilliseconds(exits->CostsFor(4).table->stages[1].p50), 1.5);
}

TEST(ScenarioToml, ReadsEveryTermOfATenant) {
  const Result<Scenario> scenario = Parse(Changed("bounds = {max_latency_ms = 50}", R"(
weight = 2.5
policy = "edgeserving"
rows = 8
[tenant.bounds]
max_latency_ms = 12.5
max_energy_mj = 30
min_accuracy = 0.8
min_confidence = 0.7
objective = "energy"
on_infeasible = "reject"
[tenant.quotas]
requests_per_second = 25
burst = 5
energy_j_per_hour = 400
)"));
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->tenants[0].rows, 8);
  EXPECT_EQ(
      scenario->tenants[0].terms,
      (core::Tenant{
          .name = "door",
          .bounds = {.max_latency = 12.5_ms,
                     .max_energy = 30_mJ,
                     .min_accuracy = 0.8,
                     .min_confidence = 0.7,
                     .objective = core::Objective::kEnergy,
                     .on_infeasible = core::OnInfeasible::kReject},
          .weight = 2.5,
          .quotas = {.requests_per_second = 25.0, .burst = 5.0, .energy_per_hour = Joules(400.0)},
          .policy = "edgeserving"}));
}

TEST(ScenarioToml, ReadsEveryKindOfArrivals) {
  EXPECT_EQ(ArrivalsAfter(R"(arrivals = {kind = "bursty", states = [
                {rate_per_s = 2, mean_dwell_s = 5}, {rate_per_s = 80, mean_dwell_s = 0.5}]})"),
            Arrivals(BurstyArrivals{{{2.0, 5_s}, {80.0, 0.5_s}}}));
  EXPECT_EQ(ArrivalsAfter(R"(arrivals = {kind = "periodic", rate_per_s = 30, offset_ms = 10,)"
                          R"( jitter_ms = 2, jitter = "uniform"})"),
            Arrivals(PeriodicArrivals{30.0, 10_ms, 2_ms, PeriodicArrivals::Jitter::kUniform}));
  EXPECT_EQ(ArrivalsAfter(R"(arrivals = {kind = "periodic", rate_per_s = 30})"),
            Arrivals(PeriodicArrivals{.rate_per_s = 30.0}));
  EXPECT_EQ(ArrivalsAfter(R"(arrivals = {kind = "recorded", file = "door.csv"})"),
            Arrivals(RecordedArrivals{{0.5_s, 0.75_s}}));
}

TEST(ScenarioToml, ReadsEveryKindOfSlowdown) {
  EXPECT_EQ(
      SlowdownAfter(R"({kind = "steps", steps = [{at_s = 2, value = 3}, {at_s = 4, value = 1}]})"),
      Slowdown(SteppedSlowdown{{{2_s, 3.0}, {4_s, 1.0}}}));
  EXPECT_EQ(SlowdownAfter(R"({kind = "random_walk", interval_s = 0.5, log_deviation = 0.2,)"
                          R"( low = 0.9, high = 3})"),
            Slowdown(WalkingSlowdown{0.5_s, 0.2, 0.9, 3.0}));
  EXPECT_EQ(SlowdownAfter(R"({kind = "recorded", file = "load.csv"})"),
            Slowdown(SteppedSlowdown{{{0_s, 1.0}, {2_s, 3.0}}}));
}

TEST(ScenarioToml, MessagesNameFileKeyActualAndExpected) {
  EXPECT_EQ(ErrorAfter("duration_s = 10", "duration = 10"),
            "s.toml: unknown key 'duration', expected one of name, seed, duration_s, requests, "
            "warmup_s, machine, model, tenant");
  EXPECT_EQ(ErrorAfter("duration_s = 10", ""),
            "s.toml: none of 'duration_s' and 'requests' given, expected one");
  EXPECT_EQ(ErrorAfter("duration_s = 10", "duration_s = 10\nrequests = 5"),
            "s.toml: both of 'duration_s' and 'requests' given, expected one");
  EXPECT_EQ(ErrorAfter("duration_s = 10", "duration_s = 10\nwarmup_s = 10"),
            "s.toml: 'warmup_s' is 10, expected less than duration_s, which is 10");
  EXPECT_EQ(ErrorAfter("value = 1.5", "value = 0"),
            "s.toml: 'machine.slowdown.value' is 0, expected a number from 0.01 to 100");
  EXPECT_EQ(ErrorAfter("\"constant\"", "\"constantly\""),
            "s.toml: 'machine.slowdown.kind' is 'constantly', expected constant, steps, "
            "random_walk or recorded");
  EXPECT_EQ(ErrorAfter("\"poisson\"", "\"fish\""),
            "s.toml: 'tenant[0].arrivals.kind' is 'fish', expected poisson, bursty, periodic or "
            "recorded");
  EXPECT_EQ(ErrorAfter("rate_per_s = 20", "rate_per_s = 0"),
            "s.toml: 'tenant[0].arrivals.rate_per_s' is 0, expected a number from 0.001 to "
            "1000000");
  EXPECT_EQ(ErrorAfter("rate_per_s = 20", "rate = 20"),
            "s.toml: unknown key 'tenant[0].arrivals.rate', expected one of kind, rate_per_s");
}

TEST(ScenarioToml, RecordingsThatCannotBeReadAreNamed) {
  EXPECT_EQ(ErrorAfter(R"("poisson", rate_per_s = 20)", R"("recorded", file = "broken.csv")"),
            "s.toml: 'tenant[0].arrivals.file' is 'broken.csv', expected a recording "
            "(broken.csv:2: seconds is 0.5, expected at least 1, as in the row before)");
  EXPECT_EQ(ErrorAfter(R"("poisson", rate_per_s = 20)", R"("recorded", file = "gone.csv")"),
            "s.toml: 'tenant[0].arrivals.file' is 'gone.csv', expected a recording "
            "(gone.csv: no such file)");
}

TEST(ScenarioToml, RefusesGeneratorsThatMakeNoSense) {
  EXPECT_THAT(ErrorAfter(R"("poisson", rate_per_s = 20)",
                         R"("bursty", states = [{rate_per_s = 1, mean_dwell_s = 1}])"),
              HasSubstr("'tenant[0].arrivals.states' is an array of 1, expected at least 2"));
  EXPECT_THAT(ErrorAfter(R"("poisson", rate_per_s = 20)",
                         R"("bursty", states = [{rate_per_s = 0, mean_dwell_s = 1},
                                                {rate_per_s = 0, mean_dwell_s = 1}])"),
              HasSubstr("expected a rate_per_s of at least 0.001 in one of them"));
  EXPECT_THAT(ErrorAfter(R"("constant", value = 1.5)",
                         R"("steps", steps = [{at_s = 3, value = 2}, {at_s = 2, value = 1}])"),
              HasSubstr("'machine.slowdown.steps[1].at_s' is 2, expected at least 3"));
  EXPECT_THAT(ErrorAfter(R"("constant", value = 1.5)",
                         R"("random_walk", interval_s = 1, log_deviation = 1, low = 2, high = 1)"),
              HasSubstr("'machine.slowdown.high' is 1, expected at least 2, as in low"));
}

TEST(ScenarioToml, RefusesTenantsThatMakeNoSense) {
  EXPECT_EQ(ErrorAfter("model = \"glyphs\"", "model = \"glyph\""),
            "s.toml: 'tenant[0].model' is 'glyph', expected the name of a [[model]]");
  EXPECT_EQ(ErrorAfter("\"hall\"", "\"door\""),
            "s.toml: 'tenant[1].name' is 'door' a second time, expected the weight, quotas and "
            "policy of the first, or another name");
  EXPECT_THAT(ErrorAfter("\"hall\"", "\"great hall\""), HasSubstr("s.toml: 'tenant[1]': "));
  EXPECT_EQ(ErrorAfter("max_latency_ms = 50", "objective = \"speed\""),
            "s.toml: 'tenant[0].bounds': parameter 'objective' is 'speed', expected one of "
            "accuracy, latency, energy");
  EXPECT_EQ(ErrorAfter("max_latency_ms = 50", "min_accuracy = 88"),
            "s.toml: 'tenant[0].bounds.min_accuracy' is 88, expected a number from 0 to 1");
  EXPECT_EQ(ErrorAfter("max_in_flight = 4", "max_in_flight = 0"),
            "s.toml: 'tenant[1].quotas.max_in_flight' is 0, expected a whole number from 1 to "
            "1048576");
  EXPECT_EQ(ErrorAfter("max_in_flight = 4", "energy_j_per_hour = 100"),
            "s.toml: 'tenant[1].quotas.energy_j_per_hour' is set, expected 'power_w' in the model "
            "'net'");
}

TEST(ScenarioToml, RefusesModelsThatMakeNoSense) {
  EXPECT_EQ(ErrorAfter("\"net\"", "\"glyphs\""),
            "s.toml: 'model[1].name' is 'glyphs' a second time, expected names that differ");
  EXPECT_EQ(ErrorAfter("[1, 2.5]", "[2.5, 2.5]"),
            "s.toml: 'model[1].published.exit_latencies_ms' is not rising, expected the time up to "
            "each exit, more than up to the one before");
  EXPECT_EQ(ErrorAfter("[1, 2.5]", "[1, 2.5, 4]"),
            "s.toml: 'model[1].published.exit_accuracies' is an array of 2, expected 3, as in "
            "exit_latencies_ms");
  EXPECT_EQ(ErrorAfter("batches = [1, 4]", "batches = [4, 1]"),
            "s.toml: 'model[1].published.batches' is not rising, expected at least one batch "
            "size, each larger than the one before");
  EXPECT_EQ(ErrorAfter("fixed_share = 0.5", ""),
            "s.toml: the key 'model[1].published.fixed_share' is missing");
}

// The first block of TOML below the heading.
std::string ExampleInDocs(std::string_view heading) {
  const std::string text = ReadFile(DELEN_SOURCE_DIR "/docs/formats.md").value();
  constexpr std::string_view kFence = "```toml\n";
  const std::size_t begin = text.find(kFence, text.find(heading)) + kFence.size();
  return text.substr(begin, text.find("```", begin) - begin);
}

TEST(ScenarioToml, TheDocumentedExampleIsRead) {
  const Result<Scenario> scenario = Parse(ExampleInDocs("\n## Scenario\n"));
  ASSERT_TRUE(scenario) << scenario.error().message;
  EXPECT_EQ(scenario->name, "gate");
  EXPECT_EQ(scenario->models.size(), 2U);
  EXPECT_EQ(scenario->tenants.size(), 4U);
}

TEST(ScenarioToml, PublishedNumbersAreThoseOfTheExample) {
  const Result<Scenario> scenario =
      ReadScenario(DELEN_SOURCE_DIR "/examples/scenarios/published.toml");
  ASSERT_TRUE(scenario) << scenario.error().message;
  ASSERT_EQ(scenario->models.size(), 3U);
  ASSERT_EQ(scenario->tenants.size(), 3U);
  EXPECT_EQ(scenario->duration, 20_s);
  for (std::size_t i = 0; i < 3; ++i) {
    const double rate = 20.0 * static_cast<double>(3 - i);
    EXPECT_EQ(scenario->tenants[i].arrivals, Arrivals(PoissonArrivals{rate}));
    EXPECT_EQ(scenario->tenants[i].terms.bounds.max_latency, 50_ms);
    EXPECT_TRUE(core::ExitTable::Make(scenario->models[i].published.value(), 1));
  }
  EXPECT_EQ(scenario->models[2].name, "resnet152");
}

TEST(ScenarioToml, ThreeTenantsShareTheBundledModel) {
  const Result<Scenario> scenario =
      ReadScenario(DELEN_SOURCE_DIR "/examples/scenarios/three_tenants.toml");
  ASSERT_TRUE(scenario) << scenario.error().message;
  ASSERT_EQ(scenario->tenants.size(), 3U);
  for (const ScenarioTenant& tenant : scenario->tenants) EXPECT_EQ(tenant.model, "glyphs");
  EXPECT_EQ(scenario->tenants[1].terms.bounds.min_accuracy, 0.88);
}

}  // namespace
}  // namespace delen::workload
