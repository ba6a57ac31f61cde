// A profile, for people.
#pragma once

#include <string>

#include "core/model_folder.h"

namespace delen::apps {

// What is known of the exits, what they cost one sample at a time on each thread
// count, and where the figures come from. Costs are those up to the exit: the
// quantiles are sums over the stages, so a run's own p99 lies below the p99 shown.
std::string ProfileReport(const core::ModelVersion& model);

}  // namespace delen::apps
