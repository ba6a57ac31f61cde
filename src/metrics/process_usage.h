// What the process has used of the machine, as Linux tells it, in the families
// that every Prometheus client has.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/units.h"
#include "metrics/families.h"

namespace delen::metrics {

inline constexpr FamilySpec kProcessResident = {prometheus::MetricType::Gauge,
                                                "process_resident_memory_bytes", "",
                                                "Resident memory size in bytes."};
inline constexpr FamilySpec kProcessCpu = {prometheus::MetricType::Counter,
                                           "process_cpu_seconds_total", "",
                                           "Total user and system CPU time spent in seconds."};
inline constexpr FamilySpec kProcessStart = {
    prometheus::MetricType::Gauge, "process_start_time_seconds", "",
    "Start time of the process since unix epoch in seconds."};

struct ProcessUsage {
  double resident_bytes = 0.0;
  Seconds cpu;
  Seconds start;  // since 1970
};

// In what the system counts.
struct SystemUnits {
  double ticks_per_second = 100.0;
  double page_bytes = 4096.0;
};

// From the content of /proc/PID/stat and /proc/stat.
// Errors: kInternal when they are not what proc(5) says.
Result<ProcessUsage> ParseProcessUsage(std::string_view process_stat, std::string_view system_stat,
                                       const SystemUnits& units);

// Of this process; nothing where there is no /proc.
std::vector<prometheus::MetricFamily> ProcessFamilies();

}  // namespace delen::metrics
