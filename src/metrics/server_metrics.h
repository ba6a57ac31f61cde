// Counts what the server does and tells it in Prometheus' text format.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/mutex.h"
#include "metrics/answer_counters.h"
#include "metrics/families.h"
#include "metrics/tenant_model_table.h"
#include "scheduler/lane.h"
#include "scheduler/lane_observer.h"

namespace delen::metrics {

// Listens to one lane.
//
// Memory:  nothing is allocated for what was counted before under the same
//          labels; there are a fixed number of these at most.
// Threads: as LaneObserver says. Text() may be called from any thread; the others
//          wait for it only when they count something for the first time.
class ServerMetrics final : public scheduler::LaneObserver {
 public:
  // `version` is the server's own.
  ServerMetrics(std::string_view version, const KnownNames& known);

  // Has the gauges of a lane read at every Text(). Not while Text() may be called.
  void Watch(std::string_view lane, std::function<scheduler::LaneState()> read);

  void OnStage(const scheduler::StageRun& run) override;
  void OnAnswer(const scheduler::AnsweredRequest& answered) override;
  void OnRefused(std::string_view tenant, std::string_view model, ErrorCode why) override;

  // All families that have something to tell.
  std::string Text();

 private:
  // Of one tenant at one model, by reason.
  struct Refusals {
    prometheus::Labels who;
    std::map<ErrorCode, prometheus::Counter*> counters;
  };
  struct WatchedLane {
    std::function<scheduler::LaneState()> read;
    prometheus::Gauge* slowdown;
    prometheus::Gauge* threads;
    prometheus::Gauge* queue_depth;
  };

  prometheus::Registry registry_;
  Families families_;
  std::vector<WatchedLane> lanes_;

  // The lane's thread's own.
  TenantModelTable<AnswerCounters> answers_;
  TenantModelTable<prometheus::Histogram*> batch_sizes_;

  Mutex mutex_;
  TenantModelTable<Refusals> refusals_ GUARDED_BY(mutex_);
};

}  // namespace delen::metrics
