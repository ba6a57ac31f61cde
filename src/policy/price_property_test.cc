// What holds of prices whatever the claims.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <ostream>
#include <vector>

#include "core/testing/sample_model.h"
#include "policy/price.h"
#include "policy/testing/property.h"

namespace delen::policy {
namespace {

using Step = core::ExitTable::Step;

// A claim in words that can be made smaller when a case fails.
struct RandomClaim {
  std::vector<int> step_times_us;
  std::vector<int> densities;  // of each step; put in falling order
  int must = 0;                // the step that is a must; beyond the last: none
  int scale_percent = 100;
  int budget_us = 0;  // 0: endless

  std::vector<Step> Steps() const;
};

std::ostream& operator<<(std::ostream& out, const RandomClaim& claim) {
  return out << "{steps " << rc::toString(claim.step_times_us) << " at "
             << rc::toString(claim.densities) << ", must " << claim.must << ", scale "
             << claim.scale_percent << ", budget " << claim.budget_us << "}";
}

std::vector<Step> RandomClaim::Steps() const {
  std::vector<int> falling = densities;
  std::ranges::sort(falling, std::greater<>());
  std::vector<Step> steps;
  Seconds time;
  for (std::size_t i = 0; i < step_times_us.size(); ++i) {
    time += Seconds(step_times_us[i] * 1e-6);
    steps.push_back({static_cast<int>(i), time, static_cast<double>(falling[i])});
  }
  return steps;
}

rc::Gen<RandomClaim> AnyClaim() {
  constexpr std::size_t kSteps = 3;
  using rc::gen::container;
  using rc::gen::inRange;
  using rc::gen::set;
  return rc::gen::build<RandomClaim>(
      set(&RandomClaim::step_times_us, container<std::vector<int>>(kSteps, inRange(1, 5000))),
      set(&RandomClaim::densities, container<std::vector<int>>(kSteps, inRange(1, 300))),
      set(&RandomClaim::must, inRange(0, 5)), set(&RandomClaim::scale_percent, inRange(20, 300)),
      set(&RandomClaim::budget_us, inRange(0, 40000)));
}

// Claims and the steps that they point to.
class ClaimList {
 public:
  explicit ClaimList(const std::vector<RandomClaim>& randoms) {
    for (const RandomClaim& random : randoms) steps_.push_back(random.Steps());
    for (std::size_t i = 0; i < randoms.size(); ++i) Add(randoms[i], steps_[i]);
  }

  std::vector<Claim> claims;

 private:
  void Add(const RandomClaim& random, const std::vector<Step>& steps) {
    const auto must = static_cast<std::size_t>(random.must);
    const bool endless = random.budget_us == 0;
    claims.push_back(
        {must < steps.size() ? steps[must].time : Seconds(), steps, random.scale_percent * 0.01,
         Seconds(endless ? std::numeric_limits<double>::infinity() : random.budget_us * 1e-6)});
  }

  std::vector<std::vector<Step>> steps_;
};

bool AllKeepTheirBudgets(const std::vector<Claim>& claims, double price) {
  Seconds total;
  for (const Claim& claim : claims) {
    total += WorkAt(claim, price);
    if (WorkAt(claim, price) > Seconds() && total > claim.budget) return false;
  }
  return true;
}

// At most 20 claims of three steps: prices tell 64 densities apart.
std::vector<RandomClaim> SomeClaims() {
  return *rc::gen::resize(20, rc::gen::container<std::vector<RandomClaim>>(AnyClaim()));
}

RC_GTEST_PROP(PriceProperty, AnotherClaimNeverLowersIt, ()) {
  std::vector<RandomClaim> randoms = SomeClaims();
  const double before = PriceOfTime(ClaimList(randoms).claims);
  const auto at = *rc::gen::inRange<std::size_t>(0, randoms.size() + 1);
  randoms.insert(randoms.begin() + static_cast<std::ptrdiff_t>(at), *AnyClaim());
  RC_ASSERT(PriceOfTime(ClaimList(randoms).claims) >= before);
}

RC_GTEST_PROP(PriceProperty, IsTheLowestAtWhichAllKeepTheirBudgets, ()) {
  const ClaimList list(SomeClaims());
  const double price = PriceOfTime(list.claims);
  const bool is_finite = price < std::numeric_limits<double>::infinity();
  RC_ASSERT(AllKeepTheirBudgets(list.claims, price) == is_finite);
  if (price == 0.0) return;
  // One step less dear than the price would be bought too.
  RC_ASSERT(!AllKeepTheirBudgets(list.claims, std::min(price, 1e6) - 1.0));
}

RC_GTEST_PROP(PriceProperty, DearerTimeIsNeverMoreWork, ()) {
  const ClaimList list({*AnyClaim()});
  const double price = *rc::gen::inRange(0, 300);
  const double dearer = price + *rc::gen::inRange(0, 300);
  RC_ASSERT(WorkAt(list.claims[0], dearer) <= WorkAt(list.claims[0], price));
  RC_ASSERT(WorkAt(list.claims[0], dearer) >= list.claims[0].must * list.claims[0].scale);
}

}  // namespace
}  // namespace delen::policy
