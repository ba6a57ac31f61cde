// Holds tenants to their quotas: what each has used, and whether one more
// request fits.
//
// Rates are buckets that leak: a request adds one, energy adds its joules, and
// both run out at the quota's rate. So a tenant may use on average what its
// quota says, `burst` requests at once, and an hour's energy at once: at most
// two hours' worth in any one hour, in exchange for two numbers per tenant and
// for a tenant that has used up its energy coming back little by little. (A
// sliding hour would need a history, and shut such a tenant out for long.)
//
// A request's energy is known only when it is through, so those in flight may
// go over the quota by what they spend; the next ones wait until that is paid.
//
// Passive: no thread, clock or lock; time is passed in. Quotas may change at
// any time: what was used stays used.
//
// Threads: not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/units.h"
#include "tenants/tenant_registry.h"

namespace delen::tenants {

// Why a request was not let in, and when one may be.
struct Refusal {
  Error error;  // kOverloaded
  Seconds retry_after;
};

class QuotaKeeper {
 public:
  // Counts one more request of the tenant as in flight, if all its quotas allow
  // it; else nothing is counted, and the refusal names the quota, what is used
  // and the limit.
  std::optional<Refusal> Admit(const RegisteredTenant& tenant, TimePoint now);

  // One request that was let in is through, having spent `energy`. To be called
  // once for each, whatever became of it.
  void OnFinished(std::uint32_t index, Joules energy, TimePoint now);

 private:
  // Something used that is forgotten at a rate; 0: never.
  class Leak {
   public:
    // Lets run out what has run out since the last call, at the rate given
    // then, and sets the rate from now on.
    void Pass(TimePoint now, double rate);
    void Add(double amount) { used_ += amount; }
    double used() const { return used_; }
    double rate() const { return rate_; }

   private:
    double used_ = 0.0;
    double rate_ = 0.0;  // per second
    TimePoint at_;
  };
  // What the tenant that has this index has used.
  struct Use {
    std::string tenant;
    int in_flight = 0;
    Leak requests;
    Leak energy;  // joules
  };

  static void Pass(Use& use, const core::Quotas& quotas, TimePoint now);
  static std::optional<Refusal> Check(const Use& use, const core::Tenant& tenant);

  std::array<Use, kMaxTenants> uses_;
};

}  // namespace delen::tenants
