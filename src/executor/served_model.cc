#include "executor/served_model.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace delen::executor {
namespace {

bool IsFor(const ServedModel::PooledWorkspace& pooled, std::span<const core::Tensor> inputs) {
  return std::equal(
      pooled.shapes.begin(), pooled.shapes.end(), inputs.begin(), inputs.end(),
      [](const core::Shape& shape, const core::Tensor& input) { return shape == input.shape; });
}

}  // namespace

Result<ServedModel::PooledWorkspace> ServedModel::Acquire(std::span<const core::Tensor> inputs) {
  {
    const MutexLock lock(mutex_);
    const auto found = std::find_if(idle_.rbegin(), idle_.rend(),
                                    [&](const auto& pooled) { return IsFor(pooled, inputs); });
    if (found != idle_.rend()) {
      PooledWorkspace taken = std::move(*found);
      idle_.erase(std::next(found).base());
      return taken;
    }
  }
  PooledWorkspace made;
  for (const core::Tensor& input : inputs) made.shapes.push_back(input.shape);
  Result<std::unique_ptr<backend::Workspace>> workspace = loaded_->NewWorkspace(made.shapes);
  if (!workspace) return std::move(workspace).error();
  made.workspace = *std::move(workspace);
  return made;
}

void ServedModel::Release(PooledWorkspace workspace) {
  const MutexLock lock(mutex_);
  if (idle_.size() == kMaxIdle) idle_.erase(idle_.begin());
  idle_.push_back(std::move(workspace));
}

Result<WorkspaceLease> WorkspaceLease::Begin(std::shared_ptr<ServedModel> model,
                                             std::span<const core::Tensor> inputs) {
  Result<ServedModel::PooledWorkspace> held = model->Acquire(inputs);
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
