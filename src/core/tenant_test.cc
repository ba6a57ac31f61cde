#include "core/tenant.h"

#include <gtest/gtest.h>

#include <limits>

namespace delen::core {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

std::string Said(const Tenant& tenant) {
  const Status checked = CheckTenant(tenant);
  return checked ? "accepted" : checked.error().message;
}

TEST(Tenant, ADefaultOneNeedsOnlyAName) {
  EXPECT_EQ(Said({.name = std::string(kDefaultTenant)}), "accepted");
  EXPECT_EQ(Said({.name = "Cam-1_left.v2"}), "accepted");
  EXPECT_EQ(Said({.name = std::string(64, 'x')}), "accepted");
}

TEST(Tenant, NamesAreShortAndPlain) {
  EXPECT_EQ(Said({}), "a tenant's name has 0 characters, expected 1 to 64");
  EXPECT_EQ(Said({.name = std::string(65, 'x')}),
            "a tenant's name has 65 characters, expected 1 to 64");
  for (const std::string name : {"a b", "a/b", "a%", "caf\xc3\xa9", "a\n"}) {
    EXPECT_EQ(CheckTenant({.name = name}).error().code, ErrorCode::kInvalidArgument) << name;
  }
  EXPECT_EQ(Said({.name = "a/b"}),
            "a tenant's name is 'a/b', expected letters, digits, '-', '_' and '.' alone");
}

TEST(Tenant, WeightsAreFiniteAndPositive) {
  EXPECT_EQ(Said({.name = "a", .weight = 0.001}), "accepted");
  for (const double weight : {0.0, -1.0, kNan, kInfinity}) {
    EXPECT_FALSE(CheckTenant({.name = "a", .weight = weight})) << weight;
  }
  EXPECT_EQ(Said({.name = "a", .weight = 0.0}),
            "tenant 'a': 'weight' is 0, expected a positive number");
}

TEST(Tenant, QuotasArePositive) {
  const auto said = [](const Quotas& quotas) { return Said({.name = "a", .quotas = quotas}); };
  EXPECT_EQ(said({.requests_per_second = 0.5,
                  .burst = 1.0,
                  .energy_per_hour = Joules(36.0),
                  .max_in_flight = 1}),
            "accepted");
  EXPECT_EQ(said({.requests_per_second = 0.0}),
            "tenant 'a': 'requests_per_second' is 0, expected a positive number");
  EXPECT_EQ(said({.burst = 0.5}), "tenant 'a': 'burst' is 0.5, expected a number of at least 1");
  EXPECT_EQ(said({.burst = kNan}), "tenant 'a': 'burst' is nan, expected a number of at least 1");
  EXPECT_EQ(said({.energy_per_hour = Joules(-1.0)}),
            "tenant 'a': 'energy_j_per_hour' is -1, expected a positive number");
  EXPECT_EQ(said({.max_in_flight = 0}), "tenant 'a': 'max_in_flight' is 0, expected at least 1");
}

}  // namespace
}  // namespace delen::core
