// `delen demo`: the bundled model, three clients with different bounds, and what
// each of them got.
#pragma once

#include <CLI/CLI.hpp>

namespace delen::apps {

void AddDemoCommand(CLI::App& app, int& exit_code);

}  // namespace delen::apps
