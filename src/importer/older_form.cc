#include "importer/older_form.h"

#include <algorithm>
#include <array>

namespace delen::importer {
namespace {

template <std::size_t N>
bool Contains(const std::array<std::string_view, N>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// From opset 18 on their axes are an input, before they are an attribute.
// (ReduceSum changed with opset 13 already.)
constexpr std::array<std::string_view, 9> kReductions = {
    "ReduceL1",  "ReduceL2",   "ReduceLogSum", "ReduceLogSumExp", "ReduceMax",
    "ReduceMin", "ReduceMean", "ReduceProd",   "ReduceSumSquare"};

constexpr std::array<std::string_view, 16> kKeepShape = {"BiasGelu",
                                                         "FastGelu",
                                                         "Gelu",
                                                         "GroupNormalization",
                                                         "HardSwish",
                                                         "Identity",
                                                         "LayerNormalization",
                                                         "Mish",
                                                         "QuickGelu",
                                                         "RMSNormalization",
                                                         "Relu",
                                                         "Sigmoid",
                                                         "SimplifiedLayerNormalization",
                                                         "SkipLayerNormalization",
                                                         "Softmax",
                                                         "Swish"};

constexpr std::array<std::string_view, 16> kKeepElementType = {
    "Attention",       "AveragePool",        "Col2Im",      "DFT",
    "FusedConv",       "FusedGemm",          "FusedMatMul", "GridSample",
    "MaxPool",         "MultiHeadAttention", "Pad",         "Resize",
    "RotaryEmbedding", "ScatterElements",    "ScatterND",   "Split"};

void DropAttribute(onnx::NodeProto& node, std::string_view name) {
  auto& attributes = *node.mutable_attribute();
  const auto kept =
      std::remove_if(attributes.begin(), attributes.end(),
                     [&](const onnx::AttributeProto& one) { return one.name() == name; });
  attributes.erase(kept, attributes.end());
}

onnx::NodeProto ReductionByAttribute(const onnx::NodeProto& node, const ConstantLookup& constants) {
  if (node.input_size() != 2 || node.input(1).empty()) return node;
  const auto axes = constants(node.input(1));
  // Without axes it reduces all or nothing, which only an attribute newer than
  // the older form tells.
  if (!axes || axes->empty()) return node;
  onnx::NodeProto older = node;
  older.mutable_input()->RemoveLast();
  DropAttribute(older, "noop_with_empty_axes");
  auto& attribute = *older.add_attribute();
  attribute.set_name("axes");
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t axis : *axes) attribute.add_ints(axis);
  return older;
}

}  // namespace

onnx::NodeProto OlderForm(const onnx::NodeProto& node, const ConstantLookup& constants) {
  if (Contains(kReductions, node.op_type())) return ReductionByAttribute(node, constants);
  onnx::NodeProto older = node;
  // These say how values are rounded or how many parts there are, which the
  // outputs tell as well.
  if (node.op_type() == "Cast" || node.op_type() == "QuantizeLinear") {
    DropAttribute(older, "saturate");
  } else if (node.op_type() == "Split") {
    DropAttribute(older, "num_outputs");
  }
  return older;
}

bool KeepsShape(std::string_view op_type) { return Contains(kKeepShape, op_type); }

bool KeepsElementType(std::string_view op_type) {
  return KeepsShape(op_type) || Contains(kKeepElementType, op_type) ||
         Contains(kReductions, op_type);
}

}  // namespace delen::importer
