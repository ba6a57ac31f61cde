#include "policy/thread_budget.h"

namespace delen::policy {
namespace {

// Of a core that is missing to hold all threads. Between the two nothing changes.
constexpr double kCrowded = 0.5;
constexpr double kFree = 0.25;

}  // namespace

void ThreadBudget::Update(double foreign_cores, TimePoint now) {
  const double missing = threads_ - (cores_ - foreign_cores);
  if (missing > kFree) crowded_at_ = now;
  if (missing > kCrowded) {
    narrow_ = threads_ > 1;
  } else if (now - crowded_at_ >= kPatience) {
    narrow_ = false;
  }
}

}  // namespace delen::policy
