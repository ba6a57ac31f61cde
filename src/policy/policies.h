// The policies by the names that tenants choose them by.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "policy/policy.h"

namespace delen::policy {

// "delen", "reactive", "static-exit:N", "all-final", "edf-final", "all-early",
// "symphony", "edgeserving", "confidence:T" (docs/scheduling.md). The number may
// be left out: N is the first exit then, T is 0.8.
// Errors: kInvalidArgument, listing the names there are.
Result<std::unique_ptr<Policy>> MakePolicy(std::string_view name, Seconds response_reserve);

// In the order of the documentation.
std::vector<std::string> PolicyNames();

}  // namespace delen::policy
