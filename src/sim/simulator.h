// A workload against the scheduler and the policies that serve, on a virtual
// clock: the machine is the models' profiles, a slowdown over time and noise.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/random.h"
#include "base/result.h"
#include "core/exit_table.h"
#include "scheduler/scheduler.h"
#include "sim/input.h"
#include "sim/report.h"
#include "tenants/quota_keeper.h"
#include "workload/scenario.h"

namespace delen::sim {

struct SimulatorOptions {
  scheduler::SchedulerOptions scheduler;
  std::optional<std::string> policy;  // for all tenants, in place of their own
  int threads = 1;                    // the profile's thread count to take
};

// One run. The same scenario, seed and options give the same report, to the bit.
//
// Threads: not thread-safe; runs may go on side by side.
class Simulator {
 public:
  // `models` has the scenario's models that it only names, by name.
  // Errors: kNotFound for a model that is in neither, kInvalidArgument for a
  //         policy that does not exist or a profile without the thread count.
  static Result<Simulator> Make(const workload::Scenario& scenario,
                                const std::map<std::string, core::ModelVersion>& models,
                                const SimulatorOptions& options);

  Report Run();

 private:
  struct Source {
    std::unique_ptr<workload::ArrivalProcess> arrivals;
    std::optional<TimePoint> next;
    const core::ExitTable* exits = nullptr;
    tenants::RegisteredTenant tenant;
    int rows = 1;
    const policy::Policy* policy = nullptr;
  };
  struct Running {
    scheduler::Action action;
    TimePoint done;
    Seconds time;
  };
  // What is known of a request while it is in, by slot.
  struct Request {
    std::size_t source = 0;
    bool counts = false;  // arrived after the warm-up
    Input input{0.0};
  };

  Simulator(const workload::Scenario& scenario, const SimulatorOptions& options);
  std::uint32_t IndexOf(std::string_view tenant) const;
  std::string LabelOf(const workload::ScenarioTenant& tenant) const;
  Result<const policy::Policy*> PolicyCalled(const std::string& name, Seconds response_reserve);
  Status AddSource(std::size_t tenant, const SimulatorOptions& options);

  TimePoint NextEvent() const;
  std::size_t FirstSource() const;
  TimePoint ReadyAt(std::size_t source) const;
  void Arrive(std::size_t source);
  void CompleteStage();
  void Proceed();
  void Start(const scheduler::Action& action);
  void Finish(const scheduler::Action& action);
  void Hash(std::uint64_t bits);

  workload::Scenario scenario_;
  std::map<std::string, core::ExitTable> exits_;  // by model
  // By name; shared, as in the server: a policy plans for all that name it.
  std::map<std::string, std::unique_ptr<policy::Policy>> policies_;
  std::vector<Source> sources_;  // one per tenant
  tenants::QuotaKeeper quotas_;
  scheduler::Scheduler scheduler_;
  std::unique_ptr<workload::SlowdownTrace> slowdown_;
  workload::StageNoise noise_;
  RandomSource inputs_;
  std::vector<Request> requests_;
  std::optional<Running> running_;
  TimePoint now_;
  core::RequestId last_id_ = 0;
  Report report_;
};

}  // namespace delen::sim
