#include "frontend/oip/binary_framing.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

namespace delen::frontend {
namespace {

static_assert(std::endian::native == std::endian::little, "tensor bytes are passed on as they are");

constexpr std::size_t kLengthBytes = sizeof(std::uint32_t);

// Steps over the next BYTES element; nothing when it does not fit.
bool TakeElement(std::span<const std::byte>& rest, std::string_view& element) {
  std::uint32_t length = 0;
  if (rest.size() < kLengthBytes) return false;
  std::memcpy(&length, rest.data(), kLengthBytes);
  if (rest.size() - kLengthBytes < length) return false;
  element = {reinterpret_cast<const char*>(rest.data()) + kLengthBytes, length};
  rest = rest.subspan(kLengthBytes + length);
  return true;
}

Status CheckBytesElements(std::span<const std::byte> rest, std::size_t expected) {
  std::string_view ignored;
  for (std::size_t i = 0; i < expected; ++i) {
    if (!TakeElement(rest, ignored)) {
      return InvalidArgument("element {} of {} leaves the tensor's bytes", i, expected);
    }
  }
  if (rest.empty()) return {};
  return InvalidArgument("{} bytes are left after {} BYTES elements", rest.size(), expected);
}

Status CheckElements(core::DataType type, std::span<const std::int64_t> shape,
                     std::span<const std::byte> bytes) {
  const Result<std::size_t> elements = core::ElementCount(shape);
  if (!elements) return elements.error();
  if (type == core::DataType::kBytes) return CheckBytesElements(bytes, *elements);
  const Result<std::size_t> expected = core::ByteCount(type, shape);
  if (!expected) return expected.error();
  if (bytes.size() != *expected) {
    return InvalidArgument("binary data has {} bytes, expected {} for {} {}", bytes.size(),
                           *expected, Name(type), core::ToString(shape));
  }
  const auto is_bool = [](std::byte b) { return b <= std::byte{1}; };
  if (type == core::DataType::kBool && !std::all_of(bytes.begin(), bytes.end(), is_bool)) {
    return InvalidArgument("binary data of a BOOL tensor holds bytes other than 0 and 1");
  }
  return {};
}

bool IsAligned(const core::Tensor& tensor) {
  const std::size_t size = std::max<std::size_t>(core::ElementSize(tensor.datatype), 1);
  return reinterpret_cast<std::uintptr_t>(tensor.bytes.data()) % size == 0;
}

core::Tensor Aligned(core::Tensor tensor) {
  if (IsAligned(tensor)) return tensor;
  return core::OwningTensor(std::move(tensor.name), tensor.datatype, std::move(tensor.shape),
                            {tensor.bytes.begin(), tensor.bytes.end()});
}

}  // namespace

Result<core::Tensor> BinaryFraming::Next(std::string name, core::DataType type, core::Shape shape,
                                         std::uint64_t size) {
  if (size > rest_.size()) {
    return InvalidArgument("binary_data_size is {}, but only {} bytes are left in the body", size,
                           rest_.size());
  }
  const std::span<const std::byte> bytes = rest_.first(static_cast<std::size_t>(size));
  const Status checked = CheckElements(type, shape, bytes);
  if (!checked) return checked.error();
  rest_ = rest_.subspan(bytes.size());
  return Aligned(core::Tensor{std::move(name), type, std::move(shape), bytes, owner_});
}

Status BinaryFraming::Finish() const {
  if (rest_.empty()) return {};
  return InvalidArgument("{} bytes of the body belong to no input", rest_.size());
}

Result<core::Tensor> RawTensor(const core::TensorSpec& spec, std::span<const std::byte> bytes,
                               std::shared_ptr<const void> owner) {
  if (spec.datatype == core::DataType::kBytes) {
    return Unsupported("a raw body cannot be a BYTES tensor");
  }
  core::Shape shape = spec.shape;
  const auto open = std::count(shape.begin(), shape.end(), -1);
  if (open > 1) {
    return Unsupported("a raw body needs a shape with at most one open axis, input '{}' has {}",
                       spec.name, core::ToString(shape));
  }
  const auto axis = std::find(shape.begin(), shape.end(), -1);
  if (axis != shape.end()) {
    *axis = 1;
    const Result<std::size_t> row = core::ByteCount(spec.datatype, shape);
    if (!row) return row.error();
    if (bytes.empty() || *row == 0 || bytes.size() % *row != 0) {
      return InvalidArgument("raw body has {} bytes, expected a multiple of {} for input '{}' {}",
                             bytes.size(), *row, spec.name, core::ToString(spec.shape));
    }
    *axis = static_cast<std::int64_t>(bytes.size() / *row);
  }
  return BinaryFraming(bytes, std::move(owner))
      .Next(spec.name, spec.datatype, std::move(shape), bytes.size());
}

void AppendBytesElement(std::vector<std::byte>& out, std::string_view element) {
  const auto length = static_cast<std::uint32_t>(element.size());
  const std::size_t at = out.size();
  out.resize(at + kLengthBytes + element.size());
  std::memcpy(out.data() + at, &length, kLengthBytes);
  std::copy(element.begin(), element.end(),
            reinterpret_cast<char*>(out.data()) + at + kLengthBytes);
}

Result<std::vector<std::string_view>> BytesElements(std::span<const std::byte> bytes) {
  std::vector<std::string_view> elements;
  std::string_view element;
  while (!bytes.empty()) {
    if (!TakeElement(bytes, element)) {
      return InvalidArgument("element {} leaves the tensor's bytes", elements.size());
    }
    elements.push_back(element);
  }
  return elements;
}

}  // namespace delen::frontend
