#include "decision_time.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "base/quantile.h"
#include "base/random.h"
#include "policy/queue.h"
#include "scheduler/scheduler.h"
#include "workload/scenario.h"

namespace delen::bench {
namespace {

constexpr std::uint64_t kSeed = 20260403;
constexpr std::array kWaiting = {10, 100, 1000};
constexpr std::uint32_t kTenants = 4;

// What the requests ask for, in turn.
const std::vector<core::Bounds>& MixedBounds() {
  static const std::vector<core::Bounds> bounds = {{.max_latency = FromMilliseconds(50.0)},
                                                   {.max_latency = FromMilliseconds(200.0)},
                                                   {.max_latency = Seconds(1.0)},
                                                   {.min_accuracy = 0.7},
                                                   {.min_confidence = 0.8},
                                                   {}};
  return bounds;
}

// A scheduler at work on a virtual clock, with as many requests waiting at every
// decision: whoever is answered is replaced at once.
class Crowd {
 public:
  Crowd(const std::vector<core::ExitTable>& models, int waiting)
      : models_(models),
        waiting_(static_cast<std::size_t>(waiting)),
        scheduler_({.max_jobs = 2 * waiting_}) {
    Refill();
  }

  // Microseconds that each of so many decisions took: calls of Next while no
  // stage runs.
  std::vector<double> Decide(int decisions) {
    const SteadyClock clock;
    std::vector<double> took;
    took.reserve(static_cast<std::size_t>(decisions));
    while (took.size() < static_cast<std::size_t>(decisions)) {
      const TimePoint begun = clock.Now();
      const std::optional<scheduler::Action> action = scheduler_.Next(now_);
      took.push_back(InMicroseconds(clock.Now() - begun));
      if (!action) {
        now_ = std::min(scheduler_.wake(), now_ + FromMilliseconds(1.0));
      } else if (action->kind == scheduler::Action::Kind::kRunStage) {
        Run(*action);
      } else {
        model_of_.erase(action->id);
      }
      Refill();
    }
    return took;
  }

 private:
  void Refill() {
    while (scheduler_.job_count() < waiting_) {
      scheduler::Job job;
      job.id = ++last_id_;
      job.arrival = now_;
      job.bounds = MixedBounds()[last_id_ % MixedBounds().size()];
      job.exits = &models_[random_.Bits() % models_.size()];
      job.tenant.index = static_cast<std::uint32_t>(random_.Bits() % kTenants);
      // Nobody asks to be told, so nobody is turned away.
      (void)scheduler_.OnArrival(job, now_);
      model_of_[last_id_] = job.exits;
    }
  }

  void Run(const scheduler::Action& action) {
    const core::ExitTable& exits = *model_of_.at(action.id);
    const int rows = static_cast<int>(action.slots.size());
    const core::ExitTable::Costs costs = exits.CostsFor(rows);
    const Seconds time =
        costs.table->stages[static_cast<std::size_t>(action.stage)].p50 * costs.factor;
    now_ = now_ + time;
    std::array<double, policy::kMaxBatch> confidences{};
    for (double& confidence : confidences) confidence = random_.Uniform();
    scheduler_.OnStageDone({{}, time, std::span(confidences).first(action.slots.size())}, now_);
  }

  const std::vector<core::ExitTable>& models_;
  std::size_t waiting_;
  scheduler::Scheduler scheduler_;
  RandomSource random_{kSeed, "crowd"};
  std::map<core::RequestId, const core::ExitTable*> model_of_;  // of those not yet answered
  core::RequestId last_id_ = 0;
  TimePoint now_;
};

Result<std::vector<core::ExitTable>> PublishedModels(const TenantsSetting& setting) {
  const Result<workload::Scenario> scenario =
      workload::ReadScenario(setting.scenarios / "published.toml");
  if (!scenario) return scenario.error();
  std::vector<core::ExitTable> models;
  for (const workload::ScenarioModel& model : scenario->models) {
    Result<core::ExitTable> exits = core::ExitTable::Make(model.published.value(), 1);
    if (!exits) return std::move(exits).error();
    models.push_back(*std::move(exits));
  }
  return models;
}

}  // namespace

Status ReportDecisionTime(const TenantsSetting& setting, Report& report) {
  const Result<std::vector<core::ExitTable>> models = PublishedModels(setting);
  if (!models) return models.error();
  for (const int waiting : kWaiting) {
    Crowd crowd(*models, waiting);
    const int decisions = (setting.quick ? 200'000 : 2'000'000) / waiting;
    crowd.Decide(decisions / 10);  // until the slowdown and the streams are known
    const std::vector<double> took = crowd.Decide(decisions);
    const char* const most = waiting == 100 ? "<= 10" : "beside it";
    report.Figure(fmt::format("scheduler.decision_us_p50_{}", waiting), Quantile(took, 0.5), "us",
                  most);
    report.Figure(fmt::format("scheduler.decision_us_p99_{}", waiting), Quantile(took, 0.99), "us",
                  "reported");
    report.details(fmt::format("scheduler.decision_us_{}", waiting)) = Spread(took);
  }
  return {};
}

}  // namespace delen::bench
