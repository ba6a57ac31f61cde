#include "core/profile.h"

#include <algorithm>
#include <numeric>

namespace delen::core {

std::vector<double> CumulativeFlops(const Profile& profile) {
  std::vector<double> flops(profile.stage_flops.size());
  std::partial_sum(profile.stage_flops.begin(), profile.stage_flops.end(), flops.begin());
  return flops;
}

std::vector<bool> DominatedExits(const Profile& profile) {
  std::vector<bool> dominated(profile.stage_flops.size(), false);
  if (!profile.quality) return dominated;
  double best = -1.0;
  for (std::size_t exit = 0; exit < profile.quality->exits.size(); ++exit) {
    const double accuracy = profile.quality->exits[exit].accuracy;
    dominated[exit] = accuracy <= best;
    best = std::max(best, accuracy);
  }
  return dominated;
}

}  // namespace delen::core
