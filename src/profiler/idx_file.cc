#include "profiler/idx_file.h"

namespace delen::profiler {
namespace {

constexpr std::size_t kMaxAxes = 4;
constexpr std::size_t kMagicBytes = 4;

std::uint8_t ByteAt(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::uint32_t BigEndianAt(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = (number << 8) | ByteAt(bytes, at + i);
  return number;
}

std::size_t SizeOf(std::uint8_t type) { return type == kIdxInt32 ? 4 : 1; }

}  // namespace

bool LooksLikeIdx(std::string_view bytes) {
  if (bytes.size() < kMagicBytes || bytes[0] != 0 || bytes[1] != 0) return false;
  const std::uint8_t type = ByteAt(bytes, 2);
  const std::uint8_t axes = ByteAt(bytes, 3);
  return type >= kIdxUint8 && type <= 0x0E && axes >= 1 && axes <= 8;
}

Result<IdxHeader> ParseIdxHeader(std::string_view bytes, std::string_view source) {
  if (!LooksLikeIdx(bytes)) {
    return InvalidArgument("'{}' does not start like an IDX file: 00 00 08 and the number of axes",
                           source);
  }
  IdxHeader header;
  header.type = ByteAt(bytes, 2);
  if (header.type != kIdxUint8 && header.type != kIdxInt32) {
    return Unsupported(
        "'{}' holds IDX elements of type 0x{:02x}, expected 0x08 (bytes) or, for "
        "labels, 0x0c (32-bit integers)",
        source, header.type);
  }
  const std::size_t axes = ByteAt(bytes, 3);
  header.data_begin = kMagicBytes + 4 * axes;
  if (axes > kMaxAxes || bytes.size() < header.data_begin) {
    return InvalidArgument("'{}' has an IDX header for {} axes in {} bytes, expected 1 to {} axes",
                           source, axes, bytes.size(), kMaxAxes);
  }
  for (std::size_t axis = 0; axis < axes; ++axis) {
    header.shape.push_back(BigEndianAt(bytes, kMagicBytes + 4 * axis));
  }
  const Result<std::size_t> count = core::ElementCount(header.shape);
  const std::size_t held = (bytes.size() - header.data_begin) / SizeOf(header.type);
  const std::size_t left_over = (bytes.size() - header.data_begin) % SizeOf(header.type);
  if (!count || *count != held || left_over != 0) {
    return InvalidArgument("'{}' has an IDX header for shape {}, but {} bytes of elements follow",
                           source, core::ToString(header.shape), bytes.size() - header.data_begin);
  }
  return header;
}

Result<std::vector<std::int32_t>> ParseIdxLabels(std::string_view bytes, std::string_view source) {
  const Result<IdxHeader> header = ParseIdxHeader(bytes, source);
  if (!header) return header.error();
  if (header->shape.size() != 1) {
    return InvalidArgument("'{}' has shape {}, expected one axis: a label per sample", source,
                           core::ToString(header->shape));
  }
  std::vector<std::int32_t> labels;
  for (std::size_t at = header->data_begin; at < bytes.size(); at += SizeOf(header->type)) {
    labels.push_back(header->type == kIdxInt32 ? static_cast<std::int32_t>(BigEndianAt(bytes, at))
                                               : static_cast<std::int32_t>(ByteAt(bytes, at)));
  }
  return labels;
}

}  // namespace delen::profiler
