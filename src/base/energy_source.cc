#include "base/energy_source.h"

#include <array>

namespace delen {
namespace {
constexpr std::array kSources = {EnergySource::kModel, EnergySource::kRapl, EnergySource::kIna3221,
                                 EnergySource::kNvml, EnergySource::kBattery};
}  // namespace

std::string_view Name(EnergySource source) {
  switch (source) {
    case EnergySource::kModel: return "model";
    case EnergySource::kRapl: return "rapl";
    case EnergySource::kIna3221: return "ina3221";
    case EnergySource::kNvml: return "nvml";
    case EnergySource::kBattery: return "battery";
  }
  return "unknown";
}

Result<EnergySource> ParseEnergySource(std::string_view name) {
  for (const EnergySource source : kSources) {
    if (Name(source) == name) return source;
  }
  return InvalidArgument(
      "unknown energy source '{}', expected one of model, rapl, ina3221, nvml, battery", name);
}

}  // namespace delen
