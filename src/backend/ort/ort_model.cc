#include "backend/ort/ort_model.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "backend/ort/row_copies.h"
#include "backend/ort/row_probe.h"

namespace delen::backend {
namespace {

std::vector<const char*> CNames(const std::vector<std::string>& names) {
  std::vector<const char*> pointers;
  pointers.reserve(names.size());
  for (const std::string& name : names) pointers.push_back(name.c_str());
  return pointers;
}

// Takes over the runtime's status. The text is the runtime's own.
Status TakeStatus(OrtStatus* raw, std::string_view doing) {
  if (raw == nullptr) return {};
  const Ort::Status status(raw);
  return Internal("{}: {}", doing, status.GetErrorMessage());
}

}  // namespace

Result<std::unique_ptr<LoadedModel>> OrtModel::Open(Ort::Env& environment,
                                                    const Ort::SessionOptions& options,
                                                    const core::ModelVersion& model) {
  std::unique_ptr<OrtModel> opened(new OrtModel);
  opened->inputs_ = model.spec.inputs;
  for (const core::TensorSpec& input : model.spec.inputs) {
    opened->tensor_names_.push_back(input.name);
  }
  for (int stage = 0; stage < model.spec.exit_count(); ++stage) {
    if (Status status = opened->OpenStage(environment, options, model, stage); !status) {
      return WithContext(core::StagePath(model.folder, stage).string(), std::move(status).error());
    }
  }
  for (std::size_t i = 0; i < opened->stages_.size(); ++i) {
    opened->stages_[i].input_names = CNames(opened->ports_[i].input_names);
    opened->stages_[i].output_names = CNames(opened->ports_[i].output_names);
  }
  opened->batchable_ = RowsAreIndependent(*opened, opened->inputs_, model.spec.exit_count());
  return std::unique_ptr<LoadedModel>(std::move(opened));
}

Status OrtModel::OpenStage(Ort::Env& environment, const Ort::SessionOptions& options,
                           const core::ModelVersion& model, int stage) try {
  const std::string path = core::StagePath(model.folder, stage).string();
  const Ort::Session& session =
      stages_.emplace_back(Stage{Ort::Session(environment, path.c_str(), options), {}, {}}).session;
  StagePorts& ports = ports_.emplace_back();
  Ort::AllocatorWithDefaultOptions allocator;
  for (std::size_t i = 0; i < session.GetInputCount(); ++i) {
    ports.input_names.emplace_back(session.GetInputNameAllocated(i, allocator).get());
  }
  for (std::size_t i = 0; i < session.GetOutputCount(); ++i) {
    ports.output_names.emplace_back(session.GetOutputNameAllocated(i, allocator).get());
  }
  return ConnectPorts(model, stage);
} catch (const Ort::Exception& failure) {
  return Internal("the runtime cannot load it: {}", failure.what());
}

Status OrtModel::ConnectPorts(const core::ModelVersion& model, int stage) {
  StagePorts& ports = ports_[static_cast<std::size_t>(stage)];
  const std::size_t known = tensor_names_.size();
  for (const std::string& name : ports.input_names) {
    const std::size_t number = NumberOf(name);
    if (number >= known) {
      return InvalidArgument("needs tensor '{}', which no earlier stage gives", name);
    }
    ports.inputs.push_back(number);
  }
  for (const std::string& name : ports.output_names) ports.outputs.push_back(NumberOf(name));
  const std::string& exit = model.spec.exits[static_cast<std::size_t>(stage)];
  if (std::find(ports.output_names.begin(), ports.output_names.end(), exit) ==
      ports.output_names.end()) {
    return InvalidArgument("does not give its exit's tensor '{}'", exit);
  }
  exit_tensors_.push_back(NumberOf(exit));
  return {};
}

std::size_t OrtModel::NumberOf(const std::string& tensor) {
  const auto found = std::find(tensor_names_.begin(), tensor_names_.end(), tensor);
  const auto number = static_cast<std::size_t>(found - tensor_names_.begin());
  if (found == tensor_names_.end()) tensor_names_.push_back(tensor);
  return number;
}

Result<std::unique_ptr<Workspace>> OrtModel::NewWorkspace(
    std::span<const core::Shape> input_shapes) {
  std::vector<TensorMemory> tensors(tensor_names_.size());
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    Result<TensorMemory> made = TensorMemory::Make(inputs_[i].datatype, input_shapes[i]);
    if (!made) return WithContext(inputs_[i].name, std::move(made).error());
    tensors[i] = *std::move(made);
  }
  for (std::size_t stage = 0; stage < stages_.size(); ++stage) {
    if (Status status = AddOutputsOf(stage, tensors); !status) return std::move(status).error();
  }
  std::vector<std::size_t> inputs(inputs_.size());
  std::iota(inputs.begin(), inputs.end(), 0);
  return std::unique_ptr<Workspace>(
      std::make_unique<OrtWorkspace>(std::move(tensors), ports_, std::move(inputs), exit_tensors_));
}

Status OrtModel::AddOutputsOf(std::size_t stage, std::vector<TensorMemory>& tensors) try {
  const StagePorts& ports = ports_[stage];
  std::vector<const OrtValue*> inputs;
  for (const std::size_t number : ports.inputs) inputs.push_back(tensors[number].value());
  std::vector<OrtValue*> raw_outputs(ports.outputs.size(), nullptr);
  Stage& running = stages_[stage];
  Ort::ThrowOnError(Ort::GetApi().Run(running.session, nullptr, running.input_names.data(),
                                      inputs.data(), inputs.size(), running.output_names.data(),
                                      raw_outputs.size(), raw_outputs.data()));
  const std::vector<Ort::Value> outputs(raw_outputs.begin(), raw_outputs.end());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    const auto info = outputs[i].GetTensorTypeAndShapeInfo();
    const Result<core::DataType> type = FromOrt(info.GetElementType());
    if (!type) return WithContext(ports.output_names[i], type.error());
    Result<TensorMemory> made = TensorMemory::Make(*type, info.GetShape());
    if (!made) return WithContext(ports.output_names[i], std::move(made).error());
    tensors[ports.outputs[i]] = *std::move(made);
  }
  return {};
} catch (const Ort::Exception& failure) {
  return InvalidArgument("stage {} cannot run on inputs of this shape: {}", stage, failure.what());
}

Status OrtModel::RunStage(int stage, Workspace& workspace) {
  Stage& running = stages_[static_cast<std::size_t>(stage)];
  OrtWorkspace::Binding& bound = static_cast<OrtWorkspace&>(workspace).binding(stage);
  OrtStatus* const raw = Ort::GetApi().Run(
      running.session, nullptr, running.input_names.data(), bound.inputs.data(),
      bound.inputs.size(), running.output_names.data(), bound.outputs.size(), bound.outputs.data());
  return raw == nullptr ? Status() : TakeStatus(raw, fmt::format("stage {} failed", stage));
}

Status OrtModel::RunStageJoined(int stage, std::span<Workspace* const> parts, Workspace& batch) {
  if (!batchable_) return LoadedModel::RunStageJoined(stage, parts, batch);
  const OrtWorkspace& whole = static_cast<OrtWorkspace&>(batch);
  const StagePorts& ports = ports_[static_cast<std::size_t>(stage)];
  for (const std::vector<std::size_t>* const ends : {&ports.inputs, &ports.outputs}) {
    if (Status fits = CheckRowsAddUp(*ends, parts, whole); !fits) return fits;
  }
  for (const std::size_t tensor : ports.inputs) JoinRows(tensor, parts, whole);
  if (Status ran = RunStage(stage, batch); !ran) return ran;
  for (const std::size_t tensor : ports.outputs) SplitRows(tensor, whole, parts);
  return {};
}

}  // namespace delen::backend
