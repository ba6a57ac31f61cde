#include "client/inference_client.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

namespace delen::client {
namespace {

using Json = nlohmann::json;

constexpr const char* kHeaderLength = "Inference-Header-Content-Length";

Json ToJson(const core::ParameterValue& value) {
  return std::visit([](const auto& plain) { return Json(plain); }, value);
}

// The JSON head of a request whose tensors follow as raw bytes.
std::string RequestHead(const std::vector<core::Tensor>& inputs,
                        const core::Parameters& parameters) {
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

ErrorCode CodeOf(int http_status) {
  switch (http_status) {
    case 400: return ErrorCode::kInvalidArgument;
    case 404: return ErrorCode::kNotFound;
    case 422: return ErrorCode::kInfeasible;
    case 429: return ErrorCode::kOverloaded;
    case 501: return ErrorCode::kUnsupported;
    case 503: return ErrorCode::kUnavailable;
    default: return ErrorCode::kInternal;
  }
}

Error Refusal(const HttpReply& reply) {
  constexpr bool kNoExceptions = false;
  const Json body = Json::parse(reply.body, nullptr, kNoExceptions);
  const bool has_text = body.is_object() && body.contains("error") && body["error"].is_string();
  return Error{CodeOf(reply.status), has_text ? body["error"].get<std::string>()
                                              : fmt::format("HTTP status {}", reply.status)};
}

core::ParameterValue FromJson(const Json& value) {
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (value.is_number()) return value.get<double>();
  return value.is_string() ? value.get<std::string>() : value.dump();
}

Result<InferReply> ParseReply(const HttpReply& reply) try {
  const std::string_view length = reply.header(kHeaderLength);
  std::size_t head_bytes = reply.body.size();
  std::from_chars(length.data(), length.data() + length.size(), head_bytes);
  if (head_bytes > reply.body.size()) {
    return Internal("the answer has {} bytes, fewer than its head's {}", reply.body.size(),
                    head_bytes);
  }
  const Json head = Json::parse(reply.body.substr(0, head_bytes));
  InferReply answer;
  for (const auto& [name, value] : head.at("parameters").items()) {
    answer.parameters.emplace_back(name, FromJson(value));
  }
  const Json& output = head.at("outputs").at(0);
  const Result<core::DataType> type = core::ParseDataType(output.at("datatype").get<std::string>());
  if (!type) return type.error();
  std::vector<std::byte> bytes(reply.body.size() - head_bytes);
  std::memcpy(bytes.data(), reply.body.data() + head_bytes, bytes.size());
  answer.output = core::OwningTensor(output.at("name"), *type,
                                     output.at("shape").get<core::Shape>(), std::move(bytes));
  return answer;
} catch (const Json::exception& failure) {
  return Internal("the answer cannot be read: {}", failure.what());
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

Result<InferenceClient> InferenceClient::Connect(const std::string& address, std::uint16_t port,
                                                 Seconds patience) {
  Result<HttpConnection> connection = HttpConnection::Connect(address, port, patience);
  if (!connection) return std::move(connection).error();
  return InferenceClient(*std::move(connection));
}

Result<InferReply> InferenceClient::Infer(const std::string& model,
                                          const std::vector<core::Tensor>& inputs,
                                          const core::Parameters& parameters) {
  std::string body = RequestHead(inputs, parameters);
  const HttpHeaders headers = {{kHeaderLength, std::to_string(body.size())},
                               {"Content-Type", "application/octet-stream"}};
  for (const core::Tensor& input : inputs) {
    body.append(reinterpret_cast<const char*>(input.bytes.data()), input.bytes.size());
  }
  const Result<HttpReply> reply =
      connection_.Post("/v2/models/" + model + "/infer", headers, std::move(body));
  if (!reply) return reply.error();
  if (reply->status != 200) return Refusal(*reply);
  return ParseReply(*reply);
}

}  // namespace delen::client
