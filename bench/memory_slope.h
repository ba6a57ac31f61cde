// Whether the server's memory grows while it has three times as much to do as it
// can.
#pragma once

#include "base/result.h"
#include "report.h"
#include "tenants_setting.h"

namespace delen::bench {

// Reports `memory.rss_slope_mb_per_min`.
// Errors: those of the server's start, of a load that cannot begin, and
//         kUnavailable when the system does not tell a process's memory.
Status ReportMemory(const TenantsSetting& setting, Report& report);

}  // namespace delen::bench
