#include "profiler/random_inputs.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <random>
#include <utility>

namespace delen::profiler {
namespace {

using core::DataType;

template <class Number>
void Put(Number number, std::byte* target) {
  std::memcpy(target, &number, sizeof(number));
}

// Writes one element drawn from `random`, the 64 bits of a draw being plenty.
void PutElement(DataType type, std::uint64_t random, std::byte* target) {
  const double unit = static_cast<double>(random >> 11) * 0x1p-53;
  switch (type) {
    case DataType::kFp64: return Put(unit, target);
    case DataType::kFp32: return Put(static_cast<float>(random >> 40) * 0x1p-24F, target);
    // Sign, exponent of [0.5, 1) and a random fraction.
    case DataType::kFp16: return Put(static_cast<std::uint16_t>(0x3800 | (random >> 54)), target);
    case DataType::kBf16: return Put(static_cast<std::uint16_t>(0x3f00 | (random >> 57)), target);
    case DataType::kUint8: return Put(static_cast<std::uint8_t>(random >> 56), target);
    case DataType::kInt8: return Put(static_cast<std::int8_t>(random >> 56), target);
    case DataType::kBool: return Put(static_cast<std::uint8_t>(random >> 63), target);
    case DataType::kUint16:
    case DataType::kInt16: return Put(static_cast<std::uint16_t>(random >> 63), target);
    case DataType::kUint32:
    case DataType::kInt32: return Put(static_cast<std::uint32_t>(random >> 63), target);
    case DataType::kUint64:
    case DataType::kInt64: return Put(random >> 63, target);
    case DataType::kBytes: return;
  }
}

}  // namespace

std::int64_t BatchRows(const core::ModelSpec& spec, std::int64_t rows) {
  for (const core::TensorSpec& input : spec.inputs) {
    if (!input.shape.empty() && input.shape.front() != -1) return input.shape.front();
  }
  return rows;
}

Result<std::vector<core::Tensor>> RandomInputs(const core::ModelSpec& spec, std::int64_t rows,
                                               std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<core::Tensor> inputs;
  for (const core::TensorSpec& input : spec.inputs) {
    core::Shape shape = input.shape;
    if (!shape.empty()) shape.front() = BatchRows(spec, rows);
    const Result<std::size_t> size = core::ByteCount(input.datatype, shape);
    if (!size) {
      return Unsupported(
          "cannot make up data for input '{}', {} {}: its size must be known but "
          "for the batch",
          input.name, core::Name(input.datatype), core::ToString(input.shape));
    }
    std::vector<std::byte> bytes(*size);
    const std::size_t element = core::ElementSize(input.datatype);
    for (std::size_t at = 0; at < bytes.size(); at += element) {
      PutElement(input.datatype, random(), bytes.data() + at);
    }
    inputs.push_back(
        core::OwningTensor(input.name, input.datatype, std::move(shape), std::move(bytes)));
  }
  return inputs;
}

}  // namespace delen::profiler
