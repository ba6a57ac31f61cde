// Properties: tests that must hold for random cases, the same cases in every run
// unless RC_PARAMS says otherwise: RC_PARAMS="seed=7 max_success=10000" explores,
// and what it finds says how to come back to it.
#pragma once

#include <rapidcheck/gtest.h>

#include <cstdlib>

namespace delen::policy::testing {

// rapidcheck reads its settings once, at the first property.
inline const bool kHasParameters = setenv("RC_PARAMS", "seed=1 max_success=400", 0) == 0;

}  // namespace delen::policy::testing
