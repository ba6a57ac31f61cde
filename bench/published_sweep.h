// The published models under rising load, simulated: our policy against those of
// the literature.
#pragma once

#include "base/result.h"
#include "report.h"
#include "tenants_setting.h"

namespace delen::bench {

// Reports `published.points_beaten`; prints two tables, draws two charts.
// Errors: those of reading the scenario and of writing the charts.
Status ReportPublished(const TenantsSetting& setting, Report& report);

}  // namespace delen::bench
