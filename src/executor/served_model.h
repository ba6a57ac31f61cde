// A model version in memory, and the workspaces its runs take turns with.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "backend/backend.h"
#include "base/mutex.h"
#include "core/exit_table.h"
#include "core/model_folder.h"

namespace delen::executor {

// Threads: all methods may be called from any thread.
class ServedModel {
 public:
  ServedModel(core::ModelVersion version, core::ExitTable exits,
              std::unique_ptr<backend::LoadedModel> loaded)
      : version_(std::move(version)), exits_(std::move(exits)), loaded_(std::move(loaded)) {}

  const core::ModelVersion& version() const { return version_; }
  const core::ExitTable& exits() const { return exits_; }
  backend::LoadedModel& loaded() { return *loaded_; }

  // A workspace and the input shapes that it is for.
  struct PooledWorkspace {
    std::vector<core::Shape> shapes;
    std::unique_ptr<backend::Workspace> workspace;
  };

  // A workspace for these inputs: an idle one where there is, else a new one,
  // which costs a run of every stage.
  Result<PooledWorkspace> Acquire(std::span<const core::Tensor> inputs);
  void Release(PooledWorkspace workspace);

 private:
  // Idle workspaces beyond this are freed, the longest idle first.
  static constexpr std::size_t kMaxIdle = 16;

  const core::ModelVersion version_;
  const core::ExitTable exits_;
  const std::unique_ptr<backend::LoadedModel> loaded_;
  Mutex mutex_;
  std::vector<PooledWorkspace> idle_ GUARDED_BY(mutex_);
};

// Holds a workspace for one run and gives it back.
class WorkspaceLease {
 public:
  WorkspaceLease() = default;
  // Takes a workspace and copies `inputs`, in the order of the model's, into it.
  static Result<WorkspaceLease> Begin(std::shared_ptr<ServedModel> model,
                                      std::span<const core::Tensor> inputs);
  WorkspaceLease(WorkspaceLease&& other) noexcept = default;
  WorkspaceLease& operator=(WorkspaceLease&& other) noexcept;
  ~WorkspaceLease() { GiveBack(); }

  explicit operator bool() const { return model_ != nullptr; }
  ServedModel& model() const { return *model_; }
  backend::Workspace& workspace() const { return *held_.workspace; }

 private:
  void GiveBack();

  std::shared_ptr<ServedModel> model_;
  ServedModel::PooledWorkspace held_;
};

}  // namespace delen::executor
