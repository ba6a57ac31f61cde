// Another program comes and goes on the same cores: a thread budget that follows
// it against budgets that do not.
#pragma once

#include "base/result.h"
#include "report.h"
#include "tenants_setting.h"

namespace delen::bench {

// Reports `contention.adaptive`, `.fixed_1` and `.fixed_2`: the violation rates
// of one and the same sequence of requests; missing without a ResNet-50 or
// stress-ng, or where the server does not take the setting.
// Errors: those of import and profiling.
Status ReportContention(const TenantsSetting& setting, Report& report);

}  // namespace delen::bench
