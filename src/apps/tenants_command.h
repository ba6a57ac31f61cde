// `delen tenants`: shows and changes the tenants of a running server.
#pragma once

#include <CLI/CLI.hpp>

namespace delen::apps {

void AddTenantsCommand(CLI::App& app, int& exit_code);

}  // namespace delen::apps
