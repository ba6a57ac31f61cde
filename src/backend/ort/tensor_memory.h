// Between ONNX Runtime's tensors and ours.
#pragma once

#include <onnxruntime_cxx_api.h>

#include <cstddef>
#include <memory>
#include <new>
#include <span>

#include "base/result.h"
#include "core/tensor.h"

namespace delen::backend {

// Errors: kUnsupported for element types that the protocol does not have.
Result<core::DataType> FromOrt(ONNXTensorElementDataType type);
ONNXTensorElementDataType ToOrt(core::DataType type);

// One tensor with memory of its own, aligned for vector loads, and the runtime's
// view of it.
class TensorMemory {
 public:
  // Zero-filled.
  // Errors: kInvalidArgument when the shape is too large to count.
  static Result<TensorMemory> Make(core::DataType type, core::Shape shape);

  core::DataType datatype() const { return type_; }
  std::span<const std::int64_t> shape() const { return shape_; }
  std::span<std::byte> bytes() const { return {bytes_.get(), size_}; }
  OrtValue* value() const { return value_; }

 private:
  static constexpr std::align_val_t kAlignment{64};
  struct Release {
    void operator()(std::byte* bytes) const { ::operator delete[](bytes, kAlignment); }
  };

  core::DataType type_ = core::DataType::kFp32;
  core::Shape shape_;
  std::size_t size_ = 0;
  std::unique_ptr<std::byte[], Release> bytes_;
  Ort::Value value_{nullptr};  // points into bytes_
};

}  // namespace delen::backend
