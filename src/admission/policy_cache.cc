#include "admission/policy_cache.h"

#include <utility>

#include "policy/policies.h"

namespace delen::admission {
namespace {

// More names than tenants at a time would need only come of changes.
constexpr std::size_t kRoom = 64;

}  // namespace

Result<std::shared_ptr<const policy::Policy>> PolicyCache::Get(std::string_view name) {
  const MutexLock lock(mutex_);
  const auto found = policies_.find(name);
  if (found != policies_.end()) return found->second;
  Result<std::unique_ptr<policy::Policy>> made = policy::MakePolicy(name, response_reserve_);
  if (!made) return std::move(made).error();
  MakeRoom();
  return policies_.emplace(name, *std::move(made)).first->second;
}

void PolicyCache::MakeRoom() {
  if (policies_.size() < kRoom) return;
  std::erase_if(policies_, [](const auto& entry) { return entry.second.use_count() == 1; });
}

}  // namespace delen::admission
