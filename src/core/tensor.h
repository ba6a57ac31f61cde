// Tensors as they travel: a name, an element type, a shape, and bytes that
// somebody else owns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace delen::core {

// Element types, with the names of the Open Inference Protocol.
enum class DataType {
  kBool,
  kUint8,
  kUint16,
  kUint32,
  kUint64,
  kInt8,
  kInt16,
  kInt32,
  kInt64,
  kFp16,
  kFp32,
  kFp64,
  kBf16,
  kBytes,
};

// "FP32" for kFp32, and so on.
std::string_view Name(DataType type);
// Errors: kInvalidArgument, listing the known names.
Result<DataType> ParseDataType(std::string_view name);
// Bytes of one element; 0 for kBytes, whose elements vary.
std::size_t ElementSize(DataType type);

// Row-major. In a specification, -1 is an axis of any length.
using Shape = std::vector<std::int64_t>;
// "[1,3,32,32]".
std::string ToString(std::span<const std::int64_t> shape);

// Errors: kInvalidArgument on a negative axis or when the product overflows.
Result<std::size_t> ElementCount(std::span<const std::int64_t> shape);
// Errors: as above, and for kBytes, whose size the shape does not tell.
Result<std::size_t> ByteCount(DataType type, std::span<const std::int64_t> shape);

// What a model expects or gives at one of its ends.
struct TensorSpec {
  std::string name;
  DataType datatype = DataType::kFp32;
  Shape shape;

  friend bool operator==(const TensorSpec&, const TensorSpec&) = default;
};

// True when `shape` has the spec's axes, an axis of -1 matching any length.
bool Matches(const TensorSpec& spec, std::span<const std::int64_t> shape);

// A named tensor and a share in whatever holds its bytes (a request body, an
// own buffer).
struct Tensor {
  std::string name;
  DataType datatype = DataType::kFp32;
  Shape shape;
  std::span<const std::byte> bytes;
  std::shared_ptr<const void> owner;
};

// A tensor over bytes that it owns.
Tensor OwningTensor(std::string name, DataType type, Shape shape, std::vector<std::byte> bytes);

}  // namespace delen::core
