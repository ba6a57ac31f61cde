#include "scheduler/refusal.h"

#include "policy/forecast.h"

namespace delen::scheduler {

Error Infeasible(const policy::WaitingJob& job, double slowdown, TimePoint now) {
  const policy::Forecast forecast(*job.exits, job.rows, slowdown);
  return MakeError(ErrorCode::kInfeasible,
                   "the bounds cannot be kept: the first exit is expected to take {:.3f} ms and "
                   "{:.3f} mJ, and {:.3f} ms have passed already",
                   InMilliseconds(forecast.Time(-1, 0)), InMillijoules(forecast.Energy(-1, 0)),
                   InMilliseconds(now - job.arrival));
}

Error Overloaded(const policy::WaitingJob& job, std::size_t waiting) {
  return MakeError(ErrorCode::kOverloaded,
                   "a latency of {:.3f} ms cannot be kept behind {} requests that are waiting",
                   InMilliseconds(job.deadline - job.arrival), waiting);
}

Error Dropped(const policy::WaitingJob& job, TimePoint now) {
  return MakeError(ErrorCode::kDeadlineExceeded,
                   "given up after {:.3f} ms: the latency bound can no longer be kept",
                   InMilliseconds(now - job.arrival));
}

Error Withdrawn(ErrorCode why) {
  const bool cancelled = why == ErrorCode::kCancelled;
  return {why, cancelled ? "the client went away" : "the server is shutting down"};
}

}  // namespace delen::scheduler
