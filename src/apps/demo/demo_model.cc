#include "apps/demo/demo_model.h"

#include <fmt/core.h>

#include <cstddef>
#include <cstring>
#include <vector>

#include "apps/demo/server_process.h"
#include "profiler/labelled_data.h"

namespace delen::apps {
namespace {

constexpr const char* kModelName = "glyphs";

// Runs `delen arguments...` as a user would, showing the command.
Status Show(const std::string& program, const std::vector<std::string>& arguments) {
  std::string line = "$ delen";
  for (const std::string& argument : arguments) line += " " + argument;
  fmt::print("{}\n", line);
  std::fflush(stdout);
  const Result<int> exit_code = RunProgram(program, arguments);
  if (!exit_code) return exit_code.error();
  if (*exit_code != 0) return Internal("'{}' ended with exit code {}", line, *exit_code);
  return {};
}

Result<core::ModelVersion> Import(const std::string& program, const std::filesystem::path& models,
                                  const std::string& name, std::vector<std::string> arguments) {
  if (!std::filesystem::exists(models / name)) {
    arguments.insert(arguments.begin(), "import");
    arguments.insert(arguments.end(), {"--name", name, "--models", models.string()});
    if (Status shown = Show(program, arguments); !shown) return std::move(shown).error();
  }
  return core::OpenModelVersion(models, name);
}

}  // namespace

Result<core::ModelVersion> ImportOnce(const std::string& program,
                                      const std::filesystem::path& models, const std::string& name,
                                      const std::filesystem::path& uncut) {
  return Import(program, models, name, {uncut.string()});
}

Result<core::ModelVersion> PrepareDemoModel(const DemoPaths& paths) {
  if (!std::filesystem::exists(paths.uncut_model())) {
    return NotFound(
        "'{}' does not exist; run this from the root of the project, or say where zoo/ "
        "is with --zoo",
        paths.uncut_model().string());
  }
  Result<core::ModelVersion> imported =
      Import(paths.program, paths.models, kModelName,
             {paths.uncut_model().string(), "--labels", (paths.zoo / "glyphs/labels.txt").string(),
              "--scale", "0.00392156862745098"});
  if (!imported) return imported;
  if (imported->profile.quality && !imported->profile.costs.empty()) return imported;
  Status profiled = Show(paths.program, {"profile", kModelName, "--models", paths.models.string(),
                                         "--data", paths.data("calibration-images.idx").string()});
  if (!profiled) return std::move(profiled).error();
  return core::OpenModelVersion(paths.models, kModelName);
}

Result<LabelledInputs> ReadDemoTestData(const DemoPaths& paths, const core::ModelSpec& spec) {
  const Result<profiler::LabelledData> data =
      profiler::LabelledData::Open(paths.data("test-images.idx").string(), spec);
  if (!data) return data.error();
  core::Shape shape = data->sample_shape();
  shape.insert(shape.begin(), 1);
  const Result<std::size_t> values = core::ElementCount(shape);
  if (!values) return values.error();
  LabelledInputs inputs;
  inputs.labels.assign(data->labels().begin(), data->labels().end());
  std::vector<float> sample(*values);
  for (std::size_t i = 0; i < data->size(); ++i) {
    data->Fill(i, sample);
    const auto bytes = std::as_bytes(std::span(sample));
    inputs.inputs.push_back(core::OwningTensor(spec.inputs[0].name, core::DataType::kFp32, shape,
                                               {bytes.begin(), bytes.end()}));
  }
  return inputs;
}

}  // namespace delen::apps
