// Whole simulations against literals: whichever compiler built the program, the
// same scenario must come out the same, to the bit.
//
// A change of a policy changes the literals: the failure says the new lines.
#include "sim/simulator.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace delen::sim {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

struct Golden {
  const char* policy;
  double rate;  // times the scenario's own
  const char* outcome;
};

constexpr Golden kGoldens[] = {
    {"delen", 1, "hash 5d0ca85121fce11b stages 1698 arrived 610 kept 610 exits 0 0 610"},
    {"delen", 7, "hash 4f5fee71b374b60e stages 2159 arrived 4237 kept 4237 exits 0 502 3735"},
    {"delen", 12, "hash b556ab572f0dea82 stages 2207 arrived 7151 kept 7151 exits 0 2696 4455"},
    {"edgeserving", 1, "hash cc0e8c93e7351c42 stages 2220 arrived 610 kept 610 exits 0 0 0 610"},
    {"edgeserving", 7,
     "hash a48c3ae0d599923c stages 2083 arrived 4237 kept 4217 exits 147 468 37 3585"},
    {"edgeserving", 12,
     "hash 3ec333fa6f1f7670 stages 2285 arrived 7151 kept 7130 exits 237 2622 190 4102"},
};

std::ostream& operator<<(std::ostream& out, const Golden& golden) {
  return out << golden.policy << " at " << golden.rate;
}

std::string Outcome(const Report& report) {
  const Tally total = report.Total();
  return fmt::format("hash {:016x} stages {} arrived {} kept {} exits {}", report.hash,
                     report.stages, total.arrived, total.kept, fmt::join(total.exits, " "));
}

class GoldenTest : public ::testing::TestWithParam<Golden> {};

TEST_P(GoldenTest, PublishedModels) {
  Result<workload::Scenario> scenario =
      workload::ReadScenario(DELEN_SOURCE_DIR "/examples/scenarios/published.toml");
  ASSERT_TRUE(scenario) << scenario.error().message;
  scenario->duration = 5_s;
  scenario->ScaleRates(GetParam().rate);
  SimulatorOptions options;
  options.policy = GetParam().policy;
  Result<Simulator> simulator = Simulator::Make(*scenario, {}, options);
  ASSERT_TRUE(simulator) << simulator.error().message;
  const std::string outcome = Outcome(simulator->Run());
  EXPECT_EQ(outcome, GetParam().outcome)
      << "the new line: "
      << fmt::format(R"({{"{}", {}, "{}"}},)", GetParam().policy, GetParam().rate, outcome);
}

INSTANTIATE_TEST_SUITE_P(Simulator, GoldenTest, ::testing::ValuesIn(kGoldens),
                         [](const auto& golden) {
                           return fmt::format("{}_at_{}", golden.param.policy, golden.param.rate);
                         });

}  // namespace
}  // namespace delen::sim
