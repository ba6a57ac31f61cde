// ONNX's element types in the terms of this program.
#pragma once

#include <onnx/onnx_pb.h>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "core/tensor.h"

namespace delen::importer {

// "FLOAT", "INT64", or "type 99" for a number that ONNX does not know.
std::string OnnxTypeName(int onnx_type);

// Nothing for the types that the protocol cannot carry: complex numbers, the
// 8-bit and 4-bit floats, 4-bit integers. Strings are kBytes.
std::optional<core::DataType> ToDataType(int onnx_type);

// The bytes of a tensor of this many elements in ONNX's raw form; nothing when
// the type has no fixed size or the count overflows. Two 4-bit elements share
// a byte.
std::optional<std::size_t> RawSize(int onnx_type, std::size_t elements);

// The number of elements that `dims` promise.
// Errors: kInvalidArgument, naming the tensor, on a negative axis or overflow.
Result<std::size_t> ElementCount(const onnx::TensorProto& tensor);

// -1 for each axis that is not given as a number.
// Errors: kInvalidArgument on an axis below 1.
Result<core::Shape> ToShape(const onnx::TensorShapeProto& shape);

}  // namespace delen::importer
