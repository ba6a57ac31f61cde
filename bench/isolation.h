// A modest tenant, alone and beside one that floods the server.
#pragma once

#include "base/result.h"
#include "report.h"
#include "tenants_setting.h"

namespace delen::bench {

// Reports `isolation.alone` and `isolation.beside_flood`: the modest tenant's
// violation rate.
// Errors: those of the server's start and of a load that cannot begin.
Status ReportIsolation(const TenantsSetting& setting, Report& report);

}  // namespace delen::bench
