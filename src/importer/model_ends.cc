#include "importer/model_ends.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "importer/onnx_types.h"

namespace delen::importer {
namespace {

using core::DataType;

Result<core::TensorSpec> Describe(const std::string& name, const onnx::TypeProto& type) {
  if (!type.has_tensor_type()) return Unsupported("'{:.128}' is not a dense tensor", name);
  const auto& tensor = type.tensor_type();
  const std::optional<DataType> datatype = ToDataType(tensor.elem_type());
  if (!datatype || *datatype == DataType::kBytes) {
    return Unsupported("'{:.128}' has elements of {}, which cannot be served", name,
                       OnnxTypeName(tensor.elem_type()));
  }
  if (!tensor.has_shape()) {
    return InvalidArgument(
        "'{:.128}' declares no shape; give it one, with dynamic axes where "
        "lengths vary",
        name);
  }
  const Result<core::Shape> shape = ToShape(tensor.shape());
  if (!shape) return WithContext(fmt::format("'{:.128}'", name), shape.error());
  return core::TensorSpec{name, *datatype, *shape};
}

// Narrows `served` to what holds for `exit` too.
Status Join(core::TensorSpec& served, const core::TensorSpec& exit, const std::string& first_exit) {
  const auto differ = [&] {
    return InvalidArgument("all exits must agree: '{:.128}' is {} {}, '{:.128}' is {} {}",
                           first_exit, Name(served.datatype), core::ToString(served.shape),
                           exit.name, Name(exit.datatype), core::ToString(exit.shape));
  };
  if (served.datatype != exit.datatype || served.shape.size() != exit.shape.size()) {
    return differ();
  }
  for (std::size_t axis = 0; axis < served.shape.size(); ++axis) {
    const std::int64_t length = exit.shape[axis];
    if (served.shape[axis] == length) continue;
    if (served.shape[axis] != -1 && length != -1) return differ();
    served.shape[axis] = -1;
  }
  return {};
}

// The operator that computes a tensor, seen through Identity.
std::string_view OperatorOf(const GraphIndex& index, std::string_view name) {
  int writer = index.WriterOf(name);
  while (writer >= 0) {
    const onnx::NodeProto& node = *index.nodes()[static_cast<std::size_t>(writer)].proto;
    if (node.op_type() != "Identity" || node.input_size() == 0) return node.op_type();
    writer = index.WriterOf(node.input(0));
  }
  return "";
}

bool IsFloat(DataType type) {
  return type == DataType::kFp16 || type == DataType::kBf16 || type == DataType::kFp32 ||
         type == DataType::kFp64;
}

}  // namespace

Result<std::vector<std::string>> ChooseExits(const onnx::GraphProto& graph,
                                             const std::vector<std::string>& wanted) {
  std::vector<std::string> outputs;
  for (const auto& output : graph.output()) outputs.push_back(output.name());
  std::vector<std::string> exits = wanted.empty() ? outputs : wanted;
  if (exits.empty()) return InvalidArgument("the graph has no outputs");
  if (exits.size() > core::kMaxExits) {
    return InvalidArgument("{} exits, at most {} are supported; pick some with --exits",
                           exits.size(), core::kMaxExits);
  }
  std::set<std::string> seen;
  for (const std::string& exit : exits) {
    if (std::find(outputs.begin(), outputs.end(), exit) == outputs.end()) {
      outputs.resize(std::min<std::size_t>(outputs.size(), core::kMaxExits));
      return InvalidArgument("the model has no output '{:.128}', only {}", exit,
                             fmt::join(outputs, ", "));
    }
    if (!seen.insert(exit).second) {
      return InvalidArgument("the exit '{:.128}' is named twice", exit);
    }
  }
  return exits;
}

Result<std::vector<core::TensorSpec>> DescribeInputs(const GraphIndex& index,
                                                     const std::vector<Stage>& stages) {
  std::set<std::string> read;
  for (const Stage& stage : stages) read.insert(stage.inputs.begin(), stage.inputs.end());
  std::vector<core::TensorSpec> inputs;
  for (const onnx::ValueInfoProto* input : index.inputs()) {
    if (read.count(input->name()) == 0) continue;
    const Result<core::TensorSpec> spec = Describe(input->name(), input->type());
    if (!spec) return WithContext("input", spec.error());
    inputs.push_back(*spec);
  }
  if (inputs.empty()) return InvalidArgument("no exit depends on an input of the model");
  return inputs;
}

Result<core::TensorSpec> DescribeOutput(const TypeTable& types,
                                        const std::vector<std::string>& exits,
                                        const std::string& name) {
  std::optional<core::TensorSpec> served;
  for (const std::string& exit : exits) {
    const auto type = types.find(exit);
    if (type == types.end()) {
      return Unsupported("the type of exit '{:.128}' cannot be told; declare it in the graph",
                         exit);
    }
    const Result<core::TensorSpec> spec = Describe(exit, type->second);
    if (!spec) return WithContext("exit", spec.error());
    if (!served) {
      served = *spec;
    } else if (const Status joined = Join(*served, *spec, exits.front()); !joined) {
      return joined.error();
    }
  }
  served->name = name;
  return *served;
}

Result<core::ScoreKind> GuessScores(const GraphIndex& index, const std::vector<std::string>& exits,
                                    const core::TensorSpec& output) {
  const auto is_softmax = [&](const std::string& exit) {
    return OperatorOf(index, exit) == "Softmax";
  };
  const auto softmaxes = std::count_if(exits.begin(), exits.end(), is_softmax);
  if (softmaxes == static_cast<std::ptrdiff_t>(exits.size())) {
    return core::ScoreKind::kProbabilities;
  }
  if (softmaxes != 0) {
    return InvalidArgument("{} of {} exits end in a Softmax; say what they mean with --scores",
                           softmaxes, exits.size());
  }
  return IsFloat(output.datatype) && output.shape.size() == 2 ? core::ScoreKind::kLogits
                                                              : core::ScoreKind::kNone;
}

}  // namespace delen::importer
