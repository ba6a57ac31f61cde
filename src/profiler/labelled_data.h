// Pictures whose right answer is known, as inputs of a model (docs/formats.md,
// "Labelled data").
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/model_spec.h"

namespace delen::profiler {

// Samples as they are on file. Sample i is the `sample_bytes` bytes of `content`
// from sample_begin + i * stride.
struct LabelledBytes {
  std::string content;
  core::Shape shape;  // of one sample, row-major
  std::size_t sample_begin = 0;
  std::size_t sample_bytes = 0;
  std::size_t stride = 0;
  std::vector<std::int32_t> labels;
};

// A file of CIFAR-10 records (a label, 3072 bytes) or CIFAR-100 records (a
// coarse label, a fine label, 3072 bytes): its size tells which.
// Errors: kInvalidArgument when the size fits neither, or both.
Result<LabelledBytes> ParseCifar(std::string content, std::string_view source);

// An IDX file of bytes with three or four axes, [n, h, w] or [n, c, h, w], and
// one of as many labels.
Result<LabelledBytes> ParseIdx(std::string images, std::string_view source, std::string_view labels,
                               std::string_view labels_source);

// Where the labels of an IDX file are: the same name with "labels" for "images"
// (and "idx1" for "idx3").
// Errors: kInvalidArgument when the name does not contain "images".
Result<std::filesystem::path> LabelsPath(const std::filesystem::path& images);

// Threads: immutable after construction.
class LabelledData {
 public:
  // `files` is one file, or "IMAGES,LABELS" for an IDX pair of other names.
  // Errors: kNotFound, or kInvalidArgument when the content is damaged or does
  //         not fit the model: its input's shape, its number of classes.
  static Result<LabelledData> Open(const std::string& files, const core::ModelSpec& spec);
  // The samples of `bytes` for the model of `spec`; `source` names them.
  static Result<LabelledData> Make(LabelledBytes bytes, const core::ModelSpec& spec,
                                   std::string source);

  const std::string& source() const { return source_; }  // the file's name, without folders
  std::size_t size() const { return bytes_.labels.size(); }
  std::span<const std::int32_t> labels() const { return bytes_.labels; }
  const core::Shape& sample_shape() const { return bytes_.shape; }

  // Writes samples first, first + 1, ... as the model wants them until `input`
  // is full, a whole number of samples.
  void Fill(std::size_t first, std::span<float> input) const;

 private:
  LabelledData() = default;

  std::string source_;
  LabelledBytes bytes_;
  std::vector<std::array<float, 256>> value_of_byte_;  // by channel
};

}  // namespace delen::profiler
