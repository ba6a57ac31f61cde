// Nodes in the form that the operator schemas in use (opset 17) know.
#pragma once

#include <onnx/onnx_pb.h>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace delen::importer {

// The integers of a constant tensor; nothing when it is none or too long.
using ConstantLookup =
    std::function<std::optional<std::vector<std::int64_t>>(std::string_view name)>;

// `node` of opset 18 or later, rewritten to mean the same in opset 17 where
// that can be done for inferring types; unchanged otherwise.
onnx::NodeProto OlderForm(const onnx::NodeProto& node, const ConstantLookup& constants);

// Whether the first output has the element type of the first input, and
// whether it has its shape too.
bool KeepsElementType(std::string_view op_type);
bool KeepsShape(std::string_view op_type);

}  // namespace delen::importer
