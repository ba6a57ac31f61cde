#include "workload/scenario.h"

#include <gtest/gtest.h>

namespace delen::workload {
namespace {

using namespace literals;

Scenario TwoTenants() {
  Scenario scenario;
  scenario.tenants.resize(2);
  scenario.tenants[0].arrivals = PoissonArrivals{10.0};
  scenario.tenants[1].arrivals = PoissonArrivals{10.0};
  return scenario;
}

TEST(Scenario, ScalesTheRatesOfAllTenants) {
  Scenario scenario = TwoTenants();
  scenario.tenants[1].arrivals = PeriodicArrivals{.rate_per_s = 30.0};
  scenario.ScaleRates(0.5);
  EXPECT_EQ(scenario.tenants[0].arrivals, Arrivals(PoissonArrivals{5.0}));
  EXPECT_EQ(scenario.tenants[1].arrivals, Arrivals(PeriodicArrivals{.rate_per_s = 15.0}));
}

TEST(Scenario, EveryTenantHasItsOwnArrivalsOfTheSeed) {
  Scenario scenario = TwoTenants();
  const auto first = [&](std::size_t tenant) { return *scenario.ArrivalsOf(tenant)->Next(); };
  EXPECT_EQ(first(0), first(0));
  EXPECT_NE(first(0), first(1));
  const TimePoint before = first(0);
  scenario.seed = 2;
  EXPECT_NE(first(0), before);
}

// A sweep over rates meets the same requests, only closer together.
TEST(Scenario, ScaledArrivalsAreTheSameOnesPressedTogether) {
  Scenario scenario = TwoTenants();
  const Seconds before = scenario.ArrivalsOf(0)->Next()->since_origin();
  scenario.ScaleRates(2.0);
  EXPECT_DOUBLE_EQ(scenario.ArrivalsOf(0)->Next()->since_origin().value(), before.value() / 2.0);
}

TEST(Scenario, TheMachineIsAsDescribed) {
  Scenario scenario;
  EXPECT_EQ(scenario.SlowdownOverTime()->At(TimePoint(5_s)), 1.0);
  scenario.slowdown = SteppedSlowdown{{{4_s, 2.0}}};
  EXPECT_EQ(scenario.SlowdownOverTime()->At(TimePoint(5_s)), 2.0);
  scenario.stage_noise_cv = 0.0;
  EXPECT_EQ(scenario.NoiseOfStages().Next(), 1.0);
}

}  // namespace
}  // namespace delen::workload
