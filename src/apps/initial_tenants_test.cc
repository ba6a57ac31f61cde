#include "apps/initial_tenants.h"

#include <gtest/gtest.h>

#include "tenants/testing/fake_tenant_store.h"

namespace delen::apps {
namespace {

using tenants::TenantRegistry;

std::unique_ptr<TenantRegistry> Open(tenants::TenantStore* store) {
  return TenantRegistry::Open(
             store,
             [](std::string_view policy) {
               return policy == "delen" ? Status() : InvalidArgument("no policy '{}'", policy);
             })
      .value();
}

TEST(InitialTenants, AreThereFromTheStart) {
  const auto registry = Open(nullptr);
  ASSERT_TRUE(PutInitialTenants(
      {{.name = "robot", .weight = 2.0}, {.name = "default", .weight = 3.0}}, nullptr, *registry));
  EXPECT_EQ(registry->Find("robot").value()->tenant.weight, 2.0);
  EXPECT_EQ(registry->Find("default").value()->tenant.weight, 3.0);
}

TEST(InitialTenants, WhatIsStoredWins) {
  tenants::testing::FakeTenantStore store;
  store.stored["robot"] = {.name = "robot", .weight = 7.0};
  store.stored["default"] = {.name = "default"};
  const auto registry = Open(&store);
  ASSERT_TRUE(PutInitialTenants({{.name = "robot", .weight = 2.0},
                                 {.name = "default", .weight = 3.0},
                                 {.name = "camera", .weight = 4.0}},
                                &store, *registry));
  EXPECT_EQ(registry->Find("robot").value()->tenant.weight, 7.0);
  EXPECT_EQ(registry->Find("default").value()->tenant.weight, 1.0);
  EXPECT_EQ(registry->Find("camera").value()->tenant.weight, 4.0);
  EXPECT_EQ(store.stored["camera"].weight, 4.0);
}

TEST(InitialTenants, AWrongOneIsNamed) {
  const auto registry = Open(nullptr);
  const Status put = PutInitialTenants({{.name = "robot", .policy = "magic"}}, nullptr, *registry);
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().message, "tenant 'robot': no policy 'magic'");
}

}  // namespace
}  // namespace delen::apps
