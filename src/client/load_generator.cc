#include "client/load_generator.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <numeric>
#include <optional>
#include <utility>

#include "base/files.h"
#include "client/load_connection.h"
#include "client/load_schedule.h"

namespace delen::client {
namespace {

namespace asio = boost::asio;
using SystemTime = std::chrono::steady_clock::time_point;

constexpr Seconds kLead{0.01};  // from the start to instant 0

auto ToDuration(Seconds time) {
  return std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(time.value()));
}

// All of a tenant's requests up to their tensors' bytes: they are alike.
std::string WireHead(const workload::ScenarioTenant& tenant, const LoadInputs& inputs,
                     const std::string& host) {
  core::Parameters parameters = ToParameters(tenant.terms.bounds);
  parameters.emplace_back("tenant", tenant.terms.name);
  const std::string json = InferHead(inputs.tensors, parameters);
  return fmt::format(
      "POST /v2/models/{}/infer HTTP/1.1\r\nHost: {}\r\nContent-Type: application/octet-stream\r\n"
      "{}: {}\r\nContent-Length: {}\r\n\r\n{}",
      tenant.model, host, kHeaderLength, json.size(), json.size() + inputs.request_bytes(), json);
}

// One tenant at work.
struct Source {
  const workload::ScenarioTenant* tenant = nullptr;
  const LoadInputs* inputs = nullptr;
  std::string head;
  std::vector<std::unique_ptr<LoadConnection>> connections;
  std::vector<LoadConnection*> idle;  // the one used last is used next
  std::deque<DueRequest> waiting;     // for a connection
  std::uint64_t owed = 0;             // requests that count and have come to nothing yet
  LoadTally tally;
};

// Threads: all happens in the thread that calls Run().
class Generator {
 public:
  Generator(const LoadPlan& plan, const LoadOptions& options, const asio::ip::address& address,
            const Clock& clock, LoadProgress& progress)
      : scenario_(plan.scenario),
        options_(options),
        server_(address, options.port),
        greeting_(fmt::format("GET /v2/health/live HTTP/1.1\r\nHost: {}\r\n\r\n", options.address)),
        clock_(clock),
        progress_(progress),
        schedule_(plan.scenario) {
    for (std::size_t i = 0; i < scenario_.tenants.size(); ++i) {
      const workload::ScenarioTenant& tenant = scenario_.tenants[i];
      Source& source = sources_.emplace_back();
      source.tenant = &tenant;
      source.inputs = &plan.inputs[i];
      source.head = WireHead(tenant, plan.inputs[i], options.address);
      source.tally.counts.tenant = tenant.terms.name;
    }
  }

  // Opens a connection for each tenant.
  Status Greet() {
    Status greeted;
    for (Source& source : sources_) {
      LoadConnection* const connection = FreeConnection(source);
      connection->Exchange({greeting_, {}}, [&, connection](const Result<WireReply>& reply) {
        if (!reply) greeted = reply.error();
        source.idle.push_back(connection);
      });
    }
    context_.run();
    context_.restart();
    return greeted;
  }

  LoadReport Run() {
    begin_ = clock_.Now() + kLead;
    next_ = schedule_.Next();
    Await();
    context_.run();
    return Report();
  }

 private:
  // Sleeps until the next request is due or, after the last, until patience ends.
  void Await() {
    if (next_) {
      timer_.expires_at(SystemTime(ToDuration(InstantOf(*next_).since_origin())));
    } else if (outstanding_ == 0) {
      return;
    } else {
      timer_.expires_after(ToDuration(options_.patience));
    }
    timer_.async_wait([this](boost::system::error_code code) {
      if (code) return;  // cancelled: nothing is outstanding
      if (!next_) return context_.stop();
      while (next_ && InstantOf(*next_) <= clock_.Now()) {
        Arrive(*next_);
        next_ = schedule_.Next();
      }
      Await();
    });
  }

  void Arrive(const DueRequest& request) {
    Source& source = sources_[request.tenant];
    ++outstanding_;
    ++progress_.arrived;
    if (Counts(request)) {
      ++source.owed;
      ++source.tally.counts.arrived;
    }
    LoadConnection* const connection = FreeConnection(source);
    if (connection == nullptr) {
      source.tally.waited += Counts(request) ? 1 : 0;
      return source.waiting.push_back(request);
    }
    const bool was_open = connection->is_open();
    Send(source, *connection, request);
    if (was_open && Counts(request)) {
      source.tally.send_delay.Record(clock_.Now() - InstantOf(request));
    }
  }

  // One that is idle, else a new one; null when all are busy.
  LoadConnection* FreeConnection(Source& source) {
    if (!source.idle.empty()) {
      LoadConnection* const connection = source.idle.back();
      source.idle.pop_back();
      return connection;
    }
    if (source.connections.size() >= static_cast<std::size_t>(options_.connections)) return nullptr;
    source.connections.push_back(
        std::make_unique<LoadConnection>(context_, server_, options_.patience));
    return source.connections.back().get();
  }

  void Send(Source& source, LoadConnection& connection, const DueRequest& request) {
    connection.Exchange({source.head, source.inputs->BytesOf(request.number)},
                        [this, &source, &connection, request](const Result<WireReply>& reply) {
                          OnReply(source, request, reply);
                          OnFree(source, connection);
                        });
  }

  void OnReply(Source& source, const DueRequest& request, const Result<WireReply>& reply) {
    const Seconds latency = clock_.Now() - InstantOf(request);
    --outstanding_;
    ++progress_.finished;
    if (!Counts(request)) return;
    --source.owed;
    if (!reply) return source.tally.OnFailure(reply.error());
    if (reply->status != 200) {
      return source.tally.OnRefusal(RefusalOf(reply->status, reply->body));
    }
    const Result<InferReply> answer = ParseInferReply(reply->head_length, reply->body);
    if (!answer) return source.tally.OnFailure(answer.error());
    source.tally.OnAnswer(*answer, source.tenant->terms.bounds, latency,
                          source.inputs->LabelsOf(request.number));
  }

  void OnFree(Source& source, LoadConnection& connection) {
    if (!source.waiting.empty()) {
      const DueRequest request = source.waiting.front();
      source.waiting.pop_front();
      return Send(source, connection, request);
    }
    source.idle.push_back(&connection);
    if (!next_ && outstanding_ == 0) timer_.cancel();
  }

  LoadReport Report() {
    LoadReport report;
    for (Source& source : sources_) {
      for (; source.owed > 0; --source.owed) {
        source.tally.OnFailure(MakeError(ErrorCode::kDeadlineExceeded,
                                         "no answer within {} s after the last request was due",
                                         options_.patience.value()));
      }
      report.tenants.push_back(std::move(source.tally));
    }
    const Seconds length = scenario_.duration.value_or(clock_.Now() - begin_);
    report.time = std::max(length - scenario_.warmup, Seconds(0.0));
    return report;
  }

  TimePoint InstantOf(const DueRequest& request) const {
    return begin_ + request.due.since_origin();
  }
  bool Counts(const DueRequest& request) const {
    return request.due.since_origin() >= scenario_.warmup;
  }

  const workload::Scenario& scenario_;
  const LoadOptions& options_;
  asio::ip::tcp::endpoint server_;
  const std::string greeting_;
  const Clock& clock_;
  LoadProgress& progress_;
  LoadSchedule schedule_;

  asio::io_context context_{1};
  asio::steady_timer timer_{context_};
  std::deque<Source> sources_;  // whose elements stay where they are
  TimePoint begin_;
  std::optional<DueRequest> next_;
  std::uint64_t outstanding_ = 0;
};

}  // namespace

std::size_t LoadInputs::request_bytes() const {
  return std::accumulate(
      tensors.begin(), tensors.end(), std::size_t{0},
      [](std::size_t sum, const core::Tensor& tensor) { return sum + tensor.bytes.size(); });
}

std::span<const std::byte> LoadInputs::BytesOf(std::uint64_t number) const {
  const std::size_t size = request_bytes();
  return std::span(*bytes).subspan((number % count()) * size, size);
}

std::span<const std::int32_t> LoadInputs::LabelsOf(std::uint64_t number) const {
  const std::size_t rows = labels.size() / count();
  return std::span(labels).subspan((number % count()) * rows, rows);
}

Result<LoadReport> RunLoad(const LoadPlan& plan, const LoadOptions& options, const Clock& clock,
                           LoadProgress& progress) {
  boost::system::error_code failure;
  const asio::ip::address address = asio::ip::make_address(options.address, failure);
  if (failure) return InvalidArgument("'{}' is no IP address", options.address);
  for (const workload::ScenarioTenant& tenant : plan.scenario.tenants) {
    if (!IsSafeName(tenant.model)) {
      return InvalidArgument(
          "tenant '{}' asks model '{}', expected a name of letters, digits, '.', '_' and '-'",
          tenant.terms.name, tenant.model);
    }
  }
  Generator generator(plan, options, address, clock, progress);
  if (Status greeted = generator.Greet(); !greeted) return std::move(greeted).error();
  return generator.Run();
}

}  // namespace delen::client
