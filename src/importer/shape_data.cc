#include "importer/shape_data.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "importer/tensor_bytes.h"

namespace delen::importer {
namespace {

// No tensor has more axes; longer results would only grow on.
constexpr int kMaxElements = 64;

using Element = onnx::TensorShapeProto::Dimension;

template <class Integer>
ShapeData FromBytes(std::span<const std::byte> bytes) {
  ShapeData data;
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(Integer)) {
    Integer value = 0;
    std::memcpy(&value, bytes.data() + at, sizeof value);
    data.add_dim()->set_dim_value(value);
  }
  return data;
}

const ShapeData* Find(const ShapeDataTable& known, const onnx::NodeProto& node, int input) {
  if (input >= node.input_size()) return nullptr;
  const auto found = known.find(node.input(input));
  return found == known.end() ? nullptr : &found->second;
}

std::int64_t IntAttribute(const onnx::NodeProto& node, std::string_view name) {
  for (const auto& attribute : node.attribute()) {
    if (attribute.name() == name) return attribute.i();
  }
  return 0;
}

std::optional<ShapeData> PassOn(const ShapeData* data) {
  return data ? std::optional(*data) : std::nullopt;
}

std::optional<ShapeData> Gather(const ShapeData* data, const ShapeData* indices) {
  if (data == nullptr || indices == nullptr) return std::nullopt;
  ShapeData picked;
  for (const Element& element : indices->dim()) {
    if (!element.has_dim_value()) return std::nullopt;
    const std::int64_t size = data->dim_size();
    const std::int64_t index = element.dim_value() + (element.dim_value() < 0 ? size : 0);
    if (index < 0 || index >= size) return std::nullopt;
    *picked.add_dim() = data->dim(static_cast<int>(index));
  }
  return picked;
}

std::optional<ShapeData> Concat(const ShapeDataTable& known, const onnx::NodeProto& node) {
  ShapeData joined;
  for (int input = 0; input < node.input_size(); ++input) {
    const ShapeData* data = Find(known, node, input);
    if (data == nullptr || joined.dim_size() + data->dim_size() > kMaxElements) {
      return std::nullopt;
    }
    joined.MergeFrom(*data);
  }
  return joined;
}

// The one number of `data`, kept within -size..size.
std::optional<int> Position(const ShapeData* data, int size) {
  if (data == nullptr || data->dim_size() != 1 || !data->dim(0).has_dim_value()) {
    return std::nullopt;
  }
  const std::int64_t value = data->dim(0).dim_value();
  return static_cast<int>(value < 0 ? std::max<std::int64_t>(value + size, 0)
                                    : std::min<std::int64_t>(value, size));
}

// Of the one axis there is, without steps.
std::optional<ShapeData> Slice(const ShapeDataTable& known, const onnx::NodeProto& node) {
  const ShapeData* data = Find(known, node, 0);
  if (data == nullptr || node.input_size() > 4) return std::nullopt;
  const std::optional<int> first = Position(Find(known, node, 1), data->dim_size());
  const std::optional<int> end = Position(Find(known, node, 2), data->dim_size());
  if (!first || !end) return std::nullopt;
  ShapeData part;
  for (int i = *first; i < *end; ++i) *part.add_dim() = data->dim(i);
  return part;
}

std::optional<std::int64_t> Calculate(std::string_view op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  bool overflows = false;
  if (op == "Add") {
    overflows = __builtin_add_overflow(a, b, &result);
  } else if (op == "Sub") {
    overflows = __builtin_sub_overflow(a, b, &result);
  } else if (op == "Mul") {
    overflows = __builtin_mul_overflow(a, b, &result);
  } else {
    overflows = b <= 0;
    if (!overflows) result = a / b;
  }
  return overflows ? std::nullopt : std::optional(result);
}

// Element by element; one side may be a single number.
std::optional<ShapeData> Arithmetic(std::string_view op, const ShapeData* a, const ShapeData* b) {
  if (a == nullptr || b == nullptr || a->dim_size() == 0 || b->dim_size() == 0) {
    return std::nullopt;
  }
  const int count = std::max(a->dim_size(), b->dim_size());
  if ((a->dim_size() != 1 && a->dim_size() != count) ||
      (b->dim_size() != 1 && b->dim_size() != count)) {
    return std::nullopt;
  }
  ShapeData results;
  for (int i = 0; i < count; ++i) {
    const Element& left = a->dim(a->dim_size() == 1 ? 0 : i);
    const Element& right = b->dim(b->dim_size() == 1 ? 0 : i);
    std::optional<std::int64_t> result;
    if (left.has_dim_value() && right.has_dim_value()) {
      result = Calculate(op, left.dim_value(), right.dim_value());
    }
    Element& element = *results.add_dim();  // unknown unless both are
    if (result) element.set_dim_value(*result);
  }
  return results;
}

}  // namespace

std::optional<ShapeData> ShapeDataOf(const onnx::TensorProto& tensor) {
  if (IsExternal(tensor) || tensor.dims_size() > 1) return std::nullopt;
  if (tensor.dims_size() == 1 && tensor.dims(0) > kMaxElements) return std::nullopt;
  const bool is_long = tensor.data_type() == onnx::TensorProto::INT64;
  if (!is_long && tensor.data_type() != onnx::TensorProto::INT32) return std::nullopt;
  const Result<TensorBytes> bytes = TensorSource("").Find(tensor);
  if (!bytes) return std::nullopt;
  return is_long ? FromBytes<std::int64_t>(bytes->view()) : FromBytes<std::int32_t>(bytes->view());
}

std::optional<ShapeData> Follow(const onnx::NodeProto& node, const ShapeDataTable& known,
                                const onnx::TensorShapeProto* input_shape) {
  const std::string_view op = node.op_type();
  if (op == "Shape") {
    const bool is_whole = node.attribute_size() == 0;  // no start and end
    return is_whole && input_shape ? std::optional(*input_shape) : std::nullopt;
  }
  if (op == "Gather") {
    if (IntAttribute(node, "axis") != 0) return std::nullopt;
    return Gather(Find(known, node, 0), Find(known, node, 1));
  }
  if (op == "Concat") return Concat(known, node);
  if (op == "Slice") return Slice(known, node);
  if (op == "Add" || op == "Sub" || op == "Mul" || op == "Div") {
    return Arithmetic(op, Find(known, node, 0), Find(known, node, 1));
  }
  if (op == "Cast" || op == "Identity" || op == "Squeeze" || op == "Unsqueeze") {
    return PassOn(Find(known, node, 0));
  }
  return std::nullopt;
}

}  // namespace delen::importer
