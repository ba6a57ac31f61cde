// Element types and shapes of all tensors of a graph, as far as they can be
// told without running it.
#pragma once

#include <onnx/onnx_pb.h>
#include <string>
#include <string_view>
#include <unordered_map>

#include "importer/graph_index.h"

namespace delen::importer {

using TypeTable = std::unordered_map<std::string, onnx::TypeProto>;

enum class DynamicAxes {
  kKeep,   // with their names
  kAsOne,  // as if the model were exported for one row
};

// Initialisers, inputs and node outputs by name; a tensor of which nothing is
// known is absent, one of unknown rank has no shape. What the graph declares
// about inner tensors counts where nothing can be inferred.
//
// The operator schemas in use know opsets up to 17. A node of a newer form is
// read in its older form where that means the same; else only its element type
// is told, where it follows from the first input.
TypeTable InferTypes(const onnx::ModelProto& model, const GraphIndex& index, DynamicAxes dynamic);

// The element type of a tensor, UNDEFINED when not known or not a dense tensor.
int ElementTypeOf(const TypeTable& types, std::string_view name);
// Null when the rank is not known.
const onnx::TensorShapeProto* ShapeOf(const TypeTable& types, std::string_view name);

}  // namespace delen::importer
