#include "executor/served_model.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>
#include <vector>

namespace delen::executor {
namespace {

Result<PooledWorkspace> Make(backend::LoadedModel& model, std::vector<core::Shape> shapes) {
  Result<std::unique_ptr<backend::Workspace>> workspace = model.NewWorkspace(shapes);
  if (!workspace) return std::move(workspace).error();
  return PooledWorkspace{std::move(shapes), *std::move(workspace)};
}

}  // namespace

Result<PooledWorkspace> ServedModel::Acquire(std::span<const core::Tensor> inputs) {
  const auto fit = [&](const std::vector<core::Shape>& shapes) {
    return std::equal(
        shapes.begin(), shapes.end(), inputs.begin(), inputs.end(),
        [](const core::Shape& shape, const core::Tensor& input) { return shape == input.shape; });
  };
  if (std::optional<PooledWorkspace> idle = idle_.Take(fit)) return *std::move(idle);
  std::vector<core::Shape> shapes;
  for (const core::Tensor& input : inputs) shapes.push_back(input.shape);
  return Make(*loaded_, std::move(shapes));
}

std::int64_t ServedModel::RowsOf(backend::Workspace& workspace) const {
  const core::TensorSpec& input = version_.spec.inputs[0];
  const std::span<const std::int64_t> row = std::span(input.shape).subspan(1);
  const std::size_t row_bytes = core::ByteCount(input.datatype, row).value();
  return static_cast<std::int64_t>(workspace.input(0).size() / row_bytes);
}

Result<PooledWorkspace> ServedModel::AcquireBatch(std::int64_t rows) {
  const auto fit = [&](const std::vector<core::Shape>& shapes) { return shapes[0][0] == rows; };
  if (std::optional<PooledWorkspace> idle = idle_batches_.Take(fit)) return *std::move(idle);
  std::vector<core::Shape> shapes;
  for (const core::TensorSpec& input : version_.spec.inputs) {
    shapes.push_back(input.shape);
    shapes.back()[0] = rows;
  }
  return Make(*loaded_, std::move(shapes));
}

Status ServedModel::Prewarm(std::span<const std::int64_t> batch_rows) {
  for (const std::int64_t rows : batch_rows) {
    Result<PooledWorkspace> batch = AcquireBatch(rows);
    if (!batch) return std::move(batch).error();
    for (int stage = 0; stage < exits_.exit_count(); ++stage) {
      if (Status ran = loaded_->RunStage(stage, *batch->workspace); !ran) return ran;
    }
    ReleaseBatch(*std::move(batch));
  }
  return {};
}

Result<WorkspaceLease> WorkspaceLease::Begin(std::shared_ptr<ServedModel> model,
                                             std::span<const core::Tensor> inputs) {
  Result<PooledWorkspace> held = model->Acquire(inputs);
  if (!held) return std::move(held).error();
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const std::span<std::byte> target = held->workspace->input(i);
    if (target.size() != inputs[i].bytes.size()) {
      return Internal("input '{}' has {} bytes, expected {}", inputs[i].name,
                      inputs[i].bytes.size(), target.size());
    }
    std::memcpy(target.data(), inputs[i].bytes.data(), target.size());
  }
  WorkspaceLease lease;
  lease.model_ = std::move(model);
  lease.held_ = *std::move(held);
  return lease;
}

WorkspaceLease& WorkspaceLease::operator=(WorkspaceLease&& other) noexcept {
  if (this != &other) {
    GiveBack();
    model_ = std::move(other.model_);
    held_ = std::move(other.held_);
  }
  return *this;
}

void WorkspaceLease::GiveBack() {
  if (model_ == nullptr) return;
  model_->Release(std::move(held_));
  model_.reset();
}

}  // namespace delen::executor
