#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "core/model_folder.h"

namespace delen::core {
namespace {

using ::testing::HasSubstr;

Profile FullProfile() {
  const auto cost = [](double ms) {
    return StageCost{FromMilliseconds(ms), FromMilliseconds(1.5 * ms), FromMilliseconds(2 * ms),
                     FromMillijoules(3 * ms)};
  };
  Profile profile;
  profile.stage_flops = {10322240, 20865424.5};
  profile.machine = {.cpu = "A \"fast\" CPU", .cores = 4, .runtime = "onnxruntime 1.24.3"};
  profile.energy_source = EnergySource::kRapl;
  profile.costs = {{1, 1, {cost(0.41), cost(0.8)}}, {1, 8, {cost(2.1), cost(5.3)}}};
  profile.quality = Quality{.data = "test.npz",
                            .samples = 1000,
                            .exits = {{0.81, 1.3, 0.02}, {0.81, 1.1, 0.01}},
                            .floor_points = {{1, 0.7, 0.805, 15e6}}};
  return profile;
}

std::string ErrorOf(std::string_view json) {
  const Result<Profile> profile = ParseProfile(json, "profile.json");
  return profile ? "no error" : profile.error().message;
}

// `from` in the full profile's text replaced by `to`, then read.
std::string ErrorAfter(const std::string& from, const std::string& to) {
  std::string text = FormatProfile(FullProfile());
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return "not found: " + from;
  return ErrorOf(text.replace(at, from.size(), to));
}

TEST(ProfileJson, ComesBackAsItWas) {
  const Result<Profile> profile = ParseProfile(FormatProfile(FullProfile()), "profile.json");
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(*profile, FullProfile());
}

TEST(ProfileJson, AfterImportItHoldsOnlyTheWork) {
  const Profile fresh{.stage_flops = {100, 200}, .machine = {}, .costs = {}, .quality = {}};
  const std::string text = FormatProfile(fresh);
  EXPECT_EQ(text,
            "{\n"
            "  \"format\": 1,\n"
            "  \"stage_flops\": [100, 200],\n"
            "  \"energy_source\": \"model\",\n"
            "  \"costs\": []\n"
            "}\n");
  const Result<Profile> profile = ParseProfile(text, "profile.json");
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(*profile, fresh);
}

TEST(ProfileJson, AnyMeasuredNumberComesBackExactly) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> seconds(0.0, 0.3);
  for (int i = 0; i < 1000; ++i) {
    Profile profile{.stage_flops = {1}, .machine = {}, .costs = {}, .quality = {}};
    const double p50 = seconds(random);
    const StageCost cost{Seconds(p50), Seconds(p50), Seconds(p50 * 1.1), Joules(seconds(random))};
    profile.costs.push_back({2, 1, {cost}});
    const Result<Profile> back = ParseProfile(FormatProfile(profile), "profile.json");
    ASSERT_TRUE(back) << back.error().message;
    ASSERT_EQ(*back, profile);
  }
}

TEST(ProfileJson, MarksDominatedExitsForPeople) {
  EXPECT_THAT(FormatProfile(FullProfile()),
              HasSubstr("\"accuracy\": 0.81, \"temperature\": 1.1, \"calibration_error\": 0.01, "
                        "\"dominated\": true"));
}

TEST(ProfileJson, UnitsAreThoseOfTheNames) {
  EXPECT_THAT(FormatProfile(FullProfile()), HasSubstr("\"p50_ms\": 0.41, "));
  EXPECT_THAT(FormatProfile(FullProfile()), HasSubstr("\"energy_mj\": 1.23"));
}

TEST(ProfileJson, MessagesNameFileKeyActualAndExpected) {
  EXPECT_EQ(ErrorAfter("\"p50_ms\": 0.41", "\"p50_ms\": -1"),
            "profile.json: 'costs[0].stages[0].p50_ms' is -1, expected a number of at least 0");
  EXPECT_EQ(ErrorAfter("\"p50_ms\": 0.41", "\"p50_ms\": \"fast\""),
            "profile.json: 'costs[0].stages[0].p50_ms' is 'fast', expected a number of at least 0");
  EXPECT_EQ(ErrorAfter("\"p50_ms\": 0.41", "\"p50ms\": 0.41"),
            "profile.json: unknown key 'costs[0].stages[0].p50ms', expected one of p50_ms, p95_ms, "
            "p99_ms, energy_mj");
  EXPECT_EQ(ErrorAfter("\"p50_ms\": 0.41, ", ""),
            "profile.json: the key 'costs[0].stages[0].p50_ms' is missing");
  EXPECT_EQ(ErrorAfter("\"threads\": 1", "\"threads\": 1.5"),
            "profile.json: 'costs[0].threads' is 1.5, expected a whole number from 1 to 4096");
  EXPECT_EQ(ErrorAfter("\"energy_source\": \"rapl\"", "\"energy_source\": \"sun\""),
            "profile.json: 'energy_source' is 'sun', expected one of model, rapl, ina3221, nvml, "
            "battery");
  EXPECT_EQ(ErrorAfter("\"last_exit\": 1", "\"last_exit\": 2"),
            "profile.json: 'quality.floor_points[0].last_exit' is 2, expected a whole number from "
            "0 to 1");
  EXPECT_EQ(ErrorAfter("\"stage_flops\": [10322240, 20865424.5]", "\"stage_flops\": [1]"),
            "profile.json: 'costs[0].stages' is an array of 2, expected 1, as in stage_flops");
  EXPECT_EQ(ErrorAfter("\"batch\": 8", "\"batch\": 1"),
            "profile.json: 'costs[1].batch' is 1 at 1 threads a second time, expected one table "
            "for each pair");
  EXPECT_THAT(ErrorAfter("\"p95_ms\": 0.615", "\"p95_ms\": 0.4"), HasSubstr("at least p50_ms"));
}

TEST(ProfileJson, AnotherFormatIsUnsupported) {
  const Result<Profile> profile = ParseProfile(R"({"format": 2})", "profile.json");
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(profile.error().message, "profile.json: 'format' is 2, this version reads 1");
}

TEST(ProfileJson, RefusesWhatIsNoProfile) {
  EXPECT_THAT(ErrorOf(""), HasSubstr("profile.json: not valid JSON"));
  EXPECT_THAT(ErrorOf("[]"), HasSubstr("is an array, expected a table of keys"));
  EXPECT_THAT(ErrorOf("{}"), HasSubstr("the key 'format' is missing"));
  EXPECT_THAT(ErrorOf(R"({"format": 1, "format": 1})"), HasSubstr("appears twice"));
  EXPECT_THAT(ErrorOf(std::string(100'000, '[')), HasSubstr("nest deeper than 16"));
  EXPECT_THAT(ErrorOf(R"({"format": 1, "stage_flops": [1e999]})"), HasSubstr("not valid JSON"));
  EXPECT_THAT(ErrorOf(std::string(9 << 20, ' ')), HasSubstr("bytes, at most"));
}

}  // namespace
}  // namespace delen::core
