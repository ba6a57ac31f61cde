#include "client/load_generator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <functional>
#include <thread>

namespace delen::client {
namespace {

using namespace literals;
using boost::asio::ip::tcp;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Http(int status, const std::string& body) {
  return fmt::format("HTTP/1.1 {} X\r\nContent-Length: {}\r\n\r\n{}", status, body.size(), body);
}

// Answers one connection after the other, each request as `answer` says: by the
// whole HTTP response; "" closes the connection.
class FakeServer {
 public:
  using Answer = std::function<std::string(const std::string& request)>;

  FakeServer(int connections, Answer answer)
      : answer_(std::move(answer)), thread_([this, connections] {
          for (int i = 0; i < connections; ++i) ServeOne();
        }) {}
  ~FakeServer() { thread_.join(); }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

 private:
  void ServeOne() {
    tcp::socket socket = acceptor_.accept();
    boost::asio::streambuf buffer;
    boost::system::error_code failure;
    while (true) {
      const std::size_t head =
          boost::asio::read_until(socket, buffer, std::string("\r\n\r\n"), failure);
      if (failure) return;
      std::string request(static_cast<const char*>(buffer.data().data()), head);
      const std::size_t at = request.find("Content-Length: ", request.find("\r\nContent-Length"));
      const std::size_t body = request.starts_with("GET") ? 0 : std::stoul(request.substr(at + 16));
      while (buffer.size() < head + body) {
        boost::asio::read(socket, buffer, boost::asio::transfer_at_least(1));
      }
      request.assign(static_cast<const char*>(buffer.data().data()), head + body);
      buffer.consume(head + body);
      const std::string reply = request.starts_with("GET") ? Http(200, "") : answer_(request);
      if (reply.empty()) return;
      boost::asio::write(socket, boost::asio::buffer(reply), failure);
    }
  }

  Answer answer_;
  boost::asio::io_context context_;
  tcp::acceptor acceptor_{context_, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)};
  std::thread thread_;
};

std::string Answered() {
  return Http(200, R"({"parameters":{"exit":1,"latency_ms":0.5},)"
                   R"("outputs":[{"name":"y","datatype":"FP32","shape":[1,1]}]})");
}

// One tenant, whose requests are due at `due`; each is four bytes, "abcd" or "efgh".
LoadPlan PlanOf(std::vector<Seconds> due) {
  static constexpr char kBytes[] = "abcdefgh";
  const auto* bytes = reinterpret_cast<const std::byte*>(kBytes);
  LoadPlan plan;
  plan.scenario.duration = 1_s;
  workload::ScenarioTenant& robot = plan.scenario.tenants.emplace_back();
  robot.terms.name = "robot";
  robot.terms.bounds.max_latency = 60_s;
  robot.model = "m";
  robot.arrivals = workload::RecordedArrivals{std::move(due)};
  plan.inputs.push_back({.tensors = {{.name = "x",
                                      .datatype = core::DataType::kFp32,
                                      .shape = {1, 1},
                                      .bytes = {bytes, 4},
                                      .owner = nullptr}},
                         .bytes = std::make_shared<const std::vector<std::byte>>(bytes, bytes + 8),
                         .labels = {}});
  return plan;
}

LoadReport Play(const LoadPlan& plan, const FakeServer& server, LoadOptions options = {}) {
  options.port = server.port();
  LoadProgress progress;
  const SteadyClock clock;
  Result<LoadReport> report = RunLoad(plan, options, clock, progress);
  EXPECT_TRUE(report) << report.error().message;
  return *std::move(report);
}

TEST(LoadGenerator, SendsWhatTheScenarioSaysOverAndOver) {
  std::vector<std::string> requests;
  LoadReport report;
  {
    FakeServer server(1, [&](const std::string& request) {
      requests.push_back(request);
      return Answered();
    });
    report = Play(PlanOf({0_ms, 60_ms, 120_ms}), server, {.connections = 1});
  }
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_TRUE(requests[0].starts_with("POST /v2/models/m/infer HTTP/1.1\r\n")) << requests[0];
  EXPECT_THAT(requests[0], HasSubstr(R"("max_latency_ms":60000.0,"tenant":"robot")"));
  EXPECT_TRUE(requests[0].ends_with("}abcd"));
  EXPECT_TRUE(requests[1].ends_with("}efgh"));
  EXPECT_TRUE(requests[2].ends_with("}abcd"));
  const LoadTally& tally = report.tenants[0];
  EXPECT_EQ(tally.counts.answered, 3U);
  EXPECT_EQ(tally.counts.kept, 3U);
  EXPECT_THAT(tally.counts.exits, ElementsAre(0, 3));
  EXPECT_EQ(report.time, 1_s);
}

// Each answer takes 20 ms; the last of five requests due at once waits for four others.
TEST(LoadGenerator, LatencyCountsFromTheInstantDue) {
  FakeServer server(1, [](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return Answered();
  });
  const LoadReport report =
      Play(PlanOf({0_ms, 0_ms, 0_ms, 0_ms, 0_ms}), server, {.connections = 1});
  const LoadTally& tally = report.tenants[0];
  EXPECT_EQ(tally.waited, 4U);
  EXPECT_EQ(tally.send_delay.count(), 1U);
  EXPECT_GE(tally.counts.latency.min(), 20_ms);
  EXPECT_GE(tally.counts.latency.max(), 100_ms);
}

TEST(LoadGenerator, CountsRefusalsAndFailuresAndGoesOn) {
  int asked = 0;
  LoadReport report;
  {
    FakeServer server(2, [&](const std::string&) {
      switch (++asked) {
        case 1: return Http(429, R"({"error":"full"})");
        case 2: return Http(200, "no JSON");
        case 3: return Http(400, R"({"error":"wrong"})");
        default: return Answered();
      }
    });
    LoadPlan plan = PlanOf({0_ms, 0_ms, 0_ms, 0_ms});
    report = Play(plan, server, {.connections = 1});
    plan.scenario.warmup = 500_ms;
    report.tenants.push_back(Play(plan, server, {.connections = 1}).tenants[0]);
  }
  const LoadTally& tally = report.tenants[0];
  EXPECT_EQ(tally.counts.arrived, 4U);
  EXPECT_EQ(tally.counts.refused, 1U);
  EXPECT_EQ(tally.counts.dropped, 2U);
  EXPECT_EQ(tally.counts.answered, 1U);
  EXPECT_THAT(tally.first_error, HasSubstr("the answer cannot be read"));
  EXPECT_EQ(report.tenants[1].counts.arrived, 0U) << "due in the warm-up";
}

TEST(LoadGenerator, AConnectionThatWasClosedMeanwhileIsOpenedAnew) {
  int asked = 0;
  LoadReport report;
  {
    FakeServer server(2, [&](const std::string&) { return ++asked == 2 ? "" : Answered(); });
    report = Play(PlanOf({0_ms, 50_ms, 100_ms}), server, {.connections = 1});
  }
  EXPECT_EQ(report.tenants[0].counts.answered, 3U);
  EXPECT_EQ(asked, 4);
}

TEST(LoadGenerator, GivesUpOnAServerThatIsSilent) {
  FakeServer server(1, [](const std::string&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(400));
    return "";
  });
  const LoadReport report =
      Play(PlanOf({0_ms, 0_ms}), server, {.connections = 1, .patience = 100_ms});
  EXPECT_EQ(report.tenants[0].counts.arrived, 2U);
  EXPECT_EQ(report.tenants[0].counts.dropped, 2U);
}

TEST(LoadGenerator, SaysWhatItCannotStart) {
  LoadProgress progress;
  const SteadyClock clock;
  const auto error_of = [&](const LoadPlan& plan, const LoadOptions& options) {
    return RunLoad(plan, options, clock, progress).error().message;
  };
  LoadPlan plan = PlanOf({0_ms});
  EXPECT_EQ(error_of(plan, {.address = "here"}), "'here' is no IP address");
  EXPECT_THAT(error_of(plan, {.port = 1}), HasSubstr("cannot connect"));
  plan.scenario.tenants[0].model = "m HTTP/1.1";
  EXPECT_THAT(error_of(plan, {}), HasSubstr("asks model 'm HTTP/1.1', expected a name of letters"));
}

}  // namespace
}  // namespace delen::client
