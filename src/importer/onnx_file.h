// An ONNX file read into memory and checked as far as one can without looking
// at its graph.
#pragma once

#include <onnx/onnx_pb.h>
#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace delen::importer {

// What ONNX Runtime 1.24 loads. Opset 7 is the oldest it promises to.
inline constexpr std::int64_t kMinOpset = 7;
inline constexpr std::int64_t kMaxOpset = 25;
inline constexpr std::int64_t kMaxMlOpset = 5;
inline constexpr std::int64_t kMinIrVersion = 3;
inline constexpr std::int64_t kMaxIrVersion = 13;

// Errors: kInvalidArgument when the bytes are no ONNX model, kUnsupported when
//         its format or operators are older or newer than the runtime's.
Result<onnx::ModelProto> ParseOnnx(std::string_view bytes);

// Errors: as above with the file's name, kNotFound when there is no such file.
Result<onnx::ModelProto> ReadOnnx(const std::filesystem::path& path);

// The opset that `model` imports for a domain; "" and "ai.onnx" are the same.
// 0 when it imports none.
std::int64_t OpsetOf(const onnx::ModelProto& model, std::string_view domain);

}  // namespace delen::importer
