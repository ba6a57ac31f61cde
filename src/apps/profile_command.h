// `delen profile`: measures a model on this machine and writes its profile.json.
#pragma once

#include <CLI/CLI.hpp>

namespace delen::apps {

void AddProfileCommand(CLI::App& app, int& exit_code);

}  // namespace delen::apps
