// Follows the computation of shapes inside a graph (Shape, Gather, Concat into
// Reshape), as exporters write it for batches of any size.
//
// ONNX's own functions for this trust their input; these do not.
#pragma once

#include <onnx/onnx_pb.h>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace delen::importer {

// The elements of a tensor of integers, each a number or the name of a dynamic
// axis, held like a shape; a scalar looks like a vector of one.
using ShapeData = onnx::TensorShapeProto;
using ShapeDataTable = std::unordered_map<std::string, ShapeData>;

// The integers of a small constant; nothing for other tensors.
std::optional<ShapeData> ShapeDataOf(const onnx::TensorProto& tensor);

// What `node` makes of its inputs: `known` has the data of tensors so far,
// `input_shape` is the shape of its first input or null. Nothing when the
// operator is not one of those that compute shapes, or an input is not known.
std::optional<ShapeData> Follow(const onnx::NodeProto& node, const ShapeDataTable& known,
                                const onnx::TensorShapeProto* input_shape);

}  // namespace delen::importer
