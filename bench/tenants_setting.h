// What the parts of the tenants' benchmark are told.
#pragma once

#include <filesystem>
#include <string>

#include "apps/demo/demo_model.h"
#include "base/units.h"

namespace delen::bench {

struct TenantsSetting {
  apps::DemoPaths paths;            // the program, the zoo, and a folder for the bundled model
  std::filesystem::path work;       // a folder for all else
  std::filesystem::path scenarios;  // the published one and the one with three tenants
  std::filesystem::path pictures;   // where charts go
  std::string resnet50;             // uncut file; empty when there is none
  Seconds memory_time{600.0};       // how long the server's memory is watched
  bool quick = false;               // short runs, to try the program itself
};

}  // namespace delen::bench
