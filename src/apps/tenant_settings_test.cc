#include "apps/tenant_settings.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace delen::apps {
namespace {

using Json = nlohmann::json;

const TenantSetting& SettingOf(std::string_view flag) {
  for (const TenantSetting& setting : kTenantSettings) {
    if (setting.flag == flag) return setting;
  }
  ADD_FAILURE() << "no such flag: " << flag;
  return kTenantSettings[0];
}

Json After(Json tenant, std::string_view flag, const std::string& value) {
  const Status set = Set(tenant, SettingOf(flag), value);
  return set ? tenant : Json(set.error().message);
}

TEST(TenantSettings, AreChangedOneByOne) {
  const Json robot = Json::parse(R"({"name":"robot","bounds":{"min_accuracy":0.9}})");
  EXPECT_EQ(After(robot, "--weight", "2"),
            Json::parse(R"({"name":"robot","bounds":{"min_accuracy":0.9},"weight":2})"));
  EXPECT_EQ(After(robot, "--max-latency-ms", "20.5"),
            Json::parse(R"({"name":"robot","bounds":{"min_accuracy":0.9,"max_latency_ms":20.5}})"));
  EXPECT_EQ(After(robot, "--policy", "static-exit:2")["policy"], "static-exit:2");
  EXPECT_EQ(After(Json::object(), "--max-in-flight", "4"),
            Json::parse(R"({"quotas":{"max_in_flight":4}})"));
}

TEST(TenantSettings, NoneIsTheDefault) {
  const Json robot = Json::parse(R"({"weight":2,"bounds":{"min_accuracy":0.9}})");
  EXPECT_EQ(After(robot, "--min-accuracy", "none"), Json::parse(R"({"weight":2,"bounds":{}})"));
  EXPECT_EQ(After(robot, "--weight", "none"), Json::parse(R"({"bounds":{"min_accuracy":0.9}})"));
  EXPECT_EQ(After(Json::object(), "--burst", "none"), Json::parse(R"({"quotas":{}})"));
}

TEST(TenantSettings, NumbersAreNumbers) {
  for (const std::string value : {"two", "", "1,5", "\"2\"", "{}", "nan"}) {
    EXPECT_TRUE(After(Json::object(), "--weight", value).is_string()) << value;
  }
  EXPECT_EQ(After(Json::object(), "--weight", "two"),
            "--weight is 'two', expected a number or none");
}

TEST(TenantSettings, AreShownInTables) {
  const Json robot = Json::parse(R"({"name":"robot","weight":2.5,"policy":"delen",
      "bounds":{"max_latency_ms":20,"on_infeasible":"best_effort"},
      "quotas":{"burst":1,"max_in_flight":4}})");
  const Json plain = Json::parse(R"({"name":"default","weight":1,"policy":"delen",
      "bounds":{"on_infeasible":"best_effort"},"quotas":{"burst":1}})");
  EXPECT_EQ(TenantsTable({plain, robot}),
            "name     weight  policy  bounds             quotas\n"
            "default       1  delen   -                  -\n"
            "robot       2.5  delen   max_latency_ms 20  max_in_flight 4\n");
  EXPECT_EQ(TenantTable(robot),
            "setting         value\n"
            "name            robot\n"
            "weight          2.5\n"
            "policy          delen\n"
            "max_latency_ms  20\n"
            "on_infeasible   best_effort\n"
            "burst           1\n"
            "max_in_flight   4\n");
}

}  // namespace
}  // namespace delen::apps
