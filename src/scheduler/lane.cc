#include "scheduler/lane.h"

#include <utility>

namespace delen::scheduler {
namespace {

Job JobOf(const Submission& submission) {
  const core::Request& request = submission.request;
  return {submission.id,
          request.arrival,
          request.bounds,
          request.stop_rule,
          &submission.model->exits(),
          submission.rows};
}

core::Response ResponseOf(const executor::WorkspaceLease& lease, const core::Account& account) {
  const core::ModelVersion& model = lease.model().version();
  const backend::ExitOutput output = lease.workspace().exit_output(account.exit);
  core::Response response;
  response.model = model.spec.name;
  response.version = model.version;
  response.output = core::OwningTensor(model.spec.output.name, output.datatype,
                                       {output.shape.begin(), output.shape.end()},
                                       {output.bytes.begin(), output.bytes.end()});
  response.account = account;
  return response;
}

}  // namespace

Lane::Lane(const SchedulerOptions& options, const Clock& clock)
    : clock_(clock),
      executor_(clock),
      scheduler_(options),
      in_flight_(options.max_jobs),
      thread_([this] { Loop(); }) {}

Lane::~Lane() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    scheduler_.OnShutdown();
  }
  work_.NotifyOne();
  thread_.join();
}

void Lane::Submit(Submission submission) {
  const Result<Slot> slot = [&]() -> Result<Slot> {
    const MutexLock lock(mutex_);
    if (stopping_) return Unavailable("the server is shutting down");
    Result<Slot> admitted = scheduler_.OnArrival(JobOf(submission), clock_.Now());
    if (admitted) in_flight_[*admitted].submission = std::move(submission);
    return admitted;
  }();
  if (slot) {
    work_.NotifyOne();
  } else {
    submission.done(slot.error());
  }
}

void Lane::Cancel(core::RequestId id) {
  {
    const MutexLock lock(mutex_);
    scheduler_.OnCancel(id);
  }
  work_.NotifyOne();
}

double Lane::slowdown() {
  const MutexLock lock(mutex_);
  return scheduler_.slowdown();
}

void Lane::Loop() {
  while (std::optional<Work> work = WaitForWork()) {
    if (work->action.kind == Action::Kind::kRunStage) {
      StageReport report = Run(work->action);
      const MutexLock lock(mutex_);
      scheduler_.OnStageDone(std::move(report), clock_.Now());
    } else {
      Finish(*std::move(work));
    }
  }
}

std::optional<Lane::Work> Lane::WaitForWork() {
  const MutexLock lock(mutex_);
  while (true) {
    std::optional<Action> action = scheduler_.Next(clock_.Now());
    if (action && action->kind == Action::Kind::kRunStage) return Work{*std::move(action), {}};
    if (action) {
      InFlight finished = std::exchange(in_flight_[action->slot], InFlight());
      return Work{*std::move(action), std::move(finished)};
    }
    if (stopping_) return std::nullopt;
    work_.Wait(mutex_);
  }
}

StageReport Lane::Run(const Action& action) {
  InFlight& running = in_flight_[action.slot];
  if (!running.lease) {
    Result<executor::WorkspaceLease> lease = executor::WorkspaceLease::Begin(
        running.submission.model, running.submission.request.inputs);
    if (!lease) return {action.slot, std::move(lease).error(), {}, 0.0};
    running.lease = *std::move(lease);
  }
  executor::Outcome outcome =
      executor_.RunStage(running.lease.model(), action.stage, running.lease.workspace());
  return {action.slot, std::move(outcome.status), outcome.time, outcome.confidence};
}

void Lane::Finish(Work work) {
  const InFlight& finished = work.finished;
  if (work.action.kind == Action::Kind::kAnswer) {
    finished.submission.done(ResponseOf(finished.lease, work.action.account));
  } else {
    finished.submission.done(std::move(work.action.error));
  }
}

}  // namespace delen::scheduler
