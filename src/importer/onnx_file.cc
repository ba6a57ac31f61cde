#include "importer/onnx_file.h"

#include <limits>

#include "importer/mapped_file.h"

namespace delen::importer {
namespace {

constexpr std::string_view kDefaultDomain = "ai.onnx";

// protobuf counts bytes in an int.
constexpr std::size_t kMaxBytes = std::numeric_limits<int>::max();

std::string_view Normalized(std::string_view domain) {
  return domain == kDefaultDomain ? std::string_view() : domain;
}

Status CheckRange(std::string_view what, std::int64_t actual, std::int64_t low, std::int64_t high) {
  if (actual >= low && actual <= high) return {};
  return Unsupported("the model has {} {}, the runtime supports {} to {}", what, actual, low, high);
}

Status CheckVersions(const onnx::ModelProto& model) {
  if (Status ir = CheckRange("IR version", model.ir_version(), kMinIrVersion, kMaxIrVersion); !ir) {
    return ir;
  }
  const std::int64_t ml_opset = OpsetOf(model, "ai.onnx.ml");
  if (Status ml = CheckRange("ai.onnx.ml opset", ml_opset, 0, kMaxMlOpset); !ml) return ml;
  const std::int64_t opset = OpsetOf(model, "");
  if (opset == 0) return InvalidArgument("the model imports no ai.onnx opset");
  return CheckRange("opset", opset, kMinOpset, kMaxOpset);
}

}  // namespace

Result<onnx::ModelProto> ParseOnnx(std::string_view bytes) {
  if (bytes.size() > kMaxBytes) {
    return InvalidArgument(
        "{} bytes are more than an ONNX file can have ({}); keep the weights as "
        "external data",
        bytes.size(), kMaxBytes);
  }
  onnx::ModelProto model;
  if (bytes.empty() || !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return InvalidArgument("not an ONNX model: {} bytes that do not read as one", bytes.size());
  }
  if (!model.has_graph()) return InvalidArgument("not an ONNX model: it holds no graph");
  if (const Status versions = CheckVersions(model); !versions) return versions.error();
  return model;
}

Result<onnx::ModelProto> ReadOnnx(const std::filesystem::path& path) {
  const Result<MappedFile> file = MappedFile::Open(path);
  if (!file) return file.error();
  const std::span<const std::byte> bytes = file->bytes();
  Result<onnx::ModelProto> model =
      ParseOnnx({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  if (!model) return WithContext(path.string(), model.error());
  return model;
}

std::int64_t OpsetOf(const onnx::ModelProto& model, std::string_view domain) {
  for (const auto& import : model.opset_import()) {
    if (Normalized(import.domain()) == Normalized(domain)) return import.version();
  }
  return 0;
}

}  // namespace delen::importer
