#include "core/bounds.h"

#include <gtest/gtest.h>

#include <limits>

namespace delen::core {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units

TEST(Bounds, AreReadFromParameters) {
  const Result<Bounds> bounds = ParseBounds({{"max_latency_ms", 20.0},
                                             {"max_energy_mj", std::string("50")},
                                             {"min_accuracy", 0.9},
                                             {"min_confidence", std::int64_t{1}},
                                             {"objective", std::string("energy")},
                                             {"on_infeasible", std::string("reject")},
                                             {"temperature", 3.0}});
  ASSERT_TRUE(bounds) << bounds.error().message;
  EXPECT_EQ(*bounds, (Bounds{.max_latency = 20_ms,
                             .max_energy = 50_mJ,
                             .min_accuracy = 0.9,
                             .min_confidence = 1.0,
                             .objective = Objective::kEnergy,
                             .on_infeasible = OnInfeasible::kReject}));
  EXPECT_EQ(ParseBounds({}).value(), Bounds());
}

TEST(Bounds, RefusalsNameTheParameterAndWhatItHeld) {
  const auto message = [](std::string name, ParameterValue value) {
    const Result<Bounds> bounds = ParseBounds({{std::move(name), std::move(value)}});
    return bounds ? std::string("accepted") : bounds.error().message;
  };
  EXPECT_EQ(message("max_latency_ms", -1.0),
            "parameter 'max_latency_ms' is -1, expected a number of at least 0");
  EXPECT_EQ(message("max_energy_mj", std::numeric_limits<double>::quiet_NaN()),
            "parameter 'max_energy_mj' is nan, expected a finite number");
  EXPECT_EQ(message("min_accuracy", 90.0),
            "parameter 'min_accuracy' is 90, expected a number from 0 to 1");
  EXPECT_EQ(message("objective", std::string("speed")),
            "parameter 'objective' is 'speed', expected one of accuracy, latency, energy");
  EXPECT_EQ(message("objective", true), "parameter 'objective' is true, expected a string");
  EXPECT_EQ(message("on_infeasible", std::string("")),
            "parameter 'on_infeasible' is '', expected one of best_effort, reject");
}

TEST(Bounds, AFloorAsksForTheLeastWorkUnlessToldOtherwise) {
  EXPECT_EQ(ObjectiveOf({}), Objective::kAccuracy);
  EXPECT_EQ(ObjectiveOf({.max_latency = 5_ms}), Objective::kAccuracy);
  EXPECT_EQ(ObjectiveOf({.min_accuracy = 0.8}), Objective::kLatency);
  EXPECT_EQ(ObjectiveOf({.min_confidence = 0.8, .objective = Objective::kAccuracy}),
            Objective::kAccuracy);
}

TEST(Bounds, WhatARequestDoesNotSetIsItsTenants) {
  const Bounds tenant{.max_latency = 20_ms,
                      .max_energy = 50_mJ,
                      .min_accuracy = 0.8,
                      .min_confidence = 0.7,
                      .objective = Objective::kEnergy,
                      .on_infeasible = OnInfeasible::kReject};
  EXPECT_EQ(WithDefaults({}, tenant), tenant);
  EXPECT_EQ(WithDefaults(tenant, {}), tenant);
  const Bounds request{.max_latency = 5_ms,
                       .max_energy = 0_mJ,
                       .objective = Objective::kAccuracy,
                       .on_infeasible = OnInfeasible::kBestEffort};
  EXPECT_EQ(WithDefaults(request, tenant), (Bounds{.max_latency = 5_ms,
                                                   .max_energy = 0_mJ,
                                                   .min_accuracy = 0.8,
                                                   .min_confidence = 0.7,
                                                   .objective = Objective::kAccuracy,
                                                   .on_infeasible = OnInfeasible::kBestEffort}));
}

TEST(Bounds, AFloorOfItsOwnGoesBeforeTheTenantsObjective) {
  const Bounds tenant{.max_latency = 20_ms, .objective = Objective::kAccuracy};
  const Bounds bounds = WithDefaults({.min_accuracy = 0.8}, tenant);
  EXPECT_EQ(bounds, (Bounds{.max_latency = 20_ms, .min_accuracy = 0.8}));
  EXPECT_EQ(ObjectiveOf(bounds), Objective::kLatency);
  EXPECT_EQ(
      WithDefaults({.min_confidence = 0.8, .objective = Objective::kEnergy}, tenant).objective,
      Objective::kEnergy);
  // The tenant's own floor does not: there the objective is what it says.
  EXPECT_EQ(ObjectiveOf(WithDefaults({}, {.min_accuracy = 0.8, .objective = Objective::kAccuracy})),
            Objective::kAccuracy);
}

TEST(Bounds, MissedOnesAreListedInOrder) {
  const Bounds bounds{
      .max_latency = 10_ms, .max_energy = 5_mJ, .min_accuracy = 0.8, .min_confidence = 0.7};
  EXPECT_TRUE(MissedBounds(bounds, {10_ms, 5_mJ, 0.8, 0.7}).empty());
  EXPECT_EQ(ToString(MissedBounds(bounds, {11_ms, 6_mJ, 0.7, 0.6})),
            "max_latency_ms,max_energy_mj,min_accuracy,min_confidence");
  EXPECT_EQ(ToString(MissedBounds(bounds, {9_ms, 5_mJ, std::nullopt, std::nullopt})),
            "min_accuracy,min_confidence");
  EXPECT_EQ(ToString(BoundSet()), "");
}

}  // namespace
}  // namespace delen::core
