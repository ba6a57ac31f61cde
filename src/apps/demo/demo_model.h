// The bundled model and its test pictures, made ready by the commands that a user
// would type.
#pragma once

#include <filesystem>
#include <string>

#include "apps/demo/client_run.h"
#include "base/result.h"
#include "core/model_folder.h"

namespace delen::apps {

struct DemoPaths {
  std::string program;           // delen itself
  std::filesystem::path zoo;     // the folder of the bundled model
  std::filesystem::path models;  // where to import it to

  std::filesystem::path uncut_model() const { return zoo / "glyphs" / "glyphs.onnx"; }
  std::filesystem::path data(const std::string& file) const {
    return zoo / "glyphs" / "data" / file;
  }
};

// Imports `uncut` as `name` unless `models` has it already; says which command
// it runs.
Result<core::ModelVersion> ImportOnce(const std::string& program,
                                      const std::filesystem::path& models, const std::string& name,
                                      const std::filesystem::path& uncut);

// Imports the bundled model and profiles it with its calibration pictures,
// unless that was done before on this machine.
Result<core::ModelVersion> PrepareDemoModel(const DemoPaths& paths);

// The bundled test pictures, as the model's input.
Result<LabelledInputs> ReadDemoTestData(const DemoPaths& paths, const core::ModelSpec& spec);

}  // namespace delen::apps
