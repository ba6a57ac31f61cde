// A scenario played against the real server process: by the library and by the
// command.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>

#include "apps/load_inputs.h"
#include "base/clock.h"
#include "base/files.h"
#include "client/http_connection.h"
#include "client/load_generator.h"
#include "served_glyphs.h"

namespace delen::e2e {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;
using Json = nlohmann::json;

// 100 requests a second in all. The bound is one that a busy machine keeps, too.
constexpr const char* kTwoTenants = R"(
name = "two tenants"
seed = 3
duration_s = 2

[[model]]
name = "glyphs"

[[tenant]]
name = "camera"
model = "glyphs"
arrivals = {kind = "periodic", rate_per_s = 60}
bounds = {max_latency_ms = 1500}

[[tenant]]
name = "archive"
model = "glyphs"
rows = 2
arrivals = {kind = "poisson", rate_per_s = 40}
)";

class LoadTest : public ::testing::Test {
 protected:
  LoadTest() { std::ofstream(scenario_) << kTwoTenants; }
  ~LoadTest() override {
    std::filesystem::remove(scenario_);
    std::filesystem::remove(svg_);
  }

  // What `delen load` prints.
  Json Load(std::vector<std::string> arguments) const {
    std::string line = fmt::format("{} load --scenario {} --server 127.0.0.1:{} --json", Program(),
                                   scenario_.string(), server_.port());
    for (const std::string& argument : arguments) line += " " + argument;
    const std::unique_ptr<FILE, int (*)(FILE*)> out(popen(line.c_str(), "r"), &pclose);
    std::string text;
    char part[4096];
    while (out != nullptr && std::fgets(part, sizeof part, out.get()) != nullptr) text += part;
    return Json::parse(text, nullptr, false);
  }
  client::LoadPlan Plan(const apps::LoadData& data) const {
    workload::Scenario scenario = workload::ReadScenario(scenario_).value();
    auto http = client::HttpConnection::Connect("127.0.0.1", server_.port(), Seconds(30.0));
    auto inputs = apps::MakeLoadInputs(scenario, data, *http);
    EXPECT_TRUE(inputs) << inputs.error().message;
    return {std::move(scenario), *std::move(inputs)};
  }
  static std::string Pictures() {
    return std::string(DELEN_SOURCE_DIR) + "/zoo/glyphs/data/test-images.idx";
  }

  const apps::ServerProcess server_ = Serve();
  const std::filesystem::path scenario_ =
      ModelsFolder().parent_path() / fmt::format("delen_e2e_load_{}.toml", getpid());
  const std::filesystem::path svg_ =
      ModelsFolder().parent_path() / fmt::format("delen_e2e_load_{}.svg", getpid());
};

// Nothing is lost, and what was answered came from exits of the model.
void ExpectSound(const workload::Tally& counts) {
  EXPECT_EQ(counts.arrived, counts.answered + counts.refused + counts.dropped);
  EXPECT_EQ(counts.answered,
            std::accumulate(counts.exits.begin(), counts.exits.end(), std::uint64_t{0}));
  EXPECT_LE(counts.exits.size(), 4U);
  EXPECT_GT(counts.kept, 0U);
  EXPECT_EQ(counts.latency.count(), counts.answered);
}

TEST_F(LoadTest, EveryRequestComesToSomething) {
  const client::LoadPlan plan = Plan({.models = ModelsFolder().string(), .files = {Pictures()}});
  const SteadyClock clock;
  client::LoadProgress progress;
  const Result<client::LoadReport> report =
      client::RunLoad(plan, {.port = server_.port()}, clock, progress);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_THAT(report->tenants, SizeIs(2));
  for (const client::LoadTally& tally : report->tenants) {
    ExpectSound(tally.counts);
    EXPECT_EQ(tally.first_error, "");
    EXPECT_EQ(tally.server_latency.count(), tally.counts.answered);
    EXPECT_GT(tally.correct, tally.labelled / 2);
  }
  EXPECT_EQ(report->tenants[0].counts.arrived, 120U);
  EXPECT_EQ(report->tenants[0].labelled, report->tenants[0].counts.answered);
  EXPECT_EQ(report->tenants[1].labelled, 2 * report->tenants[1].counts.answered);
  EXPECT_EQ(progress.arrived, report->Total().counts.arrived);
  EXPECT_EQ(progress.finished, progress.arrived);
}

TEST_F(LoadTest, TheCommandTellsTheSameAsJson) {
  const Json json = Load({"--svg", svg_.string()});
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["scenario"], "two tenants");
  EXPECT_EQ(json["measured_seconds"], 2.0);
  ASSERT_EQ(json["tenants"].size(), 2U);
  for (const Json& tenant : json["tenants"]) {
    EXPECT_EQ(
        tenant["arrived"].get<int>(),
        tenant["answered"].get<int>() + tenant["refused"].get<int>() + tenant["errors"].get<int>());
    EXPECT_EQ(tenant["errors"], 0);
    EXPECT_GT(tenant["kept"].get<int>(), 0);
    EXPECT_EQ(tenant["accuracy"], nullptr) << "random tensors have no right answer";
    EXPECT_FALSE(tenant["answers_by_exit"].empty());
  }
  EXPECT_EQ(json["tenants"][0]["arrived"], 120);
  EXPECT_THAT(ReadFile(svg_).value(), HasSubstr("camera, bound"));
}

TEST_F(LoadTest, OptionsChangeTheScenario) {
  const Json json = Load({"--duration 0.5 --scale 2 --seed 9 --connections 1"});
  ASSERT_TRUE(json.is_object());
  EXPECT_EQ(json["seed"], 9);
  EXPECT_EQ(json["measured_seconds"], 0.5);
  EXPECT_EQ(json["tenants"][0]["arrived"], 60);
}

TEST_F(LoadTest, WhatCannotBeAskedIsSaidBefore) {
  workload::Scenario scenario = workload::ReadScenario(scenario_).value();
  auto http = client::HttpConnection::Connect("127.0.0.1", server_.port(), Seconds(30.0));
  scenario.tenants[1].model = "nobody";
  EXPECT_THAT(apps::MakeLoadInputs(scenario, {}, *http).error().message,
              HasSubstr("archive: Request for unknown model"));
  const auto exit_code = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "load");
    return apps::RunProgram(Program(), arguments).value();
  };
  EXPECT_EQ(exit_code({"--scenario", "/nonexistent.toml"}), 1);
  EXPECT_EQ(exit_code({"--scenario", scenario_.string(), "--server", "127.0.0.1:1"}), 1);
  EXPECT_EQ(exit_code({"--scenario", scenario_.string(), "--server", "nowhere"}), 1);
}

}  // namespace
}  // namespace delen::e2e
