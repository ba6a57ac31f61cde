#include "frontend/oip/infer_response.h"

#include <cstdint>
#include <cstring>
#include <type_traits>

#include "frontend/oip/binary_framing.h"
#include "frontend/oip/json_text.h"

namespace delen::frontend {
namespace {

using core::DataType;

// The elements of a tensor one by one, whatever its alignment.
template <class Element>
void AppendElements(std::string& out, std::span<const std::byte> bytes) {
  // Integers are widened, so that 8 bits print as digits.
  using Printed = std::conditional_t<
      std::is_floating_point_v<Element>, Element,
      std::conditional_t<std::is_signed_v<Element>, std::int64_t, std::uint64_t>>;
  for (std::size_t at = 0; at + sizeof(Element) <= bytes.size(); at += sizeof(Element)) {
    Element element;
    std::memcpy(&element, bytes.data() + at, sizeof(Element));
    if (at > 0) out += ',';
    AppendJsonNumber(out, static_cast<Printed>(element));
  }
}

void AppendBools(std::string& out, std::span<const std::byte> bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) out += ',';
    out += bytes[i] == std::byte{0} ? "false" : "true";
  }
}

void AppendTexts(std::string& out, std::span<const std::byte> bytes) {
  const Result<std::vector<std::string_view>> elements = BytesElements(bytes);
  if (!elements) return;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    if (i > 0) out += ',';
    AppendJsonString(out, (*elements)[i]);
  }
}

void AppendData(std::string& out, const core::Tensor& tensor) {
  switch (tensor.datatype) {
    case DataType::kFp32: return AppendElements<float>(out, tensor.bytes);
    case DataType::kFp64: return AppendElements<double>(out, tensor.bytes);
    case DataType::kUint8: return AppendElements<std::uint8_t>(out, tensor.bytes);
    case DataType::kUint16: return AppendElements<std::uint16_t>(out, tensor.bytes);
    case DataType::kUint32: return AppendElements<std::uint32_t>(out, tensor.bytes);
    case DataType::kUint64: return AppendElements<std::uint64_t>(out, tensor.bytes);
    case DataType::kInt8: return AppendElements<std::int8_t>(out, tensor.bytes);
    case DataType::kInt16: return AppendElements<std::int16_t>(out, tensor.bytes);
    case DataType::kInt32: return AppendElements<std::int32_t>(out, tensor.bytes);
    case DataType::kInt64: return AppendElements<std::int64_t>(out, tensor.bytes);
    case DataType::kBool: return AppendBools(out, tensor.bytes);
    case DataType::kBytes: return AppendTexts(out, tensor.bytes);
    case DataType::kFp16:
    case DataType::kBf16: return;  // requests for these in JSON were refused
  }
}

void AppendNumberParameter(std::string& out, std::string_view name, double value) {
  out += ",\"";
  out += name;
  out += "\":";
  AppendJsonNumber(out, value);
}

// What is out of the ordinary.
void AppendExceptions(std::string& out, const core::Response& response) {
  if (!response.tenant.empty()) {
    out += ",\"tenant\":";
    AppendJsonString(out, response.tenant);
  }
  if (response.account.batch > 1) {
    out += ",\"batch\":";
    AppendJsonNumber(out, std::int64_t{response.account.batch});
  }
  if (response.account.degraded) out += ",\"degraded\":true";
}

void AppendParameters(std::string& out, const core::Response& response) {
  const core::Account& account = response.account;
  out += ",\"parameters\":{\"exit\":";
  AppendJsonNumber(out, std::int64_t{account.exit});
  if (account.accuracy_estimate) {
    AppendNumberParameter(out, "accuracy_estimate", *account.accuracy_estimate);
  }
  if (account.confidence) AppendNumberParameter(out, "confidence", *account.confidence);
  AppendNumberParameter(out, "latency_ms", InMilliseconds(account.latency));
  AppendNumberParameter(out, "queue_ms", InMilliseconds(account.queue));
  AppendNumberParameter(out, "device_ms", InMilliseconds(account.device));
  AppendNumberParameter(out, "energy_mj", InMillijoules(account.energy));
  out += ",\"energy_source\":\"";
  out += Name(account.energy_source);
  out += "\",\"bounds_met\":";
  out += account.missed.empty() ? "true" : "false";
  out += ",\"bounds_missed\":\"";
  out += core::ToString(account.missed);
  out += '"';
  AppendExceptions(out, response);
  out += '}';
}

void AppendOutput(std::string& out, const core::Tensor& tensor, bool binary) {
  out += ",\"outputs\":[{\"name\":";
  AppendJsonString(out, tensor.name);
  out += ",\"datatype\":\"";
  out += Name(tensor.datatype);
  out += "\",\"shape\":";
  out += core::ToString(tensor.shape);
  if (binary) {
    out += ",\"parameters\":{\"binary_data_size\":";
    AppendJsonNumber(out, std::uint64_t{tensor.bytes.size()});
    out += '}';
  } else {
    out += ",\"data\":[";
    AppendData(out, tensor);
    out += ']';
  }
  out += "}]";
}

}  // namespace

void AppendInferResponse(std::string& out, const core::Response& response, std::string_view id,
                         bool binary) {
  out += "{\"model_name\":";
  AppendJsonString(out, response.model);
  out += ",\"model_version\":\"";
  AppendJsonNumber(out, std::int64_t{response.version});
  out += '"';
  if (!id.empty()) {
    out += ",\"id\":";
    AppendJsonString(out, id);
  }
  AppendParameters(out, response);
  AppendOutput(out, response.output, binary);
  out += '}';
}

}  // namespace delen::frontend
