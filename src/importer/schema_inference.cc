#include "importer/schema_inference.h"

#include <onnx/shape_inference/implementation.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <string_view>

namespace delen::importer {
namespace {

using onnx::TensorProto;
using onnx::TypeProto;

// Sorted, for binary search. An operator joins after a run of random nodes
// (schema_inference_test.cc) that does not end the program.
constexpr std::string_view kTrusted[] = {"Abs",
                                         "Acos",
                                         "Add",
                                         "And",
                                         "ArgMax",
                                         "ArgMin",
                                         "Asin",
                                         "Atan",
                                         "AveragePool",
                                         "BatchNormalization",
                                         "BitShift",
                                         "Cast",
                                         "Ceil",
                                         "Celu",
                                         "Clip",
                                         "Concat",
                                         "Constant",
                                         "ConstantOfShape",
                                         "Conv",
                                         "ConvInteger",
                                         "ConvTranspose",
                                         "Cos",
                                         "CumSum",
                                         "DepthToSpace",
                                         "DequantizeLinear",
                                         "Div",
                                         "Dropout",
                                         "DynamicQuantizeLinear",
                                         "Elu",
                                         "Equal",
                                         "Erf",
                                         "Exp",
                                         "Expand",
                                         "EyeLike",
                                         "Flatten",
                                         "Floor",
                                         "GRU",
                                         "Gather",
                                         "GatherElements",
                                         "Gemm",
                                         "GlobalAveragePool",
                                         "GlobalLpPool",
                                         "GlobalMaxPool",
                                         "Greater",
                                         "GreaterOrEqual",
                                         "HardSigmoid",
                                         "HardSwish",
                                         "Hardmax",
                                         "Identity",
                                         "InstanceNormalization",
                                         "IsInf",
                                         "IsNaN",
                                         "LRN",
                                         "LSTM",
                                         "LeakyRelu",
                                         "Less",
                                         "LessOrEqual",
                                         "Log",
                                         "LogSoftmax",
                                         "LpNormalization",
                                         "LpPool",
                                         "MatMul",
                                         "MatMulInteger",
                                         "Max",
                                         "MaxPool",
                                         "Mean",
                                         "Min",
                                         "Mod",
                                         "Mul",
                                         "Neg",
                                         "NonZero",
                                         "Not",
                                         "OneHot",
                                         "Or",
                                         "PRelu",
                                         "Pad",
                                         "Pow",
                                         "QLinearConv",
                                         "QLinearMatMul",
                                         "QuantizeLinear",
                                         "RNN",
                                         "RandomNormal",
                                         "RandomNormalLike",
                                         "RandomUniform",
                                         "RandomUniformLike",
                                         "Range",
                                         "Reciprocal",
                                         "ReduceL1",
                                         "ReduceL2",
                                         "ReduceLogSum",
                                         "ReduceLogSumExp",
                                         "ReduceMax",
                                         "ReduceMean",
                                         "ReduceMin",
                                         "ReduceProd",
                                         "ReduceSum",
                                         "ReduceSumSquare",
                                         "Relu",
                                         "Reshape",
                                         "Resize",
                                         "Round",
                                         "ScatterElements",
                                         "ScatterND",
                                         "Selu",
                                         "Shape",
                                         "Sigmoid",
                                         "Sign",
                                         "Sin",
                                         "Size",
                                         "Slice",
                                         "Softmax",
                                         "Softplus",
                                         "Softsign",
                                         "SpaceToDepth",
                                         "Split",
                                         "Sqrt",
                                         "Squeeze",
                                         "Sub",
                                         "Sum",
                                         "Tan",
                                         "Tanh",
                                         "ThresholdedRelu",
                                         "Tile",
                                         "TopK",
                                         "Transpose",
                                         "Trilu",
                                         "Unsqueeze",
                                         "Upsample",
                                         "Where",
                                         "Xor"};
static_assert(std::ranges::is_sorted(kTrusted));

bool IsTrusted(const onnx::NodeProto& node) {
  return std::ranges::binary_search(kTrusted, std::string_view(node.op_type()));
}

// Attributes that the functions divide by or size memory with, unchecked.
bool HasAttributesOutOfRange(const onnx::NodeProto& node) {
  constexpr std::array kAtLeastOne = std::to_array<std::string_view>(
      {"blocksize", "dilations", "group", "hidden_size", "kernel_shape", "strides"});
  for (const auto& attribute : node.attribute()) {
    const bool at_least_one =
        std::find(kAtLeastOne.begin(), kAtLeastOne.end(), attribute.name()) != kAtLeastOne.end();
    const auto is_bad = [&](std::int64_t value) {
      return value > INT32_MAX || value < (at_least_one ? 1 : INT32_MIN);
    };
    if (attribute.has_i() && is_bad(attribute.i())) return true;
    // The ends of slices may lie far outside; others are lengths and positions.
    const bool may_be_far = node.op_type() == "Slice" || node.op_type() == "Constant";
    if (!may_be_far && std::any_of(attribute.ints().begin(), attribute.ints().end(), is_bad)) {
      return true;
    }
  }
  return false;
}

const TypeProto* TypeOf(const KnownTensors& known, const std::string& name) {
  const auto found = known.types.find(name);
  return found == known.types.end() ? nullptr : found->second;
}

bool AllShapesAreKnown(const onnx::NodeProto& node, const KnownTensors& known) {
  return std::all_of(node.input().begin(), node.input().end(), [&](const std::string& name) {
    if (name.empty()) return true;
    const TypeProto* type = TypeOf(known, name);
    return type != nullptr && type->tensor_type().has_shape();
  });
}

// Where the weights of a convolution are among its inputs; -1 for pooling and 0
// for operators that move no window.
int WeightsOf(std::string_view op) {
  if (op == "Conv" || op == "ConvInteger" || op == "ConvTranspose") return 1;
  if (op == "QLinearConv") return 3;
  if (op == "AveragePool" || op == "LpPool" || op == "MaxPool") return -1;
  return 0;
}

// Whether a window over axes 2 and up has a length for each of them: the
// functions read past the end of shorter lists.
bool FitsItsWindow(const onnx::NodeProto& node, const KnownTensors& known) {
  const int weights = WeightsOf(node.op_type());
  if (weights == 0) return true;
  if (node.input_size() <= std::max(weights, 0)) return false;
  const TypeProto* input = TypeOf(known, node.input(0));
  const TypeProto* kernel = TypeOf(known, node.input(std::max(weights, 0)));
  if (input == nullptr || kernel == nullptr) return false;
  const int rank = input->tensor_type().shape().dim_size();
  if (rank < 3 || kernel->tensor_type().shape().dim_size() != rank) return false;
  bool has_kernel_shape = false;
  for (const auto& attribute : node.attribute()) {
    const std::string& name = attribute.name();
    const int lengths = name == "pads" ? 2 * (rank - 2) : rank - 2;
    if (attribute.ints_size() != 0 && attribute.ints_size() != lengths) return false;
    has_kernel_shape |= name == "kernel_shape" && attribute.ints_size() != 0;
  }
  return weights > 0 || has_kernel_shape;
}

// Whether the input that stands for a shape, if any, asks for a tensor of more
// axes than any has: the functions make room for as many as they are told.
bool AsksForTooManyAxes(const onnx::NodeProto& node, const KnownTensors& known) {
  constexpr int kMaxAxes = 64;
  if (node.op_type() != "Expand" && node.op_type() != "Reshape" && node.op_type() != "Tile" &&
      node.op_type() != "ConstantOfShape") {
    return false;
  }
  if (node.input_size() == 0) return false;
  const TypeProto* type = TypeOf(known, node.input(node.input_size() - 1));
  return type != nullptr && type->tensor_type().shape().dim_size() == 1 &&
         type->tensor_type().shape().dim(0).dim_value() > kMaxAxes;
}

// The function throws on whatever it does not like, which then only means that
// nothing is known.
std::vector<TypeProto> RunFunction(const onnx::OpSchema& schema, onnx::NodeProto node,
                                   KnownTensors& known) {
  if (!schema.has_type_and_shape_inference_function() || !IsTrusted(node) ||
      HasAttributesOutOfRange(node) || !AllShapesAreKnown(node, known) ||
      !FitsItsWindow(node, known) || AsksForTooManyAxes(node, known)) {
    return {};
  }
  try {
    schema.Verify(node);
    const std::unordered_map<std::string, const onnx::SparseTensorProto*> no_sparse;
    onnx::shape_inference::InferenceContextImpl context(node, known.types, known.constants,
                                                        no_sparse, &known.shape_data);
    schema.GetTypeAndShapeInferenceFunction()(context);
    return std::move(context.allOutputTypes_);
  } catch (const std::exception&) {
    return {};
  }
}

// The schema's parameter for position `i`; the last one may stand for several.
const onnx::OpSchema::FormalParameter* ParameterAt(
    const std::vector<onnx::OpSchema::FormalParameter>& parameters, int i) {
  if (parameters.empty()) return nullptr;
  const auto at = static_cast<std::size_t>(i);
  if (at < parameters.size()) return &parameters[at];
  const auto& last = parameters.back();
  return last.GetOption() == onnx::OpSchema::Variadic ? &last : nullptr;
}

// "T" of an output is the type of an input with "T"; a parameter that allows one
// type only has that.
int ElementTypeBySignature(const onnx::OpSchema& schema, const onnx::NodeProto& node, int output,
                           const KnownTensors& known) {
  const auto* formal = ParameterAt(schema.outputs(), output);
  if (formal == nullptr) return TensorProto::UNDEFINED;
  if (formal->GetTypes().size() == 1) {
    const std::string& only = **formal->GetTypes().begin();
    return onnx::Utils::DataTypeUtils::ToTypeProto(onnx::Utils::DataTypeUtils::ToType(only))
        .tensor_type()
        .elem_type();
  }
  for (int i = 0; i < node.input_size(); ++i) {
    const auto* input = ParameterAt(schema.inputs(), i);
    const TypeProto* type = TypeOf(known, node.input(i));
    if (input == nullptr || type == nullptr || !type->has_tensor_type()) continue;
    if (input->GetTypeStr() == formal->GetTypeStr()) return type->tensor_type().elem_type();
  }
  return TensorProto::UNDEFINED;
}

}  // namespace

const onnx::OpSchema* FindSchema(const onnx::NodeProto& node, std::int64_t opset) {
  const std::string domain = node.domain() == "ai.onnx" ? "" : node.domain();
  const auto version = static_cast<int>(std::clamp<std::int64_t>(opset, 0, kNewestSchemaOpset));
  return onnx::OpSchemaRegistry::Schema(node.op_type(), version, domain);
}

std::vector<TypeProto> TypesBySchema(const onnx::OpSchema& schema, const onnx::NodeProto& node,
                                     KnownTensors& known) {
  std::vector<TypeProto> types = RunFunction(schema, node, known);
  types.resize(static_cast<std::size_t>(node.output_size()));
  for (int i = 0; i < node.output_size(); ++i) {
    TypeProto& type = types[static_cast<std::size_t>(i)];
    if (type.value_case() != TypeProto::VALUE_NOT_SET) continue;
    const int element_type = ElementTypeBySignature(schema, node, i, known);
    if (element_type != TensorProto::UNDEFINED) {
      type.mutable_tensor_type()->set_elem_type(element_type);
    }
  }
  return types;
}

}  // namespace delen::importer
