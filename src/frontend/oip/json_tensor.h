// The elements of one JSON `data` array, written into a tensor's bytes as the
// parser meets them.
//
// Shapes:  `data` may be nested or flat; both are row-major, so only the number
//          of elements is held against the shape.
// Memory:  one buffer, allocated once, no larger than the shape and the length
//          of the text allow.
// Threads: not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/tensor.h"

namespace delen::frontend {

// Arrays in `data` may be nested this deep.
inline constexpr int kMaxDataDepth = 32;

// Appending returns false on an element that the datatype cannot hold; error()
// then says which and why. A parser stops there.
class JsonTensor {
 public:
  // `text_bytes` is the most JSON text that the elements can come from.
  // Errors: kInvalidArgument for a shape that cannot be counted, kUnsupported
  //         for FP16 and BF16, which have no form in JSON.
  static Result<JsonTensor> Make(core::DataType type, core::Shape shape, std::size_t text_bytes);

  bool Append(std::int64_t value) { return AppendNumber(value); }
  bool Append(std::uint64_t value) { return AppendNumber(value); }
  bool Append(double value) { return AppendNumber(value); }
  bool AppendBool(bool value);
  bool AppendText(std::string_view value);
  bool AppendNull();

  bool OpenArray();
  bool CloseArray() { return --depth_ > 0; }  // false: the outermost array is complete

  const Error& error() const { return error_; }

  // The tensor, once all is appended.
  // Errors: kInvalidArgument when the number of elements is not the shape's.
  Result<core::Tensor> Finish(std::string name) &&;

 private:
  JsonTensor() = default;

  template <class Number>
  bool AppendNumber(Number value);
  template <class Target, class Number>
  bool StoreWhole(Number value);
  template <class Number>
  bool StoreFloat(Number value);
  template <class Target>
  bool Store(Target value);
  bool Refuse(std::string_view value);

  core::DataType type_ = core::DataType::kFp32;
  core::Shape shape_;
  std::size_t expected_ = 0;  // elements, by the shape
  std::size_t room_ = 0;      // elements that fit the buffer
  std::size_t count_ = 0;     // elements met
  int depth_ = 0;
  std::shared_ptr<std::byte[]> buffer_;
  std::vector<std::byte> bytes_;  // instead of the buffer for BYTES
  Error error_;
};

// Reads a whole `data` array.
// REQUIRES: `text` begins with an array; what follows it is not looked at.
// Errors: as JsonTensor, and kInvalidArgument for text that is not JSON.
Result<core::Tensor> ParseJsonTensor(std::string name, core::DataType type, core::Shape shape,
                                     std::string_view text);

}  // namespace delen::frontend
