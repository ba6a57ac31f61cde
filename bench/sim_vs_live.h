// Whether the simulator foretells the server: one load, on both.
#pragma once

#include "base/result.h"
#include "report.h"
#include "tenants_setting.h"

namespace delen::bench {

// Reports `sim_vs_live.violation_rate_points` and `sim_vs_live.p50_ratio`.
// Errors: those of reading the scenario, of the server's start and of a load that
//         cannot begin.
Status ReportSimVsLive(const TenantsSetting& setting, Report& report);

}  // namespace delen::bench
