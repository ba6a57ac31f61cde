// A model whose stages take the time and give the scores that a test wrote down.
#pragma once

#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "backend/backend.h"
#include "base/testing/manual_clock.h"

namespace delen::backend::testing {

// What one stage of a FakeModel does.
struct FakeStage {
  Seconds time;
  std::vector<float> scores;  // of one row
  bool fails = false;
};

class FakeWorkspace final : public Workspace {
 public:
  FakeWorkspace(std::span<const core::Shape> input_shapes, std::size_t exits) : outputs(exits) {
    for (const core::Shape& shape : input_shapes) {
      inputs_.emplace_back(core::ByteCount(core::DataType::kFp32, shape).value());
    }
    rows = input_shapes[0][0];
  }
  std::span<std::byte> input(std::size_t index) override { return inputs_[index]; }
  ExitOutput exit_output(int exit) const override {
    const Output& output = outputs[static_cast<std::size_t>(exit)];
    return {core::DataType::kFp32, output.shape, std::as_bytes(std::span(output.scores))};
  }

  struct Output {
    core::Shape shape;
    std::vector<float> scores;
  };
  std::vector<Output> outputs;
  std::int64_t rows = 1;

 private:
  std::vector<std::vector<std::byte>> inputs_;
};

// Running a stage moves the clock by the stage's time.
class FakeModel final : public LoadedModel {
 public:
  FakeModel(delen::testing::ManualClock& clock, std::vector<FakeStage> stages)
      : clock_(clock), stages_(std::move(stages)) {}

  Result<std::unique_ptr<Workspace>> NewWorkspace(
      std::span<const core::Shape> input_shapes) override {
    ++workspaces_made;
    return std::unique_ptr<Workspace>(new FakeWorkspace(input_shapes, stages_.size()));
  }

  Status RunStage(int stage, Workspace& workspace) override {
    const FakeStage& script = stages_[static_cast<std::size_t>(stage)];
    clock_.Advance(script.time);
    if (script.fails) return Internal("stage {} failed", stage);
    auto& fake = static_cast<FakeWorkspace&>(workspace);
    FakeWorkspace::Output& output = fake.outputs[static_cast<std::size_t>(stage)];
    output.shape = {fake.rows, static_cast<std::int64_t>(script.scores.size())};
    output.scores.clear();
    for (std::int64_t row = 0; row < fake.rows; ++row) {
      output.scores.insert(output.scores.end(), script.scores.begin(), script.scores.end());
    }
    ++stages_run;
    return {};
  }

  int workspaces_made = 0;
  int stages_run = 0;

 private:
  delen::testing::ManualClock& clock_;
  std::vector<FakeStage> stages_;
};

}  // namespace delen::backend::testing
