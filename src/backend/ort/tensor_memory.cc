#include "backend/ort/tensor_memory.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace delen::backend {
namespace {

constexpr std::array<std::pair<ONNXTensorElementDataType, core::DataType>, 13> kTypes = {{
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL, core::DataType::kBool},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8, core::DataType::kUint8},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16, core::DataType::kUint16},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32, core::DataType::kUint32},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64, core::DataType::kUint64},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8, core::DataType::kInt8},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16, core::DataType::kInt16},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32, core::DataType::kInt32},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64, core::DataType::kInt64},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16, core::DataType::kFp16},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT, core::DataType::kFp32},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE, core::DataType::kFp64},
    {ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16, core::DataType::kBf16},
}};

}  // namespace

Result<core::DataType> FromOrt(ONNXTensorElementDataType type) {
  for (const auto& [ort, ours] : kTypes) {
    if (ort == type) return ours;
  }
  return Unsupported("ONNX element type {} is not supported", static_cast<int>(type));
}

ONNXTensorElementDataType ToOrt(core::DataType type) {
  for (const auto& [ort, ours] : kTypes) {
    if (ours == type) return ort;
  }
  return ONNX_TENSOR_ELEMENT_DATA_TYPE_UNDEFINED;
}

Result<TensorMemory> TensorMemory::Make(core::DataType type, core::Shape shape) {
  const Result<std::size_t> size = core::ByteCount(type, shape);
  if (!size) return size.error();
  TensorMemory memory;
  memory.type_ = type;
  memory.shape_ = std::move(shape);
  memory.size_ = *size;
  memory.bytes_.reset(new (kAlignment) std::byte[std::max<std::size_t>(*size, 1)]);
  std::memset(memory.bytes_.get(), 0, *size);
  const auto device = Ort::MemoryInfo::CreateCpu(OrtDeviceAllocator, OrtMemTypeCPU);
  memory.value_ = Ort::Value::CreateTensor(device, memory.bytes_.get(), *size, memory.shape_.data(),
                                           memory.shape_.size(), ToOrt(type));
  return memory;
}

}  // namespace delen::backend
