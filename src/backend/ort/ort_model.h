// The stages of one model as ONNX Runtime sessions.
#pragma once

#include <onnxruntime_cxx_api.h>

#include <memory>
#include <string>
#include <vector>

#include "backend/backend.h"
#include "backend/ort/ort_workspace.h"

namespace delen::backend {

class OrtModel final : public LoadedModel {
 public:
  // Opens a session per stage, checks that their ends join up, and tries out
  // whether the model is batchable.
  // `environment` must outlive the model.
  static Result<std::unique_ptr<LoadedModel>> Open(Ort::Env& environment,
                                                   const Ort::SessionOptions& options,
                                                   const core::ModelVersion& model);

  Result<std::unique_ptr<Workspace>> NewWorkspace(
      std::span<const core::Shape> input_shapes) override;
  Status RunStage(int stage, Workspace& workspace) override;
  bool batchable() const override { return batchable_; }
  Status RunStageJoined(int stage, std::span<Workspace* const> parts, Workspace& batch) override;

 private:
  struct Stage {
    Ort::Session session{nullptr};
    std::vector<const char*> input_names;  // point into ports_
    std::vector<const char*> output_names;
  };

  OrtModel() = default;
  Status OpenStage(Ort::Env& environment, const Ort::SessionOptions& options,
                   const core::ModelVersion& model, int stage);
  Status ConnectPorts(const core::ModelVersion& model, int stage);
  std::size_t NumberOf(const std::string& tensor);
  // Runs a stage on zeros to learn the shapes of its outputs.
  Status AddOutputsOf(std::size_t stage, std::vector<TensorMemory>& tensors);

  std::vector<core::TensorSpec> inputs_;
  std::vector<std::string> tensor_names_;  // by number; the model's inputs come first
  std::vector<StagePorts> ports_;
  std::vector<Stage> stages_;
  std::vector<std::size_t> exit_tensors_;  // by exit
  bool batchable_ = false;
};

}  // namespace delen::backend
