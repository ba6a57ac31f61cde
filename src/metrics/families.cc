#include "metrics/families.h"

#include <array>
#include <utility>

#include "metrics/process_usage.h"

namespace delen::metrics {
namespace {

using prometheus::MetricType;

constexpr FamilySpec kRequests = {MetricType::Counter, "delen_requests_total",
                                  "tenant, model, exit",
                                  "Requests answered, by the exit that answered."};
constexpr FamilySpec kBoundsAsked = {MetricType::Counter, "delen_bounds_asked_total",
                                     "tenant, model, bound",
                                     "Answered requests that asked for this bound."};
constexpr FamilySpec kBoundsMissed = {MetricType::Counter, "delen_bounds_missed_total",
                                      "tenant, model, bound",
                                      "Answered requests for which this bound was not kept."};
constexpr FamilySpec kLatency = {MetricType::Histogram, "delen_request_latency_seconds",
                                 "tenant, model",
                                 "First byte of a request read to its answer ready."};
constexpr FamilySpec kQueue = {MetricType::Histogram, "delen_queue_seconds", "tenant, model",
                               "Time that answered requests waited for a lane."};
constexpr FamilySpec kBatchSize = {MetricType::Histogram, "delen_batch_size", "model",
                                   "Requests that shared a stage, for each stage that ran."};
constexpr FamilySpec kRefused = {MetricType::Counter, "delen_refused_total",
                                 "tenant, model, reason",
                                 "Requests that got an error instead of an answer."};
constexpr FamilySpec kDegraded = {
    MetricType::Counter, "delen_degraded_total", "tenant, model",
    "Requests whose latency bound was given up while they waited, answered all the same."};
constexpr FamilySpec kDevice = {MetricType::Counter, "delen_device_seconds_total", "tenant, model",
                                "Time on the device that answered requests took."};
constexpr FamilySpec kEnergy = {MetricType::Counter, "delen_energy_joules_total",
                                "tenant, model, source",
                                "Energy that answered requests took, by where the figure is from."};
constexpr FamilySpec kLaneSlowdown = {
    MetricType::Gauge, "delen_lane_slowdown_ratio", "lane",
    "Time that stages take now over the time they took when profiled."};
constexpr FamilySpec kLaneThreads = {MetricType::Gauge, "delen_lane_threads", "lane",
                                     "Threads of the stage that started last."};
constexpr FamilySpec kLaneQueueDepth = {MetricType::Gauge, "delen_lane_queue_depth", "lane",
                                        "Requests that were let in and wait."};
constexpr FamilySpec kBuildInfo = {MetricType::Gauge, "delen_build_info", "version",
                                   "Always 1; the label says which build this is."};

constexpr std::array kAll = {
    kRequests,       kBoundsAsked, kBoundsMissed,    kLatency,    kQueue,        kBatchSize,
    kRefused,        kDegraded,    kDevice,          kEnergy,     kLaneSlowdown, kLaneThreads,
    kLaneQueueDepth, kBuildInfo,   kProcessResident, kProcessCpu, kProcessStart};

template <class Metric>
prometheus::Family<Metric>& Register(prometheus::detail::Builder<Metric> builder,
                                     const FamilySpec& spec, prometheus::Registry& registry) {
  return builder.Name(std::string(spec.name)).Help(std::string(spec.help)).Register(registry);
}

auto& Counters(const FamilySpec& spec, prometheus::Registry& registry) {
  return Register(prometheus::BuildCounter(), spec, registry);
}
auto& Gauges(const FamilySpec& spec, prometheus::Registry& registry) {
  return Register(prometheus::BuildGauge(), spec, registry);
}
auto& Histograms(const FamilySpec& spec, prometheus::Registry& registry) {
  return Register(prometheus::BuildHistogram(), spec, registry);
}

}  // namespace

std::span<const FamilySpec> AllFamilies() { return kAll; }

std::string_view Name(MetricType type) {
  switch (type) {
    case MetricType::Counter: return "counter";
    case MetricType::Gauge: return "gauge";
    case MetricType::Histogram: return "histogram";
    case MetricType::Summary: return "summary";
    case MetricType::Untyped: break;
  }
  return "untyped";
}

Families::Families(prometheus::Registry& registry)
    : requests(Counters(kRequests, registry)),
      bounds_asked(Counters(kBoundsAsked, registry)),
      bounds_missed(Counters(kBoundsMissed, registry)),
      latency(Histograms(kLatency, registry)),
      queue(Histograms(kQueue, registry)),
      batch_size(Histograms(kBatchSize, registry)),
      refused(Counters(kRefused, registry)),
      degraded(Counters(kDegraded, registry)),
      device(Counters(kDevice, registry)),
      energy(Counters(kEnergy, registry)),
      lane_slowdown(Gauges(kLaneSlowdown, registry)),
      lane_threads(Gauges(kLaneThreads, registry)),
      lane_queue_depth(Gauges(kLaneQueueDepth, registry)),
      build_info(Gauges(kBuildInfo, registry)) {}

prometheus::Labels With(prometheus::Labels labels, std::string name, std::string_view value) {
  labels.emplace(std::move(name), value);
  return labels;
}

}  // namespace delen::metrics
