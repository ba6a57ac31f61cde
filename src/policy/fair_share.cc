#include "policy/fair_share.h"

#include <algorithm>

namespace delen::policy {

void FairShare::OnActive(std::uint32_t tenant, double weight, TimePoint now) {
  Advance(now);
  Tenant& joined = tenants_[tenant];
  if (joined.weight == 0.0) ++active_count_;
  active_weight_ += weight - joined.weight;
  joined.weight = weight;
  Clamp(joined, kBurst);
}

void FairShare::OnIdle(std::uint32_t tenant, TimePoint now) {
  Advance(now);
  active_weight_ -= tenants_[tenant].weight;
  tenants_[tenant].weight = 0.0;
  if (--active_count_ == 0) active_weight_ = 0.0;  // no rounding error stays
}

void FairShare::Charge(std::uint32_t tenant, Seconds device, TimePoint now) {
  Advance(now);
  Tenant& charged = tenants_[tenant];
  if (charged.weight == 0.0) return;
  // What it earned while it ran is not lost, however long that was.
  Clamp(charged, kBurst + device);
  charged.used += device.value() / charged.weight;
  Clamp(charged, kBurst);
}

bool FairShare::IsOver(std::uint32_t tenant, TimePoint now) {
  Advance(now);
  return active_count_ > 1 && tenants_[tenant].used > virtual_time_;
}

void FairShare::Advance(TimePoint now) {
  if (now == advanced_) return;
  if (active_count_ > 0) virtual_time_ += (now - advanced_).value() / active_weight_;
  advanced_ = now;
}

void FairShare::Clamp(Tenant& tenant, Seconds most_credit) const {
  tenant.used = std::clamp(tenant.used, virtual_time_ - most_credit.value() / tenant.weight,
                           virtual_time_ + kBurst.value() / tenant.weight);
}

}  // namespace delen::policy
