// How many threads a model should run on.
#pragma once

#include <optional>

#include "core/profile.h"

namespace delen::policy {

// Of the thread counts that the profile has measured and that do not exceed
// `most`, the one with the lowest p95 to the last exit at the smallest batch;
// absent when there is none. On equal times the smaller count wins.
std::optional<int> ChooseThreads(const core::Profile& profile, int most);

}  // namespace delen::policy
