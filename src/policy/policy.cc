#include "policy/policy.h"

namespace delen::policy {

int BestReached(const core::ExitTable& exits, std::size_t reached) {
  int best = 0;
  for (int exit = 1; exit < static_cast<int>(reached); ++exit) {
    if (exits.value(exit) > exits.value(best)) best = exit;
  }
  return best;
}

}  // namespace delen::policy
