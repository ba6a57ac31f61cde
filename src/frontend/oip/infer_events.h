// RapidJSON's events, sorted into an InferJson: the machine behind
// ParseInferJson.
//
// Errors:  a method that returns false stops the parser; error() says why.
// Threads: not thread-safe.
#pragma once

#include <rapidjson/reader.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"
#include "frontend/oip/infer_json.h"
#include "frontend/oip/json_tensor.h"
#include "frontend/oip/text_stream.h"

namespace delen::frontend {

class InferEvents {
 public:
  InferEvents(std::string_view text, const TextStream& stream) : text_(text), stream_(stream) {}

  bool Null();
  bool Bool(bool value) {
    if (in_ == In::kData) return Checked(tensor_->AppendBool(value));
    return in_ == In::kParameters ? AddParameter(value) : Unexpected();
  }
  bool Int(int value) { return Int64(value); }
  bool Uint(unsigned value) { return Int64(value); }
  bool Int64(std::int64_t value);
  bool Uint64(std::uint64_t value);
  bool Double(double value) {
    if (in_ == In::kData) return Checked(tensor_->Append(value));
    return in_ == In::kParameters ? AddParameter(value) : Unexpected();
  }
  bool RawNumber(const char*, rapidjson::SizeType, bool) { return Unexpected(); }
  bool String(const char* text, rapidjson::SizeType length, bool);
  bool Key(const char* text, rapidjson::SizeType length, bool);
  bool StartObject();
  bool EndObject(rapidjson::SizeType);
  bool StartArray();
  bool EndArray(rapidjson::SizeType);

  const Error& error() const { return error_; }
  bool failed() const { return !error_.message.empty(); }
  InferJson Take() && { return std::move(request_); }

 private:
  // Which container the parser stands in.
  enum class In {
    kNothing,
    kRequest,
    kParameters,
    kInputs,
    kInput,
    kShape,
    kData,         // elements go to tensor_
    kSkippedData,  // datatype or shape not known yet
    kSkipped,      // the value of a name that means nothing to us
    kOutputs,
    kOutput,
  };

  // The value that comes next belongs to this name.
  enum class Field { kOther, kId, kName, kDatatype, kShape, kData, kParameters, kInputs, kOutputs };

  // What an input has shown of itself so far.
  struct Seen {
    bool datatype = false;
    bool shape = false;
    std::string_view data;  // text of an array that was passed over
  };

  static Field FieldOf(In in, std::string_view name);
  static std::string_view Expected(Field field);

  JsonInput& input() { return request_.inputs.back(); }
  std::size_t position() const { return stream_.Tell(); }

  bool Fail(Error error);
  bool Unexpected();
  // The outcome of handing an element to tensor_.
  bool Checked(bool stored) { return stored || Fail(tensor_->error()); }
  bool AddParameter(core::ParameterValue value);
  bool OpenParameters();
  bool OpenData();
  bool CloseData();
  bool CloseInput();
  bool Skip();
  bool SetDatatype(std::string_view name);

  std::string_view text_;
  const TextStream& stream_;
  InferJson request_;
  Error error_;

  In in_ = In::kNothing;
  In outer_ = In::kNothing;  // where kParameters, kSkipped and kSkippedData return to
  Field field_ = Field::kOther;
  int skipped_depth_ = 0;
  std::size_t data_begin_ = 0;
  core::Parameters* parameters_ = nullptr;
  std::string parameter_name_;
  Seen seen_;
  std::optional<JsonTensor> tensor_;
};

}  // namespace delen::frontend
