// What holds of shares whatever is charged.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "policy/fair_share.h"
#include "policy/testing/property.h"

namespace delen::policy {
namespace {

// A stage: how long it takes, and whom it is for where that is free to choose.
using Stage = std::pair<int, bool>;

// Two tenants that always have work; the lane is never idle, and whoever is over
// its share comes after the one that is not, as in the scheduler.
class TwoBacklogs {
 public:
  explicit TwoBacklogs(std::array<double, 2> weights) : weights_(weights) {
    for (std::uint32_t i = 0; i < 2; ++i) fair_.OnActive(i, weights[i], now_);
  }

  void Run(Seconds time, bool second) {
    std::uint32_t tenant = second ? 1 : 0;
    if (fair_.IsOver(tenant, now_) && !fair_.IsOver(1 - tenant, now_)) tenant = 1 - tenant;
    now_ = now_ + time;
    fair_.Charge(tenant, time, now_);
    had_[tenant] += time;
  }

  // How much more the tenant has had than its weight entitles it to.
  Seconds Excess(std::size_t tenant) const {
    const double share = weights_[tenant] / (weights_[0] + weights_[1]);
    return had_[tenant] - (now_ - TimePoint()) * share;
  }

 private:
  std::array<double, 2> weights_;
  FairShare fair_{2};
  TimePoint now_;
  std::array<Seconds, 2> had_;
};

// While no stage is longer than half of kBurst, credits and debts are never
// forgotten, and neither tenant is ever more than one stage away from its due. (A
// stage is charged when it is done: until then its tenant's credit, a stage at
// most, grows by up to another.)
RC_GTEST_PROP(FairShareProperty, TwoBacklogsGetDeviceTimeByWeightWithinAStage, ()) {
  const int most_ms = static_cast<int>(InMilliseconds(FairShare::kBurst) / 2.0);
  TwoBacklogs lane({*rc::gen::inRange(1, 20) * 0.25, *rc::gen::inRange(1, 20) * 0.25});
  const auto stages =
      *rc::gen::resize(400, rc::gen::container<std::vector<Stage>>(rc::gen::pair(
                                rc::gen::inRange(1, most_ms + 1), rc::gen::arbitrary<bool>())));
  Seconds longest;
  for (const auto& [ms, second] : stages) {
    longest = std::max(longest, FromMilliseconds(ms));
    lane.Run(FromMilliseconds(ms), second);
    for (const std::size_t tenant : {0UL, 1UL}) {
      RC_ASSERT(lane.Excess(tenant) <= longest + Seconds(1e-9));
      RC_ASSERT(lane.Excess(tenant) >= Seconds(-1e-9) - longest);
    }
  }
}

}  // namespace
}  // namespace delen::policy
