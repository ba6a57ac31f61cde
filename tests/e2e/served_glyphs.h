// The bundled model, imported and profiled once, and served by a real process.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apps/demo/client_run.h"
#include "apps/demo/server_process.h"
#include "core/model_folder.h"

namespace delen::e2e {

// The program under test.
std::string Program();

// A folder with the bundled model in it, imported and profiled by the commands,
// made at the first call.
const std::filesystem::path& ModelsFolder();
const core::ModelVersion& Glyphs();
const apps::LabelledInputs& TestPictures();

// Serves ModelsFolder() on a free port, with further arguments.
apps::ServerProcess Serve(std::vector<std::string> arguments = {});

}  // namespace delen::e2e
