// Small ONNX models for tests, one call per node.
#pragma once

#include <onnx/onnx_pb.h>

#include <cstdint>
#include <initializer_list>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace delen::importer::testing {

using Names = std::vector<std::string>;
// An axis below 0 is dynamic and called "batch".
using Dims = std::vector<std::int64_t>;

class GraphBuilder {
 public:
  explicit GraphBuilder(std::int64_t opset = 17, std::int64_t ir_version = 8) {
    model_.set_ir_version(ir_version);
    model_.add_opset_import()->set_version(opset);
    model_.mutable_graph()->set_name("test");
  }

  GraphBuilder& Input(const std::string& name, const Dims& dims,
                      int type = onnx::TensorProto::FLOAT) {
    Declare(*model_.mutable_graph()->add_input(), name, dims, type);
    return *this;
  }
  GraphBuilder& Output(const std::string& name, const Dims& dims,
                       int type = onnx::TensorProto::FLOAT) {
    Declare(*model_.mutable_graph()->add_output(), name, dims, type);
    return *this;
  }
  // An initialiser of random numbers, always the same for the same name.
  GraphBuilder& Weights(const std::string& name, const Dims& dims) {
    auto& tensor = *model_.mutable_graph()->add_initializer();
    tensor.set_name(name);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    std::size_t count = 1;
    for (const std::int64_t dim : dims) {
      tensor.add_dims(dim);
      count *= static_cast<std::size_t>(dim);
    }
    std::seed_seq seed(name.begin(), name.end());
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> numbers(-0.3F, 0.3F);
    std::vector<float> values(count);
    for (float& value : values) value = numbers(random);
    tensor.set_raw_data(values.data(), values.size() * sizeof(float));
    return *this;
  }
  onnx::NodeProto& Node(const std::string& op_type, const Names& inputs, const Names& outputs) {
    auto& node = *model_.mutable_graph()->add_node();
    node.set_op_type(op_type);
    node.set_name(outputs.empty() ? op_type : op_type + "_" + outputs.front());
    for (const auto& input : inputs) node.add_input(input);
    for (const auto& output : outputs) node.add_output(output);
    return node;
  }
  // out = in · weight, the weight made on first use.
  GraphBuilder& Dense(const std::string& in, const std::string& out, std::int64_t from,
                      std::int64_t to, const std::string& weight = "") {
    const std::string name = weight.empty() ? "w_" + out : weight;
    bool is_there = false;
    for (const auto& tensor : model_.graph().initializer()) is_there |= tensor.name() == name;
    if (!is_there) Weights(name, {from, to});
    Node("MatMul", {in, name}, {out});
    return *this;
  }
  GraphBuilder& Relu(const std::string& in, const std::string& out) {
    Node("Relu", {in}, {out});
    return *this;
  }

  onnx::ModelProto& model() { return model_; }
  onnx::GraphProto& graph() { return *model_.mutable_graph(); }
  std::string Bytes() const { return model_.SerializeAsString(); }

  static void Declare(onnx::ValueInfoProto& value, const std::string& name, const Dims& dims,
                      int type = onnx::TensorProto::FLOAT) {
    value.set_name(name);
    auto& tensor = *value.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(type);
    tensor.mutable_shape();
    for (const std::int64_t dim : dims) {
      auto& axis = *tensor.mutable_shape()->add_dim();
      if (dim < 0) {
        axis.set_dim_param("batch");
      } else {
        axis.set_dim_value(dim);
      }
    }
  }

 private:
  onnx::ModelProto model_;
};

inline void SetInts(onnx::NodeProto& node, const std::string& name, const Dims& values) {
  auto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INTS);
  for (const std::int64_t value : values) attribute.add_ints(value);
}

inline void SetInt(onnx::NodeProto& node, const std::string& name, std::int64_t value) {
  auto& attribute = *node.add_attribute();
  attribute.set_name(name);
  attribute.set_type(onnx::AttributeProto::INT);
  attribute.set_i(value);
}

}  // namespace delen::importer::testing
