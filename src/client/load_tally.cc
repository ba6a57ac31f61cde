#include "client/load_tally.h"

#include <algorithm>
#include <cstddef>
#include <optional>

#include "core/model_spec.h"

namespace delen::client {
namespace {

// A parameter that an answer need not have.
std::optional<double> NumberIfSent(const InferReply& reply, std::string_view name) {
  const Result<double> number = reply.Number(name);
  return number ? std::optional(*number) : std::nullopt;
}

// Whether BestClasses() can tell one class per label.
bool HasClassFor(const InferReply& reply, std::span<const std::int32_t> labels) {
  const core::Tensor& output = reply.output;
  if (labels.empty() || output.datatype != core::DataType::kFp32 || output.shape.empty()) {
    return false;
  }
  const std::int64_t classes = output.shape.back();
  return classes > 0 &&
         output.bytes.size() == labels.size() * sizeof(float) * static_cast<std::size_t>(classes);
}

}  // namespace

Result<core::Account> AccountOf(const InferReply& reply, const core::Bounds& bounds,
                                Seconds latency) {
  const Result<double> exit = reply.Number("exit");
  if (!exit) return exit.error();
  if (*exit < 0.0 || *exit >= core::kMaxExits) {
    return Internal("the answer is from exit {}, expected one below {}", *exit, core::kMaxExits);
  }
  core::Account account;
  account.exit = static_cast<int>(*exit);
  account.accuracy_estimate = NumberIfSent(reply, "accuracy_estimate");
  account.confidence = NumberIfSent(reply, "confidence");
  account.latency = latency;
  account.queue = FromMilliseconds(NumberIfSent(reply, "queue_ms").value_or(0.0));
  account.device = FromMilliseconds(NumberIfSent(reply, "device_ms").value_or(0.0));
  account.energy = FromMillijoules(NumberIfSent(reply, "energy_mj").value_or(0.0));
  const core::ParameterValue* const degraded = core::Find(reply.parameters, "degraded");
  account.degraded = degraded != nullptr && *degraded == core::ParameterValue(true);
  account.missed = core::MissedBounds(bounds, {.latency = latency,
                                               .energy = account.energy,
                                               .accuracy = account.accuracy_estimate,
                                               .confidence = account.confidence});
  return account;
}

void LoadTally::OnAnswer(const InferReply& reply, const core::Bounds& bounds, Seconds latency,
                         std::span<const std::int32_t> labels) {
  const Result<core::Account> account = AccountOf(reply, bounds, latency);
  if (!account) return OnFailure(account.error());
  counts.OnAnswer(*account);
  const core::ParameterValue* const met = core::Find(reply.parameters, "bounds_met");
  told_kept += met != nullptr && *met == core::ParameterValue(true) ? 1 : 0;
  if (const std::optional<double> ms = NumberIfSent(reply, "latency_ms"); ms && *ms >= 0.0) {
    server_latency.Record(FromMilliseconds(*ms));
  }
  if (!HasClassFor(reply, labels)) return;
  const std::vector<int> classes = reply.BestClasses();
  labelled += labels.size();
  for (std::size_t row = 0; row < labels.size(); ++row) {
    correct += classes[row] == labels[row] ? 1 : 0;
  }
}

void LoadTally::OnRefusal(const Error& error) {
  const bool by_decision = error.code == ErrorCode::kInfeasible ||
                           error.code == ErrorCode::kOverloaded ||
                           error.code == ErrorCode::kUnavailable;
  if (!by_decision) return OnFailure(error);
  ++counts.refused;
}

void LoadTally::OnFailure(const Error& error) {
  ++counts.dropped;
  if (first_error.empty()) first_error = error.message;
}

double LoadTally::ToldViolationRate() const {
  const std::uint64_t admitted = counts.arrived - counts.refused;
  if (admitted == 0) return 0.0;
  return static_cast<double>(admitted - told_kept) / static_cast<double>(admitted);
}

void LoadTally::Merge(const LoadTally& other) {
  counts.Merge(other.counts);
  told_kept += other.told_kept;
  server_latency.Merge(other.server_latency);
  send_delay.Merge(other.send_delay);
  waited += other.waited;
  labelled += other.labelled;
  correct += other.correct;
  if (first_error.empty()) first_error = other.first_error;
}

LoadTally LoadReport::Total() const {
  LoadTally total;
  total.counts.tenant = "all";
  for (const LoadTally& tally : tenants) total.Merge(tally);
  return total;
}

}  // namespace delen::client
