// core's sample model over a fake that behaves as its profile says.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "backend/testing/fake_model.h"
#include "core/testing/sample_model.h"
#include "executor/served_model.h"

namespace delen::executor::testing {

// Stages of 1, 2, 3 and 4 ms, two classes, the second one favoured by `lead`
// logits at every exit.
inline std::vector<backend::testing::FakeStage> SampleStages(float lead = 1.0F) {
  std::vector<backend::testing::FakeStage> stages;
  for (const double ms : {1.0, 2.0, 3.0, 4.0}) {
    stages.push_back({FromMilliseconds(ms), {0.0F, lead}, false});
  }
  return stages;
}

inline std::shared_ptr<ServedModel> SampleServedModel(
    delen::testing::ManualClock& clock,
    std::vector<backend::testing::FakeStage> stages = SampleStages()) {
  return std::make_shared<ServedModel>(
      core::testing::SampleModel(), core::testing::SampleExits(),
      std::make_unique<backend::testing::FakeModel>(clock, std::move(stages)));
}

// One input of `rows` rows of four values.
inline std::vector<core::Tensor> SampleInputs(std::int64_t rows = 1) {
  std::vector<std::byte> bytes(static_cast<std::size_t>(rows) * 4 * sizeof(float));
  return {core::OwningTensor("input", core::DataType::kFp32, {rows, 4}, std::move(bytes))};
}

}  // namespace delen::executor::testing
