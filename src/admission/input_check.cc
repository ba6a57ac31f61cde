#include "admission/input_check.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace delen::admission {
namespace {

Status CheckTensor(const core::TensorSpec& spec, const core::Tensor& tensor) {
  if (tensor.datatype != spec.datatype) {
    return InvalidArgument("input '{}' has datatype {}, expected {}", spec.name,
                           core::Name(tensor.datatype), core::Name(spec.datatype));
  }
  if (!core::Matches(spec, tensor.shape)) {
    return InvalidArgument("input '{}' has shape {}, expected {}", spec.name,
                           core::ToString(tensor.shape), core::ToString(spec.shape));
  }
  const Result<std::size_t> expected = core::ByteCount(tensor.datatype, tensor.shape);
  if (!expected) return WithContext(spec.name, expected.error());
  if (tensor.bytes.size() != *expected) {
    return InvalidArgument("input '{}' has {} bytes, expected {} for {} of shape {}", spec.name,
                           tensor.bytes.size(), *expected, core::Name(tensor.datatype),
                           core::ToString(tensor.shape));
  }
  return {};
}

// Moves the tensors into the order of the model's inputs.
Status Reorder(const core::ModelSpec& spec, std::vector<core::Tensor>& inputs) {
  if (inputs.size() != spec.inputs.size()) {
    return InvalidArgument("the request has {} inputs, model '{}' expects {}", inputs.size(),
                           spec.name, spec.inputs.size());
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto from = inputs.begin() + static_cast<std::ptrdiff_t>(i);
    const auto found = std::find_if(from, inputs.end(), [&](const core::Tensor& tensor) {
      return tensor.name == spec.inputs[i].name;
    });
    if (found == inputs.end()) {
      return InvalidArgument("input '{}' of model '{}' is missing; got '{:.128}'",
                             spec.inputs[i].name, spec.name, from->name);
    }
    std::iter_swap(from, found);
  }
  return {};
}

}  // namespace

Result<int> CheckInputs(const core::ModelSpec& spec, int max_rows,
                        std::vector<core::Tensor>& inputs) {
  if (Status status = Reorder(spec, inputs); !status) return std::move(status).error();
  std::optional<std::int64_t> rows;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (Status status = CheckTensor(spec.inputs[i], inputs[i]); !status) {
      return std::move(status).error();
    }
    const core::Shape& expected = spec.inputs[i].shape;
    if (expected.empty() || expected[0] != -1) continue;
    if (rows && *rows != inputs[i].shape[0]) {
      return InvalidArgument("input '{}' has {} rows, the inputs before it {}", spec.inputs[i].name,
                             inputs[i].shape[0], *rows);
    }
    rows = inputs[i].shape[0];
  }
  if (rows.value_or(1) < 1 || rows.value_or(1) > max_rows) {
    return InvalidArgument("the request has {} rows, expected 1 to {}", *rows, max_rows);
  }
  return static_cast<int>(rows.value_or(1));
}

}  // namespace delen::admission
