#include "executor_allocations.h"

#include <utility>

#include "allocation_counter.h"
#include "executor/executor.h"
#include "scheduler/scheduler.h"

namespace delen::bench {
namespace {

// A model that says when it is inside the runtime.
class MarkedModel final : public backend::LoadedModel {
 public:
  explicit MarkedModel(std::shared_ptr<executor::ServedModel> inner) : inner_(std::move(inner)) {}

  Result<std::unique_ptr<backend::Workspace>> NewWorkspace(
      std::span<const core::Shape> input_shapes) override {
    return inner_->loaded().NewWorkspace(input_shapes);
  }
  Status RunStage(int stage, backend::Workspace& workspace) override {
    const InsideRuntime inside;
    return inner_->loaded().RunStage(stage, workspace);
  }
  bool batchable() const override { return inner_->loaded().batchable(); }

 private:
  std::shared_ptr<executor::ServedModel> inner_;
};

Status ServeOne(scheduler::Scheduler& scheduler, const executor::Executor& executor,
                const std::shared_ptr<executor::ServedModel>& model, const Clock& clock,
                std::span<const core::Tensor> inputs, core::RequestId id) {
  scheduler::Job job;
  job.id = id;
  job.arrival = clock.Now();
  job.exits = &model->exits();
  if (const auto slot = scheduler.OnArrival(job, clock.Now()); !slot) return slot.error();
  executor::WorkspaceLease lease;
  while (const auto action = scheduler.Next(clock.Now())) {
    if (action->kind != scheduler::Action::Kind::kRunStage) break;
    if (!lease) {
      Result<executor::WorkspaceLease> begun = executor::WorkspaceLease::Begin(model, inputs);
      if (!begun) return std::move(begun).error();
      lease = *std::move(begun);
    }
    executor::Outcome outcome = executor.RunStage(*model, action->stage, lease.workspace());
    if (!outcome.status) return std::move(outcome.status).error();
    scheduler.OnStageDone({{}, outcome.time, std::span(&outcome.confidence, 1)}, clock.Now());
  }
  return {};
}

}  // namespace

Result<AllocationsPerRequest> CountExecutorAllocations(const LiveServer& live,
                                                       const apps::LabelledInputs& data,
                                                       int requests) {
  constexpr int kWarmUp = 50;
  const auto model = std::make_shared<executor::ServedModel>(
      live.model->version(), live.model->exits(), std::make_unique<MarkedModel>(live.model));
  scheduler::Scheduler scheduler({});
  const executor::Executor executor(live.clock);
  AllocationCounts before;
  core::RequestId id = 0;
  for (int i = -kWarmUp; i < requests; ++i) {
    if (i == 0) before = CountedAllocations();
    const std::size_t row = id++ % data.inputs.size();
    const Status served =
        ServeOne(scheduler, executor, model, live.clock, std::span(&data.inputs[row], 1), id);
    if (!served) return served.error();
  }
  const AllocationCounts after = CountedAllocations();
  return AllocationsPerRequest{static_cast<double>(after.ours - before.ours) / requests,
                               static_cast<double>(after.runtime - before.runtime) / requests};
}

}  // namespace delen::bench
