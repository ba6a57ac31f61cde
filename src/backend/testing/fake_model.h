// A model whose stages take the time and give the scores that a test wrote down.
#pragma once

#include <algorithm>
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
  bool adds_input = false;  // the row's first input value, to the last score
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

  float first_input(std::int64_t row) const {
    const std::size_t width = inputs_[0].size() / static_cast<std::size_t>(rows);
    float value = 0.0F;
    std::memcpy(&value, &inputs_[0][static_cast<std::size_t>(row) * width], sizeof(value));
    return value;
  }
  // Fills the inputs with those of `parts`.
  void JoinInputs(std::span<Workspace* const> parts) {
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      auto to = inputs_[i].begin();
      for (Workspace* const part : parts) {
        const std::span<const std::byte> from = part->input(i);
        to = std::copy(from.begin(), from.end(), to);
      }
    }
  }
  // Gives each part its rows of one exit's output.
  void SplitOutput(std::size_t exit, std::span<Workspace* const> parts) const {
    const std::int64_t classes = outputs[exit].shape[1];
    auto from = outputs[exit].scores.begin();
    for (Workspace* const part : parts) {
      auto& fake = static_cast<FakeWorkspace&>(*part);
      const auto end = from + fake.rows * classes;
      fake.outputs[exit].shape = {fake.rows, classes};
      fake.outputs[exit].scores.assign(from, end);
      from = end;
    }
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

// Running a stage moves the clock by the stage's time, however many rows it has.
class FakeModel final : public LoadedModel {
 public:
  FakeModel(delen::testing::ManualClock& clock, std::vector<FakeStage> stages)
      : clock_(clock), stages_(std::move(stages)) {}

  Result<std::unique_ptr<Workspace>> NewWorkspace(
      std::span<const core::Shape> input_shapes) override {
    if (refuses_workspaces) {
      return InvalidArgument("no workspace for {}", core::ToString(input_shapes[0]));
    }
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
      if (script.adds_input) output.scores.back() += fake.first_input(row);
    }
    ++stages_run;
    return {};
  }

  bool batchable() const override { return rows_are_independent; }
  Status RunStageJoined(int stage, std::span<Workspace* const> parts, Workspace& batch) override {
    if (!rows_are_independent) return LoadedModel::RunStageJoined(stage, parts, batch);
    auto& whole = static_cast<FakeWorkspace&>(batch);
    std::int64_t rows = 0;
    for (Workspace* const part : parts) rows += static_cast<FakeWorkspace&>(*part).rows;
    if (rows != whole.rows) return InvalidArgument("{} rows, expected {}", rows, whole.rows);
    whole.JoinInputs(parts);
    if (Status ran = RunStage(stage, batch); !ran) return ran;
    whole.SplitOutput(static_cast<std::size_t>(stage), parts);
    return {};
  }

  bool rows_are_independent = true;
  bool refuses_workspaces = false;
  int workspaces_made = 0;
  int stages_run = 0;

 private:
  delen::testing::ManualClock& clock_;
  std::vector<FakeStage> stages_;
};

}  // namespace delen::backend::testing
