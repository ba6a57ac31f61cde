// The tensors of one run on ONNX Runtime, all bound before the run starts.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "backend/backend.h"
#include "backend/ort/tensor_memory.h"

namespace delen::backend {

// How a stage's ends map to the tensors of a workspace. Tensors are numbered
// over the whole model: a tensor that crosses a cut is the output of one stage
// and an input of later ones under one number.
struct StagePorts {
  std::vector<std::string> input_names;
  std::vector<std::string> output_names;
  std::vector<std::size_t> inputs;   // tensor numbers, as input_names
  std::vector<std::size_t> outputs;  // tensor numbers, as output_names
};

class OrtWorkspace final : public Workspace {
 public:
  // `tensors` by number; `inputs` and `exits` say which of them are the model's
  // inputs and its exits' outputs.
  OrtWorkspace(std::vector<TensorMemory> tensors, const std::vector<StagePorts>& stages,
               std::vector<std::size_t> inputs, std::vector<std::size_t> exits);

  std::span<std::byte> input(std::size_t index) override;
  ExitOutput exit_output(int exit) const override;

  std::span<const TensorMemory> tensors() const { return tensors_; }

  // The bound ends of one stage, in the order of its StagePorts.
  struct Binding {
    std::vector<const OrtValue*> inputs;
    std::vector<OrtValue*> outputs;
  };
  Binding& binding(int stage) { return bindings_[static_cast<std::size_t>(stage)]; }

 private:
  std::vector<TensorMemory> tensors_;
  std::vector<Binding> bindings_;
  std::vector<std::size_t> inputs_;
  std::vector<std::size_t> exits_;
};

}  // namespace delen::backend
