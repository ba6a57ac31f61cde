#include "sim/report.h"

namespace delen::sim {

Tally Report::Total() const {
  Tally total;
  total.tenant = "all";
  for (const Tally& tally : tenants) total.Merge(tally);
  return total;
}

}  // namespace delen::sim
