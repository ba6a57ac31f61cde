// The protocol over real sockets: what a well-behaved client meets.

#include "frontend/http/http_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstring>
#include <thread>
#include <vector>

#include "frontend/testing/http_server_fixture.h"

namespace delen::frontend {
namespace {

using namespace delen::literals;
using ::testing::HasSubstr;
using testing::HttpClient;
using testing::HttpReply;
using testing::Mode;

class HttpServerTest : public testing::HttpServerFixture {};

TEST_F(HttpServerTest, AnswersHealthAndMetadata) {
  Serve();
  HttpClient client(port());
  EXPECT_EQ(client.Exchange(Get("/v2/health/live")).status, 200);
  EXPECT_EQ(client.Exchange(Get("/v2/health/ready")).status, 200);
  EXPECT_THAT(client.Exchange(Get("/v2")).body, HasSubstr("\"delen\""));
  EXPECT_THAT(client.Exchange(Get("/v2/models/m")).body, HasSubstr("\"inputs\""));
  EXPECT_EQ(client.Exchange(Get("/v2/nothing")).body, R"({"error":"Not Found"})");
}

TEST_F(HttpServerTest, IsReadyWhenItsOwnerSaysSo) {
  HttpOptions options;
  options.ready = [] { return false; };
  Serve(Mode::kInline, options);
  HttpClient client(port());
  EXPECT_EQ(client.Exchange(Get("/v2/health/live")).status, 200);
  EXPECT_EQ(client.Exchange(Get("/v2/health/ready")).status, 400);
}

TEST_F(HttpServerTest, HeadHasTheLengthAndNoBody) {
  Serve();
  HttpClient client(port());
  ASSERT_TRUE(
      client.Send("HEAD /v2 HTTP/1.1\r\nHost: h\r\n\r\nHEAD /nothing HTTP/1.1\r\nHost: "
                  "h\r\n\r\n"));
  EXPECT_EQ(client.Receive(true).Header("Content-Length"), "83");
  EXPECT_EQ(client.Receive(true).status, 404);
  EXPECT_EQ(client.Exchange(Get("/v2/health/live")).status, 200);
}

TEST_F(HttpServerTest, TellsItsMetricsBetweenAnswers) {
  Serve(Mode::kWorker, {.metrics = [] { return std::string("up 1\n"); }});
  HttpClient client(port());
  const HttpReply metrics = client.Exchange(Get("/metrics"));
  EXPECT_EQ(metrics.status, 200);
  EXPECT_EQ(metrics.Header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(metrics.body, "up 1\n");
  EXPECT_EQ(client.Exchange(Infer()).Header("Content-Type"), "application/json");
  ASSERT_TRUE(client.Send("HEAD /metrics HTTP/1.1\r\nHost: h\r\n\r\n"));
  EXPECT_EQ(client.Receive(true).Header("Content-Length"), "5");
  EXPECT_EQ(client.Exchange(Get("/v2/health/live")).status, 200);
}

TEST_F(HttpServerTest, WithoutMetricsTheirPathIsUnknown) {
  Serve();
  EXPECT_EQ(HttpClient(port()).Exchange(Get("/metrics")).status, 404);
}

TEST_F(HttpServerTest, InfersInJson) {
  for (const Mode mode : {Mode::kInline, Mode::kWorker}) {
    Serve(mode);
    HttpClient client(port());
    const HttpReply reply = client.Exchange(Infer("42"));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.Header("Content-Type"), "application/json");
    EXPECT_THAT(reply.body, HasSubstr(R"("id":"42")"));
    EXPECT_THAT(reply.body, HasSubstr(R"("data":[1,2])"));
    server_.reset();
  }
}

TEST_F(HttpServerTest, InfersInBytes) {
  Serve();
  const std::string json =
      R"({"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],)"
      R"("parameters":{"binary_data_size":8}}],"parameters":{"binary_data_output":true}})";
  const std::string tensor("\0\0\x80\x3f\0\0\0\x40", 8);  // 1, 2
  HttpClient client(port());
  const HttpReply reply =
      client.Exchange(Post("/v2/models/m/infer", json + tensor,
                           fmt::format("Inference-Header-Content-Length: {}\r\n", json.size())));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_EQ(reply.Header("Content-Type"), "application/octet-stream");
  const std::size_t header = std::stoul(reply.Header("Inference-Header-Content-Length"));
  EXPECT_EQ(reply.body.substr(header), tensor);
  EXPECT_THAT(reply.body.substr(0, header), HasSubstr(R"("binary_data_size":8)"));
}

TEST_F(HttpServerTest, TensorsOfABinaryBodyAreAligned) {
  Serve(Mode::kInline);
  HttpClient client(port());
  for (std::size_t padding = 0; padding < 8; ++padding) {
    const std::string json = R"({"inputs":[{"name":"x","datatype":"FP32","shape":[1,2],)"
                             R"("parameters":{"binary_data_size":8}}]})" +
                             std::string(padding, ' ');
    client.Exchange(Post("/v2/models/m/infer", json + "abcdefgh",
                         fmt::format("Inference-Header-Content-Length: {}\r\n", json.size())));
    const auto address =
        reinterpret_cast<std::uintptr_t>(service_->last_request().inputs.at(0).bytes.data());
    EXPECT_EQ(address % 64, 0U) << padding;
  }
}

TEST_F(HttpServerTest, InfersFromARawBody) {
  Serve();
  HttpClient client(port());
  const HttpReply reply = client.Exchange(
      Post("/v2/models/m/infer", std::string(16, '\0'), "Inference-Header-Content-Length: 0\r\n"));
  EXPECT_EQ(reply.status, 200) << reply.body;
  EXPECT_THAT(reply.body, HasSubstr(R"("shape":[2,2])"));
  EXPECT_EQ(reply.body.substr(reply.body.size() - 16), std::string(16, '\0'));
}

TEST_F(HttpServerTest, CarriesLargeTensorsBothWays) {
  Serve();
  std::string tensor(std::size_t{8} << 20, '\0');
  for (std::size_t i = 0; i < tensor.size(); i += 4) {
    const auto value = static_cast<float>(i);
    std::memcpy(tensor.data() + i, &value, sizeof(value));
  }
  HttpClient client(port());
  for (int round = 0; round < 3; ++round) {
    const HttpReply reply = client.Exchange(
        Post("/v2/models/wide/infer", tensor, "Inference-Header-Content-Length: 0\r\n"));
    ASSERT_EQ(reply.status, 200) << reply.body;
    EXPECT_TRUE(reply.body.substr(reply.body.size() - tensor.size()) == tensor);
  }
}

TEST_F(HttpServerTest, KeepsTheConnection) {
  Serve();
  HttpClient client(port());
  for (int i = 0; i < 100; ++i) {
    EXPECT_THAT(client.Exchange(Infer(std::to_string(i))).body,
                HasSubstr(fmt::format(R"("id":"{}")", i)));
  }
}

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  Serve();
  std::string requests;
  for (int i = 0; i < 500; ++i) requests += Infer(std::to_string(i));  // more than any buffer
  HttpClient client(port());
  std::thread sender([&] { EXPECT_TRUE(client.Send(requests)); });
  for (int i = 0; i < 500; ++i) {
    EXPECT_THAT(client.Receive().body, HasSubstr(fmt::format(R"("id":"{}")", i)));
  }
  sender.join();
}

TEST_F(HttpServerTest, ReadsRequestsThatComeByteByByte) {
  Serve();
  HttpClient client(port());
  for (const char byte : "\r\n" + Infer("slow")) ASSERT_TRUE(client.Send({&byte, 1}));
  EXPECT_THAT(client.Receive().body, HasSubstr("slow"));
}

TEST_F(HttpServerTest, ReadsChunkedBodies) {
  Serve();
  std::string request =
      "POST /v2/models/m/infer HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  const std::string body = InferBody("chunks");
  for (std::size_t at = 0; at < body.size(); at += 10) {
    const std::string part = body.substr(at, 10);
    request += fmt::format("{:x}\r\n{}\r\n", part.size(), part);
  }
  request += "0\r\n\r\n";
  HttpClient client(port());
  EXPECT_THAT(client.Exchange(request + Get("/v2")).body, HasSubstr(R"("id":"chunks")"));
  EXPECT_THAT(client.Receive().body, HasSubstr("\"delen\""));
}

TEST_F(HttpServerTest, InvitesABodyThatWaits) {
  Serve();
  HttpClient client(port());
  const std::string request = Infer("patient", "Expect: 100-continue\r\n");
  const std::size_t head = request.find("\r\n\r\n") + 4;
  EXPECT_EQ(client.Exchange(request.substr(0, head)).status, 100);
  EXPECT_THAT(client.Exchange(request.substr(head)).body, HasSubstr("patient"));
}

TEST_F(HttpServerTest, SpeaksHttp10) {
  Serve();
  HttpClient client(port());
  const HttpReply stays =
      client.Exchange("GET /v2/health/live HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_EQ(stays.Header("Connection"), "keep-alive");
  const HttpReply closes = client.Exchange("GET /v2/health/live HTTP/1.0\r\n\r\n");
  EXPECT_EQ(closes.Header("Connection"), "close");
  EXPECT_TRUE(client.SeesEnd());
}

TEST_F(HttpServerTest, ClosesWhenAsked) {
  Serve();
  HttpClient client(port());
  const HttpReply reply = client.Exchange(Infer("last", "Connection: close\r\n"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.Header("Connection"), "close");
  EXPECT_TRUE(client.SeesEnd());
}

TEST_F(HttpServerTest, TellsTheServicesErrors) {
  Serve();
  service_->FailWith({ErrorCode::kOverloaded, "queue is full"});
  HttpClient client(port());
  const HttpReply reply = client.Exchange(Infer());
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.Header("Retry-After"), "1");
  EXPECT_EQ(reply.body, R"({"error":"queue is full"})");
  service_->FailWith({ErrorCode::kOverloaded, "quota is used up", Seconds(2.5)});
  EXPECT_EQ(client.Exchange(Infer()).Header("Retry-After"), "3");
  service_->FailWith({ErrorCode::kInfeasible, "no exit is that fast"});
  EXPECT_EQ(client.Exchange(Infer()).status, 422);  // the connection stays
}

TEST_F(HttpServerTest, HandsOverArrivalAndModel) {
  Serve(Mode::kInline);
  const TimePoint before = clock_.Now();
  HttpClient client(port());
  client.Exchange(Infer());
  const core::Request request = service_->last_request();
  EXPECT_EQ(request.model, "m");
  EXPECT_EQ(request.version, 1);
  EXPECT_GE(request.arrival, before);
  EXPECT_LE(request.arrival, clock_.Now());
}

TEST_F(HttpServerTest, ArrivalIsTheFirstByteNotTheLast) {
  Serve(Mode::kInline);
  HttpClient client(port());
  const std::string request = Infer();
  const TimePoint before = clock_.Now();
  ASSERT_TRUE(client.Send(request.substr(0, 1)));
  std::this_thread::sleep_for(std::chrono::milliseconds(100));
  EXPECT_EQ(client.Exchange(request.substr(1)).status, 200);
  EXPECT_LT(service_->last_request().arrival - before, 90_ms);
}

TEST_F(HttpServerTest, TellsTheObserverOfAnswers) {
  std::atomic<int> seen = 0;
  HttpOptions options;
  options.observer = [&](const ServedRequest& served) {
    EXPECT_LE(served.arrival, served.written);
    EXPECT_EQ(served.device, 5_ms);
    ++seen;
  };
  Serve(Mode::kWorker, options);
  service_->Adjust([](core::Response& response) { response.account.device = 5_ms; });
  HttpClient client(port());
  client.Exchange(Infer());
  client.Exchange(Get("/v2"));  // no inference
  service_->FailWith({ErrorCode::kInternal, "broken"});
  client.Exchange(Infer());  // no answer
  server_.reset();
  EXPECT_EQ(seen, 1);
}

TEST_F(HttpServerTest, ServesManyConnectionsAtOnce) {
  Serve();
  std::vector<std::thread> clients;
  clients.reserve(8);
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([this, c] {
      for (int i = 0; i < 10; ++i) {
        HttpClient client(port());
        for (int j = 0; j < 10; ++j) {
          const std::string id = fmt::format("{}/{}/{}", c, i, j);
          EXPECT_THAT(client.Exchange(Infer(id)).body, HasSubstr(id));
        }
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(service_->submitted(), 800);
}

TEST_F(HttpServerTest, DrainLetsRunningRequestsFinish) {
  Serve(Mode::kHold);
  HttpClient idle(port());
  HttpClient busy(port());
  EXPECT_EQ(idle.Exchange(Get("/v2")).status, 200);
  ASSERT_TRUE(busy.Send(Infer("kept")));
  ASSERT_TRUE(service_->WaitForHeld(1));
  EXPECT_FALSE(server_->Drain(50_ms));
  EXPECT_TRUE(idle.SeesEnd());
  EXPECT_FALSE(HttpClient(port()).connected());
  service_->Release();
  const HttpReply reply = busy.Receive();
  EXPECT_THAT(reply.body, HasSubstr("kept"));
  EXPECT_EQ(reply.Header("Connection"), "close");
  EXPECT_TRUE(busy.SeesEnd());
  busy.Hangup();
  EXPECT_TRUE(server_->Drain(10_s));
}

TEST_F(HttpServerTest, EndingCancelsWhatRuns) {
  Serve(Mode::kHold);
  HttpClient client(port());
  ASSERT_TRUE(client.Send(Infer()));
  ASSERT_TRUE(service_->WaitForHeld(1));
  server_.reset();
  EXPECT_TRUE(service_->WaitForCancelled(1));
  EXPECT_TRUE(client.SeesEnd());
}

TEST_F(HttpServerTest, SaysWhyItCannotListen) {
  Serve();
  HttpOptions options;
  options.port = port();
  const auto second = HttpServer::Start(options, *service_, catalog_, clock_);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(second.error().message, HasSubstr("port is in use"));
  options.address = "localhost";
  const auto named = HttpServer::Start(options, *service_, catalog_, clock_);
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace delen::frontend
