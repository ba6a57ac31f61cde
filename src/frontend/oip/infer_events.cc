#include "frontend/oip/infer_events.h"

namespace delen::frontend {
namespace {

constexpr std::size_t kMaxTensors = 64;      // inputs, and outputs, of one request
constexpr std::size_t kMaxRank = 32;         // axes of a shape
constexpr std::size_t kMaxParameters = 256;  // of one object
constexpr int kMaxSkippedDepth = 64;         // nesting of what is not understood

}  // namespace

InferEvents::Field InferEvents::FieldOf(In in, std::string_view name) {
  const bool request = in == In::kRequest;
  if (name == "parameters") return Field::kParameters;
  if (request && name == "id") return Field::kId;
  if (request && name == "inputs") return Field::kInputs;
  if (request && name == "outputs") return Field::kOutputs;
  if (!request && name == "name") return Field::kName;
  if (in != In::kInput) return Field::kOther;
  if (name == "datatype") return Field::kDatatype;
  if (name == "shape") return Field::kShape;
  if (name == "data") return Field::kData;
  return Field::kOther;
}

std::string_view InferEvents::Expected(Field field) {
  switch (field) {
    case Field::kId: return "'id' must be a string";
    case Field::kName: return "'name' must be a string";
    case Field::kDatatype: return "'datatype' must be a string";
    case Field::kShape: return "'shape' must be an array of integers";
    case Field::kData: return "'data' must be an array of numbers, booleans or strings";
    case Field::kParameters: return "'parameters' must be an object";
    case Field::kInputs: return "'inputs' must be an array of objects";
    case Field::kOutputs: return "'outputs' must be an array of objects";
    case Field::kOther: return "a request must be an object";
  }
  return "";
}

bool InferEvents::Fail(Error error) {
  const bool in_input =
      !request_.inputs.empty() && (in_ == In::kInput || in_ == In::kShape || in_ == In::kData);
  error_ = std::move(error);
  if (in_input) error_ = WithContext(fmt::format("input '{:.64}'", input().name), error_);
  return false;
}

// A value of a kind that does not belong here; ignored where the name means
// nothing to us.
bool InferEvents::Unexpected() {
  switch (in_) {
    case In::kSkipped:
    case In::kSkippedData: return true;
    case In::kParameters:
      return Fail(InvalidArgument("parameter '{:.64}' must be a string, a number or a boolean",
                                  parameter_name_));
    case In::kShape: return Fail(InvalidArgument("{}", Expected(Field::kShape)));
    case In::kData: return Fail(InvalidArgument("{}", Expected(Field::kData)));
    case In::kInputs: return Fail(InvalidArgument("{}", Expected(Field::kInputs)));
    case In::kOutputs: return Fail(InvalidArgument("{}", Expected(Field::kOutputs)));
    case In::kNothing: return Fail(InvalidArgument("{}", Expected(Field::kOther)));
    case In::kRequest:
    case In::kInput:
    case In::kOutput: break;
  }
  return field_ == Field::kOther || Fail(InvalidArgument("{}", Expected(field_)));
}

// Some clients spell out the optional names they leave empty.
bool InferEvents::Null() {
  if (in_ == In::kData) return Checked(tensor_->AppendNull());
  const bool named = in_ == In::kRequest || in_ == In::kInput || in_ == In::kOutput;
  const bool optional =
      field_ == Field::kId || field_ == Field::kParameters || field_ == Field::kOutputs;
  return (named && optional) || in_ == In::kParameters || Unexpected();
}

bool InferEvents::Int64(std::int64_t value) {
  if (in_ == In::kData) return Checked(tensor_->Append(value));
  if (in_ == In::kParameters) return AddParameter(value);
  if (in_ != In::kShape) return Unexpected();
  if (input().shape.size() == kMaxRank) {
    return Fail(InvalidArgument("'shape' has more than {} axes", kMaxRank));
  }
  input().shape.push_back(value);
  return true;
}

bool InferEvents::Uint64(std::uint64_t value) {
  if (in_ == In::kData) return Checked(tensor_->Append(value));
  // RapidJSON calls every positive number unsigned that needs more than 32 bits.
  if (std::in_range<std::int64_t>(value)) return Int64(static_cast<std::int64_t>(value));
  return in_ == In::kParameters ? AddParameter(static_cast<double>(value)) : Unexpected();
}

bool InferEvents::String(const char* text, rapidjson::SizeType length, bool) {
  const std::string_view value(text, length);
  if (in_ == In::kData) return Checked(tensor_->AppendText(value));
  if (in_ == In::kParameters) return AddParameter(std::string(value));
  if (in_ == In::kRequest && field_ == Field::kId) {
    request_.id = value;
    return true;
  }
  if (in_ == In::kInput && field_ == Field::kDatatype) return SetDatatype(value);
  if (field_ == Field::kName && in_ == In::kInput) {
    input().name = value;
    return true;
  }
  if (field_ == Field::kName && in_ == In::kOutput) {
    request_.outputs.back().name = value;
    return true;
  }
  return Unexpected();
}

bool InferEvents::SetDatatype(std::string_view name) {
  if (seen_.datatype) return Fail(InvalidArgument("'datatype' is given twice"));
  const Result<core::DataType> type = core::ParseDataType(name.substr(0, 32));
  if (!type) return Fail(type.error());
  input().datatype = *type;
  seen_.datatype = true;
  return true;
}

bool InferEvents::Key(const char* text, rapidjson::SizeType length, bool) {
  const std::string_view name(text, length);
  if (in_ == In::kParameters) {
    parameter_name_ = name;
  } else if (in_ != In::kSkipped) {
    field_ = FieldOf(in_, name);
  }
  return true;
}

bool InferEvents::AddParameter(core::ParameterValue value) {
  if (parameters_->size() == kMaxParameters) {
    return Fail(InvalidArgument("'parameters' has more than {} entries", kMaxParameters));
  }
  parameters_->emplace_back(parameter_name_, std::move(value));
  return true;
}

bool InferEvents::OpenParameters() {
  if (in_ == In::kRequest) parameters_ = &request_.parameters;
  if (in_ == In::kInput) parameters_ = &input().parameters;
  if (in_ == In::kOutput) parameters_ = &request_.outputs.back().parameters;
  outer_ = std::exchange(in_, In::kParameters);
  return true;
}

bool InferEvents::Skip() {
  if (in_ != In::kSkipped) outer_ = std::exchange(in_, In::kSkipped);
  if (++skipped_depth_ <= kMaxSkippedDepth) return true;
  return Fail(InvalidArgument("request is nested more than {} deep", kMaxSkippedDepth));
}

bool InferEvents::StartObject() {
  switch (in_) {
    case In::kNothing: in_ = In::kRequest; return true;
    case In::kInputs:
      if (request_.inputs.size() == kMaxTensors) {
        return Fail(InvalidArgument("request has more than {} inputs", kMaxTensors));
      }
      request_.inputs.emplace_back();
      seen_ = {};
      in_ = In::kInput;
      return true;
    case In::kOutputs:
      if (request_.outputs.size() == kMaxTensors) {
        return Fail(InvalidArgument("request has more than {} outputs", kMaxTensors));
      }
      request_.outputs.emplace_back();
      in_ = In::kOutput;
      return true;
    case In::kRequest:
    case In::kInput:
    case In::kOutput:
      if (field_ == Field::kParameters) return OpenParameters();
      return field_ == Field::kOther ? Skip() : Unexpected();
    case In::kSkipped: return Skip();
    case In::kSkippedData:
      in_ = In::kInput;
      return Fail(InvalidArgument("{}", Expected(Field::kData)));
    case In::kParameters:
    case In::kShape:
    case In::kData: break;
  }
  return Unexpected();
}

bool InferEvents::EndObject(rapidjson::SizeType) {
  switch (in_) {
    case In::kRequest: in_ = In::kNothing; return true;
    case In::kInput: return CloseInput();
    case In::kOutput: in_ = In::kOutputs; return true;
    case In::kParameters: in_ = outer_; return true;
    default:
      if (--skipped_depth_ == 0) in_ = outer_;
      return true;
  }
}

bool InferEvents::StartArray() {
  if (in_ == In::kData) return Checked(tensor_->OpenArray());
  if (in_ == In::kSkippedData) {
    if (++skipped_depth_ <= kMaxDataDepth) return true;
    in_ = In::kInput;
    return Fail(InvalidArgument("data is nested more than {} deep", kMaxDataDepth));
  }
  if (in_ == In::kSkipped) return Skip();
  if (in_ == In::kInput && field_ == Field::kData) return OpenData();
  if (in_ == In::kInput && field_ == Field::kShape) {
    if (seen_.shape) return Fail(InvalidArgument("'shape' is given twice"));
    in_ = In::kShape;
    return true;
  }
  if (in_ == In::kRequest && field_ == Field::kInputs) {
    in_ = In::kInputs;
    return true;
  }
  if (in_ == In::kRequest && field_ == Field::kOutputs) {
    in_ = In::kOutputs;
    return true;
  }
  const bool named = in_ == In::kRequest || in_ == In::kInput || in_ == In::kOutput;
  return named && field_ == Field::kOther ? Skip() : Unexpected();
}

bool InferEvents::EndArray(rapidjson::SizeType) {
  switch (in_) {
    case In::kData: return tensor_->CloseArray() || CloseData();
    case In::kSkippedData:
      if (--skipped_depth_ == 0) {
        seen_.data = text_.substr(data_begin_, position() + 1 - data_begin_);
        in_ = In::kInput;
      }
      return true;
    case In::kShape:
      seen_.shape = true;
      in_ = In::kInput;
      return true;
    case In::kInputs:
    case In::kOutputs: in_ = In::kRequest; return true;
    default:
      if (--skipped_depth_ == 0) in_ = outer_;
      return true;
  }
}

// Numbers go straight into the tensor when its size is known. FP64 waits as
// well, for the slower parser that keeps a double's last bits.
bool InferEvents::OpenData() {
  if (input().data || !seen_.data.empty()) return Fail(InvalidArgument("'data' is given twice"));
  if (!seen_.datatype || !seen_.shape || input().datatype == core::DataType::kFp64) {
    in_ = In::kSkippedData;
    skipped_depth_ = 1;
    data_begin_ = position();
    return true;
  }
  Result<JsonTensor> tensor =
      JsonTensor::Make(input().datatype, input().shape, text_.size() - position());
  if (!tensor) return Fail(std::move(tensor).error());
  tensor_.emplace(*std::move(tensor));
  in_ = In::kData;
  return tensor_->OpenArray();
}

bool InferEvents::CloseData() {
  in_ = In::kInput;
  Result<core::Tensor> tensor = (*std::move(tensor_)).Finish({});
  if (!tensor) return Fail(std::move(tensor).error());
  input().data = *std::move(tensor);
  return true;
}

bool InferEvents::CloseInput() {
  if (input().name.empty()) return Fail(InvalidArgument("'name' is missing"));
  if (!seen_.datatype) return Fail(InvalidArgument("'datatype' is missing"));
  if (!seen_.shape) return Fail(InvalidArgument("'shape' is missing"));
  if (!seen_.data.empty()) {
    Result<core::Tensor> tensor = ParseJsonTensor({}, input().datatype, input().shape, seen_.data);
    if (!tensor) return Fail(std::move(tensor).error());
    input().data = *std::move(tensor);
  }
  if (input().data) input().data->name = input().name;
  in_ = In::kInputs;
  return true;
}

}  // namespace delen::frontend
