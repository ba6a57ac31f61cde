// A load played against a running server, as commands and benchmarks do it.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "client/load_generator.h"
#include "workload/scenario.h"

namespace delen::apps {

// Declares the scenario's tenants to the server, or changes them if they are
// there.
Status DeclareTenants(const workload::Scenario& scenario, const std::string& address,
                      std::uint16_t port);

// Plays the load under a progress bar.
Result<client::LoadReport> RunShown(const client::LoadPlan& plan,
                                    const client::LoadOptions& options, const std::string& label);

}  // namespace delen::apps
