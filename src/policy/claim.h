// What a waiting job asks for, read off its bounds and its model's profile.
#pragma once

#include "policy/price.h"
#include "policy/queue.h"

namespace delen::policy {

// What a claim depends on besides the job.
struct Conditions {
  TimePoint now;
  double slowdown = 1.0;
  Seconds response_reserve;  // kept free of a latency bound, for writing the answer
};

// Whether the way to `exit` keeps the job's own bounds on latency and energy, by
// a high quantile of its time.
bool Fits(const WaitingJob& job, int exit, const Conditions& conditions);

// The exits that the job's objective and floors would have it run on to, as far
// as its own bounds allow. Before the first stage one is always among them:
// nobody goes without an answer. Empty when the answer reached is enough.
std::span<const core::ExitTable::Step> StepsAllowed(const WaitingJob& job,
                                                    const Conditions& conditions);

// `rows_at_boundary` is how many rows wait there in all: they may share a batch.
Claim ClaimOf(const WaitingJob& job, int rows_at_boundary, const Conditions& conditions);

// How long the job may wait for its first stage and keep its latency bound;
// infinite without one, or when it cannot be kept anyway.
Seconds SlackOf(const WaitingJob& job, const Conditions& conditions);

// Whether the work that jobs get at any price, done in this order, keeps all
// their deadlines.
bool AllKeepTheirDeadlines(std::span<const WaitingJob* const> jobs, const Conditions& conditions);

// Whether the first exit can still be reached before the deadline, by the median
// of its time. True for jobs that have an answer already or a rule of their own.
bool CanKeepDeadline(const WaitingJob& job, const Conditions& conditions);

}  // namespace delen::policy
