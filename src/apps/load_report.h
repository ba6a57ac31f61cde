// What came of a load, for people, for machines and as a picture.
#pragma once

#include <cstdint>
#include <string>

#include "client/load_tally.h"
#include "workload/scenario.h"

namespace delen::apps {

// Two tables, one line per tenant and one for all: what became of the requests,
// and how long it took. Below, what went wrong first, if anything did.
std::string LoadTables(const workload::Scenario& scenario, const client::LoadReport& report);

// One object. What is not known is null.
std::string LoadJson(const workload::Scenario& scenario, const client::LoadReport& report);

// The latency that all but a tenth, a hundredth, ... of each tenant's answers
// kept below, and the bounds.
std::string LoadSvg(const workload::Scenario& scenario, const client::LoadReport& report);

}  // namespace delen::apps
