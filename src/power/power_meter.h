// What tells how much energy the machine has used.
#pragma once

#include "base/energy_source.h"
#include "base/result.h"
#include "base/units.h"

namespace delen::power {

// Threads: not thread-safe; one owner per meter.
class PowerMeter {
 public:
  virtual ~PowerMeter() = default;

  // Energy used since a fixed moment of the meter's choice, by everything that
  // the meter covers, our share or not. Never goes back; differences have a
  // meaning.
  // Errors: kUnavailable when the hardware no longer answers.
  virtual Result<Joules> Read() = 0;
  virtual EnergySource source() const = 0;
};

}  // namespace delen::power
