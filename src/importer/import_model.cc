#include "importer/import_model.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "importer/onnx_file.h"
#include "importer/staging_folder.h"

namespace delen::importer {
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t kMaxTextBytes = std::uintmax_t{8} << 20;

// Where the new version goes and what it must agree with.
struct Destination {
  fs::path model_folder;
  int version = 1;
  std::optional<core::ModelSpec> existing;  // of the versions there are
};

Result<int> ChooseVersion(const fs::path& model_folder, const ImportRequest& request) {
  const Result<std::vector<int>> versions = core::ListVersions(model_folder);
  if (!versions) return versions.error();
  const int newest = versions->empty() ? 0 : versions->back();
  if (request.version == 0) return newest + 1;
  std::error_code ignored;
  const fs::path folder = model_folder / fmt::format("{}", request.version);
  if (fs::exists(fs::symlink_status(folder, ignored))) {
    return InvalidArgument("'{}' exists already; import with --version {}, or remove it first",
                           folder.string(), newest + 1);
  }
  return request.version;
}

Result<Destination> ChooseDestination(const ImportRequest& request) {
  if (!IsSafeName(request.name)) {
    return InvalidArgument(
        "'{:.64}' cannot be a model's name, expected at most 128 letters, "
        "digits, '.', '_' and '-', not starting with '.'",
        request.name);
  }
  if (request.version < 0) {
    return InvalidArgument("version {} is not allowed, expected at least 1", request.version);
  }
  Destination destination{request.models / request.name, std::max(request.version, 1), {}};
  const fs::path spec_file = destination.model_folder / "model.toml";
  std::error_code ignored;
  if (!fs::exists(fs::symlink_status(destination.model_folder, ignored))) return destination;
  const Result<std::string> text = ReadFile(spec_file, kMaxTextBytes);
  if (!text) return text.error();
  Result<core::ModelSpec> existing = core::ParseModelSpec(*text, spec_file.string());
  if (!existing) return existing.error();
  destination.existing = *std::move(existing);
  const Result<int> version = ChooseVersion(destination.model_folder, request);
  if (!version) return version.error();
  destination.version = *version;
  return destination;
}

Status CheckSame(bool same, std::string_view what, const Destination& destination) {
  if (same) return {};
  return InvalidArgument(
      "the {} are not those of '{}'; import under another name, or change the "
      "file first",
      what, (destination.model_folder / "model.toml").string());
}

// What versions of one model share must not change under its clients. What was
// not given this time is not compared.
Status CheckAgreement(const core::ModelSpec& spec, const ImportRequest& request,
                      const Destination& destination) {
  const core::ModelSpec& existing = *destination.existing;
  const auto check = [&](bool same, std::string_view what) {
    return CheckSame(same, what, destination);
  };
  if (Status s = check(spec.inputs == existing.inputs, "model's inputs"); !s) return s;
  if (Status s = check(spec.output == existing.output, "name and shape of the output"); !s) {
    return s;
  }
  if (Status s = check(spec.exits == existing.exits, "exits"); !s) return s;
  if (Status s = check(spec.scores == existing.scores, "scores"); !s) return s;
  if (Status s = check(spec.labels.empty() || spec.labels == existing.labels, "labels"); !s) {
    return s;
  }
  const bool same_preprocessing = request.preprocessing == core::Preprocessing{} ||
                                  request.preprocessing == existing.preprocessing;
  return check(same_preprocessing, "preprocessing values");
}

core::ModelSpec Describe(const CutModel& cut, const ImportRequest& request) {
  return {.name = request.name,
          .inputs = cut.inputs,
          .output = cut.output,
          .exits = cut.exits,
          .scores = cut.scores,
          .labels = request.labels,
          .preprocessing = request.preprocessing};
}

// Both texts as the server will read them: what it would refuse is refused now.
Status CheckReadable(const core::ModelSpec& spec, const core::Profile& profile) {
  const auto spec_back = core::ParseModelSpec(core::FormatModelSpec(spec), "model.toml");
  if (!spec_back) return WithContext("the model cannot be described", spec_back.error());
  const auto profile_back = core::ParseProfile(core::FormatProfile(profile), "profile.json");
  if (!profile_back) return WithContext("the model cannot be described", profile_back.error());
  if (*spec_back == spec && *profile_back == profile) return {};
  return InvalidArgument("the names of the model's ends cannot be written to model.toml");
}

Status WriteStages(const std::vector<onnx::ModelProto>& stages, const fs::path& folder) {
  for (std::size_t stage = 0; stage < stages.size(); ++stage) {
    const fs::path path = core::StagePath(folder, static_cast<int>(stage));
    std::ofstream out(path, std::ios::binary);
    if (!stages[stage].SerializeToOstream(&out) || !out.flush()) {
      return Internal("cannot write '{}': {}", path.string(), std::strerror(errno));
    }
  }
  return {};
}

// Cuts the model and writes weights.bin and the stages into `folder`.
Result<CutModel> CutInto(const fs::path& folder, const ImportRequest& request,
                         std::uint64_t& weight_bytes) {
  const Result<onnx::ModelProto> model = ReadOnnx(request.model_file);
  if (!model) return model.error();
  TensorSource source(fs::absolute(request.model_file).parent_path());
  const fs::path weights_path = folder / kWeightsFileName;
  std::ofstream out(weights_path, std::ios::binary);
  WeightsFile weights(out, source);
  Result<CutModel> cut = CutIntoStages(*model, request.cut, weights);
  if (!cut) return WithContext(request.model_file.string(), cut.error());
  if (!out.flush()) {
    return Internal("cannot write '{}': {}", weights_path.string(), std::strerror(errno));
  }
  weight_bytes = weights.size();
  if (const Status written = WriteStages(cut->stages, folder); !written) return written.error();
  return cut;
}

}  // namespace

Result<ImportedModel> ImportModel(const ImportRequest& request) {
  // 1. See whether it may go where it should.
  const Result<Destination> destination = ChooseDestination(request);
  if (!destination) return destination.error();

  // 2. Cut into a folder that nobody sees.
  Result<StagingFolder> staging = StagingFolder::Create(request.models, "import");
  if (!staging) return staging.error();
  const std::string version_name = fmt::format("{}", destination->version);
  const fs::path folder = staging->path() / version_name;
  std::error_code failure;
  if (!fs::create_directory(folder, failure)) {
    return Internal("cannot create '{}': {}", folder.string(), failure.message());
  }
  ImportedModel imported;
  const Result<CutModel> cut = CutInto(folder, request, imported.weight_bytes);
  if (!cut) return cut.error();

  // 3. Describe it.
  core::ModelSpec spec = Describe(*cut, request);
  core::Profile profile;
  profile.stage_flops = cut->stage_flops;
  if (Status readable = CheckReadable(spec, profile); !readable) return readable.error();
  if (Status written = WriteFileAtomically(core::ProfilePath(folder), core::FormatProfile(profile));
      !written) {
    return written.error();
  }

  // 4. Let it appear: the version, or the model with it.
  const fs::path target = destination->model_folder / version_name;
  if (destination->existing) {
    if (Status same = CheckAgreement(spec, request, *destination); !same) return same.error();
    if (Status done = staging->Publish(folder, target); !done) return done.error();
    spec = *destination->existing;
  } else {
    const fs::path spec_file = staging->path() / "model.toml";
    if (Status written = WriteFileAtomically(spec_file, core::FormatModelSpec(spec)); !written) {
      return written.error();
    }
    if (Status done = staging->Publish(staging->path(), destination->model_folder); !done) {
      return done.error();
    }
  }
  imported.model = {std::move(spec), std::move(profile), destination->version, target};
  return imported;
}

Result<std::vector<std::string>> ReadLabels(const fs::path& file) {
  const Result<std::string> text = ReadFile(file, kMaxTextBytes);
  if (!text) return text.error();
  std::vector<std::string> labels;
  std::string_view rest = *text;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    labels.emplace_back(line);
  }
  while (!labels.empty() && labels.back().empty()) labels.pop_back();
  const auto empty = std::find(labels.begin(), labels.end(), "");
  if (empty != labels.end()) {
    return InvalidArgument("{}:{}: empty line, expected a label", file.string(),
                           empty - labels.begin() + 1);
  }
  return labels;
}

}  // namespace delen::importer
