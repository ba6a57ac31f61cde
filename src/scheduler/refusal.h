// Why a job goes without an answer, in words.
#pragma once

#include <cstddef>

#include "base/result.h"
#include "policy/queue.h"

namespace delen::scheduler {

// kInfeasible: not even the first exit is expected to keep the bounds.
Error Infeasible(const policy::WaitingJob& job, double slowdown, TimePoint now);

// kOverloaded: ... not behind what waits already.
Error Overloaded(const policy::WaitingJob& job, std::size_t waiting);

// kDeadlineExceeded: its policy gave it up.
Error Dropped(const policy::WaitingJob& job, TimePoint now);

// kCancelled or kUnavailable: nobody waits for it any more.
Error Withdrawn(ErrorCode why);

}  // namespace delen::scheduler
