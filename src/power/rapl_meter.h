// The energy counters of Intel and AMD processors, as Linux shows them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "power/power_meter.h"

namespace delen::power {

inline constexpr const char* kPowercapRoot = "/sys/class/powercap";

// The sum over the machine's processor packages: cores, caches and memory
// controller, not the memory itself, not the board.
//
// The counters wrap around, in about a minute on a busy server: read more often
// than that, or whole turns are lost unseen.
// Source: Linux kernel, Documentation/power/powercap/powercap.rst.
class RaplMeter final : public PowerMeter {
 public:
  // Looks below `powercap` for zones named "package-...".
  // Errors: kNotFound when there are none, kUnavailable when their counters may
  //         not be read (most systems reserve them for root).
  static Result<std::unique_ptr<RaplMeter>> Open(
      const std::filesystem::path& powercap = kPowercapRoot);

  Result<Joules> Read() override;
  EnergySource source() const override { return EnergySource::kRapl; }

 private:
  struct Package {
    std::filesystem::path counter;
    std::uint64_t range_microjoules = 0;  // where the counter starts again from 0
    std::uint64_t last_microjoules = 0;
  };

  RaplMeter() = default;
  static Result<Package> OpenPackage(const std::filesystem::path& zone);

  std::vector<Package> packages_;
  std::uint64_t total_microjoules_ = 0;  // since Open
};

}  // namespace delen::power
