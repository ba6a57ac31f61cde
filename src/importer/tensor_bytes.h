// The bytes of a model's constant tensors, wherever the file keeps them: raw,
// as a list of numbers, or in a file beside it.
#pragma once

#include <onnx/onnx_pb.h>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <variant>

#include "base/result.h"
#include "importer/mapped_file.h"

namespace delen::importer {

bool IsExternal(const onnx::TensorProto& tensor);

// Bytes that belong to somebody else, or to this value when they had to be
// made from a list of numbers.
class TensorBytes {
 public:
  explicit TensorBytes(std::span<const std::byte> borrowed) : bytes_(borrowed) {}
  explicit TensorBytes(std::string own) : bytes_(std::move(own)) {}

  std::span<const std::byte> view() const;

 private:
  std::variant<std::span<const std::byte>, std::string> bytes_;
};

// Finds tensors' bytes for one model file.
//
// Memory:  what Find gives points into the tensor or into this object.
// Threads: not thread-safe.
class TensorSource {
 public:
  // `folder` is the model file's: external data may not lie outside it. Empty
  // for a model without a file, whose external data is refused.
  explicit TensorSource(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Little-endian, row-major, as ONNX stores them; their number follows from
  // the tensor's type and dims.
  // Errors: kInvalidArgument when there are too few or too many bytes, or the
  //         external location is outside the folder or the file; kNotFound when
  //         the external file is missing; kUnsupported for types without a raw
  //         form (strings).
  Result<TensorBytes> Find(const onnx::TensorProto& tensor);

 private:
  Result<std::span<const std::byte>> FindExternal(const onnx::TensorProto& tensor,
                                                  std::size_t size);
  Result<const MappedFile*> OpenExternal(const std::string& location);

  std::filesystem::path folder_;
  std::map<std::string, MappedFile> files_;  // by location
};

}  // namespace delen::importer
