// Which meter this machine has.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "base/clock.h"
#include "base/result.h"
#include "power/power_meter.h"
#include "power/rapl_meter.h"

namespace delen::power {

// The best meter that can be read here.
// Errors: says why there is none; a PowerModel must do then.
Result<std::unique_ptr<PowerMeter>> OpenMeter(
    const std::filesystem::path& powercap = kPowercapRoot);

void Sleep(Seconds span);

// What the machine draws while we do nothing for `span`: to be taken off what a
// meter tells of a run, so that the run's own energy remains.
Result<Watts> MeasureIdlePower(PowerMeter& meter, const Clock& clock, Seconds span,
                               const std::function<void(Seconds)>& sleep = Sleep);

}  // namespace delen::power
