#include "importer/flops.h"

#include <string_view>

namespace delen::importer {
namespace {

using Shape = onnx::TensorShapeProto;

double Length(const Shape& shape, int axis) {
  if (axis < 0 || axis >= shape.dim_size()) return 1.0;
  const auto& dim = shape.dim(axis);
  return dim.has_dim_value() ? static_cast<double>(dim.dim_value()) : 1.0;
}

// The product of the axes from `first` on.
double Elements(const Shape& shape, int first = 0) {
  double count = 1.0;
  for (int axis = first; axis < shape.dim_size(); ++axis) count *= Length(shape, axis);
  return count;
}

const Shape* InputShape(const onnx::NodeProto& node, const TypeTable& types, int input) {
  return input < node.input_size() ? ShapeOf(types, node.input(input)) : nullptr;
}

bool IsTransposed(const onnx::NodeProto& node, std::string_view attribute_name) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.name() == attribute_name) return attribute.i() != 0;
  }
  return false;
}

// Weights [out, in / groups, kernel...]: each output element is a sum over all
// axes but the first.
double Convolution(const Shape* output, const Shape* weights) {
  return output && weights ? 2.0 * Elements(*output) * Elements(*weights, 1) : 0.0;
}

// Weights [in, out / groups, kernel...]: each input element is spread over all
// axes but the first.
double TransposedConvolution(const Shape* input, const Shape* weights) {
  return input && weights ? 2.0 * Elements(*input) * Elements(*weights, 1) : 0.0;
}

// Left [..., m, k], or [..., k, m] where `k_axis_from_end` is 2.
double MatrixProduct(const Shape* output, const Shape* left, int k_axis_from_end) {
  if (output == nullptr || left == nullptr) return 0.0;
  return 2.0 * Elements(*output) * Length(*left, left->dim_size() - k_axis_from_end);
}

}  // namespace

double FlopsOf(const onnx::NodeProto& node, const TypeTable& types) {
  if (node.output_size() == 0) return 0.0;
  const std::string_view op = node.op_type();
  const Shape* output = ShapeOf(types, node.output(0));
  const auto input = [&](int i) { return InputShape(node, types, i); };
  if (op == "Conv" || op == "ConvInteger" || op == "FusedConv") {
    return Convolution(output, input(1));
  }
  if (op == "QLinearConv") return Convolution(output, input(3));
  if (op == "ConvTranspose") return TransposedConvolution(input(0), input(1));
  if (op == "Gemm") return MatrixProduct(output, input(0), IsTransposed(node, "transA") ? 2 : 1);
  if (op == "MatMul" || op == "MatMulInteger" || op == "QLinearMatMul") {
    return MatrixProduct(output, input(0), 1);
  }
  return output ? Elements(*output) : 0.0;
}

}  // namespace delen::importer
