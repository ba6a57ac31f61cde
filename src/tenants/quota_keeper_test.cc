#include "tenants/quota_keeper.h"

#include <gtest/gtest.h>

namespace delen::tenants {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

TimePoint At(double seconds) { return TimePoint(Seconds(seconds)); }

RegisteredTenant TenantWith(const core::Quotas& quotas, std::string name = "a",
                            std::uint32_t index = 3) {
  return {{.name = std::move(name), .quotas = quotas}, index};
}

// What Admit said: "let in", or why not.
std::string Said(QuotaKeeper& keeper, const RegisteredTenant& tenant, TimePoint now) {
  const std::optional<Refusal> refusal = keeper.Admit(tenant, now);
  return refusal ? refusal->error.message : "let in";
}

Seconds RetryAfter(QuotaKeeper& keeper, const RegisteredTenant& tenant, TimePoint now) {
  const std::optional<Refusal> refusal = keeper.Admit(tenant, now);
  return refusal ? refusal->retry_after : Seconds(-1.0);
}

TEST(QuotaKeeper, WithoutQuotasAllIsLetIn) {
  QuotaKeeper keeper;
  const RegisteredTenant tenant = TenantWith({});
  for (int i = 0; i < 10000; ++i) EXPECT_FALSE(keeper.Admit(tenant, At(1.0)));
  keeper.OnFinished(3, Joules(1e9), At(1.0));
  EXPECT_FALSE(keeper.Admit(tenant, At(1.0)));
}

TEST(QuotaKeeper, InFlightIsLimitedUntilOneIsThrough) {
  QuotaKeeper keeper;
  const RegisteredTenant tenant = TenantWith({.max_in_flight = 2});
  EXPECT_EQ(Said(keeper, tenant, At(0.0)), "let in");
  EXPECT_EQ(Said(keeper, tenant, At(0.0)), "let in");
  const std::optional<Refusal> refusal = keeper.Admit(tenant, At(9.0));
  ASSERT_TRUE(refusal);
  EXPECT_EQ(refusal->error.code, ErrorCode::kOverloaded);
  EXPECT_EQ(refusal->error.message, "tenant 'a' has 2 requests in flight, its max_in_flight is 2");
  EXPECT_EQ(refusal->retry_after, 1_s);
  keeper.OnFinished(3, Joules(), At(9.0));
  EXPECT_EQ(Said(keeper, tenant, At(9.0)), "let in");
}

TEST(QuotaKeeper, ABurstAndThenTheRate) {
  QuotaKeeper keeper;
  const RegisteredTenant tenant = TenantWith({.requests_per_second = 4.0, .burst = 2.0});
  EXPECT_EQ(Said(keeper, tenant, At(10.0)), "let in");
  EXPECT_EQ(Said(keeper, tenant, At(10.0)), "let in");
  EXPECT_EQ(Said(keeper, tenant, At(10.125)),
            "tenant 'a' has used 1.50 of its burst of 2 requests, its requests_per_second is 4");
  EXPECT_EQ(RetryAfter(keeper, tenant, At(10.125)), Seconds(0.125));
  EXPECT_EQ(Said(keeper, tenant, At(10.25)), "let in");
  EXPECT_EQ(RetryAfter(keeper, tenant, At(10.25)), Seconds(0.25));
  EXPECT_EQ(Said(keeper, tenant, At(99.0)), "let in");
  EXPECT_EQ(Said(keeper, tenant, At(99.0)), "let in");
  EXPECT_NE(Said(keeper, tenant, At(99.0)), "let in");  // what was not used is not saved up
}

TEST(QuotaKeeper, AClientThatKeepsItsRateIsNeverRefused) {
  QuotaKeeper keeper;
  const RegisteredTenant tenant = TenantWith({.requests_per_second = 30.0});
  for (int i = 0; i < 10000; ++i) {
    EXPECT_EQ(Said(keeper, tenant, At(86400.1 + i / 30.0)), "let in") << i;
  }
}

TEST(QuotaKeeper, EnergyIsPaidAfterwardsAndComesBackBitByBit) {
  QuotaKeeper keeper;
  const RegisteredTenant tenant = TenantWith({.energy_per_hour = Joules(36.0)});  // 10 mJ a second
  EXPECT_EQ(Said(keeper, tenant, At(100.0)), "let in");
  EXPECT_EQ(Said(keeper, tenant, At(100.0)), "let in");
  keeper.OnFinished(3, Joules(30.0), At(100.0));
  EXPECT_EQ(Said(keeper, tenant, At(100.0)), "let in");
  keeper.OnFinished(3, Joules(8.0), At(100.0));
  EXPECT_EQ(Said(keeper, tenant, At(150.0)),
            "tenant 'a' has used 37.500 J of its energy_j_per_hour of 36");
  EXPECT_NEAR(RetryAfter(keeper, tenant, At(150.0)).value(), 150.0, 1e-9);
  EXPECT_NE(Said(keeper, tenant, At(299.0)), "let in");
  EXPECT_EQ(Said(keeper, tenant, At(301.0)), "let in");
}

TEST(QuotaKeeper, EnergySpentLongAfterTheRequestCameCountsInFull) {
  QuotaKeeper keeper;
  const RegisteredTenant tenant = TenantWith({.energy_per_hour = Joules(36.0)});
  EXPECT_EQ(Said(keeper, tenant, At(0.0)), "let in");
  keeper.OnFinished(3, Joules(36.0), At(1800.0));
  EXPECT_EQ(Said(keeper, tenant, At(1800.0)),
            "tenant 'a' has used 36.000 J of its energy_j_per_hour of 36");
}

TEST(QuotaKeeper, WhatIsRefusedCountsForNothing) {
  QuotaKeeper keeper;
  const RegisteredTenant tenant = TenantWith({.requests_per_second = 1.0, .max_in_flight = 1});
  EXPECT_EQ(Said(keeper, tenant, At(0.0)), "let in");
  EXPECT_NE(Said(keeper, tenant, At(2.0)), "let in");  // in flight
  keeper.OnFinished(3, Joules(), At(2.0));
  EXPECT_EQ(Said(keeper, tenant, At(2.0)), "let in");
  keeper.OnFinished(3, Joules(), At(2.0));
  EXPECT_NE(Said(keeper, tenant, At(2.5)), "let in");  // the rate
  EXPECT_EQ(Said(keeper, tenant, At(3.0)), "let in");
}

TEST(QuotaKeeper, TenantsDoNotPayForEachOther) {
  QuotaKeeper keeper;
  const core::Quotas one{.max_in_flight = 1};
  EXPECT_EQ(Said(keeper, TenantWith(one, "a", 1), At(0.0)), "let in");
  EXPECT_EQ(Said(keeper, TenantWith(one, "b", kMaxTenants - 1), At(0.0)), "let in");
  EXPECT_NE(Said(keeper, TenantWith(one, "a", 1), At(0.0)), "let in");
}

TEST(QuotaKeeper, AChangedQuotaKeepsWhatWasUsed) {
  QuotaKeeper keeper;
  const core::Quotas tight{.requests_per_second = 1.0, .burst = 3.0};
  const core::Quotas wide{.requests_per_second = 1.0, .burst = 4.0};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(Said(keeper, TenantWith(tight), At(0.0)), "let in");
  EXPECT_EQ(Said(keeper, TenantWith(wide), At(0.0)), "let in");
  EXPECT_NE(Said(keeper, TenantWith(wide), At(0.0)), "let in");
  EXPECT_NE(Said(keeper, TenantWith(tight), At(1.5)), "let in");
}

TEST(QuotaKeeper, ANewOwnerOfAnIndexStartsAfresh) {
  QuotaKeeper keeper;
  const core::Quotas quotas{.requests_per_second = 1.0, .max_in_flight = 1};
  EXPECT_EQ(Said(keeper, TenantWith(quotas, "old"), At(0.0)), "let in");
  EXPECT_EQ(Said(keeper, TenantWith(quotas, "new"), At(0.0)), "let in");
  EXPECT_NE(Said(keeper, TenantWith(quotas, "new"), At(0.0)), "let in");
}

TEST(QuotaKeeper, TimeThatSeemsToGoBackGivesNothing) {
  QuotaKeeper keeper;
  const RegisteredTenant tenant = TenantWith({.requests_per_second = 1.0});
  EXPECT_EQ(Said(keeper, tenant, At(10.0)), "let in");
  EXPECT_NE(Said(keeper, tenant, At(9.0)), "let in");
  EXPECT_NE(Said(keeper, tenant, At(10.5)), "let in");
  EXPECT_EQ(Said(keeper, tenant, At(11.0)), "let in");
}

}  // namespace
}  // namespace delen::tenants
