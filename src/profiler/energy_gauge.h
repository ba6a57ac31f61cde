// How the energy of a run is told: metered where there is a meter, else modelled.
#pragma once

#include <algorithm>

#include "base/energy_source.h"
#include "power/power_meter.h"
#include "power/power_model.h"

namespace delen::profiler {

struct EnergyGauge {
  power::PowerMeter* meter = nullptr;  // not owned
  Watts idle;                          // what the meter tells while nothing runs
  power::PowerModel model;             // used without a meter

  EnergySource source() const { return meter != nullptr ? meter->source() : EnergySource::kModel; }
  // What a run of `time` needed itself, when the meter rose by `metered`.
  Joules ActiveEnergy(Joules metered, Seconds time) const {
    return std::max(metered - idle * time, Joules(0.0));
  }
};

}  // namespace delen::profiler
