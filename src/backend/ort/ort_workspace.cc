#include "backend/ort/ort_workspace.h"

#include <utility>

namespace delen::backend {

OrtWorkspace::OrtWorkspace(std::vector<TensorMemory> tensors, const std::vector<StagePorts>& stages,
                           std::vector<std::size_t> inputs, std::vector<std::size_t> exits)
    : tensors_(std::move(tensors)), inputs_(std::move(inputs)), exits_(std::move(exits)) {
  for (const StagePorts& ports : stages) {
    Binding binding;
    for (const std::size_t number : ports.inputs) {
      binding.inputs.push_back(tensors_[number].value());
    }
    for (const std::size_t number : ports.outputs) {
      binding.outputs.push_back(tensors_[number].value());
    }
    bindings_.push_back(std::move(binding));
  }
}

std::span<std::byte> OrtWorkspace::input(std::size_t index) {
  return tensors_[inputs_[index]].bytes();
}

ExitOutput OrtWorkspace::exit_output(int exit) const {
  const TensorMemory& tensor = tensors_[exits_[static_cast<std::size_t>(exit)]];
  return {tensor.datatype(), tensor.shape(), tensor.bytes()};
}

}  // namespace delen::backend
