#include "metrics/process_usage.h"

#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

namespace delen::metrics {
namespace {

// Fields of /proc/PID/stat behind the program's name, counted from the state.
enum Field : std::size_t { kUserTicks = 11, kSystemTicks = 12, kStartTicks = 19, kPages = 21 };
constexpr std::size_t kFields = 22;

// Files in /proc have no size before they are read.
std::string ReadProcFile(const char* path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The name may hold anything, blanks and parentheses too.
Result<std::array<double, kFields>> FieldsOf(std::string_view stat) {
  const std::size_t end_of_name = stat.rfind(')');
  if (end_of_name == std::string_view::npos) {
    return Internal("the process's stat has no name in parentheses, {} bytes", stat.size());
  }
  std::istringstream in{std::string(stat.substr(end_of_name + 1))};
  std::string state;
  in >> state;
  std::array<double, kFields> fields{};
  for (std::size_t i = 1; i < kFields; ++i) in >> fields[i];
  if (!in) return Internal("the process's stat has fewer than {} numbers", kFields - 1);
  return fields;
}

Result<Seconds> BootTime(std::string_view system_stat) {
  constexpr std::string_view kLine = "\nbtime ";
  const std::size_t at = system_stat.find(kLine);
  std::istringstream in{
      std::string(at == std::string_view::npos ? "" : system_stat.substr(at + kLine.size()))};
  double seconds = 0.0;
  if (!(in >> seconds)) return Internal("the system's stat has no time of boot");
  return Seconds(seconds);
}

prometheus::MetricFamily Single(const FamilySpec& spec, double value) {
  prometheus::ClientMetric metric;
  metric.counter.value = value;
  metric.gauge.value = value;
  return {std::string(spec.name), std::string(spec.help), spec.type, {metric}};
}

}  // namespace

Result<ProcessUsage> ParseProcessUsage(std::string_view process_stat, std::string_view system_stat,
                                       const SystemUnits& units) {
  const Result<std::array<double, kFields>> fields = FieldsOf(process_stat);
  if (!fields) return fields.error();
  const Result<Seconds> boot = BootTime(system_stat);
  if (!boot) return boot.error();
  const auto in_seconds = [&](double ticks) { return Seconds(ticks / units.ticks_per_second); };
  return ProcessUsage{(*fields)[kPages] * units.page_bytes,
                      in_seconds((*fields)[kUserTicks] + (*fields)[kSystemTicks]),
                      *boot + in_seconds((*fields)[kStartTicks])};
}

std::vector<prometheus::MetricFamily> ProcessFamilies() {
  const SystemUnits units = {static_cast<double>(sysconf(_SC_CLK_TCK)),
                             static_cast<double>(sysconf(_SC_PAGESIZE))};
  const Result<ProcessUsage> usage =
      ParseProcessUsage(ReadProcFile("/proc/self/stat"), ReadProcFile("/proc/stat"), units);
  if (!usage) return {};
  return {Single(kProcessResident, usage->resident_bytes), Single(kProcessCpu, usage->cpu.value()),
          Single(kProcessStart, usage->start.value())};
}

}  // namespace delen::metrics
