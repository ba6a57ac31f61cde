#include "workload/generators_toml.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace delen::workload {
namespace {

constexpr double kLowestRate = 1e-3;
constexpr Range kRate{kLowestRate, 1e6};
constexpr Range kStateRate{0.0, 1e6};
constexpr Range kSeconds{1e-3, 1e7};
constexpr Range kMilliseconds{0.0, 1e7};
constexpr int kMilli = 3;

Seconds MillisecondsOr(const DocumentReader& reader, std::string_view key, Seconds fallback) {
  return reader.Has(key) ? Seconds(reader.Number(key, kMilliseconds, -kMilli)) : fallback;
}

// The content of the file named by the key `file`, made into a T by `parse`.
template <class T>
T ReadRecording(const DocumentReader& reader, const FileReader& files,
                Result<T> (*parse)(std::string_view csv, std::string_view source)) {
  reader.AllowKeys({"kind", "file"});
  const std::string name = reader.Text("file");
  if (name.empty()) return {};  // reported
  const Result<std::string> text = files(name);
  Result<T> recording = text ? parse(*text, name) : Result<T>(text.error());
  if (recording) return *std::move(recording);
  reader.Reject("file", fmt::format("'{:.64}'", name),
                fmt::format("a recording ({})", recording.error().message));
  return {};
}

// --- Arrivals ---

PoissonArrivals ReadPoisson(const DocumentReader& reader) {
  reader.AllowKeys({"kind", "rate_per_s"});
  return {reader.Number("rate_per_s", kRate)};
}

BurstyArrivals ReadBursty(const DocumentReader& reader) {
  reader.AllowKeys({"kind", "states"});
  BurstyArrivals arrivals;
  double highest = 0.0;
  for (const DocumentReader& state : reader.Tables("states")) {
    state.AllowKeys({"rate_per_s", "mean_dwell_s"});
    arrivals.states.push_back({.rate_per_s = state.Number("rate_per_s", kStateRate),
                               .mean_dwell = Seconds(state.Number("mean_dwell_s", kSeconds))});
    highest = std::max(highest, arrivals.states.back().rate_per_s);
  }
  if (arrivals.states.size() < 2) {
    reader.Reject("states", fmt::format("an array of {}", arrivals.states.size()), "at least 2");
  }
  if (highest < kLowestRate) {
    reader.Reject("states", fmt::format("without a rate above {}", highest),
                  fmt::format("a rate_per_s of at least {} in one of them", kLowestRate));
  }
  return arrivals;
}

PeriodicArrivals::Jitter ReadJitterShape(const DocumentReader& reader) {
  if (!reader.Has("jitter")) return PeriodicArrivals::Jitter::kNormal;
  const std::string word = reader.Text("jitter");
  if (word == "uniform") return PeriodicArrivals::Jitter::kUniform;
  if (word != "normal") {
    reader.Reject("jitter", fmt::format("'{:.64}'", word), "normal or uniform");
  }
  return PeriodicArrivals::Jitter::kNormal;
}

PeriodicArrivals ReadPeriodic(const DocumentReader& reader) {
  reader.AllowKeys({"kind", "rate_per_s", "offset_ms", "jitter_ms", "jitter"});
  return {.rate_per_s = reader.Number("rate_per_s", kRate),
          .offset = MillisecondsOr(reader, "offset_ms", Seconds(0.0)),
          .jitter = MillisecondsOr(reader, "jitter_ms", Seconds(0.0)),
          .shape = ReadJitterShape(reader)};
}

// --- Slowdown ---

ConstantSlowdown ReadConstant(const DocumentReader& reader) {
  reader.AllowKeys({"kind", "value"});
  return {reader.Number("value", kSlowdownRange)};
}

SteppedSlowdown ReadSteps(const DocumentReader& reader) {
  reader.AllowKeys({"kind", "steps"});
  SteppedSlowdown slowdown;
  for (const DocumentReader& step : reader.Tables("steps")) {
    step.AllowKeys({"at_s", "value"});
    const Seconds at(step.Number("at_s", AtLeast(0.0)));
    if (!slowdown.steps.empty() && at < slowdown.steps.back().at) {
      step.Reject(
          "at_s", fmt::format("{}", at.value()),
          fmt::format("at least {}, as in the step before", slowdown.steps.back().at.value()));
    }
    slowdown.steps.push_back({at, step.Number("value", kSlowdownRange)});
  }
  if (slowdown.steps.empty()) reader.Reject("steps", "empty", "at least one step");
  return slowdown;
}

WalkingSlowdown ReadWalk(const DocumentReader& reader) {
  reader.AllowKeys({"kind", "interval_s", "log_deviation", "low", "high"});
  const WalkingSlowdown walk{.interval = Seconds(reader.Number("interval_s", kSeconds)),
                             .log_deviation = reader.Number("log_deviation", {0.0, 10.0}),
                             .low = reader.Number("low", kSlowdownRange),
                             .high = reader.Number("high", kSlowdownRange)};
  if (walk.high < walk.low) {
    reader.Reject("high", fmt::format("{}", walk.high),
                  fmt::format("at least {}, as in low", walk.low));
  }
  return walk;
}

}  // namespace

Arrivals ReadArrivals(const DocumentReader& reader, const FileReader& files) {
  const std::string kind = reader.Text("kind");
  if (kind == "poisson") return ReadPoisson(reader);
  if (kind == "bursty") return ReadBursty(reader);
  if (kind == "periodic") return ReadPeriodic(reader);
  if (kind == "recorded") return ReadRecording(reader, files, ParseRecordedArrivals);
  reader.Reject("kind", fmt::format("'{:.64}'", kind), "poisson, bursty, periodic or recorded");
  return {};
}

Slowdown ReadSlowdown(const DocumentReader& reader, const FileReader& files) {
  const std::string kind = reader.Text("kind");
  if (kind == "constant") return ReadConstant(reader);
  if (kind == "steps") return ReadSteps(reader);
  if (kind == "random_walk") return ReadWalk(reader);
  if (kind == "recorded") return ReadRecording(reader, files, ParseRecordedSlowdown);
  reader.Reject("kind", fmt::format("'{:.64}'", kind), "constant, steps, random_walk or recorded");
  return {};
}

}  // namespace delen::workload
