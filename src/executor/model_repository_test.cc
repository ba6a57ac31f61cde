#include "executor/model_repository.h"

#include <gtest/gtest.h>

#include "executor/testing/sample_served_model.h"

namespace delen::executor {
namespace {

std::shared_ptr<ServedModel> Version(delen::testing::ManualClock& clock, int version) {
  core::ModelVersion model = core::testing::SampleModel();
  model.version = version;
  return std::make_shared<ServedModel>(
      model, core::testing::SampleExits(),
      std::make_unique<backend::testing::FakeModel>(clock, testing::SampleStages()));
}

TEST(ModelRepository, FindsTheNewestOrTheOneAskedFor) {
  delen::testing::ManualClock clock;
  ModelRepository models;
  models.Add(Version(clock, 2));
  models.Add(Version(clock, 10));
  EXPECT_EQ(models.Get("sample", 0).value()->version().version, 10);
  EXPECT_EQ(models.Find("sample", 2).value()->version, 2);
  EXPECT_EQ(models.Versions("sample"), (std::vector<int>{2, 10}));
}

TEST(ModelRepository, UnknownOnesAreNamedTheWayClientsExpect) {
  delen::testing::ManualClock clock;
  ModelRepository models;
  models.Add(Version(clock, 1));
  EXPECT_EQ(models.Get("other", 0).error().message, "Request for unknown model: 'other'");
  EXPECT_EQ(models.Get("sample", 3).error().message,
            "Request for unknown model: 'sample' has no version 3, newest is 1");
  EXPECT_TRUE(models.Versions("other").empty());
}

TEST(ModelRepository, AReplacedModelLivesAsLongAsItIsHeld) {
  delen::testing::ManualClock clock;
  ModelRepository models;
  models.Add(Version(clock, 1));
  const auto held = models.Get("sample", 1).value();
  models.Add(Version(clock, 1));
  EXPECT_NE(models.Get("sample", 1).value(), held);
  EXPECT_EQ(held->version().spec.name, "sample");
}

}  // namespace
}  // namespace delen::executor
