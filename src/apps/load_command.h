// `delen load`: sends a scenario's requests to a running server and reports what
// came of them.
#pragma once

#include <CLI/CLI.hpp>

namespace delen::apps {

void AddLoadCommand(CLI::App& app, int& exit_code);

}  // namespace delen::apps
