// The price of device time: what a second must gain to be worth spending when
// several requests want it.
#pragma once

#include <cstdint>
#include <span>

#include "base/units.h"
#include "core/exit_table.h"
#include "policy/queue.h"

namespace delen::policy {

// What one waiting job asks of the lane.
struct Claim {
  Seconds must;                                  // work it gets at any price
  std::span<const core::ExitTable::Step> steps;  // work it would like, from where it stands
  double scale = 1.0;  // of both: slowdown, rows, what sharing a batch saves
  Seconds budget;      // until its deadline; infinite without
};

// The work it gets at any price.
inline Seconds MustWork(const Claim& claim) { return claim.must * claim.scale; }

// The number of steps that are worth their time at this price.
std::size_t StepsWorth(std::span<const core::ExitTable::Step> steps, double price);

// The work a claim amounts to at this price.
Seconds WorkAt(const Claim& claim, double price);

// The lowest price (value per second) at which the claims, served one after the
// other, all keep their budgets; infinite when they do not even with the least
// work. 0 when there is time for all that is wanted.
double PriceOfTime(std::span<const Claim> claims);

// The lowest price at which what the tenant keeps sending fits into the part of
// `share` (of the lane's time) that is its own: its weight's, or more where the
// other tenants leave it.
double SteadyPrice(std::span<const Stream> streams, std::uint32_t tenant, double slowdown,
                   double share);

}  // namespace delen::policy
