// Every family of metrics that the server tells, by Prometheus' conventions: base
// units, "_total" for what only grows.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/metric_family.h>
#include <prometheus/registry.h>

#include <span>
#include <string>
#include <string_view>

namespace delen::metrics {

struct FamilySpec {
  prometheus::MetricType type;
  std::string_view name;
  std::string_view labels;  // "tenant, model"
  std::string_view help;
};

// What docs/metrics.md describes.
std::span<const FamilySpec> AllFamilies();

// "counter", "gauge", "histogram".
std::string_view Name(prometheus::MetricType type);

// The families that are counted as things happen.
//
// Memory:  the registry owns them and must outlive this.
// Threads: as prometheus::Family: Add() takes a lock that a scrape takes too.
struct Families {
  explicit Families(prometheus::Registry& registry);

  prometheus::Family<prometheus::Counter>& requests;
  prometheus::Family<prometheus::Counter>& bounds_asked;
  prometheus::Family<prometheus::Counter>& bounds_missed;
  prometheus::Family<prometheus::Histogram>& latency;
  prometheus::Family<prometheus::Histogram>& queue;
  prometheus::Family<prometheus::Histogram>& batch_size;
  prometheus::Family<prometheus::Counter>& refused;
  prometheus::Family<prometheus::Counter>& degraded;
  prometheus::Family<prometheus::Counter>& device;
  prometheus::Family<prometheus::Counter>& energy;
  prometheus::Family<prometheus::Gauge>& lane_slowdown;
  prometheus::Family<prometheus::Gauge>& lane_threads;
  prometheus::Family<prometheus::Gauge>& lane_queue_depth;
  prometheus::Family<prometheus::Gauge>& build_info;
};

// `labels` with one more.
prometheus::Labels With(prometheus::Labels labels, std::string name, std::string_view value);

}  // namespace delen::metrics
