// The tenants' policies, one of each name for all who name it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "base/result.h"
#include "policy/policy.h"

namespace delen::admission {

// Memory:  what nobody holds goes when room is needed.
// Threads: Get may be called from any thread.
class PolicyCache {
 public:
  explicit PolicyCache(Seconds response_reserve) : response_reserve_(response_reserve) {}

  // Errors: those of policy::MakePolicy.
  Result<std::shared_ptr<const policy::Policy>> Get(std::string_view name);

 private:
  void MakeRoom() REQUIRES(mutex_);

  const Seconds response_reserve_;
  Mutex mutex_;
  std::map<std::string, std::shared_ptr<const policy::Policy>, std::less<>> policies_
      GUARDED_BY(mutex_);
};

}  // namespace delen::admission
