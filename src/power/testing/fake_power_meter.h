// A meter over a machine that always draws the same.
#pragma once

#include "base/clock.h"
#include "power/power_meter.h"

namespace delen::power::testing {

class FakePowerMeter final : public PowerMeter {
 public:
  // `clock` must outlive the meter.
  FakePowerMeter(const Clock& clock, Watts power) : clock_(clock), power_(power) {}

  Result<Joules> Read() override {
    if (broken) return Unavailable("the meter is broken");
    return power_ * clock_.Now().since_origin();
  }
  EnergySource source() const override { return EnergySource::kRapl; }

  bool broken = false;

 private:
  const Clock& clock_;
  Watts power_;
};

}  // namespace delen::power::testing
