#include "client/load_schedule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delen::client {
namespace {

using namespace literals;
using ::testing::ElementsAre;
using workload::PoissonArrivals;
using workload::RecordedArrivals;

workload::Scenario ScenarioOf(std::vector<workload::Arrivals> arrivals) {
  workload::Scenario scenario;
  scenario.duration = 10_s;
  for (workload::Arrivals& of_tenant : arrivals) {
    scenario.tenants.push_back({.terms = {}, .model = "m", .arrivals = std::move(of_tenant)});
  }
  return scenario;
}

// "tenant.number@ms" of every request.
std::vector<std::string> Play(const workload::Scenario& scenario) {
  LoadSchedule schedule(scenario);
  std::vector<std::string> played;
  while (const std::optional<DueRequest> request = schedule.Next()) {
    played.push_back(fmt::format("{}.{}@{:.4f}", request->tenant, request->number,
                                 InMilliseconds(request->due.since_origin())));
  }
  return played;
}

TEST(LoadSchedule, MergesTenantsInOrderOfTime) {
  const auto scenario =
      ScenarioOf({RecordedArrivals{{1_ms, 4_ms, 4_ms}}, RecordedArrivals{{0_ms, 4_ms, 5_ms}}});
  EXPECT_THAT(Play(scenario), ElementsAre("1.0@0.0000", "0.0@1.0000", "0.1@4.0000", "0.2@4.0000",
                                          "1.1@4.0000", "1.2@5.0000"));
}

TEST(LoadSchedule, EndsWithTheDurationOrTheNumberOfRequests) {
  auto scenario = ScenarioOf({RecordedArrivals{{1_ms, 2_ms, 3_ms}}, RecordedArrivals{{2_ms}}});
  scenario.duration = 3_ms;
  EXPECT_THAT(Play(scenario), ElementsAre("0.0@1.0000", "0.1@2.0000", "1.0@2.0000"));
  scenario.duration.reset();
  scenario.requests = 2;
  EXPECT_THAT(Play(scenario), ElementsAre("0.0@1.0000", "0.1@2.0000"));
}

// The instants were computed apart, in Python: those of a Poisson process of
// seed 7 (arrival_process_test.cc).
TEST(LoadSchedule, TheSameSeedGivesTheSameInstants) {
  auto scenario = ScenarioOf({PoissonArrivals{10.0}});
  scenario.seed = 7;
  scenario.duration = 550_ms;
  EXPECT_THAT(Play(scenario), ElementsAre("0.0@106.4541", "0.1@117.7404", "0.2@538.9466"));
  scenario.seed = 8;
  EXPECT_NE(Play(scenario).at(0), "0.0@106.4541");
}

}  // namespace
}  // namespace delen::client
