// The server under measurement, in this process, and a client of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "apps/demo/client_run.h"
#include "apps/server.h"
#include "base/clock.h"
#include "base/result.h"
#include "client/inference_client.h"

namespace delen::bench {

struct LiveServer {
  SteadyClock clock;
  std::unique_ptr<apps::Server> server;
  std::shared_ptr<executor::ServedModel> model;

  const core::ExitTable& exits() const { return model->exits(); }
};

// Serves the one model of `models` on a free port.
Result<std::unique_ptr<LiveServer>> StartServer(apps::ServeConfig config, const std::string& model);

// The parts of an answer that the benchmarks look at.
struct Answer {
  int exit = 0;
  double latency_ms = 0.0;  // by the server's clock
  double device_ms = 0.0;
  bool correct = false;
};

// Asks for one picture under `parameters`.
Result<Answer> Ask(client::InferenceClient& client, const std::string& model,
                   const apps::LabelledInputs& data, std::size_t row,
                   const core::Parameters& parameters);

}  // namespace delen::bench
