#include "tenants/tenant_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delen::tenants {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::HasSubstr;

constexpr std::string_view kFull =
    R"({"name":"robot","weight":2.5,"policy":"static-exit:2",)"
    R"("bounds":{"max_latency_ms":20.1,"max_energy_mj":50,"min_accuracy":0.9,)"
    R"("min_confidence":0.75,"objective":"energy","on_infeasible":"reject"},)"
    R"("quotas":{"requests_per_second":10,"burst":5,"energy_j_per_hour":360,)"
    R"("max_in_flight":8}})";

core::Tenant FullTenant() {
  return {.name = "robot",
          .bounds = {.max_latency = Seconds(0.0201),
                     .max_energy = 50_mJ,
                     .min_accuracy = 0.9,
                     .min_confidence = 0.75,
                     .objective = core::Objective::kEnergy,
                     .on_infeasible = core::OnInfeasible::kReject},
          .weight = 2.5,
          .quotas = {.requests_per_second = 10.0,
                     .burst = 5.0,
                     .energy_per_hour = Joules(360.0),
                     .max_in_flight = 8},
          .policy = "static-exit:2"};
}

std::string Said(std::string_view json) {
  const Result<core::Tenant> tenant = ParseTenant(json, "body", "robot");
  return tenant ? "accepted" : tenant.error().message;
}

TEST(TenantJson, IsReadAndWritten) {
  const Result<core::Tenant> tenant = ParseTenant(kFull, "body", "robot");
  ASSERT_TRUE(tenant) << tenant.error().message;
  EXPECT_EQ(*tenant, FullTenant());
  EXPECT_EQ(FormatTenant(*tenant), kFull);
}

TEST(TenantJson, EveryWordIsReadBack) {
  using core::Objective;
  core::Tenant tenant = FullTenant();
  for (const Objective objective :
       {Objective::kAccuracy, Objective::kLatency, Objective::kEnergy}) {
    tenant.bounds.objective = objective;
    EXPECT_EQ(ParseTenant(FormatTenant(tenant), "body", "robot").value(), tenant);
  }
  tenant.bounds.on_infeasible = core::OnInfeasible::kBestEffort;
  EXPECT_EQ(ParseTenant(FormatTenant(tenant), "body", "robot").value(), tenant);
}

TEST(TenantJson, WhatIsAbsentIsAtItsDefault) {
  EXPECT_EQ(ParseTenant("{}", "body", "robot").value(), core::Tenant{.name = "robot"});
  EXPECT_EQ(ParseTenant(R"({"bounds":{},"quotas":{}})", "body", "robot").value(),
            core::Tenant{.name = "robot"});
  EXPECT_EQ(FormatTenant({.name = "robot"}), R"({"name":"robot","weight":1,"policy":"delen",)"
                                             R"("bounds":{},"quotas":{"burst":1}})");
}

TEST(TenantJson, RefusalsNameKeyActualAndExpected) {
  EXPECT_EQ(Said(R"({"wieght":2})"),
            "body: unknown key 'wieght', expected one of name, weight, policy, bounds, quotas");
  EXPECT_THAT(Said(R"({"bounds":{"latency":2}})"), HasSubstr("unknown key 'bounds.latency'"));
  EXPECT_THAT(Said(R"({"quotas":{"rps":2}})"), HasSubstr("unknown key 'quotas.rps'"));
  EXPECT_EQ(Said(R"({"name":"arm"})"), "body: 'name' is 'arm', expected 'robot'");
  EXPECT_EQ(Said(R"({"bounds":{"min_accuracy":90}})"),
            "body: 'bounds.min_accuracy' is 90, expected a number from 0 to 1");
  EXPECT_EQ(Said(R"({"bounds":{"objective":"speed"}})"),
            "bounds: parameter 'objective' is 'speed', expected one of accuracy, latency, energy");
  EXPECT_EQ(Said(R"({"quotas":{"max_in_flight":1.5}})"),
            "body: 'quotas.max_in_flight' is 1.5, expected a whole number from 1 to 2147483647");
  EXPECT_EQ(Said(R"({"weight":0})"),
            "body: tenant 'robot': 'weight' is 0, expected a positive number");
  EXPECT_THAT(Said(R"({"weight":1e999})"), HasSubstr("number overflow"));
  EXPECT_THAT(Said(R"({"policy":7})"), HasSubstr("expected a string"));
}

TEST(TenantJson, WhatIsNoObjectIsRefused) {
  for (const std::string_view text : {"", "[]", "null", "7", "{", R"({"weight":1,"weight":2})"}) {
    EXPECT_EQ(ParseTenant(text, "body", "robot").error().code, ErrorCode::kInvalidArgument) << text;
  }
  EXPECT_THAT(Said(std::string(65537, ' ')), HasSubstr("65537 bytes, at most 65536"));
}

TEST(TenantJson, TheNameItIsToHaveIsCheckedToo) {
  EXPECT_THAT(ParseTenant("{}", "body", "a/b").error().message, HasSubstr("'a/b'"));
}

}  // namespace
}  // namespace delen::tenants
