#include "frontend/oip/infer_request.h"

#include <string_view>
#include <utility>
#include <vector>

#include "core/tenant.h"
#include "frontend/oip/binary_framing.h"
#include "frontend/oip/infer_json.h"

namespace delen::frontend {
namespace {

// A boolean parameter, or `otherwise` when it was not sent.
Result<bool> Flag(const core::Parameters& parameters, std::string_view name, bool otherwise) {
  const core::ParameterValue* value = core::Find(parameters, name);
  if (value == nullptr) return otherwise;
  if (const auto* flag = std::get_if<bool>(value)) return *flag;
  return InvalidArgument("parameter '{}' is {}, expected true or false", name,
                         core::ToString(*value));
}

// The bytes this input has beside the JSON; nothing when it has none there.
Result<std::optional<std::uint64_t>> BinarySize(const JsonInput& input) {
  const core::ParameterValue* value = core::Find(input.parameters, "binary_data_size");
  if (value == nullptr) return std::optional<std::uint64_t>();
  const auto* size = std::get_if<std::int64_t>(value);
  if (size == nullptr || *size < 0) {
    return InvalidArgument("binary_data_size is {}, expected a number of bytes",
                           core::ToString(*value));
  }
  return std::optional(static_cast<std::uint64_t>(*size));
}

Result<core::Tensor> TakeTensor(JsonInput& input, BinaryFraming& framing) {
  const Result<std::optional<std::uint64_t>> size = BinarySize(input);
  if (!size) return size.error();
  if (input.data && *size) {
    return InvalidArgument("has both 'data' and 'binary_data_size', expected one of them");
  }
  if (input.data) return *std::move(input.data);
  if (*size) {
    return framing.Next(std::move(input.name), input.datatype, std::move(input.shape), **size);
  }
  if (core::Find(input.parameters, "shared_memory_region") != nullptr) {
    return Unsupported("shared memory is not supported; send 'data' or binary data");
  }
  return InvalidArgument("has neither 'data' nor 'binary_data_size'");
}

Result<std::vector<core::Tensor>> TakeTensors(std::vector<JsonInput>& inputs,
                                              BinaryFraming framing) {
  std::vector<core::Tensor> tensors;
  tensors.reserve(inputs.size());
  for (JsonInput& input : inputs) {
    const std::string name = input.name;
    Result<core::Tensor> tensor = TakeTensor(input, framing);
    if (!tensor) {
      return WithContext(fmt::format("input '{:.64}'", name), std::move(tensor).error());
    }
    tensors.push_back(*std::move(tensor));
  }
  const Status finished = framing.Finish();
  if (!finished) return finished.error();
  return tensors;
}

// Whether the answer's tensor goes beside the JSON.
Result<bool> WantsBinary(const InferJson& json, const core::ModelSpec& model) {
  Result<bool> binary = Flag(json.parameters, "binary_data_output", false);
  if (!binary) return binary;
  for (const JsonOutput& output : json.outputs) {
    if (output.name != model.output.name) {
      return InvalidArgument("output '{:.64}' is unknown, model '{}' has '{}'", output.name,
                             model.name, model.output.name);
    }
    if (core::Find(output.parameters, "classification") != nullptr) {
      return InvalidArgument("output '{}': classification is not supported; ask for the tensor",
                             output.name);
    }
    binary = Flag(output.parameters, "binary_data", *binary);
    if (!binary) return WithContext(fmt::format("output '{}'", output.name), binary.error());
  }
  const core::DataType type = model.output.datatype;
  if (!*binary && (type == core::DataType::kFp16 || type == core::DataType::kBf16)) {
    return InvalidArgument("output '{}' is {}, which has no form in JSON; ask for binary_data",
                           model.output.name, Name(type));
  }
  return binary;
}

Result<std::shared_ptr<const core::StopRule>> ReadStopRule(const core::Parameters& parameters,
                                                           const core::ModelSpec& model) {
  const core::ParameterValue* value = core::Find(parameters, "stop_rule");
  if (value == nullptr) return std::shared_ptr<const core::StopRule>();
  const Result<std::string_view> text = core::AsText("stop_rule", *value);
  if (!text) return text.error();
  Result<core::StopRule> rule = core::ParseStopRule(*text);
  if (!rule) return WithContext("parameter 'stop_rule'", std::move(rule).error());
  const Status fits = rule->Fits(model.exit_count());
  if (!fits) return WithContext("parameter 'stop_rule'", fits.error());
  return std::make_shared<const core::StopRule>(*std::move(rule));
}

// The tenant's name; empty when the request says none.
Result<std::string> ReadTenant(const core::Parameters& parameters) {
  const core::ParameterValue* value = core::Find(parameters, "tenant");
  if (value == nullptr) return std::string();
  const Result<std::string_view> name = core::AsText("tenant", *value);
  if (!name) return name.error();
  const Status checked = core::CheckTenantName(*name);
  if (!checked) return WithContext("parameter 'tenant'", checked.error());
  return std::string(*name);
}

Result<InferCall> ParseRaw(const RequestBody& body, const core::ModelSpec& model) {
  if (model.inputs.size() != 1) {
    return InvalidArgument("a raw body is one input, model '{}' expects {}", model.name,
                           model.inputs.size());
  }
  Result<core::Tensor> tensor = RawTensor(model.inputs.front(), body.bytes, body.owner);
  if (!tensor) return std::move(tensor).error();
  InferCall call;
  call.request.inputs.push_back(*std::move(tensor));
  call.binary_output = true;  // who sends no JSON wants none back
  return call;
}

Result<InferCall> FromJson(InferJson json, BinaryFraming framing, const core::ModelSpec& model) {
  Result<std::vector<core::Tensor>> tensors = TakeTensors(json.inputs, std::move(framing));
  if (!tensors) return std::move(tensors).error();
  const Result<bool> binary = WantsBinary(json, model);
  if (!binary) return binary.error();
  const Result<core::Bounds> bounds = core::ParseBounds(json.parameters);
  if (!bounds) return bounds.error();
  Result<std::shared_ptr<const core::StopRule>> rule = ReadStopRule(json.parameters, model);
  if (!rule) return std::move(rule).error();
  Result<std::string> tenant = ReadTenant(json.parameters);
  if (!tenant) return std::move(tenant).error();

  InferCall call;
  call.request.tenant = *std::move(tenant);
  call.request.inputs = *std::move(tensors);
  call.request.bounds = *bounds;
  call.request.stop_rule = *std::move(rule);
  call.id = std::move(json.id);
  call.binary_output = *binary;
  return call;
}

}  // namespace

Result<InferCall> ParseInferRequest(const RequestBody& body, std::optional<std::size_t> json_length,
                                    const core::ModelSpec& model) {
  if (json_length == std::size_t{0}) return ParseRaw(body, model);
  const std::size_t length = json_length.value_or(body.bytes.size());
  if (length > body.bytes.size()) {
    return InvalidArgument("Inference-Header-Content-Length is {}, the body has {} bytes", length,
                           body.bytes.size());
  }
  const std::string_view text(reinterpret_cast<const char*>(body.bytes.data()), length);
  if (text.empty()) return InvalidArgument("request has an empty body");
  Result<InferJson> json = ParseInferJson(text);
  if (!json) return std::move(json).error();
  return FromJson(*std::move(json), BinaryFraming(body.bytes.subspan(length), body.owner), model);
}

}  // namespace delen::frontend
