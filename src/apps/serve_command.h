// `delen serve`: loads the models of a folder and answers until told to stop.
#pragma once

#include <CLI/CLI.hpp>

namespace delen::apps {

void AddServeCommand(CLI::App& app, int& exit_code);

}  // namespace delen::apps
