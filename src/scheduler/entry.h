// A job while it is in: what came with it, what policies see of it, and what it
// has been given so far.
#pragma once

#include <array>
#include <boost/container/static_vector.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

#include "base/result.h"
#include "base/units.h"
#include "core/exit_table.h"
#include "core/request.h"
#include "policy/policy.h"

namespace delen::scheduler {

// How a job's tenant is served.
struct TenantTerms {
  std::uint32_t index = 0;  // below core::kMaxTenants
  double weight = 1.0;
  const policy::Policy* policy = nullptr;  // outlives the job; null: the scheduler's own
};

// What the scheduler knows of one request.
struct Job {
  core::RequestId id = 0;
  TimePoint arrival;  // first byte read; bounds count from here
  core::Bounds bounds;
  std::shared_ptr<const core::StopRule> stop_rule;
  const core::ExitTable* exits = nullptr;  // of its model; outlives the job
  int rows = 1;
  bool batchable = true;  // whether its model can run it together with others
  TenantTerms tenant;
};

// A place for one job. Free again once its last action was handed out.
using Slot = std::size_t;
using Slots = boost::container::static_vector<Slot, policy::kMaxBatch>;

// Memory:  `waiting` points into the entry: it must not be moved.
struct Entry {
  enum class State { kFree, kReady, kRunning, kFinished };

  Entry() = default;
  Entry(const Entry&) = delete;
  Entry& operator=(const Entry&) = delete;

  // Makes this the place of a new job.
  void Fill(const Job& new_job, Slot slot, Seconds patience);
  // Takes in that the next exit was reached.
  void Reach(double confidence);
  // Serves it as if it were due `patience` after its arrival, whatever its bound.
  void GiveUpDeadline(Seconds patience);
  // What an answer of `exit` at `now` would be accounted as.
  core::Account AccountOf(int exit, TimePoint now) const;

  State state = State::kFree;
  Job job;
  policy::WaitingJob waiting;  // as policies see it
  std::array<double, core::kMaxExits> confidences{};
  TimePoint ready_since;
  Seconds queue;
  Seconds device;
  int largest_batch = 1;
  std::optional<ErrorCode> withdrawn;  // cancelled or shut down while running
  core::Account account;               // kFinished
  std::optional<Error> error;          // kFinished: in place of an answer

 private:
  std::optional<double> AccuracyEstimate(int exit) const;
};

}  // namespace delen::scheduler
