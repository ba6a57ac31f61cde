#include "frontend/oip/json_tensor.h"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include "frontend/oip/binary_framing.h"
#include "frontend/oip/text_stream.h"

namespace delen::frontend {

using core::DataType;

Result<JsonTensor> JsonTensor::Make(DataType type, core::Shape shape, std::size_t text_bytes) {
  if (type == DataType::kFp16 || type == DataType::kBf16) {
    return Unsupported("{} has no form in JSON; send it as binary data", Name(type));
  }
  const Result<std::size_t> elements = core::ElementCount(shape);
  if (!elements) return elements.error();
  JsonTensor tensor;
  tensor.type_ = type;
  tensor.shape_ = std::move(shape);
  tensor.expected_ = *elements;
  if (type != DataType::kBytes) {
    // An element takes a character and a comma, so short text cannot fill a long shape.
    tensor.room_ = std::min(*elements, text_bytes / 2 + 1);
    const std::size_t bytes = tensor.room_ * core::ElementSize(type);
    tensor.buffer_ = std::shared_ptr<std::byte[]>(new std::byte[std::max<std::size_t>(bytes, 1)]);
  }
  return tensor;
}

template <class Target>
bool JsonTensor::Store(Target value) {
  // Elements beyond the shape are only counted, for the message.
  if (count_ < room_) std::memcpy(buffer_.get() + count_ * sizeof(Target), &value, sizeof(Target));
  ++count_;
  return true;
}

template <class Target, class Number>
bool JsonTensor::StoreWhole(Number value) {
  if constexpr (std::is_floating_point_v<Number>) {
    // The bounds are powers of two and so exact; NaN fails both comparisons.
    const double low = static_cast<double>(std::numeric_limits<Target>::min());
    const double high = std::ldexp(1.0, std::numeric_limits<Target>::digits);
    if (!(value >= low && value < high) || value != std::trunc(value)) {
      return Refuse(fmt::format("{}", value));
    }
  } else if (!std::in_range<Target>(value)) {
    return Refuse(fmt::format("{}", value));
  }
  return Store(static_cast<Target>(value));
}

template <class Number>
bool JsonTensor::StoreFloat(Number value) {
  const auto narrow = static_cast<float>(value);
  if constexpr (std::is_floating_point_v<Number>) {
    if (std::isinf(narrow) && !std::isinf(value)) return Refuse(fmt::format("{}", value));
  }
  return Store(narrow);
}

template <class Number>
bool JsonTensor::AppendNumber(Number value) {
  switch (type_) {
    case DataType::kFp32: return StoreFloat(value);
    case DataType::kFp64: return Store(static_cast<double>(value));
    case DataType::kUint8: return StoreWhole<std::uint8_t>(value);
    case DataType::kUint16: return StoreWhole<std::uint16_t>(value);
    case DataType::kUint32: return StoreWhole<std::uint32_t>(value);
    case DataType::kUint64: return StoreWhole<std::uint64_t>(value);
    case DataType::kInt8: return StoreWhole<std::int8_t>(value);
    case DataType::kInt16: return StoreWhole<std::int16_t>(value);
    case DataType::kInt32: return StoreWhole<std::int32_t>(value);
    case DataType::kInt64: return StoreWhole<std::int64_t>(value);
    case DataType::kBool:
      if (value == Number{0} || value == Number{1}) {
        return Store(static_cast<std::uint8_t>(value));
      }
      break;
    case DataType::kFp16:
    case DataType::kBf16:
    case DataType::kBytes: break;
  }
  return Refuse(fmt::format("{}", value));
}

bool JsonTensor::AppendBool(bool value) {
  if (type_ == DataType::kBool) return Store(static_cast<std::uint8_t>(value ? 1 : 0));
  return Refuse(value ? "true" : "false");
}

bool JsonTensor::AppendText(std::string_view value) {
  if (type_ != DataType::kBytes) return Refuse(fmt::format("'{:.32}'", value));
  if (count_ < expected_) AppendBytesElement(bytes_, value);
  ++count_;
  return true;
}

bool JsonTensor::AppendNull() { return Refuse("null"); }

bool JsonTensor::OpenArray() {
  if (++depth_ <= kMaxDataDepth) return true;
  error_ = InvalidArgument("data is nested {} deep, expected at most {}", depth_, kMaxDataDepth);
  return false;
}

bool JsonTensor::Refuse(std::string_view value) {
  error_ = InvalidArgument("data[{}] is {}, which {} cannot hold", count_, value, Name(type_));
  return false;
}

Result<core::Tensor> JsonTensor::Finish(std::string name) && {
  if (count_ != expected_) {
    return InvalidArgument("data has {} elements, expected {} by shape {}", count_, expected_,
                           core::ToString(shape_));
  }
  if (type_ == DataType::kBytes) {
    return core::OwningTensor(std::move(name), type_, std::move(shape_), std::move(bytes_));
  }
  const std::span<const std::byte> view(buffer_.get(), count_ * core::ElementSize(type_));
  return core::Tensor{std::move(name), type_, std::move(shape_), view, std::move(buffer_)};
}

namespace {

// Hands the events of one array to a JsonTensor.
struct ArrayEvents {
  JsonTensor& tensor;

  bool Null() { return tensor.AppendNull(); }
  bool Bool(bool v) { return tensor.AppendBool(v); }
  bool Int(int v) { return tensor.Append(std::int64_t{v}); }
  bool Uint(unsigned v) { return tensor.Append(std::uint64_t{v}); }
  bool Int64(std::int64_t v) { return tensor.Append(v); }
  bool Uint64(std::uint64_t v) { return tensor.Append(v); }
  bool Double(double v) { return tensor.Append(v); }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return false; }  // never asked for
  bool String(const char* text, rapidjson::SizeType length, bool) {
    return tensor.AppendText({text, length});
  }
  bool StartObject() { return false; }
  bool Key(const char*, rapidjson::SizeType, bool) { return false; }
  bool EndObject(rapidjson::SizeType) { return false; }
  bool StartArray() { return tensor.OpenArray(); }
  bool EndArray(rapidjson::SizeType) {
    tensor.CloseArray();
    return true;
  }
};

template <unsigned Flags>
Status ParseArray(JsonTensor& tensor, std::string_view text) {
  constexpr unsigned kAll = Flags | rapidjson::kParseIterativeFlag |
                            rapidjson::kParseNanAndInfFlag | rapidjson::kParseStopWhenDoneFlag |
                            rapidjson::kParseValidateEncodingFlag;
  TextStream stream(text);
  rapidjson::Reader reader;
  ArrayEvents events{tensor};
  const rapidjson::ParseResult result = reader.Parse<kAll>(stream, events);
  if (!result.IsError()) return {};
  if (!tensor.error().message.empty()) return tensor.error();
  if (result.Code() == rapidjson::kParseErrorTermination) {
    return InvalidArgument("data holds an object, expected numbers, booleans or strings");
  }
  return InvalidArgument("data is not JSON: {}", rapidjson::GetParseError_En(result.Code()));
}

}  // namespace

Result<core::Tensor> ParseJsonTensor(std::string name, DataType type, core::Shape shape,
                                     std::string_view text) {
  Result<JsonTensor> tensor = JsonTensor::Make(type, std::move(shape), text.size());
  if (!tensor) return std::move(tensor).error();
  // A float is rounded once more after parsing; only a double shows the last bits.
  const Status parsed = type == DataType::kFp64
                            ? ParseArray<rapidjson::kParseFullPrecisionFlag>(*tensor, text)
                            : ParseArray<rapidjson::kParseDefaultFlags>(*tensor, text);
  if (!parsed) return parsed.error();
  return (*std::move(tensor)).Finish(std::move(name));
}

}  // namespace delen::frontend
