#include "importer/onnx_types.h"

#include <vector>

namespace delen::importer {
namespace {

using onnx::TensorProto;

// Types that came after the libonnx in use, by their numbers in onnx.proto.
constexpr int kFirstFloat8 = 17;
constexpr int kLastFloat8 = 20;
constexpr int kFirst4Bit = 21;  // UINT4, INT4, FLOAT4E2M1
constexpr int kLast4Bit = 23;

// Bits per element in raw form; 0 where it varies or is unknown.
std::size_t BitsPerElement(int onnx_type) {
  switch (onnx_type) {
    case TensorProto::BOOL:
    case TensorProto::UINT8:
    case TensorProto::INT8: return 8;
    case TensorProto::UINT16:
    case TensorProto::INT16:
    case TensorProto::FLOAT16:
    case TensorProto::BFLOAT16: return 16;
    case TensorProto::FLOAT:
    case TensorProto::INT32:
    case TensorProto::UINT32: return 32;
    case TensorProto::DOUBLE:
    case TensorProto::INT64:
    case TensorProto::UINT64:
    case TensorProto::COMPLEX64: return 64;
    case TensorProto::COMPLEX128: return 128;
    default: break;
  }
  if (onnx_type >= kFirstFloat8 && onnx_type <= kLastFloat8) return 8;
  if (onnx_type >= kFirst4Bit && onnx_type <= kLast4Bit) return 4;
  return 0;
}

}  // namespace

std::string OnnxTypeName(int onnx_type) {
  if (TensorProto::DataType_IsValid(onnx_type)) {
    return TensorProto::DataType_Name(static_cast<TensorProto::DataType>(onnx_type));
  }
  return fmt::format("type {}", onnx_type);
}

std::optional<core::DataType> ToDataType(int onnx_type) {
  using core::DataType;
  switch (onnx_type) {
    case TensorProto::BOOL: return DataType::kBool;
    case TensorProto::UINT8: return DataType::kUint8;
    case TensorProto::UINT16: return DataType::kUint16;
    case TensorProto::UINT32: return DataType::kUint32;
    case TensorProto::UINT64: return DataType::kUint64;
    case TensorProto::INT8: return DataType::kInt8;
    case TensorProto::INT16: return DataType::kInt16;
    case TensorProto::INT32: return DataType::kInt32;
    case TensorProto::INT64: return DataType::kInt64;
    case TensorProto::FLOAT16: return DataType::kFp16;
    case TensorProto::FLOAT: return DataType::kFp32;
    case TensorProto::DOUBLE: return DataType::kFp64;
    case TensorProto::BFLOAT16: return DataType::kBf16;
    case TensorProto::STRING: return DataType::kBytes;
    default: return std::nullopt;
  }
}

std::optional<std::size_t> RawSize(int onnx_type, std::size_t elements) {
  std::size_t bits = 0;
  const std::size_t per_element = BitsPerElement(onnx_type);
  if (per_element == 0 || __builtin_mul_overflow(elements, per_element, &bits)) {
    return std::nullopt;
  }
  return bits / 8 + (bits % 8 != 0 ? 1 : 0);
}

Result<std::size_t> ElementCount(const onnx::TensorProto& tensor) {
  const std::vector<std::int64_t> dims(tensor.dims().begin(), tensor.dims().end());
  Result<std::size_t> count = core::ElementCount(dims);
  if (!count) return WithContext(fmt::format("tensor '{}'", tensor.name()), count.error());
  return count;
}

Result<core::Shape> ToShape(const onnx::TensorShapeProto& proto) {
  core::Shape shape;
  for (const auto& dim : proto.dim()) {
    if (dim.has_dim_value() && dim.dim_value() < 1) {
      return InvalidArgument("axis {} is {}, expected a length of at least 1 or a dynamic axis",
                             shape.size(), dim.dim_value());
    }
    shape.push_back(dim.has_dim_value() ? dim.dim_value() : -1);
  }
  return shape;
}

}  // namespace delen::importer
