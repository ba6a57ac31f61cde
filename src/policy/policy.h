// What to do next with the requests that wait, and who decides it.
#pragma once

#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <optional>

#include "base/units.h"
#include "policy/queue.h"

namespace delen::policy {

using core::kMaxBatch;

struct Plan {
  enum class Kind {
    kWait,    // nothing before `until`, unless something arrives
    kAnswer,  // answer jobs[0] of exit `exit`
    kDrop,    // refuse jobs[0]: its deadline cannot be kept and this policy gives up
    kRun,     // run the next stages of `jobs` as one batch, up to exit `exit`
  };

  Kind kind = Kind::kWait;
  TimePoint until = TimePoint::Never();
  // Indices into Queue::jobs. In a batch: of one model, at one boundary.
  boost::container::static_vector<std::size_t, kMaxBatch> jobs;
  int exit = 0;
};

Plan Answer(std::size_t job, int exit);
Plan Drop(std::size_t job);

// Answers a job that has reached any exit: what policies do that run a request to
// its exit in one go.
std::optional<Plan> AnswerOfReached(const Queue& queue);

enum class Verdict {
  kAccept,
  kInfeasible,  // its bounds cannot be kept, were the machine idle
  kOverloaded,  // ... with the work that waits already
};

// Threads: stateless; any thread.
class Policy {
 public:
  virtual ~Policy() = default;

  // A function of the queue alone: no clock, no state, no I/O. Called whenever
  // the queue has changed and the lane is free. Never asks to run on after a
  // model's last exit, nor to answer from an exit that was not reached.
  virtual Plan Choose(const Queue& queue) const = 0;

  // Whether the bounds of a new job, not yet in the queue, can be kept without
  // breaking those of the jobs that are. Policies that do not ask accept all.
  virtual Verdict Admit(const Queue& /*queue*/, const WaitingJob& /*job*/) const {
    return Verdict::kAccept;
  }
};

// Of the first `reached` exits (at least one), the one whose answer is worth the
// most; the shallowest of equals.
int BestReached(const core::ExitTable& exits, std::size_t reached);

// Whether the rule, as the client sent it, stops the job at the exit it has
// reached (at least one). Every rule stops at the last.
bool StopsHere(const WaitingJob& job, TimePoint now);

}  // namespace delen::policy
