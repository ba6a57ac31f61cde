#include "importer/type_inference.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "importer/older_form.h"
#include "importer/onnx_file.h"
#include "importer/onnx_types.h"
#include "importer/schema_inference.h"
#include "importer/shape_data.h"
#include "importer/tensor_bytes.h"

namespace delen::importer {
namespace {

// Longer shapes are dropped: an operator that adds its inputs' ranks, applied
// over and over, would otherwise fill the memory.
constexpr int kMaxRank = 32;
constexpr std::int64_t kMaxAxis = INT32_MAX;
// Constants that can say something about shapes are small.
constexpr std::size_t kMaxConstantBytes = 4096;

class Inference {
 public:
  Inference(const onnx::ModelProto& model, const GraphIndex& index, DynamicAxes dynamic)
      : model_(model), index_(index), dynamic_(dynamic) {}

  TypeTable Run() {
    for (const auto& value : model_.graph().value_info()) declared_[value.name()] = &value.type();
    for (const auto& value : model_.graph().output()) declared_[value.name()] = &value.type();
    for (const auto& [name, tensor] : index_.initializers()) {
      AddInitializer(std::string(name), *tensor);
    }
    for (const auto* input : index_.inputs()) Set(input->name(), Resolved(input->type()));
    for (const GraphIndex::Node& node : index_.nodes()) AddNode(*node.proto);
    return std::move(types_);
  }

 private:
  void Set(const std::string& name, onnx::TypeProto type) {
    auto& slot = types_[name];
    slot = std::move(type);
    known_.types[name] = &slot;
    if (!slot.has_tensor_type() || !slot.tensor_type().has_shape()) return;
    auto& tensor = *slot.mutable_tensor_type();
    for (auto& dim : *tensor.mutable_shape()->mutable_dim()) {
      if (dim.has_dim_value() && (dim.dim_value() < 0 || dim.dim_value() > kMaxAxis)) {
        dim.clear_dim_value();
      }
    }
    if (tensor.shape().dim_size() > kMaxRank) tensor.clear_shape();
  }

  onnx::TypeProto Resolved(onnx::TypeProto type) const {
    if (dynamic_ == DynamicAxes::kKeep || !type.tensor_type().has_shape()) return type;
    for (auto& dim : *type.mutable_tensor_type()->mutable_shape()->mutable_dim()) {
      if (!dim.has_dim_value()) dim.set_dim_value(1);
    }
    return type;
  }

  void AddConstant(const std::string& name, const onnx::TensorProto& tensor) {
    if (IsExternal(tensor) || tensor.ByteSizeLong() > kMaxConstantBytes) return;
    // The schemas' functions trust a tensor's dims, so they see checked ones only.
    if (TensorSource("").Find(tensor)) known_.constants[name] = &tensor;
    std::optional<ShapeData> data = ShapeDataOf(tensor);
    if (data) known_.shape_data[name] = *std::move(data);
  }

  void AddInitializer(const std::string& name, const onnx::TensorProto& tensor) {
    onnx::TypeProto type;
    type.mutable_tensor_type()->set_elem_type(tensor.data_type());
    auto* shape = type.mutable_tensor_type()->mutable_shape();
    for (const std::int64_t dim : tensor.dims()) shape->add_dim()->set_dim_value(dim);
    Set(name, std::move(type));
    AddConstant(name, tensor);
  }

  void AddNode(const onnx::NodeProto& node) {
    if (HasBody(node)) {
      InferByBody(node);
    } else {
      InferBySchema(node);
      InferByConvention(node);
      FollowShapes(node);
    }
    for (const auto& name : node.output()) {
      if (!name.empty()) AddDeclared(name);
    }
  }

  void FollowShapes(const onnx::NodeProto& node) {
    if (node.output_size() != 1 || node.input_size() == 0) return;
    std::optional<ShapeData> data = Follow(node, known_.shape_data, ShapeOf(types_, node.input(0)));
    if (data) known_.shape_data[node.output(0)] = *std::move(data);
  }

  std::optional<std::vector<std::int64_t>> ConstantIntegers(std::string_view name) const {
    const auto found = known_.shape_data.find(std::string(name));
    if (found == known_.shape_data.end()) return std::nullopt;
    std::vector<std::int64_t> integers;
    for (const auto& element : found->second.dim()) {
      if (!element.has_dim_value()) return std::nullopt;
      integers.push_back(element.dim_value());
    }
    return integers;
  }

  void InferBySchema(const onnx::NodeProto& node) {
    const onnx::OpSchema* schema = FindSchema(node, OpsetOf(model_, node.domain()));
    if (schema == nullptr) return;
    const onnx::NodeProto older =
        OlderForm(node, [this](std::string_view name) { return ConstantIntegers(name); });
    std::vector<onnx::TypeProto> types = TypesBySchema(*schema, older, known_);
    for (int i = 0; i < node.output_size(); ++i) {
      auto& type = types[static_cast<std::size_t>(i)];
      if (!node.output(i).empty() && type.value_case() != onnx::TypeProto::VALUE_NOT_SET) {
        Set(node.output(i), std::move(type));
      }
    }
  }

  // For operators newer than the schemas, or not trusted to be asked.
  void InferByConvention(const onnx::NodeProto& node) {
    const std::string& op = node.op_type();
    if (!KeepsElementType(op) || node.input_size() == 0 || node.output_size() == 0) return;
    const bool is_told = ElementTypeOf(types_, node.output(0)) != onnx::TensorProto::UNDEFINED &&
                         (!KeepsShape(op) || ShapeOf(types_, node.output(0)) != nullptr);
    const auto input = types_.find(node.input(0));
    if (is_told || input == types_.end() || !input->second.has_tensor_type()) return;
    onnx::TypeProto type = input->second;
    if (!KeepsShape(op)) type.mutable_tensor_type()->clear_shape();
    if (!node.output(0).empty()) Set(node.output(0), std::move(type));
  }

  static bool HasBody(const onnx::NodeProto& node) {
    return std::any_of(node.attribute().begin(), node.attribute().end(),
                       [](const onnx::AttributeProto& attribute) { return attribute.has_g(); });
  }

  // The bodies of control flow declare what they give; only a loop's first
  // output, whether to go on, stays inside.
  void InferByBody(const onnx::NodeProto& node) {
    for (const auto& attribute : node.attribute()) {
      if (!attribute.has_g()) continue;
      const int inside = node.op_type() == "Loop" ? 1 : 0;
      for (int i = 0; i < node.output_size() && i + inside < attribute.g().output_size(); ++i) {
        const onnx::TypeProto& given = attribute.g().output(i + inside).type();
        if (!given.has_tensor_type() || node.output(i).empty()) continue;
        onnx::TypeProto type;
        type.mutable_tensor_type()->set_elem_type(given.tensor_type().elem_type());
        Set(node.output(i), std::move(type));
      }
      return;
    }
  }

  // Adds what the graph declares and inference did not find.
  void AddDeclared(const std::string& name) {
    const auto declared = declared_.find(name);
    if (declared == declared_.end()) return;
    const auto found = types_.find(name);
    if (found == types_.end()) return Set(name, Resolved(*declared->second));
    if (!found->second.has_tensor_type() || !declared->second->has_tensor_type()) return;
    const onnx::TypeProto type = Resolved(*declared->second);
    auto& inferred = *found->second.mutable_tensor_type();
    if (inferred.elem_type() == onnx::TensorProto::UNDEFINED) {
      inferred.set_elem_type(type.tensor_type().elem_type());
    }
    if (type.tensor_type().has_shape()) FillIn(type.tensor_type().shape(), inferred);
  }

  static void FillIn(const onnx::TensorShapeProto& declared, onnx::TypeProto_Tensor& inferred) {
    if (!inferred.has_shape() && declared.dim_size() <= kMaxRank) {
      *inferred.mutable_shape() = declared;
    }
    if (inferred.shape().dim_size() != declared.dim_size()) return;
    for (int i = 0; i < declared.dim_size(); ++i) {
      auto& dim = *inferred.mutable_shape()->mutable_dim(i);
      if (!dim.has_dim_value() && !dim.has_dim_param()) dim = declared.dim(i);
    }
  }

  const onnx::ModelProto& model_;
  const GraphIndex& index_;
  const DynamicAxes dynamic_;
  std::unordered_map<std::string_view, const onnx::TypeProto*> declared_;
  TypeTable types_;
  KnownTensors known_;
};

}  // namespace

TypeTable InferTypes(const onnx::ModelProto& model, const GraphIndex& index, DynamicAxes dynamic) {
  return Inference(model, index, dynamic).Run();
}

int ElementTypeOf(const TypeTable& types, std::string_view name) {
  const auto found = types.find(std::string(name));
  return found == types.end() ? onnx::TensorProto::UNDEFINED
                              : found->second.tensor_type().elem_type();
}

const onnx::TensorShapeProto* ShapeOf(const TypeTable& types, std::string_view name) {
  const auto found = types.find(std::string(name));
  if (found == types.end() || !found->second.tensor_type().has_shape()) return nullptr;
  return &found->second.tensor_type().shape();
}

}  // namespace delen::importer
