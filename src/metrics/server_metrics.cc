#include "metrics/server_metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <utility>

#include "metrics/process_usage.h"

namespace delen::metrics {
namespace {

// The most requests that share a stage are 16.
const prometheus::Histogram::BucketBoundaries kBatchSizes = {1, 2, 3, 4, 6, 8, 12, 16};

prometheus::Labels Who(std::string_view tenant, std::string_view model) {
  return {{"tenant", std::string(tenant)}, {"model", std::string(model)}};
}

// "deadline_exceeded"
std::string ReasonOf(ErrorCode why) {
  std::string reason(Name(why));
  std::ranges::replace(reason, ' ', '_');
  return reason;
}

}  // namespace

ServerMetrics::ServerMetrics(std::string_view version, const KnownNames& known)
    : families_(registry_),
      answers_(known,
               [this](std::string_view tenant, std::string_view model) {
                 return AnswerCounters(families_, Who(tenant, model));
               }),
      batch_sizes_(known,
                   [this](std::string_view, std::string_view model) {
                     return &families_.batch_size.Add({{"model", std::string(model)}}, kBatchSizes);
                   }),
      refusals_(known, [](std::string_view tenant, std::string_view model) {
        return Refusals{Who(tenant, model), {}};
      }) {
  families_.build_info.Add({{"version", std::string(version)}}).Set(1.0);
}

void ServerMetrics::Watch(std::string_view lane, std::function<scheduler::LaneState()> read) {
  const prometheus::Labels labels = {{"lane", std::string(lane)}};
  lanes_.push_back({std::move(read), &families_.lane_slowdown.Add(labels),
                    &families_.lane_threads.Add(labels), &families_.lane_queue_depth.Add(labels)});
}

// Stages are shared by tenants, so all count as the default one's here.
void ServerMetrics::OnStage(const scheduler::StageRun& run) {
  batch_sizes_.At(core::kDefaultTenant, run.model.spec.name)->Observe(run.requests);
}

void ServerMetrics::OnAnswer(const scheduler::AnsweredRequest& answered) {
  answers_.At(answered.request.tenant, answered.model.spec.name)
      .Count(answered.request.bounds, answered.account);
}

void ServerMetrics::OnRefused(std::string_view tenant, std::string_view model, ErrorCode why) {
  const MutexLock lock(mutex_);
  Refusals& refusals = refusals_.At(tenant, model);
  prometheus::Counter*& counter = refusals.counters[why];
  if (counter == nullptr) {
    counter = &families_.refused.Add(With(refusals.who, "reason", ReasonOf(why)));
  }
  counter->Increment();
}

std::string ServerMetrics::Text() {
  for (const WatchedLane& lane : lanes_) {
    const scheduler::LaneState state = lane.read();
    lane.slowdown->Set(state.slowdown);
    lane.threads->Set(state.threads);
    lane.queue_depth->Set(static_cast<double>(state.waiting));
  }
  std::vector<prometheus::MetricFamily> families = registry_.Collect();
  for (prometheus::MetricFamily& family : ProcessFamilies()) families.push_back(std::move(family));
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace delen::metrics
