// Three tenants of unlike needs, from half of what the machine can do to three
// times that: what our policy answers in time, and what always going to the last
// exit does.
#pragma once

#include "base/result.h"
#include "report.h"
#include "served_load.h"
#include "tenants_setting.h"

namespace delen::bench {

// The three tenants, each asking a third of `load` times the capacity.
workload::Scenario ThreeTenants(const BundledLoad& bundled, const std::string& policy, double load,
                                Seconds measured);

// Reports `live.goodput_ratio_at_2x` and `live.admitted_violation_rate_max`.
// Errors: those of the server's start and of a load that cannot begin.
Status ReportOverload(const TenantsSetting& setting, Report& report);

}  // namespace delen::bench
