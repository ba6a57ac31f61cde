#include "core/tensor.h"

#include <algorithm>
#include <array>
#include <utility>

namespace delen::core {
namespace {

struct DataTypeRow {
  DataType type;
  std::string_view name;
  std::size_t element_size;
};

constexpr std::array kDataTypes = {
    DataTypeRow{DataType::kBool, "BOOL", 1},     DataTypeRow{DataType::kUint8, "UINT8", 1},
    DataTypeRow{DataType::kUint16, "UINT16", 2}, DataTypeRow{DataType::kUint32, "UINT32", 4},
    DataTypeRow{DataType::kUint64, "UINT64", 8}, DataTypeRow{DataType::kInt8, "INT8", 1},
    DataTypeRow{DataType::kInt16, "INT16", 2},   DataTypeRow{DataType::kInt32, "INT32", 4},
    DataTypeRow{DataType::kInt64, "INT64", 8},   DataTypeRow{DataType::kFp16, "FP16", 2},
    DataTypeRow{DataType::kFp32, "FP32", 4},     DataTypeRow{DataType::kFp64, "FP64", 8},
    DataTypeRow{DataType::kBf16, "BF16", 2},     DataTypeRow{DataType::kBytes, "BYTES", 0},
};

const DataTypeRow& RowOf(DataType type) { return kDataTypes[static_cast<std::size_t>(type)]; }

}  // namespace

std::string_view Name(DataType type) { return RowOf(type).name; }

Result<DataType> ParseDataType(std::string_view name) {
  std::string known;
  for (const DataTypeRow& row : kDataTypes) {
    if (row.name == name) return row.type;
    if (!known.empty()) known += ", ";
    known += row.name;
  }
  return InvalidArgument("unknown datatype '{}', expected one of {}", name, known);
}

std::size_t ElementSize(DataType type) { return RowOf(type).element_size; }

std::string ToString(std::span<const std::int64_t> shape) {
  return fmt::format("[{}]", fmt::join(shape, ","));
}

Result<std::size_t> ElementCount(std::span<const std::int64_t> shape) {
  std::size_t count = 1;
  for (const std::int64_t axis : shape) {
    if (axis < 0) {
      return InvalidArgument("shape {} has a negative axis", ToString(shape));
    }
    if (__builtin_mul_overflow(count, static_cast<std::size_t>(axis), &count)) {
      return InvalidArgument("shape {} has more elements than can be counted", ToString(shape));
    }
  }
  return count;
}

Result<std::size_t> ByteCount(DataType type, std::span<const std::int64_t> shape) {
  if (type == DataType::kBytes) {
    return InvalidArgument("the byte count of a BYTES tensor does not follow from its shape");
  }
  Result<std::size_t> elements = ElementCount(shape);
  if (!elements) return elements;
  std::size_t bytes = 0;
  if (__builtin_mul_overflow(*elements, ElementSize(type), &bytes)) {
    return InvalidArgument("shape {} has more bytes than can be counted", ToString(shape));
  }
  return bytes;
}

bool Matches(const TensorSpec& spec, std::span<const std::int64_t> shape) {
  return std::equal(spec.shape.begin(), spec.shape.end(), shape.begin(), shape.end(),
                    [](std::int64_t expected, std::int64_t actual) {
                      return actual >= 0 && (expected == -1 || expected == actual);
                    });
}

Tensor OwningTensor(std::string name, DataType type, Shape shape, std::vector<std::byte> bytes) {
  auto owner = std::make_shared<const std::vector<std::byte>>(std::move(bytes));
  const std::span<const std::byte> view(*owner);
  return Tensor{std::move(name), type, std::move(shape), view, std::move(owner)};
}

}  // namespace delen::core
