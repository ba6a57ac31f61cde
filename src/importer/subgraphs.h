// Graphs inside nodes (If, Loop, Scan): what they take from outside, and the
// tensors they hold.
//
// Nesting is bounded by the protobuf parser, which refuses messages deeper than
// 100, so these walk by recursion.
#pragma once

#include <onnx/onnx_pb.h>
#include <functional>
#include <string_view>
#include <vector>

namespace delen::importer {

// The names that `node` reads: its inputs and whatever its subgraphs use but
// do not define. Each once; never the empty name.
std::vector<std::string_view> NamesReadBy(const onnx::NodeProto& node);

// Calls `visit` for each initialiser of the subgraphs of `node`, at any depth.
void ForEachInnerInitializer(onnx::NodeProto& node,
                             const std::function<void(onnx::TensorProto&)>& visit);

// Calls `visit` for each tensor in attributes of `node` and of the nodes of
// its subgraphs.
void ForEachAttributeTensor(const onnx::NodeProto& node,
                            const std::function<void(const onnx::TensorProto&)>& visit);

}  // namespace delen::importer
