#include "importer/weights_file.h"

#include <functional>
#include <string_view>
#include <utility>

namespace delen::importer {
namespace {

std::string_view AsText(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void AddEntry(onnx::TensorProto& tensor, const char* key, std::string value) {
  auto& entry = *tensor.add_external_data();
  entry.set_key(key);
  entry.set_value(std::move(value));
}

// All of a tensor but its elements.
onnx::TensorProto Header(std::string_view name, const onnx::TensorProto& tensor) {
  onnx::TensorProto header;
  header.set_name(std::string(name));
  header.set_data_type(tensor.data_type());
  *header.mutable_dims() = tensor.dims();
  return header;
}

}  // namespace

Result<onnx::TensorProto> WeightsFile::Place(std::string_view name,
                                             const onnx::TensorProto& tensor) {
  // Strings have no raw form and stay as they are.
  if (tensor.data_type() == onnx::TensorProto::STRING && !IsExternal(tensor)) {
    onnx::TensorProto placed = tensor;
    placed.set_name(std::string(name));
    return placed;
  }
  Result<TensorBytes> bytes = source_.Find(tensor);
  if (!bytes) return bytes.error();
  onnx::TensorProto placed = Header(name, tensor);
  const std::size_t length = bytes->view().size();
  if (length < kMinExternalBytes) {
    placed.set_raw_data(std::string(AsText(bytes->view())));
    return placed;
  }
  const std::uint64_t offset = Store(*std::move(bytes));
  placed.set_data_location(onnx::TensorProto::EXTERNAL);
  AddEntry(placed, "location", kWeightsFileName);
  AddEntry(placed, "offset", fmt::format("{}", offset));
  AddEntry(placed, "length", fmt::format("{}", length));
  return placed;
}

std::uint64_t WeightsFile::Store(TensorBytes bytes) {
  const std::string_view content = AsText(bytes.view());
  const std::size_t hash = std::hash<std::string_view>()(content);
  const auto [first, last] = stored_.equal_range(hash);
  for (auto same = first; same != last; ++same) {
    if (AsText(same->second.bytes.view()) == content) return same->second.offset;
  }
  const std::uint64_t padding = (kWeightAlignment - size_ % kWeightAlignment) % kWeightAlignment;
  const std::uint64_t offset = size_ + padding;
  out_ << std::string(padding, '\0') << content;
  size_ = offset + content.size();
  stored_.emplace(hash, Stored{std::move(bytes), offset});
  return offset;
}

}  // namespace delen::importer
