#include "apps/load_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace delen::apps {
namespace {

using namespace literals;
using ::testing::HasSubstr;
using ::testing::Not;
using Json = nlohmann::json;

workload::Scenario Gate() {
  workload::Scenario scenario;
  scenario.name = "gate";
  scenario.seed = 7;
  scenario.tenants.resize(2);
  scenario.tenants[0].terms.name = "robot";
  scenario.tenants[0].terms.bounds.max_latency = 5_ms;
  scenario.tenants[1].terms.name = "archive";
  return scenario;
}

void Answer(client::LoadTally& tally, int exit, Seconds latency, bool kept) {
  core::Account account;
  account.exit = exit;
  account.accuracy_estimate = 0.75;
  account.latency = latency;
  account.energy = 4_mJ;
  if (!kept) account.missed.Add(core::Bound::kLatency);
  tally.counts.OnAnswer(account);
  tally.server_latency.Record(latency * 0.5);
}

// The robot: four asked, of which two in time, one late, one refused. The archive
// failed.
client::LoadReport Report() {
  client::LoadReport report{.tenants = std::vector<client::LoadTally>(2), .time = 2_s};
  client::LoadTally& robot = report.tenants[0];
  robot.counts.tenant = "robot";
  robot.counts.arrived = 4;
  Answer(robot, 0, 2_ms, true);
  Answer(robot, 2, 4_ms, true);
  Answer(robot, 2, 8_ms, false);
  robot.counts.refused = 1;
  robot.labelled = 3;
  robot.correct = 2;
  robot.send_delay.Record(0.5_ms);
  robot.waited = 1;
  client::LoadTally& archive = report.tenants[1];
  archive.counts.tenant = "archive";
  archive.counts.arrived = 1;
  archive.OnFailure(Unavailable("cannot connect: Connection refused"));
  return report;
}

// A quantile is the middle of its bucket: 4.02.
TEST(LoadReport, TablesForPeople) {
  EXPECT_EQ(LoadTables(Gate(), Report()), R"(gate, 2 s

tenant   arrived  answered  kept  refused  errors  kept/s  violations %  accuracy %  expected %  by exit %
robot          4         3     2        1       0     1.0          50.0        66.7        75.0    33/0/67
archive        1         0     0        0       1     0.0         100.0           -           -          -
all            5         3     2        1       1     1.0          60.0        66.7        75.0    33/0/67

tenant   bound ms  p50 ms  p95 ms  p99 ms  max ms  server p50 ms  server p99 ms  send delay p99 ms  waited
robot           5    4.02    8.00    8.00    8.00           2.01           4.00               0.50       1
archive         -       -       -       -       -              -              -                  -       0
all             -    4.02    8.00    8.00    8.00           2.01           4.00               0.50       1

first error: cannot connect: Connection refused
)");
}

TEST(LoadReport, JsonForMachines) {
  const Json json = Json::parse(LoadJson(Gate(), Report()));
  EXPECT_EQ(json["scenario"], "gate");
  EXPECT_EQ(json["seed"], 7);
  EXPECT_EQ(json["measured_seconds"], 2.0);
  const Json& robot = json["tenants"][0];
  EXPECT_EQ(robot["arrived"], 4);
  EXPECT_EQ(robot["refused"], 1);
  EXPECT_EQ(robot["goodput_per_second"], 1.0);
  EXPECT_EQ(robot["violation_rate"], 0.5);
  EXPECT_EQ(robot["answers_by_exit"], Json({1, 0, 2}));
  EXPECT_EQ(robot["latency_max_ms"], 8.0);
  EXPECT_EQ(robot["first_error"], nullptr);
  const Json& archive = json["tenants"][1];
  EXPECT_EQ(archive["errors"], 1);
  EXPECT_EQ(archive["accuracy"], nullptr);
  EXPECT_EQ(archive["latency_p99_ms"], nullptr);
  EXPECT_EQ(json["all"]["first_error"], "cannot connect: Connection refused");
}

TEST(LoadReport, PictureWithALineForEachBound) {
  const std::string svg = LoadSvg(Gate(), Report());
  EXPECT_THAT(svg, HasSubstr(">robot</text>"));
  EXPECT_THAT(svg, HasSubstr(">robot, bound</text>"));
  EXPECT_THAT(svg, HasSubstr(">archive</text>"));
  EXPECT_THAT(svg, Not(HasSubstr("archive, bound")));
}

TEST(LoadReport, OfNothingIsStillAReport) {
  client::LoadReport report{.tenants = std::vector<client::LoadTally>(2), .time = {}};
  EXPECT_THAT(LoadTables(Gate(), report), HasSubstr("all"));
  EXPECT_EQ(Json::parse(LoadJson(Gate(), report))["all"]["goodput_per_second"], 0.0);
  EXPECT_THAT(LoadSvg(Gate(), report), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace delen::apps
