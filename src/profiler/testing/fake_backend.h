// A backend whose models do what a test wrote down.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "backend/testing/fake_model.h"

namespace delen::profiler::testing {

class FakeBackend final : public backend::Backend {
 public:
  // `clock` must outlive the backend and its models.
  FakeBackend(delen::testing::ManualClock& clock, std::vector<backend::testing::FakeStage> script)
      : stages(std::move(script)), clock_(clock) {}

  Result<std::unique_ptr<backend::LoadedModel>> Load(const core::ModelVersion& /*model*/,
                                                     int /*threads*/) override {
    return std::unique_ptr<backend::LoadedModel>(new backend::testing::FakeModel(clock_, stages));
  }

  std::vector<backend::testing::FakeStage> stages;  // of models loaded from now on

 private:
  delen::testing::ManualClock& clock_;
};

}  // namespace delen::profiler::testing
