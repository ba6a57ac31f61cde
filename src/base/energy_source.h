// Where an energy figure came from. Every figure that leaves the server carries
// one, because a modelled joule and a measured joule are not the same thing.
#pragma once

#include <string_view>

#include "base/result.h"

namespace delen {

enum class EnergySource {
  kModel,    // a stated power model: watts per busy core times time
  kRapl,     // Intel/AMD package counters
  kIna3221,  // Jetson board rails
  kNvml,     // NVIDIA GPU counters
  kBattery,  // the battery's own gauge
};

// "model", "rapl", "ina3221", "nvml", "battery".
std::string_view Name(EnergySource source);
// Errors: kInvalidArgument, listing the known names.
Result<EnergySource> ParseEnergySource(std::string_view name);

}  // namespace delen
