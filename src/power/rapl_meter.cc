#include "power/rapl_meter.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

namespace delen::power {
namespace fs = std::filesystem;

namespace {

// One attribute of a zone. Its file tells no size, so it is read as a line.
Result<std::string> ReadLine(const fs::path& path) {
  errno = 0;
  std::ifstream in(path);
  std::string line;
  if (std::getline(in, line)) return line;
  const std::string reason = errno == 0 ? "it is empty" : std::strerror(errno);
  return Unavailable("cannot read '{}': {}", path.string(), reason);
}

Result<std::uint64_t> ReadNumber(const fs::path& path) {
  const Result<std::string> line = ReadLine(path);
  if (!line) return line.error();
  std::uint64_t number = 0;
  const char* const end = line->data() + line->size();
  const auto [rest, failure] = std::from_chars(line->data(), end, number);
  if (failure == std::errc() && rest == end) return number;
  return Unavailable("'{}' holds '{:.32}', expected a number", path.string(), *line);
}

// Zones of the whole processor. Those of its parts (intel-rapl:0:1) would count
// twice, and so would the same packages seen a second way (intel-rapl-mmio:0).
bool IsPackage(const fs::path& zone) {
  const std::string folder = zone.filename().string();
  if (!folder.starts_with("intel-rapl:")) return false;
  if (std::count(folder.begin(), folder.end(), ':') != 1) return false;
  const Result<std::string> name = ReadLine(zone / "name");
  return name && name->starts_with("package-");
}

}  // namespace

Result<std::unique_ptr<RaplMeter>> RaplMeter::Open(const fs::path& powercap) {
  std::unique_ptr<RaplMeter> meter(new RaplMeter);
  std::error_code failure;
  fs::directory_iterator zone(powercap, failure);
  for (; !failure && zone != fs::directory_iterator(); zone.increment(failure)) {
    if (!IsPackage(zone->path())) continue;
    Result<Package> package = OpenPackage(zone->path());
    if (!package) return std::move(package).error();
    meter->packages_.push_back(*std::move(package));
  }
  if (meter->packages_.empty()) {
    return NotFound("no processor package shows its energy below '{}'", powercap.string());
  }
  return meter;
}

Result<RaplMeter::Package> RaplMeter::OpenPackage(const fs::path& zone) {
  const fs::path counter = zone / "energy_uj";
  const Result<std::uint64_t> range = ReadNumber(zone / "max_energy_range_uj");
  if (!range) return range.error();
  const Result<std::uint64_t> now = ReadNumber(counter);
  if (!now) return now.error();
  return Package{counter, *range, *now};
}

Result<Joules> RaplMeter::Read() {
  for (Package& package : packages_) {
    const Result<std::uint64_t> now = ReadNumber(package.counter);
    if (!now) return now.error();
    const bool wrapped = *now < package.last_microjoules;
    total_microjoules_ +=
        *now - package.last_microjoules + (wrapped ? package.range_microjoules : 0);
    package.last_microjoules = *now;
  }
  return Joules(static_cast<double>(total_microjoules_) * 1e-6);
}

}  // namespace delen::power
