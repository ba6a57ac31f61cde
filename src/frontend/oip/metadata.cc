#include "frontend/oip/metadata.h"

#include "frontend/oip/json_text.h"

namespace delen::frontend {
namespace {

void AppendSpec(std::string& out, const core::TensorSpec& spec) {
  out += "{\"name\":";
  AppendJsonString(out, spec.name);
  out += ",\"datatype\":\"";
  out += Name(spec.datatype);
  out += "\",\"shape\":";
  out += core::ToString(spec.shape);
  out += '}';
}

}  // namespace

std::string ServerMetadata(std::string_view version) {
  std::string out = "{\"name\":\"delen\",\"version\":";
  AppendJsonString(out, version);
  out += ",\"extensions\":[\"binary_tensor_data\",\"parameters\"]}";
  return out;
}

std::string ModelMetadata(const core::ModelSpec& model, const std::vector<int>& versions) {
  std::string out = "{\"name\":";
  AppendJsonString(out, model.name);
  out += ",\"versions\":[";
  for (std::size_t i = 0; i < versions.size(); ++i) {
    out += fmt::format("{}\"{}\"", i > 0 ? "," : "", versions[i]);
  }
  // The protocol's own name for what an ONNX file holds.
  out += "],\"platform\":\"onnx_onnxv1\",\"inputs\":[";
  for (std::size_t i = 0; i < model.inputs.size(); ++i) {
    if (i > 0) out += ',';
    AppendSpec(out, model.inputs[i]);
  }
  out += "],\"outputs\":[";
  AppendSpec(out, model.output);
  out += "]}";
  return out;
}

}  // namespace delen::frontend
