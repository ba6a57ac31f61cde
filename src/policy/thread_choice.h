// How many threads a model should run on.
#pragma once

#include <optional>

#include "core/profile.h"

namespace delen::policy {

// More threads must be this much quicker than fewer to be worth their energy and
// their waking: a pool that slept between requests starts late.
inline constexpr double kWorthMoreThreads = 1.25;

// Of the thread counts that the profile has measured and that do not exceed
// `most`, the one with the lowest p95 to the last exit at the smallest batch,
// where each larger count is worth it; absent when there is none.
std::optional<int> ChooseThreads(const core::Profile& profile, int most);

}  // namespace delen::policy
