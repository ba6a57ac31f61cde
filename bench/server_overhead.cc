#include "server_overhead.h"

#include "base/mutex.h"
#include "client/http_connection.h"

namespace delen::bench {
namespace {

// Collects what the server's thread observes.
class Observations {
 public:
  void Add(const frontend::ServedRequest& served) {
    const MutexLock lock(mutex_);
    overhead_us_.push_back(InMicroseconds(served.written - served.arrival - served.device));
  }
  std::vector<double> Take() {
    const MutexLock lock(mutex_);
    return std::move(overhead_us_);
  }

 private:
  Mutex mutex_;
  std::vector<double> overhead_us_ GUARDED_BY(mutex_);
};

}  // namespace

Result<OverheadSamples> MeasureOverhead(const apps::ServeConfig& config, const std::string& model,
                                        const apps::LabelledInputs& data, int requests) {
  Observations observations;
  apps::ServeConfig observed = config;
  observed.http.observer = [&](const frontend::ServedRequest& served) { observations.Add(served); };
  Result<std::unique_ptr<LiveServer>> live = StartServer(observed, model);
  if (!live) return std::move(live).error();
  const std::uint16_t port = (*live)->server->port();
  Result<client::InferenceClient> client = client::InferenceClient::Connect("127.0.0.1", port);
  if (!client) return std::move(client).error();
  Result<client::HttpConnection> health =
      client::HttpConnection::Connect("127.0.0.1", port, Seconds(10.0));
  if (!health) return std::move(health).error();

  const Clock& clock = (*live)->clock;
  OverheadSamples samples;
  for (int i = 0; i < requests; ++i) {
    const TimePoint start = clock.Now();
    const Result<client::HttpReply> alive = health->Get("/v2/health/live");
    if (!alive) return alive.error();
    const TimePoint middle = clock.Now();
    const auto row = static_cast<std::size_t>(i) % data.inputs.size();
    const Result<Answer> answer = Ask(*client, model, data, row, {});
    if (!answer) return answer.error();
    const TimePoint end = clock.Now();
    samples.health_us.push_back(InMicroseconds(middle - start));
    samples.infer_us.push_back(InMicroseconds(end - middle) - answer->device_ms * 1e3);
  }
  (*live)->server->Drain();
  samples.overhead_us = observations.Take();
  return samples;
}

}  // namespace delen::bench
