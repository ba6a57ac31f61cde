// How many threads a model should run on.
#pragma once

#include <optional>

#include "core/profile.h"

namespace delen::policy {

// More threads must be this much quicker than fewer to be worth their energy,
// their waking, and the core that the frontend then has to share with them: a
// quick model is asked often.
inline constexpr double kWorthMoreThreads = 1.6;

// Of the thread counts that the profile has measured and that do not exceed
// `most`, the one with the lowest p95 to the last exit at the smallest batch,
// where each larger count is worth it; absent when there is none.
std::optional<int> ChooseThreads(const core::Profile& profile, int most);

}  // namespace delen::policy
