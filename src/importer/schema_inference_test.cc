#include "importer/schema_inference.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <random>
#include <string>

#include "importer/testing/graph_builder.h"
#include "importer/type_inference.h"

namespace delen::importer {
namespace {

// Graphs of one or two nodes of any operator, with inputs, attributes and
// constants that fit its schema but need make no sense.
class RandomGraphs {
 public:
  explicit RandomGraphs(std::uint64_t seed)
      : random_(seed), schemas_(onnx::OpSchemaRegistry::get_all_schemas_with_history()) {
    // The registry's order is that of a hash table.
    std::sort(schemas_.begin(), schemas_.end(), [](const auto& a, const auto& b) {
      return std::tuple(a.domain(), a.Name(), a.since_version()) <
             std::tuple(b.domain(), b.Name(), b.since_version());
    });
  }

  onnx::ModelProto Next() {
    onnx::ModelProto model;
    model.set_ir_version(8);
    model.add_opset_import()->set_version(7 + Below(19));
    auto& ml = *model.add_opset_import();
    ml.set_domain("ai.onnx.ml");
    ml.set_version(1 + Below(5));
    names_.clear();
    for (int i = 0; i < 4; ++i) AddInput(*model.mutable_graph());
    for (int i = 0; i < 4; ++i) AddConstant(*model.mutable_graph());
    for (int i = 1 + Below(2); i > 0; --i) AddNode(*model.mutable_graph());
    return model;
  }

 private:
  int Below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }

  // Small most of the time, far out now and then.
  std::int64_t Number() {
    switch (Below(8)) {
      case 0: return -1;
      case 1: return -Below(10);
      case 2: return static_cast<std::int64_t>(random_());
      case 3: return INT32_MAX;
      default: return Below(6);
    }
  }

  std::string NewName() { return names_.emplace_back("t" + std::to_string(names_.size())); }

  void AddInput(onnx::GraphProto& graph) {
    auto& input = *graph.add_input();
    input.set_name(NewName());
    if (Below(12) == 0) return;  // no type
    if (Below(20) == 0) {
      input.mutable_type()->mutable_sequence_type();
      return;
    }
    auto& tensor = *input.mutable_type()->mutable_tensor_type();
    tensor.set_elem_type(Below(2) == 0 ? onnx::TensorProto::FLOAT : Below(17));
    if (Below(10) == 0) return;  // no shape
    tensor.mutable_shape();
    for (int axis = Below(6); axis > 0; --axis) {
      auto& dim = *tensor.mutable_shape()->add_dim();
      const int kind = Below(6);
      if (kind == 0) dim.set_dim_param("batch");
      if (kind == 1) dim.set_dim_value(Number());
      if (kind > 2) dim.set_dim_value(Below(12));
    }
  }

  void FillTensor(onnx::TensorProto& tensor) {
    const bool is_float = Below(3) == 0;
    tensor.set_data_type(is_float ? onnx::TensorProto::FLOAT : onnx::TensorProto::INT64);
    int count = Below(8) == 0 ? 2 : 1;  // now and then too many elements
    for (int axis = Below(3); axis > 0; --axis) {
      tensor.add_dims(Below(4));
      count *= static_cast<int>(*tensor.dims().rbegin());
    }
    for (int i = 0; i < count; ++i) {
      if (is_float) {
        tensor.add_float_data(static_cast<float>(Number()));
      } else {
        tensor.add_int64_data(Number());
      }
    }
  }

  void AddConstant(onnx::GraphProto& graph) {
    auto& tensor = *graph.add_initializer();
    FillTensor(tensor);
    tensor.set_name(NewName());
  }

  void AddNode(onnx::GraphProto& graph) {
    const onnx::OpSchema& schema =
        schemas_[static_cast<std::size_t>(Below(static_cast<int>(schemas_.size())))];
    auto& node = *graph.add_node();
    node.set_op_type(schema.Name());
    node.set_domain(schema.domain());
    const int inputs = Between(schema.min_input(), std::min(schema.max_input(), 6));
    for (int i = 0; i < inputs; ++i) {
      const auto at = static_cast<std::size_t>(Below(static_cast<int>(names_.size())));
      node.add_input(Below(12) == 0 ? "" : names_[at]);
    }
    const int outputs = std::max(Between(schema.min_output(), std::min(schema.max_output(), 5)), 1);
    for (int i = 0; i < outputs; ++i) node.add_output(NewName());
    for (const auto& [name, formal] : schema.attributes()) {
      if (formal.required || Below(2) == 0) AddAttribute(node, name, formal.type);
    }
  }

  int Between(int low, int high) { return high > low ? low + Below(high - low + 1) : low; }

  void AddAttribute(onnx::NodeProto& node, const std::string& name,
                    onnx::AttributeProto::AttributeType type) {
    constexpr std::array kWords = {"SAME_UPPER", "VALID",         "NOTSET",    "linear",  "forward",
                                   "LINEAR",     "bidirectional", "ij,jk->ik", "i...j->", "->",
                                   "",           "constant"};
    auto& attribute = *node.add_attribute();
    attribute.set_name(name);
    attribute.set_type(type);
    const int count = Below(5);
    switch (type) {
      case onnx::AttributeProto::INT: attribute.set_i(Number()); break;
      case onnx::AttributeProto::FLOAT: attribute.set_f(static_cast<float>(Number())); break;
      case onnx::AttributeProto::STRING:
        attribute.set_s(kWords[static_cast<std::size_t>(Below(static_cast<int>(kWords.size())))]);
        break;
      case onnx::AttributeProto::TENSOR: FillTensor(*attribute.mutable_t()); break;
      case onnx::AttributeProto::INTS:
        for (int i = 0; i < count; ++i) attribute.add_ints(Number());
        break;
      case onnx::AttributeProto::FLOATS:
        for (int i = 0; i < count; ++i) attribute.add_floats(static_cast<float>(Number()));
        break;
      case onnx::AttributeProto::STRINGS:
        for (int i = 0; i < count; ++i) attribute.add_strings("word");
        break;
      default: attribute.mutable_g()->set_name("body"); break;
    }
  }

  std::mt19937_64 random_;
  std::vector<onnx::OpSchema> schemas_;
  std::vector<std::string> names_;
};

TEST(SchemaInference, NoOperatorCanBeMadeToCrashOrToEatMemory) {
  constexpr int kGraphs = 30'000;
  RandomGraphs graphs(/*seed=*/1);
  int told = 0;
  for (int i = 0; i < kGraphs; ++i) {
    const onnx::ModelProto model = graphs.Next();
    const Result<GraphIndex> index = GraphIndex::Build(model.graph());
    if (!index) continue;
    for (const DynamicAxes dynamic : {DynamicAxes::kKeep, DynamicAxes::kAsOne}) {
      const TypeTable types = InferTypes(model, *index, dynamic);
      for (const auto& node : index->nodes()) {
        told += node.proto->output_size() > 0 && types.count(node.proto->output(0)) != 0 ? 1 : 0;
      }
    }
  }
  // Most are nonsense; the test is of little use if all are.
  EXPECT_GT(told, kGraphs / 10);
}

// --- What the schema itself tells ---

class SchemaInferenceTest : public ::testing::Test {
 protected:
  // The first output's type of a node on the float tensor "x" [batch,4] and the
  // integers "i", of which no shape is known.
  onnx::TypeProto TypeOf(const std::string& op, const testing::Names& inputs, int opset = 17) {
    onnx::NodeProto node;
    node.set_op_type(op);
    for (const auto& input : inputs) node.add_input(input);
    node.add_output("y");
    x_.mutable_tensor_type()->set_elem_type(onnx::TensorProto::FLOAT);
    x_.mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_param("batch");
    x_.mutable_tensor_type()->mutable_shape()->add_dim()->set_dim_value(4);
    integers_.mutable_tensor_type()->set_elem_type(onnx::TensorProto::INT64);
    KnownTensors known;
    known.types = {{"x", &x_}, {"i", &integers_}};
    const onnx::OpSchema* schema = FindSchema(node, opset);
    return schema == nullptr ? onnx::TypeProto() : TypesBySchema(*schema, node, known).front();
  }

  onnx::TypeProto x_;
  onnx::TypeProto integers_;
};

TEST_F(SchemaInferenceTest, TrustedOperatorsTellShapes) {
  EXPECT_EQ(TypeOf("Relu", {"x"}).tensor_type().shape().dim(1).dim_value(), 4);
}

TEST_F(SchemaInferenceTest, WithoutShapesTheSignatureTellsTheElementType) {
  EXPECT_EQ(TypeOf("Relu", {"i"}).tensor_type().elem_type(), onnx::TensorProto::INT64);
  EXPECT_FALSE(TypeOf("Relu", {"i"}).tensor_type().has_shape());
  EXPECT_EQ(TypeOf("GatherND", {"x", "i"}).tensor_type().elem_type(), onnx::TensorProto::FLOAT);
  EXPECT_EQ(TypeOf("Shape", {"i"}).tensor_type().elem_type(), onnx::TensorProto::INT64);
  EXPECT_EQ(TypeOf("Relu", {"absent"}).value_case(), onnx::TypeProto::VALUE_NOT_SET);
}

TEST_F(SchemaInferenceTest, NobodyIsAskedForAThousandAxes) {
  auto& length = *integers_.mutable_tensor_type()->mutable_shape()->add_dim();
  length.set_dim_value(3);
  EXPECT_EQ(TypeOf("Expand", {"x", "i"}).tensor_type().shape().dim_size(), 3);
  length.set_dim_value(1000);
  EXPECT_FALSE(TypeOf("Expand", {"x", "i"}).tensor_type().has_shape());
}

TEST_F(SchemaInferenceTest, NewerOpsetsAreReadByTheNewestSchema) {
  EXPECT_EQ(TypeOf("Relu", {"x"}, 25).tensor_type().shape().dim_size(), 2);
  EXPECT_EQ(TypeOf("Gelu", {"x"}, 25).value_case(), onnx::TypeProto::VALUE_NOT_SET);
}

}  // namespace
}  // namespace delen::importer
