// The models folder on disk: NAME/model.toml, NAME/VERSION/stage_K.onnx,
// NAME/VERSION/weights.bin and NAME/VERSION/profile.json (docs/formats.md).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "core/model_spec.h"
#include "core/profile.h"

namespace delen::core {

// The text of the two files, and back. `source` names the file in messages.
// Errors: kInvalidArgument with the file, the key and what was expected; an
//         unknown `format` number is kUnsupported.
std::string FormatModelSpec(const ModelSpec& spec);
Result<ModelSpec> ParseModelSpec(std::string_view toml, std::string_view source);
std::string FormatProfile(const Profile& profile);
Result<Profile> ParseProfile(std::string_view json, std::string_view source);

// One version of a model, read and checked: as many stages as exits, a profile
// that fits them.
struct ModelVersion {
  ModelSpec spec;
  Profile profile;
  int version = 0;
  std::filesystem::path folder;  // NAME/VERSION
};

std::filesystem::path StagePath(const std::filesystem::path& version_folder, int stage);
std::filesystem::path ProfilePath(const std::filesystem::path& version_folder);

// Names of the folders below `models` that hold a model.toml, sorted.
Result<std::vector<std::string>> ListModels(const std::filesystem::path& models);

// The version numbers that `model_folder` holds, ascending.
Result<std::vector<int>> ListVersions(const std::filesystem::path& model_folder);

// Opens one version; 0 means the newest.
// Errors: kNotFound when there is no such model or version, kInvalidArgument
//         when its name would leave `models` or its files do not agree.
Result<ModelVersion> OpenModelVersion(const std::filesystem::path& models, std::string_view name,
                                      int version = 0);

}  // namespace delen::core
