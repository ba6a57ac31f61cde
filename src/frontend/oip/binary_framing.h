// Tensors as bytes beside the JSON: the binary_tensor_data extension.
//
// Source: the extension's text: little-endian, row-major, no padding; a BOOL
//         element is one byte, 0 or 1; a BYTES element is a 4-byte length and
//         that many bytes. Tensors follow the JSON in the order of the inputs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/tensor.h"

namespace delen::frontend {

// Cuts the part of a body behind its JSON into tensors.
//
// Memory:  tensors are views into the body and share its owner; only one whose
//          elements would be misaligned there is copied.
// Threads: not thread-safe.
class BinaryFraming {
 public:
  BinaryFraming(std::span<const std::byte> bytes, std::shared_ptr<const void> owner)
      : rest_(bytes), owner_(std::move(owner)) {}

  // The next `size` bytes as a tensor.
  // Errors: kInvalidArgument when the body is shorter, when `size` is not what
  //         datatype and shape need, or when BOOL or BYTES elements are malformed.
  Result<core::Tensor> Next(std::string name, core::DataType type, core::Shape shape,
                            std::uint64_t size);

  // Errors: kInvalidArgument when bytes were left over.
  Status Finish() const;

 private:
  std::span<const std::byte> rest_;
  std::shared_ptr<const void> owner_;
};

// A body that is a single tensor, by what its model expects. One axis of `spec`
// may be -1; its length follows from the number of bytes.
// Errors: kInvalidArgument when the bytes are no whole number of rows,
//         kUnsupported for BYTES and for more than one open axis.
Result<core::Tensor> RawTensor(const core::TensorSpec& spec, std::span<const std::byte> bytes,
                               std::shared_ptr<const void> owner);

// One element of a BYTES tensor: its length, then itself.
void AppendBytesElement(std::vector<std::byte>& out, std::string_view element);

// The elements of a BYTES tensor.
// Errors: kInvalidArgument when a length leaves the bytes.
Result<std::vector<std::string_view>> BytesElements(std::span<const std::byte> bytes);

}  // namespace delen::frontend
