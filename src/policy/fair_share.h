// Who has had more than their share of the lane.
#pragma once

#include <cstdint>
#include <vector>

#include "base/units.h"

namespace delen::policy {

// Weighted fair sharing of device time among the tenants that have work. Each
// holds a credit: it grows with the time that its weight entitles it to while it
// has work, up to kBurst, and shrinks by the device time it is charged.
//
// Threads: not thread-safe. The time must not go back.
// Source:  Goyal et al., "Start-time Fair Queuing", SIGCOMM 1996, with the fluid
//          server's virtual time.
class FairShare {
 public:
  // Credit, and debt, beyond this is forgotten.
  static constexpr Seconds kBurst{0.1};

  explicit FairShare(std::size_t tenants) : tenants_(tenants) {}

  // The tenant has work from now on.
  void OnActive(std::uint32_t tenant, double weight, TimePoint now);
  void OnIdle(std::uint32_t tenant, TimePoint now);
  void Charge(std::uint32_t tenant, Seconds device, TimePoint now);

  // Whether the tenant has used up its credit while others have work too.
  bool IsOver(std::uint32_t tenant, TimePoint now);

 private:
  struct Tenant {
    double weight = 0.0;  // 0: has no work
    double used = 0.0;    // virtual time; device seconds over weight
  };

  void Advance(TimePoint now);
  void Clamp(Tenant& tenant, Seconds most_credit) const;

  std::vector<Tenant> tenants_;
  double active_weight_ = 0.0;
  int active_count_ = 0;
  double virtual_time_ = 0.0;  // seconds per unit of weight
  TimePoint advanced_;
};

}  // namespace delen::policy
