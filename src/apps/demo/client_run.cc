#include "apps/demo/client_run.h"

#include <chrono>
#include <thread>

#include "client/inference_client.h"

namespace delen::apps {
namespace {

Status Count(const client::InferReply& reply, int label, ClientScore& score) {
  const Result<double> exit = reply.Number("exit");
  if (!exit) return exit.error();
  const Result<double> latency_ms = reply.Number("latency_ms");
  if (!latency_ms) return latency_ms.error();
  const core::ParameterValue* met = core::Find(reply.parameters, "bounds_met");
  score.latency_ms.push_back(*latency_ms);
  ++score.by_exit.at(static_cast<std::size_t>(*exit));
  if (met != nullptr && *met == core::ParameterValue(true)) ++score.bounds_met;
  if (reply.BestClasses() == std::vector<int>{label}) ++score.correct;
  return {};
}

}  // namespace

Result<ClientScore> RunClient(const ClientPlan& plan, const LabelledInputs& data, int exit_count,
                              std::atomic<std::int64_t>& asked) {
  Result<client::InferenceClient> client = client::InferenceClient::Connect("127.0.0.1", plan.port);
  if (!client) return std::move(client).error();
  ClientScore score;
  score.by_exit.resize(static_cast<std::size_t>(exit_count));
  const auto requests = static_cast<std::size_t>(plan.duration / plan.period);
  auto next = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < requests; ++i) {
    std::this_thread::sleep_until(next);
    next += std::chrono::duration_cast<std::chrono::nanoseconds>(
        std::chrono::duration<double>(plan.period.value()));
    const std::size_t row = i % data.inputs.size();
    const Result<client::InferReply> reply =
        client->Infer(plan.model, {data.inputs[row]}, plan.parameters);
    if (!reply) return WithContext(plan.name, reply.error());
    if (Status counted = Count(*reply, data.labels[row], score); !counted) {
      return std::move(counted).error();
    }
    ++asked;
  }
  return score;
}

}  // namespace delen::apps
