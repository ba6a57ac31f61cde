// How long the scheduler thinks, with many requests waiting.
#pragma once

#include "base/result.h"
#include "report.h"
#include "tenants_setting.h"

namespace delen::bench {

// Reports `scheduler.decision_us_p50_N` and `..._p99_N` for N of 10, 100 and 1000
// waiting requests of the published models.
// Errors: those of reading the scenario.
Status ReportDecisionTime(const TenantsSetting& setting, Report& report);

}  // namespace delen::bench
