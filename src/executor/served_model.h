// A model version in memory, and the workspaces its runs take turns with.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>

#include "backend/backend.h"
#include "core/exit_table.h"
#include "core/model_folder.h"
#include "executor/workspace_pool.h"

namespace delen::executor {

// Threads: all methods may be called from any thread.
class ServedModel {
 public:
  ServedModel(core::ModelVersion version, core::ExitTable exits,
              std::unique_ptr<backend::LoadedModel> loaded)
      : version_(std::move(version)), exits_(std::move(exits)), loaded_(std::move(loaded)) {}

  // The same model on one thread, for when others keep the cores busy; null when
  // it runs on one anyway, or is not to adapt.
  void SetNarrow(std::shared_ptr<ServedModel> narrow) { narrow_ = std::move(narrow); }
  const std::shared_ptr<ServedModel>& narrow() const { return narrow_; }

  const core::ModelVersion& version() const { return version_; }
  const core::ExitTable& exits() const { return exits_; }
  backend::LoadedModel& loaded() { return *loaded_; }

  // A workspace for these inputs: an idle one where there is, else a new one,
  // which costs a run of every stage.
  Result<PooledWorkspace> Acquire(std::span<const core::Tensor> inputs);
  void Release(PooledWorkspace workspace) { idle_.Put(std::move(workspace)); }

  // Whether runs can share a stage. Only then may the methods below be called.
  bool batchable() const { return loaded_->batchable(); }
  std::int64_t RowsOf(backend::Workspace& workspace) const;
  // A workspace for a stage that runs share, out of a pool of its own: the
  // pooled ones of all sizes are not to push out those of single runs.
  Result<PooledWorkspace> AcquireBatch(std::int64_t rows);
  void ReleaseBatch(PooledWorkspace workspace) { idle_batches_.Put(std::move(workspace)); }

  // Makes a batch workspace of each of these sizes ready, and the runtime used to
  // them, so that the first batch of that size does not pay for it.
  // Errors: those of LoadedModel, when a stage does not run at that size.
  Status Prewarm(std::span<const std::int64_t> batch_rows);

 private:
  const core::ModelVersion version_;
  const core::ExitTable exits_;
  const std::unique_ptr<backend::LoadedModel> loaded_;
  std::shared_ptr<ServedModel> narrow_;
  WorkspacePool idle_;
  WorkspacePool idle_batches_;
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
  PooledWorkspace held_;
};

}  // namespace delen::executor
