#include "tenants/tenant_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tenants/testing/fake_tenant_store.h"

namespace delen::tenants {
namespace {

using ::testing::HasSubstr;
using Change = TenantRegistry::Change;

Status KnowsDelenAlone(std::string_view policy) {
  if (policy == "delen") return {};
  return InvalidArgument("policy is '{}', expected delen", policy);
}

std::unique_ptr<TenantRegistry> OpenRegistry(TenantStore* store = nullptr) {
  return TenantRegistry::Open(store, KnowsDelenAlone).value();
}

std::uint32_t IndexOf(const TenantRegistry& registry, std::string_view name) {
  return registry.Find(name).value()->index;
}

std::vector<std::string> Names(const TenantRegistry& registry) {
  std::vector<std::string> names;
  for (const core::Tenant& tenant : registry.List()) names.push_back(tenant.name);
  return names;
}

// Fills the registry up with "t1", "t2", ...
void Fill(TenantRegistry& registry) {
  for (std::uint32_t i = 1; i < kMaxTenants; ++i) {
    ASSERT_TRUE(registry.Put({.name = fmt::format("t{}", i)}));
  }
}

TEST(TenantRegistry, DefaultIsAlwaysThere) {
  const auto registry = OpenRegistry();
  EXPECT_EQ(registry->Find("default").value()->tenant, core::Tenant{.name = "default"});
  EXPECT_EQ(IndexOf(*registry, "default"), 0U);
  EXPECT_EQ(registry->Put({.name = "default", .weight = 3.0}).value(), Change::kReplaced);
  EXPECT_EQ(registry->Find("default").value()->tenant.weight, 3.0);
  const Status removed = registry->Remove("default");
  ASSERT_FALSE(removed);
  EXPECT_EQ(removed.error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(Names(*registry), std::vector<std::string>{"default"});
}

TEST(TenantRegistry, PutCreatesOrReplacesAsAWhole) {
  const auto registry = OpenRegistry();
  EXPECT_EQ(registry->Put({.name = "b", .weight = 2.0}).value(), Change::kCreated);
  EXPECT_EQ(registry->Put({.name = "a"}).value(), Change::kCreated);
  EXPECT_EQ(registry->Put({.name = "b", .quotas = {.max_in_flight = 3}}).value(),
            Change::kReplaced);
  const core::Tenant expected{.name = "b", .quotas = {.max_in_flight = 3}};
  EXPECT_EQ(registry->Find("b").value()->tenant, expected);
  EXPECT_EQ(Names(*registry), (std::vector<std::string>{"a", "b", "default"}));
}

TEST(TenantRegistry, WhatWasFoundStaysAsItWas) {
  const auto registry = OpenRegistry();
  ASSERT_TRUE(registry->Put({.name = "a", .weight = 1.0}));
  const auto before = registry->Find("a").value();
  ASSERT_TRUE(registry->Put({.name = "a", .weight = 2.0}));
  EXPECT_EQ(before->tenant.weight, 1.0);
  EXPECT_EQ(registry->Find("a").value()->tenant.weight, 2.0);
  EXPECT_EQ(registry->Find("a").value()->index, before->index);
}

TEST(TenantRegistry, SaysWhatItDoesNotKnow) {
  const auto registry = OpenRegistry();
  EXPECT_EQ(registry->Find("x").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(registry->Find("x").error().message, "there is no tenant 'x'");
  EXPECT_EQ(registry->Remove("x").error().code, ErrorCode::kNotFound);
}

TEST(TenantRegistry, RefusesWhatIsWrong) {
  const auto registry = OpenRegistry();
  EXPECT_EQ(registry->Put({.name = "a/b"}).error().code, ErrorCode::kInvalidArgument);
  const auto unknown_policy = registry->Put({.name = "a", .policy = "magic"});
  EXPECT_EQ(unknown_policy.error().message, "tenant 'a': policy is 'magic', expected delen");
  EXPECT_EQ(Names(*registry), std::vector<std::string>{"default"});
}

TEST(TenantRegistry, AnIndexIsKeptWhileThereIsRoom) {
  const auto registry = OpenRegistry();
  ASSERT_TRUE(registry->Put({.name = "a"}));
  ASSERT_TRUE(registry->Put({.name = "b"}));
  EXPECT_EQ(IndexOf(*registry, "a"), 1U);
  EXPECT_EQ(IndexOf(*registry, "b"), 2U);
  ASSERT_TRUE(registry->Remove("a"));
  EXPECT_FALSE(registry->Find("a"));
  ASSERT_TRUE(registry->Put({.name = "c"}));
  EXPECT_EQ(IndexOf(*registry, "c"), 3U);
  ASSERT_TRUE(registry->Put({.name = "a"}));
  EXPECT_EQ(IndexOf(*registry, "a"), 1U);
}

TEST(TenantRegistry, HasRoomForSoManyAtATime) {
  const auto registry = OpenRegistry();
  Fill(*registry);
  const auto refused = registry->Put({.name = "more"});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kOverloaded);
  EXPECT_THAT(refused.error().message, HasSubstr("the limit is 64"));
  EXPECT_TRUE(registry->Put({.name = "t7", .weight = 2.0}));
}

TEST(TenantRegistry, TheIndexOfTheLongestRemovedIsReused) {
  const auto registry = OpenRegistry();
  Fill(*registry);
  ASSERT_TRUE(registry->Remove("t9"));
  ASSERT_TRUE(registry->Remove("t5"));
  ASSERT_TRUE(registry->Put({.name = "new"}));
  EXPECT_EQ(IndexOf(*registry, "new"), 9U);
  ASSERT_TRUE(registry->Put({.name = "t5"}));
  EXPECT_EQ(IndexOf(*registry, "t5"), 5U);
}

TEST(TenantRegistry, AnIndexThatIsStillHeldIsNotReused) {
  const auto registry = OpenRegistry();
  Fill(*registry);
  auto held = registry->Find("t9").value();
  ASSERT_TRUE(registry->Put({.name = "t9", .weight = 2.0}));  // `held` is an older one by now
  ASSERT_TRUE(registry->Remove("t9"));
  EXPECT_EQ(registry->Put({.name = "new"}).error().code, ErrorCode::kOverloaded);
  held.reset();
  ASSERT_TRUE(registry->Put({.name = "new"}));
  EXPECT_EQ(IndexOf(*registry, "new"), 9U);
}

TEST(TenantRegistry, HeldAcrossRemovalAndReturnAnIndexStaysItsOwners) {
  const auto registry = OpenRegistry();
  Fill(*registry);
  auto held = registry->Find("t9").value();
  ASSERT_TRUE(registry->Remove("t9"));
  ASSERT_TRUE(registry->Put({.name = "t9"}));
  ASSERT_TRUE(registry->Remove("t9"));
  EXPECT_FALSE(registry->Put({.name = "new"}));
}

TEST(TenantRegistry, StartsWithWhatIsStored) {
  testing::FakeTenantStore store;
  store.stored["a"] = {.name = "a", .weight = 2.0};
  store.stored["default"] = {.name = "default", .weight = 5.0};
  const auto registry = OpenRegistry(&store);
  EXPECT_EQ(registry->Find("a").value()->tenant.weight, 2.0);
  EXPECT_EQ(registry->Find("default").value()->tenant.weight, 5.0);
  EXPECT_EQ(IndexOf(*registry, "default"), 0U);
}

TEST(TenantRegistry, DoesNotStartOnWhatItCannotUse) {
  testing::FakeTenantStore store;
  store.stored["a"] = {.name = "a", .policy = "magic"};
  EXPECT_THAT(TenantRegistry::Open(&store, KnowsDelenAlone).error().message, HasSubstr("magic"));
  store.FailWith(Internal("the disk is gone"));
  EXPECT_EQ(TenantRegistry::Open(&store, KnowsDelenAlone).error().message, "the disk is gone");
}

TEST(TenantRegistry, ChangesAreStored) {
  testing::FakeTenantStore store;
  const auto registry = OpenRegistry(&store);
  EXPECT_TRUE(store.stored.empty());
  ASSERT_TRUE(registry->Put({.name = "a", .weight = 2.0}));
  EXPECT_EQ(store.stored["a"].weight, 2.0);
  ASSERT_TRUE(registry->Remove("a"));
  EXPECT_TRUE(store.stored.empty());
}

TEST(TenantRegistry, WhatIsNotStoredIsNotChanged) {
  testing::FakeTenantStore store;
  const auto registry = OpenRegistry(&store);
  ASSERT_TRUE(registry->Put({.name = "a", .weight = 2.0}));
  store.FailWith(Internal("the disk is full"));
  EXPECT_EQ(registry->Put({.name = "a", .weight = 3.0}).error().message, "the disk is full");
  EXPECT_EQ(registry->Put({.name = "b"}).error().message, "the disk is full");
  EXPECT_EQ(registry->Remove("a").error().message, "the disk is full");
  EXPECT_EQ(registry->Find("a").value()->tenant.weight, 2.0);
  EXPECT_FALSE(registry->Find("b"));
  store.FailWith(std::nullopt);
  ASSERT_TRUE(registry->Put({.name = "c"}));
  EXPECT_EQ(IndexOf(*registry, "c"), 2U);
}

TEST(TenantRegistry, MayBeReadWhileItChanges) {
  const auto registry = OpenRegistry();
  std::atomic<bool> done = false;
  std::atomic<bool> torn = false;
  std::thread reader([&] {
    while (!done) {
      const auto found = registry->Find("a");
      if (found && (*found)->tenant.weight != (*found)->tenant.quotas.burst) torn = true;
      registry->List();
    }
  });
  for (int i = 1; i <= 500; ++i) {
    const double value = i;
    EXPECT_TRUE(registry->Put({.name = "a", .weight = value, .quotas = {.burst = value}}));
    if (i % 10 == 0) {
      EXPECT_TRUE(registry->Remove("a"));
    }
  }
  done = true;
  reader.join();
  EXPECT_FALSE(torn);
}

}  // namespace
}  // namespace delen::tenants
