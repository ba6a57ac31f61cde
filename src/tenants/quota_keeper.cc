#include "tenants/quota_keeper.h"

#include <algorithm>
#include <utility>

namespace delen::tenants {
namespace {

constexpr double kSecondsPerHour = 3600.0;

// Nobody knows when a running request will end.
constexpr Seconds kRetryInFlight{1.0};

// Of a request: what rounding may take from a bucket without anybody waiting for it.
constexpr double kSlack = 1e-6;

template <class... Args>
Refusal Refuse(Seconds retry_after, fmt::format_string<Args...> format, Args&&... args) {
  return {MakeError(ErrorCode::kOverloaded, format, std::forward<Args>(args)...), retry_after};
}

}  // namespace

std::optional<Refusal> QuotaKeeper::Admit(const RegisteredTenant& tenant, TimePoint now) {
  Use& use = uses_.at(tenant.index);
  // A new owner of the index; nothing of the old one's is in flight (tenant_registry.h).
  if (use.tenant != tenant.tenant.name) use = Use{.tenant = tenant.tenant.name};
  Pass(use, tenant.tenant.quotas, now);
  if (std::optional<Refusal> refusal = Check(use, tenant.tenant)) return refusal;
  ++use.in_flight;
  if (tenant.tenant.quotas.requests_per_second) use.requests.Add(1.0);
  return std::nullopt;
}

void QuotaKeeper::OnFinished(std::uint32_t index, Joules energy, TimePoint now) {
  Use& use = uses_.at(index);
  use.in_flight = std::max(0, use.in_flight - 1);
  if (use.energy.rate() <= 0.0) return;  // no quota: nothing to remember
  use.energy.Pass(now, use.energy.rate());
  use.energy.Add(energy.value());
}

void QuotaKeeper::Pass(Use& use, const core::Quotas& quotas, TimePoint now) {
  use.requests.Pass(now, quotas.requests_per_second.value_or(0.0));
  use.energy.Pass(now, quotas.energy_per_hour.value_or(Joules()).value() / kSecondsPerHour);
}

std::optional<Refusal> QuotaKeeper::Check(const Use& use, const core::Tenant& tenant) {
  const core::Quotas& quotas = tenant.quotas;
  if (quotas.max_in_flight && use.in_flight >= *quotas.max_in_flight) {
    return Refuse(kRetryInFlight, "tenant '{}' has {} requests in flight, its max_in_flight is {}",
                  tenant.name, use.in_flight, *quotas.max_in_flight);
  }
  const double over = use.requests.used() + 1.0 - quotas.burst;
  if (quotas.requests_per_second && over > kSlack) {
    return Refuse(Seconds(over / *quotas.requests_per_second),
                  "tenant '{}' has used {:.2f} of its burst of {} requests, "
                  "its requests_per_second is {}",
                  tenant.name, use.requests.used(), quotas.burst, *quotas.requests_per_second);
  }
  if (quotas.energy_per_hour && use.energy.used() >= quotas.energy_per_hour->value()) {
    const double over_joules = use.energy.used() - quotas.energy_per_hour->value();
    return Refuse(Seconds(over_joules / use.energy.rate()),
                  "tenant '{}' has used {:.3f} J of its energy_j_per_hour of {}", tenant.name,
                  use.energy.used(), quotas.energy_per_hour->value());
  }
  return std::nullopt;
}

void QuotaKeeper::Leak::Pass(TimePoint now, double rate) {
  const Seconds passed = std::max(Seconds(), now - at_);
  used_ = std::max(0.0, used_ - rate_ * passed.value());
  if (rate <= 0.0) used_ = 0.0;
  rate_ = rate;
  at_ = std::max(at_, now);
}

}  // namespace delen::tenants
