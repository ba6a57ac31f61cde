// `delen simulate`: a workload on a virtual clock, under one policy or several.
#pragma once

#include <CLI/CLI.hpp>

namespace delen::apps {

// Adds the subcommand; when it has run, `exit_code` says how it went.
void AddSimulateCommand(CLI::App& app, int& exit_code);

}  // namespace delen::apps
