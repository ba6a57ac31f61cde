// Runs the stages of a model on one kind of device, behind one small interface.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/result.h"
#include "core/model_folder.h"
#include "core/tensor.h"

namespace delen::backend {

// What an exit's tensor looks like once its stage has run.
struct ExitOutput {
  core::DataType datatype = core::DataType::kFp32;
  std::span<const std::int64_t> shape;
  std::span<const std::byte> bytes;
};

// The memory of one run, for one set of input shapes: its inputs, the tensors
// that cross from stage to stage, and its exits' outputs. Made once, used for
// run after run.
//
// Threads: one run at a time.
class Workspace {
 public:
  virtual ~Workspace() = default;

  // Where input `index` of the model must be put before stage 0 runs.
  virtual std::span<std::byte> input(std::size_t index) = 0;
  // Valid after stage `exit` has run, until the next run's stage `exit`.
  virtual ExitOutput exit_output(int exit) const = 0;
};

// A model in memory, ready to run.
//
// Threads: stages of different workspaces may run at once.
class LoadedModel {
 public:
  virtual ~LoadedModel() = default;

  // Shapes: one per input of the model, free axes filled in.
  // Errors: kInvalidArgument when a stage cannot run on these shapes.
  virtual Result<std::unique_ptr<Workspace>> NewWorkspace(
      std::span<const core::Shape> input_shapes) = 0;

  // Runs one stage in place. Stages of one run go in order, from 0. `workspace`
  // is one of this model's.
  // Errors: kInternal when the runtime fails; its text becomes the message.
  virtual Status RunStage(int stage, Workspace& workspace) = 0;

  // Whether runs can share a stage: axis 0 of every input, of every tensor that
  // crosses from stage to stage and of every exit's output is the batch, no
  // other axis of an input is free, and what a row gives does not depend on the
  // rows beside it.
  virtual bool batchable() const { return false; }

  // Runs one stage of several runs at once: copies what the stage reads from
  // `parts`, in order, into `batch`, runs it there, and copies what it gave back
  // to each part. A part is then as if the stage had run in it alone.
  //
  // Shapes: the rows of `batch` are the sum of the parts' rows.
  // Memory: `batch` keeps nothing from one call that the next one needs; nothing
  //         is allocated outside the runtime.
  // Threads: the parts, all different, and `batch` serve no other run meanwhile.
  // Errors: kUnsupported unless batchable(), kInvalidArgument when the rows do
  //         not add up, kInternal as above; the parts are then as before.
  virtual Status RunStageJoined(int stage, std::span<Workspace* const> parts, Workspace& batch);
};

class Backend {
 public:
  virtual ~Backend() = default;

  // Loads all stages, and may run them to learn what they do. `threads` is 1 or
  // this backend's thread count.
  // Errors: kInvalidArgument when the stage graphs do not fit the model's
  //         description, kInternal when the runtime refuses them.
  virtual Result<std::unique_ptr<LoadedModel>> Load(const core::ModelVersion& model,
                                                    int threads) = 0;
};

}  // namespace delen::backend
