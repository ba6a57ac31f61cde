// Turns an ONNX file with one or several outputs into a version in the models
// folder (docs/formats.md): the work behind `delen import`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "core/model_folder.h"
#include "importer/cut_model.h"

namespace delen::importer {

struct ImportRequest {
  std::filesystem::path model_file;
  std::filesystem::path models;  // created if missing
  std::string name;
  int version = 0;  // 0: one more than the newest
  CutOptions cut;
  std::vector<std::string> labels;    // one per class, or empty
  core::Preprocessing preprocessing;  // for readers of data sets
};

struct ImportedModel {
  core::ModelVersion model;
  std::uint64_t weight_bytes = 0;  // of weights.bin
};

// All or nothing: on an error the models folder is as before. A further version
// of a model must agree with its model.toml, which is left as it is.
//
// Errors: kNotFound when the file or its external data is missing,
//         kInvalidArgument and kUnsupported with what stands in the way.
Result<ImportedModel> ImportModel(const ImportRequest& request);

// One label per line; empty lines at the end do not count.
// Errors: kInvalidArgument on an empty line in between, kNotFound.
Result<std::vector<std::string>> ReadLabels(const std::filesystem::path& file);

}  // namespace delen::importer
