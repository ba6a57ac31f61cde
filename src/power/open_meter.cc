#include "power/open_meter.h"

#include <chrono>
#include <thread>
#include <utility>

namespace delen::power {

Result<std::unique_ptr<PowerMeter>> OpenMeter(const std::filesystem::path& powercap) {
  Result<std::unique_ptr<RaplMeter>> rapl = RaplMeter::Open(powercap);
  if (!rapl) return std::move(rapl).error();
  return std::unique_ptr<PowerMeter>(*std::move(rapl));
}

void Sleep(Seconds span) {
  std::this_thread::sleep_for(std::chrono::duration<double>(span.value()));
}

Result<Watts> MeasureIdlePower(PowerMeter& meter, const Clock& clock, Seconds span,
                               const std::function<void(Seconds)>& sleep) {
  const Result<Joules> before = meter.Read();
  if (!before) return before.error();
  const TimePoint start = clock.Now();
  sleep(span);
  const Result<Joules> after = meter.Read();
  if (!after) return after.error();
  const Seconds slept = clock.Now() - start;
  return slept > Seconds(0.0) ? (*after - *before) / slept : Watts(0.0);
}

}  // namespace delen::power
