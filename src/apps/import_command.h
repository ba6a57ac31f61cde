// `delen import`: cuts an ONNX model at its exits and puts it into the models
// folder.
#pragma once

#include <CLI/CLI.hpp>

namespace delen::apps {

void AddImportCommand(CLI::App& app, int& exit_code);

}  // namespace delen::apps
