// delen: cut, profile and serve multi-exit models under per-request bounds.
#include <CLI/CLI.hpp>

#include "apps/demo_command.h"
#include "apps/import_command.h"
#include "apps/load_command.h"
#include "apps/profile_command.h"
#include "apps/serve_command.h"
#include "apps/simulate_command.h"
#include "apps/tenants_command.h"

int main(int argc, char** argv) {
  CLI::App app("Adaptive model serving for machines at the edge.", "delen");
  app.set_version_flag("--version", DELEN_VERSION);
  app.require_subcommand(1);
  app.footer("Start with:\n  delen demo");
  int exit_code = 0;
  delen::apps::AddImportCommand(app, exit_code);
  delen::apps::AddProfileCommand(app, exit_code);
  delen::apps::AddServeCommand(app, exit_code);
  delen::apps::AddLoadCommand(app, exit_code);
  delen::apps::AddSimulateCommand(app, exit_code);
  delen::apps::AddTenantsCommand(app, exit_code);
  delen::apps::AddDemoCommand(app, exit_code);
  CLI11_PARSE(app, argc, argv);
  return exit_code;
}
