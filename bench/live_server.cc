#include "live_server.h"

#include <utility>

namespace delen::bench {

Result<std::unique_ptr<LiveServer>> StartServer(apps::ServeConfig config,
                                                const std::string& model) {
  config.http.port = 0;
  auto live = std::make_unique<LiveServer>();
  Result<std::unique_ptr<apps::Server>> server = apps::Server::Start(config, live->clock);
  if (!server) return std::move(server).error();
  live->server = *std::move(server);
  Result<std::shared_ptr<executor::ServedModel>> served = live->server->models().Get(model, 0);
  if (!served) return std::move(served).error();
  live->model = *std::move(served);
  return live;
}

Result<Answer> Ask(client::InferenceClient& client, const std::string& model,
                   const apps::LabelledInputs& data, std::size_t row,
                   const core::Parameters& parameters) {
  const Result<client::InferReply> reply = client.Infer(model, {data.inputs[row]}, parameters);
  if (!reply) return reply.error();
  Answer answer;
  answer.correct = reply->BestClasses() == std::vector<int>{data.labels[row]};
  const std::pair<const char*, double*> numbers[] = {{"latency_ms", &answer.latency_ms},
                                                     {"device_ms", &answer.device_ms}};
  for (const auto& [name, field] : numbers) {
    const Result<double> value = reply->Number(name);
    if (!value) return value.error();
    *field = *value;
  }
  const Result<double> exit = reply->Number("exit");
  if (!exit) return exit.error();
  answer.exit = static_cast<int>(*exit);
  return answer;
}

}  // namespace delen::bench
