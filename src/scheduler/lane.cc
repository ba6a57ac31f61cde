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
          submission.rows,
          submission.model->batchable(),
          submission.tenant};
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

Lane::Lane(const SchedulerOptions& options, const Clock& clock, LaneObserver* observer)
    : clock_(clock),
      observer_(observer),
      executor_(clock),
      scheduler_(options),
      in_flight_(options.max_jobs),
      thread_([this] { Loop(); }) {}

Lane::~Lane() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    scheduler_.OnShutdown(clock_.Now());
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
    TellRefused(submission, slot.error().code);
    submission.done(slot.error());
  }
}

void Lane::Cancel(core::RequestId id) {
  {
    const MutexLock lock(mutex_);
    scheduler_.OnCancel(id, clock_.Now());
  }
  work_.NotifyOne();
}

LaneState Lane::state() {
  const MutexLock lock(mutex_);
  return {scheduler_.slowdown(clock_.Now()), scheduler_.job_count() - running_, threads_};
}

void Lane::Loop() {
  while (std::optional<Work> work = WaitForWork()) {
    if (work->action.kind == Action::Kind::kRunStage) {
      executor::BatchOutcome outcome = Run(work->action);
      if (outcome.status) TellStage(work->action, outcome.time);
      const MutexLock lock(mutex_);
      running_ = 0;
      scheduler_.OnStageDone({std::move(outcome.status), outcome.time, outcome.confidence},
                             clock_.Now());
    } else {
      Finish(*std::move(work));
    }
  }
}

std::optional<Lane::Work> Lane::WaitForWork() {
  const MutexLock lock(mutex_);
  while (true) {
    std::optional<Action> action = scheduler_.Next(clock_.Now());
    if (action && action->kind == Action::Kind::kRunStage) {
      NoteStart(*action);
      return Work{*std::move(action), {}};
    }
    if (action) {
      InFlight finished = std::exchange(in_flight_[action->slots[0]], InFlight());
      return Work{*std::move(action), std::move(finished)};
    }
    if (stopping_) return std::nullopt;
    work_.WaitFor(mutex_, scheduler_.wake() - clock_.Now());
  }
}

void Lane::NoteStart(const Action& action) {
  running_ = action.slots.size();
  threads_ = in_flight_[action.slots[0]].submission.model->exits().threads();
}

executor::BatchOutcome Lane::Run(const Action& action) {
  boost::container::static_vector<backend::Workspace*, policy::kMaxBatch> parts;
  for (const Slot slot : action.slots) {
    if (Status begun = Begin(in_flight_[slot]); !begun) return {std::move(begun), {}, {}};
    parts.push_back(&in_flight_[slot].lease.workspace());
  }
  executor::ServedModel& model = in_flight_[action.slots[0]].lease.model();
  return executor_.RunStage(model, action.stage, parts);
}

// Takes a workspace for a submission's first stage.
Status Lane::Begin(InFlight& job) {
  if (job.lease) return {};
  Result<executor::WorkspaceLease> lease =
      executor::WorkspaceLease::Begin(job.submission.model, job.submission.request.inputs);
  if (!lease) return std::move(lease).error();
  job.lease = *std::move(lease);
  return {};
}

void Lane::Finish(Work work) {
  const InFlight& finished = work.finished;
  if (work.action.kind == Action::Kind::kAnswer) {
    TellAnswer(finished.submission, work.action.account);
    finished.submission.done(ResponseOf(finished.lease, work.action.account));
  } else {
    TellRefused(finished.submission, work.action.error.code);
    finished.submission.done(std::move(work.action.error));
  }
}

// --- To the observer ---

void Lane::TellStage(const Action& action, Seconds time) const {
  if (observer_ == nullptr) return;
  int rows = 0;
  for (const Slot slot : action.slots) rows += in_flight_[slot].submission.rows;
  const executor::ServedModel& model = *in_flight_[action.slots[0]].submission.model;
  observer_->OnStage({model.version(), action.stage, static_cast<int>(action.slots.size()), rows,
                      model.exits().threads(), time});
}

void Lane::TellAnswer(const Submission& submission, const core::Account& account) const {
  if (observer_ == nullptr) return;
  observer_->OnAnswer({submission.request, submission.model->version(), account});
}

void Lane::TellRefused(const Submission& submission, ErrorCode why) const {
  if (observer_ == nullptr) return;
  observer_->OnRefused(submission.request.tenant, submission.model->version().spec.name, why);
}

}  // namespace delen::scheduler
