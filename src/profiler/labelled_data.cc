#include "profiler/labelled_data.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "profiler/idx_file.h"

namespace delen::profiler {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kCifarPixels = 3 * 32 * 32;
// Files are read whole; larger ones are not meant for an edge machine.
constexpr std::uintmax_t kMaxBytes = std::uintmax_t{1} << 30;

// Whether the size is that of CIFAR records with so many label bytes.
bool HoldsRecords(std::string_view content, std::size_t labels) {
  return !content.empty() && content.size() % (labels + kCifarPixels) == 0;
}

// A CIFAR file may start like an IDX file by chance, but then does not fit its
// header; what starts like one and is not CIFAR either gets IDX's message.
bool IsIdx(std::string_view content) {
  if (ParseIdxHeader(content, "")) return true;
  return LooksLikeIdx(content) && !HoldsRecords(content, 1) && !HoldsRecords(content, 2);
}

bool IsCompressed(std::string_view content) {
  return content.starts_with("\x1f\x8b") || content.starts_with(
                                                "\xfd"
                                                "7zXZ");
}

// "a,b" as two names, unless there is a file of that very name.
std::pair<std::string, std::string> SplitNames(const std::string& files) {
  std::error_code ignored;
  const std::size_t comma = files.find(',');
  if (comma == std::string::npos || fs::exists(files, ignored)) return {files, ""};
  return {files.substr(0, comma), files.substr(comma + 1)};
}

// False when there is nothing to replace.
bool ReplaceLast(std::string& text, std::string_view from, std::string_view to) {
  const std::size_t at = text.rfind(from);
  if (at == std::string::npos) return false;
  text.replace(at, from.size(), to);
  return true;
}

Result<LabelledBytes> ReadIdx(std::string images, const fs::path& path,
                              const std::string& labels_name) {
  Result<fs::path> labels_path = fs::path(labels_name);
  if (labels_name.empty()) labels_path = LabelsPath(path);
  if (!labels_path) return labels_path.error();
  const Result<std::string> labels = ReadFile(*labels_path, kMaxBytes);
  if (!labels) return WithContext("labels of '" + path.string() + "'", labels.error());
  return ParseIdx(std::move(images), path.string(), *labels, labels_path->string());
}

// The sample's shape as the model's input has it: [h, w] may go in as [1, h, w].
Result<core::Shape> ShapeFor(const core::ModelSpec& spec, const core::Shape& sample,
                             std::string_view source) {
  if (spec.inputs.size() != 1 || spec.inputs[0].datatype != core::DataType::kFp32) {
    return Unsupported(
        "labelled data needs a model of one FP32 input; '{}' has {}", spec.name,
        spec.inputs.size() == 1 ? core::Name(spec.inputs[0].datatype) : "several inputs");
  }
  const core::TensorSpec& input = spec.inputs[0];
  const auto fits = [&](core::Shape batch) {
    batch.insert(batch.begin(),
                 input.shape.empty() ? 0 : std::max<std::int64_t>(input.shape.front(), 1));
    return core::Matches(input, batch);
  };
  if (fits(sample)) return sample;
  core::Shape with_channel = sample;
  with_channel.insert(with_channel.begin(), 1);
  if (fits(with_channel)) return with_channel;
  return InvalidArgument(
      "the samples of '{}' have shape {}, expected that of input '{}' but for "
      "its batch: {}",
      source, core::ToString(sample), input.name, core::ToString(input.shape));
}

Status CheckLabels(std::span<const std::int32_t> labels, const core::ModelSpec& spec,
                   std::string_view source) {
  if (labels.empty()) return InvalidArgument("'{}' holds no samples", source);
  const std::int64_t classes = spec.output.shape.empty() ? -1 : spec.output.shape.back();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] >= 0 && (classes < 0 || labels[i] < classes)) continue;
    return InvalidArgument("sample {} of '{}' has label {}, expected 0 to {}", i, source, labels[i],
                           classes < 0 ? "the number of classes - 1" : std::to_string(classes - 1));
  }
  return {};
}

// One number per channel: as given, or `otherwise` for all.
Result<std::vector<double>> PerChannel(const std::vector<double>& given, double otherwise,
                                       std::int64_t channels, std::string_view name) {
  const auto count = static_cast<std::size_t>(channels);
  if (given.empty()) return std::vector<double>(count, otherwise);
  if (given.size() == count) return given;
  return InvalidArgument(
      "the model's preprocessing has {} numbers as '{}', expected {}, one per "
      "channel of the input",
      given.size(), name, channels);
}

}  // namespace

Result<LabelledBytes> ParseCifar(std::string content, std::string_view source) {
  const bool of_10 = HoldsRecords(content, 1);
  const bool of_100 = HoldsRecords(content, 2);
  if (of_10 == of_100) {
    return InvalidArgument(
        "'{}' has {} bytes, expected an IDX file, or a multiple of {} "
        "(CIFAR-10) or {} (CIFAR-100){}",
        source, content.size(), 1 + kCifarPixels, 2 + kCifarPixels, of_10 ? ", not of both" : "");
  }
  LabelledBytes parsed;
  // The last label of a record is the fine one.
  parsed.sample_begin = of_10 ? 1 : 2;
  parsed.sample_bytes = kCifarPixels;
  parsed.stride = parsed.sample_begin + kCifarPixels;
  parsed.shape = {3, 32, 32};
  for (std::size_t at = 0; at < content.size(); at += parsed.stride) {
    parsed.labels.push_back(static_cast<std::uint8_t>(content[at + parsed.sample_begin - 1]));
  }
  parsed.content = std::move(content);
  return parsed;
}

Result<LabelledBytes> ParseIdx(std::string images, std::string_view source, std::string_view labels,
                               std::string_view labels_source) {
  Result<IdxHeader> header = ParseIdxHeader(images, source);
  if (!header) return std::move(header).error();
  if (header->type != kIdxUint8 || header->shape.size() < 3) {
    return InvalidArgument("'{}' has shape {} of {}, expected bytes of shape [n,h,w] or [n,c,h,w]",
                           source, core::ToString(header->shape),
                           header->type == kIdxUint8 ? "bytes" : "32-bit integers");
  }
  Result<std::vector<std::int32_t>> parsed_labels = ParseIdxLabels(labels, labels_source);
  if (!parsed_labels) return std::move(parsed_labels).error();
  if (static_cast<std::int64_t>(parsed_labels->size()) != header->shape.front()) {
    return InvalidArgument("'{}' has {} labels, expected {}, as many as '{}' has samples",
                           labels_source, parsed_labels->size(), header->shape.front(), source);
  }
  if (images.size() == header->data_begin) {
    return InvalidArgument("'{}' has shape {}: it holds nothing", source,
                           core::ToString(header->shape));
  }
  LabelledBytes parsed;
  parsed.shape.assign(header->shape.begin() + 1, header->shape.end());
  parsed.sample_begin = header->data_begin;
  // The header's product was checked against the file's size.
  parsed.sample_bytes = (images.size() - header->data_begin) / parsed_labels->size();
  parsed.stride = parsed.sample_bytes;
  parsed.labels = *std::move(parsed_labels);
  parsed.content = std::move(images);
  return parsed;
}

Result<fs::path> LabelsPath(const fs::path& images) {
  std::string name = images.filename().string();
  if (!ReplaceLast(name, "images", "labels")) {
    return InvalidArgument(
        "'{}' does not say where its labels are: name it ...images..., beside "
        "...labels..., or give both as IMAGES,LABELS",
        images.string());
  }
  ReplaceLast(name, "idx3", "idx1");
  return images.parent_path() / name;
}

Result<LabelledData> LabelledData::Open(const std::string& files, const core::ModelSpec& spec) {
  const auto [images_name, labels_name] = SplitNames(files);
  const fs::path path = images_name;
  Result<std::string> content = ReadFile(path, kMaxBytes);
  if (!content) return std::move(content).error();
  if (IsCompressed(*content)) {
    return InvalidArgument("'{}' is compressed; unpack it first", path.string());
  }
  Result<LabelledBytes> parsed = !labels_name.empty() || IsIdx(*content)
                                     ? ReadIdx(*std::move(content), path, labels_name)
                                     : ParseCifar(*std::move(content), path.string());
  if (!parsed) return std::move(parsed).error();
  return Make(*std::move(parsed), spec, path.filename().string());
}

Result<LabelledData> LabelledData::Make(LabelledBytes bytes, const core::ModelSpec& spec,
                                        std::string source) {
  Result<core::Shape> shape = ShapeFor(spec, bytes.shape, source);
  if (!shape) return std::move(shape).error();
  if (Status labels = CheckLabels(bytes.labels, spec, source); !labels) {
    return std::move(labels).error();
  }
  const core::Preprocessing& preprocessing = spec.preprocessing;
  const std::int64_t channels = shape->front();
  const Result<std::vector<double>> mean = PerChannel(preprocessing.mean, 0.0, channels, "mean");
  if (!mean) return mean.error();
  const Result<std::vector<double>> std = PerChannel(preprocessing.std, 1.0, channels, "std");
  if (!std) return std.error();

  LabelledData data;
  data.source_ = std::move(source);
  data.bytes_ = std::move(bytes);
  data.bytes_.shape = *std::move(shape);
  for (std::size_t channel = 0; channel < mean->size(); ++channel) {
    std::array<float, 256>& values = data.value_of_byte_.emplace_back();
    for (std::size_t byte = 0; byte < values.size(); ++byte) {
      const double scaled = static_cast<double>(byte) * preprocessing.scale;
      values[byte] = static_cast<float>((scaled - (*mean)[channel]) / (*std)[channel]);
    }
  }
  return data;
}

void LabelledData::Fill(std::size_t first, std::span<float> input) const {
  const std::size_t channel_bytes = bytes_.sample_bytes / value_of_byte_.size();
  std::size_t at = 0;
  for (std::size_t sample = first; at < input.size(); ++sample) {
    const char* from = bytes_.content.data() + bytes_.sample_begin + sample * bytes_.stride;
    for (const std::array<float, 256>& value_of : value_of_byte_) {
      for (std::size_t i = 0; i < channel_bytes; ++i) {
        input[at++] = value_of[static_cast<std::uint8_t>(*from++)];
      }
    }
  }
}

}  // namespace delen::profiler
