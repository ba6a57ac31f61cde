#include "client/infer_message.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

namespace delen::client {
namespace {

using Json = nlohmann::json;

Json ToJson(const core::ParameterValue& value) {
  return std::visit([](const auto& plain) { return Json(plain); }, value);
}

core::ParameterValue FromJson(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number()) return value.get<double>();
  return value.is_string() ? value.get<std::string>() : value.dump();
}

ErrorCode CodeOf(int http_status) {
  switch (http_status) {
    case 400: return ErrorCode::kInvalidArgument;
    case 403: return ErrorCode::kPermissionDenied;
    case 404: return ErrorCode::kNotFound;
    case 422: return ErrorCode::kInfeasible;
    case 429: return ErrorCode::kOverloaded;
    case 499: return ErrorCode::kCancelled;
    case 501: return ErrorCode::kUnsupported;
    case 503: return ErrorCode::kUnavailable;
    case 504: return ErrorCode::kDeadlineExceeded;
    default: return ErrorCode::kInternal;
  }
}

std::string Word(core::Objective objective) {
  switch (objective) {
    case core::Objective::kAccuracy: return "accuracy";
    case core::Objective::kLatency: return "latency";
    case core::Objective::kEnergy: return "energy";
  }
  return "";
}

}  // namespace

Result<double> InferReply::Number(std::string_view parameter) const {
  const core::ParameterValue* value = core::Find(parameters, parameter);
  if (value == nullptr) return Internal("the answer has no parameter '{}'", parameter);
  return core::AsNumber(parameter, *value);
}

std::vector<int> InferReply::BestClasses() const {
  const auto classes = static_cast<std::size_t>(output.shape.back());
  const auto* scores = reinterpret_cast<const float*>(output.bytes.data());
  std::vector<int> best;
  for (std::size_t at = 0; at + classes <= output.bytes.size() / sizeof(float); at += classes) {
    const float* const row = scores + at;
    best.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
  }
  return best;
}

core::Parameters ToParameters(const core::Bounds& bounds) {
  core::Parameters parameters;
  const auto add = [&](std::string_view name, core::ParameterValue value) {
    parameters.emplace_back(name, std::move(value));
  };
  using core::Bound;
  if (bounds.max_latency) {
    add(ParameterName(Bound::kLatency), InMilliseconds(*bounds.max_latency));
  }
  if (bounds.max_energy) add(ParameterName(Bound::kEnergy), InMillijoules(*bounds.max_energy));
  if (bounds.min_accuracy) add(ParameterName(Bound::kAccuracy), *bounds.min_accuracy);
  if (bounds.min_confidence) add(ParameterName(Bound::kConfidence), *bounds.min_confidence);
  if (bounds.objective) add("objective", Word(*bounds.objective));
  if (bounds.on_infeasible) {
    const bool reject = *bounds.on_infeasible == core::OnInfeasible::kReject;
    add("on_infeasible", reject ? "reject" : "best_effort");
  }
  return parameters;
}

std::string InferHead(const std::vector<core::Tensor>& inputs, const core::Parameters& parameters) {
  Json head = {{"inputs", Json::array()}, {"parameters", {{"binary_data_output", true}}}};
  for (const auto& [name, value] : parameters) head["parameters"][name] = ToJson(value);
  for (const core::Tensor& input : inputs) {
    head["inputs"].push_back({{"name", input.name},
                              {"datatype", core::Name(input.datatype)},
                              {"shape", input.shape},
                              {"parameters", {{"binary_data_size", input.bytes.size()}}}});
  }
  return head.dump();
}

Result<InferReply> ParseInferReply(std::string_view head_length, std::string_view body) try {
  std::size_t head_bytes = body.size();
  std::from_chars(head_length.data(), head_length.data() + head_length.size(), head_bytes);
  if (head_bytes > body.size()) {
    return Internal("the answer has {} bytes, fewer than its head's {}", body.size(), head_bytes);
  }
  const Json head = Json::parse(body.substr(0, head_bytes));
  InferReply answer;
  for (const auto& [name, value] : head.at("parameters").items()) {
    answer.parameters.emplace_back(name, FromJson(value));
  }
  const Json& output = head.at("outputs").at(0);
  const Result<core::DataType> type = core::ParseDataType(output.at("datatype").get<std::string>());
  if (!type) return type.error();
  const auto tail = std::as_bytes(std::span(body).subspan(head_bytes));
  std::vector<std::byte> bytes(tail.begin(), tail.end());
  answer.output = core::OwningTensor(output.at("name"), *type,
                                     output.at("shape").get<core::Shape>(), std::move(bytes));
  return answer;
} catch (const Json::exception& failure) {
  return Internal("the answer cannot be read: {}", failure.what());
}

Error RefusalOf(int http_status, std::string_view body) {
  constexpr bool kNoExceptions = false;
  const Json json = Json::parse(body, nullptr, kNoExceptions);
  const bool has_text = json.is_object() && json.contains("error") && json["error"].is_string();
  return Error{CodeOf(http_status), has_text ? json["error"].get<std::string>()
                                             : fmt::format("HTTP status {}", http_status)};
}

}  // namespace delen::client
