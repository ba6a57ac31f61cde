// What a policy may be called in a tenant's settings.
#pragma once

#include <string_view>

#include "base/result.h"

namespace delen::apps {

// Errors: kInvalidArgument unless the name is small letters and '-', with or
//         without ':' and a number behind it: "delen", "static-exit:2".
Status CheckPolicyName(std::string_view name);

}  // namespace delen::apps
