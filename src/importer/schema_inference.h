// What the operator schemas of libonnx tell about a node's outputs.
//
// The schemas' inference functions trust their input: about one in ten of them
// can be made to crash or hang by attributes and shapes that no exporter writes.
// So only operators that have been found sound are asked, and only about inputs
// of known shape; of the others the element type is read off the schema itself.
#pragma once

#include <onnx/defs/schema.h>
#include <onnx/onnx_pb.h>
#include <string>
#include <unordered_map>
#include <vector>

#include "importer/shape_data.h"

namespace delen::importer {

// The schemas know opsets up to this one.
inline constexpr std::int64_t kNewestSchemaOpset = 17;

// What is known about tensors by name, in the form that the schemas take.
struct KnownTensors {
  std::unordered_map<std::string, onnx::TypeProto*> types;
  std::unordered_map<std::string, const onnx::TensorProto*> constants;  // small, checked
  ShapeDataTable shape_data;
};

// The schema of the node's operator as of `opset` of its domain, or null.
const onnx::OpSchema* FindSchema(const onnx::NodeProto& node, std::int64_t opset);

// One type per output of the node; not set where nothing is told. Never throws.
std::vector<onnx::TypeProto> TypesBySchema(const onnx::OpSchema& schema,
                                           const onnx::NodeProto& node, KnownTensors& known);

}  // namespace delen::importer
