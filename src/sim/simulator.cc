#include "sim/simulator.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "policy/policies.h"

namespace delen::sim {

Result<Simulator> Simulator::Make(const workload::Scenario& scenario,
                                  const std::map<std::string, core::ModelVersion>& models,
                                  const SimulatorOptions& options) {
  Simulator simulator(scenario, options);
  for (const workload::ScenarioModel& model : scenario.models) {
    const auto found = models.find(model.name);
    if (!model.published && found == models.end()) {
      return NotFound("the scenario's model '{}' is in no models folder", model.name);
    }
    Result<core::ExitTable> exits = core::ExitTable::Make(
        model.published ? *model.published : found->second, model.published ? 1 : options.threads);
    if (!exits) return std::move(exits).error();
    simulator.exits_.emplace(model.name, *std::move(exits));
  }
  for (std::size_t i = 0; i < scenario.tenants.size(); ++i) {
    if (Status added = simulator.AddSource(i, options); !added) return std::move(added).error();
  }
  return simulator;
}

Simulator::Simulator(const workload::Scenario& scenario, const SimulatorOptions& options)
    : scenario_(scenario),
      scheduler_(options.scheduler),
      slowdown_(scenario.SlowdownOverTime()),
      noise_(scenario.NoiseOfStages()),
      inputs_(scenario.seed, "inputs"),
      requests_(options.scheduler.max_jobs) {}

// Streams of one tenant have one index: the first one's.
std::uint32_t Simulator::IndexOf(std::string_view tenant) const {
  const auto first = std::ranges::find_if(
      scenario_.tenants, [&](const auto& candidate) { return candidate.terms.name == tenant; });
  return static_cast<std::uint32_t>(first - scenario_.tenants.begin());
}

// "camera", or "camera/resnet50" when the tenant has several streams.
std::string Simulator::LabelOf(const workload::ScenarioTenant& tenant) const {
  const auto streams = std::ranges::count_if(scenario_.tenants, [&](const auto& candidate) {
    return candidate.terms.name == tenant.terms.name;
  });
  return streams == 1 ? tenant.terms.name : tenant.terms.name + "/" + tenant.model;
}

Result<const policy::Policy*> Simulator::PolicyCalled(const std::string& name,
                                                      Seconds response_reserve) {
  std::unique_ptr<policy::Policy>& policy = policies_[name];
  if (policy == nullptr) {
    Result<std::unique_ptr<policy::Policy>> made = policy::MakePolicy(name, response_reserve);
    if (!made) return std::move(made).error();
    policy = *std::move(made);
  }
  return policy.get();
}

Status Simulator::AddSource(std::size_t tenant, const SimulatorOptions& options) {
  const workload::ScenarioTenant& asks = scenario_.tenants[tenant];
  const Result<const policy::Policy*> policy =
      PolicyCalled(options.policy.value_or(asks.terms.policy), options.scheduler.response_reserve);
  if (!policy) return policy.error();
  Source source;
  source.arrivals = scenario_.ArrivalsOf(tenant);
  source.next = source.arrivals->Next();
  source.exits = &exits_.at(asks.model);
  source.tenant = {asks.terms, IndexOf(asks.terms.name)};
  source.rows = asks.rows;
  source.policy = *policy;
  sources_.push_back(std::move(source));
  report_.tenants.push_back({.tenant = LabelOf(asks), .latency = {}});
  return {};
}

Report Simulator::Run() {
  std::int64_t arrivals = 0;
  while (true) {
    const TimePoint next = NextEvent();
    if (next == TimePoint::Never()) break;
    now_ = std::max(now_, next);
    if (running_ && running_->done <= now_) {
      CompleteStage();
    } else if (const std::size_t source = FirstSource();
               source < sources_.size() && ReadyAt(source) <= now_) {
      Arrive(source);
      if (scenario_.requests && ++arrivals >= *scenario_.requests) {
        for (Source& other : sources_) other.next.reset();
      }
    }
    Proceed();
  }
  report_.time = scenario_.duration.value_or(now_.since_origin()) - scenario_.warmup;
  return std::move(report_);
}

TimePoint Simulator::NextEvent() const {
  TimePoint next = running_ ? running_->done : scheduler_.wake();
  const std::size_t source = FirstSource();
  return source < sources_.size() ? std::min(next, ReadyAt(source)) : next;
}

// When the source's next request has been read.
TimePoint Simulator::ReadyAt(std::size_t source) const {
  return *sources_[source].next + scenario_.request_overhead;
}

// The source whose next request comes first; none when all have ended.
std::size_t Simulator::FirstSource() const {
  std::size_t first = sources_.size();
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    const std::optional<TimePoint>& next = sources_[i].next;
    if (next && (first == sources_.size() || *next < *sources_[first].next)) first = i;
  }
  return first;
}

void Simulator::Arrive(std::size_t index) {
  Source& source = sources_[index];
  Tally& tally = report_.tenants[index];
  const TimePoint arrival = *source.next;
  const bool counts = arrival.since_origin() >= scenario_.warmup;
  tally.arrived += counts ? 1 : 0;
  source.next = source.arrivals->Next();
  if (source.next && scenario_.duration && source.next->since_origin() >= *scenario_.duration) {
    source.next.reset();
  }
  const Input input(inputs_.Uniform());
  const auto refuse = [&] {
    tally.refused += counts ? 1 : 0;
    Hash(~last_id_);
  };
  scheduler::Job job;
  job.id = ++last_id_;
  job.arrival = arrival;
  job.bounds = source.tenant.tenant.bounds;
  job.exits = source.exits;
  job.rows = source.rows;
  job.tenant = {source.tenant.index, source.tenant.tenant.weight, source.policy};
  if (quotas_.Admit(source.tenant, now_)) return refuse();
  const Result<scheduler::Slot> slot = scheduler_.OnArrival(job, now_);
  if (!slot) {
    quotas_.OnFinished(source.tenant.index, Joules(), now_);
    return refuse();
  }
  requests_[*slot] = {index, counts, input};
}

void Simulator::CompleteStage() {
  const Running done = *std::exchange(running_, std::nullopt);
  std::array<double, policy::kMaxBatch> confidences{};
  for (std::size_t i = 0; i < done.action.slots.size(); ++i) {
    const Request& request = requests_[done.action.slots[i]];
    confidences[i] = request.input.ConfidenceAt(*sources_[request.source].exits, done.action.stage);
  }
  scheduler_.OnStageDone({{}, done.time, confidences}, now_);
}

void Simulator::Proceed() {
  while (std::optional<scheduler::Action> action = scheduler_.Next(now_)) {
    if (action->kind == scheduler::Action::Kind::kRunStage) {
      Start(*action);
    } else {
      Finish(*action);
    }
  }
}

void Simulator::Start(const scheduler::Action& action) {
  const Source& source = sources_[requests_[action.slots[0]].source];
  const int rows = source.rows * static_cast<int>(action.slots.size());
  const core::ExitTable::Costs costs = source.exits->CostsFor(rows);
  const Seconds profiled =
      costs.table->stages[static_cast<std::size_t>(action.stage)].p50 * costs.factor;
  const Seconds time = profiled * (slowdown_->At(now_) * noise_.Next());
  running_ = Running{action, now_ + time, time};
  ++report_.stages;
}

void Simulator::Finish(const scheduler::Action& action) {
  const Request& request = requests_[action.slots[0]];
  const bool is_answer = action.kind == scheduler::Action::Kind::kAnswer;
  quotas_.OnFinished(sources_[request.source].tenant.index,
                     is_answer ? action.account.energy : Joules(), now_);
  Hash(action.id);
  Hash(is_answer ? static_cast<std::uint64_t>(action.account.exit) : ~std::uint64_t{0});
  Hash(std::bit_cast<std::uint64_t>(now_.since_origin().value()));
  if (!request.counts) return;
  Tally& tally = report_.tenants[request.source];
  if (is_answer) {
    tally.OnAnswer(action.account);
  } else {
    ++tally.dropped;
  }
}

// FNV-1a, eight bytes at a time.
void Simulator::Hash(std::uint64_t bits) {
  constexpr std::uint64_t kPrime = 0x100000001b3;
  report_.hash = (report_.hash ^ bits) * kPrime;
}

}  // namespace delen::sim
