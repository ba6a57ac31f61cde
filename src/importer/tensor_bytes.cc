#include "importer/tensor_bytes.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <system_error>

#include "importer/onnx_types.h"

namespace delen::importer {
namespace fs = std::filesystem;

namespace {

static_assert(std::endian::native == std::endian::little, "ONNX's raw data is little-endian");

using onnx::TensorProto;

std::span<const std::byte> AsBytes(const std::string& text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

// Each number of a list, as the type it stands for.
template <class Stored, class List>
std::string Pack(const List& list) {
  std::string bytes(static_cast<std::size_t>(list.size()) * sizeof(Stored), '\0');
  char* out = bytes.data();
  for (const auto number : list) {
    const auto stored = static_cast<Stored>(number);
    std::memcpy(out, &stored, sizeof stored);
    out += sizeof stored;
  }
  return bytes;
}

// The list that a type is kept in when it is not raw (onnx.proto, TensorProto).
std::optional<std::string> PackList(const TensorProto& tensor) {
  switch (tensor.data_type()) {
    case TensorProto::FLOAT:
    case TensorProto::COMPLEX64: return Pack<float>(tensor.float_data());
    case TensorProto::DOUBLE:
    case TensorProto::COMPLEX128: return Pack<double>(tensor.double_data());
    case TensorProto::INT64: return Pack<std::int64_t>(tensor.int64_data());
    case TensorProto::INT32: return Pack<std::int32_t>(tensor.int32_data());
    case TensorProto::UINT64: return Pack<std::uint64_t>(tensor.uint64_data());
    case TensorProto::UINT32: return Pack<std::uint32_t>(tensor.uint64_data());
    case TensorProto::INT16: return Pack<std::int16_t>(tensor.int32_data());
    case TensorProto::INT8: return Pack<std::int8_t>(tensor.int32_data());
    case TensorProto::UINT16:
    case TensorProto::FLOAT16:
    case TensorProto::BFLOAT16: return Pack<std::uint16_t>(tensor.int32_data());
    // The rest are one byte each, two elements to it where they have 4 bits.
    default: return Pack<std::uint8_t>(tensor.int32_data());
  }
}

const std::string* FindEntry(const TensorProto& tensor, std::string_view key) {
  for (const auto& entry : tensor.external_data()) {
    if (entry.key() == key) return &entry.value();
  }
  return nullptr;
}

Result<std::size_t> ReadNumberEntry(const TensorProto& tensor, std::string_view key,
                                    std::size_t absent) {
  const std::string* text = FindEntry(tensor, key);
  if (text == nullptr) return absent;
  std::size_t number = 0;
  const char* const end = text->data() + text->size();
  const auto [rest, failure] = std::from_chars(text->data(), end, number);
  if (failure == std::errc() && rest == end) return number;
  return InvalidArgument("tensor '{}' has external {} '{:.32}', expected a whole number",
                         tensor.name(), key, *text);
}

bool IsBelow(const fs::path& path, const fs::path& folder) {
  const auto [rest, unused] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return rest == folder.end();
}

}  // namespace

bool IsExternal(const TensorProto& tensor) {
  return tensor.data_location() == TensorProto::EXTERNAL || tensor.external_data_size() > 0;
}

std::span<const std::byte> TensorBytes::view() const {
  if (const auto* own = std::get_if<std::string>(&bytes_)) return AsBytes(*own);
  return std::get<std::span<const std::byte>>(bytes_);
}

Result<TensorBytes> TensorSource::Find(const TensorProto& tensor) {
  const Result<std::size_t> elements = ElementCount(tensor);
  if (!elements) return elements.error();
  const std::optional<std::size_t> size = RawSize(tensor.data_type(), *elements);
  if (!size) {
    return Unsupported("tensor '{}' has elements of {}, which have no raw form", tensor.name(),
                       OnnxTypeName(tensor.data_type()));
  }
  if (IsExternal(tensor)) {
    const Result<std::span<const std::byte>> bytes = FindExternal(tensor, *size);
    if (!bytes) return bytes.error();
    return TensorBytes(*bytes);
  }
  TensorBytes bytes = tensor.has_raw_data() ? TensorBytes(AsBytes(tensor.raw_data()))
                                            : TensorBytes(*PackList(tensor));
  if (bytes.view().size() != *size) {
    return InvalidArgument("tensor '{}' has {} bytes, expected {} for {} elements of {}",
                           tensor.name(), bytes.view().size(), *size, *elements,
                           OnnxTypeName(tensor.data_type()));
  }
  return bytes;
}

Result<std::span<const std::byte>> TensorSource::FindExternal(const TensorProto& tensor,
                                                              std::size_t size) {
  const std::string* location = FindEntry(tensor, "location");
  if (location == nullptr) {
    return InvalidArgument("tensor '{}' is external but names no location", tensor.name());
  }
  const Result<std::size_t> offset = ReadNumberEntry(tensor, "offset", 0);
  if (!offset) return offset.error();
  const Result<std::size_t> length = ReadNumberEntry(tensor, "length", size);
  if (!length) return length.error();
  if (*length != size) {
    return InvalidArgument("tensor '{}' has {} external bytes, expected {} from its shape",
                           tensor.name(), *length, size);
  }
  const Result<const MappedFile*> file = OpenExternal(*location);
  if (!file) return WithContext(fmt::format("tensor '{}'", tensor.name()), file.error());
  const std::span<const std::byte> all = (*file)->bytes();
  if (*offset > all.size() || size > all.size() - *offset) {
    return InvalidArgument("tensor '{}' lies at {} + {} in '{}', which has {} bytes", tensor.name(),
                           *offset, size, *location, all.size());
  }
  return all.subspan(*offset, size);
}

Result<const MappedFile*> TensorSource::OpenExternal(const std::string& location) {
  if (const auto known = files_.find(location); known != files_.end()) return &known->second;
  if (folder_.empty()) {
    return InvalidArgument("external data '{:.128}' of a model without a file", location);
  }
  const bool has_nul = location.find('\0') != std::string::npos;
  std::error_code failure;
  const fs::path folder = fs::canonical(folder_, failure);
  if (failure) return Internal("cannot read '{}': {}", folder_.string(), failure.message());
  // Resolved, so that neither ".." nor a link leads out.
  const fs::path path = fs::weakly_canonical(folder / location, failure);
  if (has_nul || failure || fs::path(location).is_absolute() || !IsBelow(path, folder)) {
    return InvalidArgument("external data '{:.128}' lies outside the model's folder", location);
  }
  Result<MappedFile> file = MappedFile::Open(path);
  if (!file) {
    return MakeError(file.error().code, "external data '{:.128}' is missing: {}", location,
                     file.error().message);
  }
  return &files_.emplace(location, *std::move(file)).first->second;
}

}  // namespace delen::importer
