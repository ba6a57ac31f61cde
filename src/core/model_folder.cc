#include "core/model_folder.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

#include "base/files.h"

namespace delen::core {
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMaxTextBytes = std::uintmax_t{8} << 20;

fs::path SpecPath(const fs::path& model_folder) { return model_folder / "model.toml"; }

// The names of the folders directly below `folder`.
// Errors: kNotFound when `folder` is no folder, kInternal when it cannot be read.
Result<std::vector<std::string>> FolderNames(const fs::path& folder) {
  std::error_code failure;
  if (!fs::is_directory(folder, failure)) {
    return NotFound("folder '{}' does not exist", folder.string());
  }
  std::vector<std::string> names;
  fs::directory_iterator entry(folder, failure);
  for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) names.push_back(entry->path().filename().string());
  }
  if (failure) return Internal("cannot list '{}': {}", folder.string(), failure.message());
  return names;
}

// "1", "2", ...: as written by people and by import, without leading zeros.
std::optional<int> ParseVersion(std::string_view name) {
  int version = 0;
  const auto [rest, failure] = std::from_chars(name.data(), name.data() + name.size(), version);
  const bool whole = failure == std::errc() && rest == name.data() + name.size();
  return whole && version > 0 && name.front() != '0' ? std::optional(version) : std::nullopt;
}

Result<int> ChooseVersion(const fs::path& model_folder, std::string_view name, int version) {
  const Result<std::vector<int>> versions = ListVersions(model_folder);
  if (!versions) return versions.error();
  if (versions->empty()) return NotFound("model '{}' has no versions", name);
  if (version == 0) return versions->back();
  if (std::binary_search(versions->begin(), versions->end(), version)) return version;
  return NotFound("model '{}' has no version {}, only {}", name, version,
                  fmt::join(*versions, ", "));
}

Result<ModelSpec> ReadSpec(const fs::path& model_folder, std::string_view name) {
  const Result<std::string> text = ReadFile(SpecPath(model_folder), kMaxTextBytes);
  if (!text) return text.error();
  Result<ModelSpec> spec = ParseModelSpec(*text, SpecPath(model_folder).string());
  if (spec && spec->name != name) {
    return InvalidArgument("{}: 'name' is '{}', expected '{}', its folder's name",
                           SpecPath(model_folder).string(), spec->name, name);
  }
  return spec;
}

Status CheckAgreement(const ModelVersion& model) {
  const std::size_t exits = model.spec.exits.size();
  if (model.profile.stage_flops.size() != exits) {
    return InvalidArgument("{}: 'stage_flops' has {} numbers, expected {}, one per exit",
                           ProfilePath(model.folder).string(), model.profile.stage_flops.size(),
                           exits);
  }
  for (int stage = 0; stage < model.spec.exit_count(); ++stage) {
    const fs::path path = StagePath(model.folder, stage);
    std::error_code ignored;
    if (!fs::is_regular_file(path, ignored)) {
      return InvalidArgument("file '{}' is missing: the model has {} exits, each with a stage",
                             path.string(), exits);
    }
  }
  return {};
}

}  // namespace

fs::path StagePath(const fs::path& version_folder, int stage) {
  return version_folder / fmt::format("stage_{}.onnx", stage);
}

fs::path ProfilePath(const fs::path& version_folder) { return version_folder / "profile.json"; }

Result<std::vector<std::string>> ListModels(const fs::path& models) {
  Result<std::vector<std::string>> names = FolderNames(models);
  if (!names) return names;
  const auto is_no_model = [&](const std::string& name) {
    std::error_code ignored;
    return !IsSafeName(name) || !fs::is_regular_file(SpecPath(models / name), ignored);
  };
  std::erase_if(*names, is_no_model);
  std::sort(names->begin(), names->end());
  return names;
}

Result<std::vector<int>> ListVersions(const fs::path& model_folder) {
  const Result<std::vector<std::string>> names = FolderNames(model_folder);
  if (!names) return names.error();
  std::vector<int> versions;
  for (const std::string& name : *names) {
    if (const std::optional<int> version = ParseVersion(name)) versions.push_back(*version);
  }
  std::sort(versions.begin(), versions.end());
  return versions;
}

Result<ModelVersion> OpenModelVersion(const fs::path& models, std::string_view name, int version) {
  if (!IsSafeName(name)) {
    return InvalidArgument(
        "'{:.64}' cannot be a model's name, expected letters, digits, '.', '_' "
        "and '-', not starting with '.'",
        name);
  }
  const fs::path model_folder = models / name;
  std::error_code ignored;
  if (!fs::is_regular_file(SpecPath(model_folder), ignored)) {
    return NotFound("there is no model '{}' in '{}'", name, models.string());
  }
  Result<ModelSpec> spec = ReadSpec(model_folder, name);
  if (!spec) return spec.error();
  const Result<int> chosen = ChooseVersion(model_folder, name, version);
  if (!chosen) return chosen.error();
  const fs::path folder = model_folder / fmt::format("{}", *chosen);
  const Result<std::string> text = ReadFile(ProfilePath(folder), kMaxTextBytes);
  if (!text) return text.error();
  Result<Profile> profile = ParseProfile(*text, ProfilePath(folder).string());
  if (!profile) return profile.error();

  ModelVersion model{*std::move(spec), *std::move(profile), *chosen, folder};
  if (const Status agreement = CheckAgreement(model); !agreement) return agreement.error();
  return model;
}

}  // namespace delen::core
