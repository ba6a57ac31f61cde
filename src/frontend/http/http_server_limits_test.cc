// Clients that are slow, greedy, broken or gone.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <random>
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

class HttpServerLimitsTest : public testing::HttpServerFixture {};

TEST_F(HttpServerLimitsTest, AClientThatHangsUpCancelsItsRequest) {
  Serve(Mode::kHold);
  HttpClient closes(port());
  ASSERT_TRUE(closes.Send(Infer()));
  ASSERT_TRUE(service_->WaitForHeld(1));
  closes.Hangup();
  EXPECT_TRUE(service_->WaitForCancelled(1));

  HttpClient resets(port());
  ASSERT_TRUE(resets.Send(Infer()));
  ASSERT_TRUE(service_->WaitForHeld(1));
  resets.Reset();
  EXPECT_TRUE(service_->WaitForCancelled(2));
}

TEST_F(HttpServerLimitsTest, HangingUpBehindAPipelinedRequestCancelsToo) {
  Serve(Mode::kHold);
  HttpClient client(port());
  ASSERT_TRUE(client.Send(Infer() + Infer()));
  ASSERT_TRUE(service_->WaitForHeld(1));
  client.Hangup();
  EXPECT_TRUE(service_->WaitForCancelled(1));
  EXPECT_EQ(service_->submitted(), 1);
}

TEST_F(HttpServerLimitsTest, AnAnswerForAClientThatLeftIsDropped) {
  Serve(Mode::kHold);
  HttpClient client(port());
  ASSERT_TRUE(client.Send(Infer()));
  ASSERT_TRUE(service_->WaitForHeld(1));
  client.Reset();
  service_->Release();  // races with the cancellation, on purpose
  HttpClient other(port());
  EXPECT_EQ(other.Exchange(Get("/v2")).status, 200);
}

TEST_F(HttpServerLimitsTest, AHeadThatDoesNotComeTimesOut) {
  HttpOptions options;
  options.header_timeout = 50_ms;
  Serve(Mode::kInline, options);
  HttpClient client(port());
  const HttpReply reply = client.Exchange("GET /v2 HTTP/1.1\r\nHost:");
  EXPECT_EQ(reply.status, 408);
  EXPECT_EQ(reply.Header("Connection"), "close");
  EXPECT_TRUE(client.SeesEnd());
}

TEST_F(HttpServerLimitsTest, ATrickleDoesNotExtendTheTimeout) {
  HttpOptions options;
  options.header_timeout = 100_ms;
  Serve(Mode::kInline, options);
  HttpClient client(port());
  ASSERT_TRUE(client.Send("GET /v2 HTTP/1.1\r\n"));
  std::thread trickle([&] {
    for (int i = 0; i < 100 && client.Send("X: y\r\n"); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  });
  EXPECT_EQ(client.Receive().status, 408);
  trickle.join();
}

TEST_F(HttpServerLimitsTest, ABodyThatDoesNotComeTimesOut) {
  HttpOptions options;
  options.body_timeout = 50_ms;
  options.min_body_rate = 1e6;
  Serve(Mode::kInline, options);
  for (const char* head :
       {"Content-Length: 100\r\n\r\nhalf", "Transfer-Encoding: chunked\r\n\r\n5\r\nh",
        "Content-Length: 4\r\n\r\n"}) {
    HttpClient client(port());
    const HttpReply reply =
        client.Exchange(std::string("POST /v2/models/m/infer HTTP/1.1\r\nHost: h\r\n") + head);
    EXPECT_EQ(reply.status, 408) << head;
    EXPECT_THAT(reply.body, HasSubstr("body was not complete"));
  }
}

TEST_F(HttpServerLimitsTest, AnIdleConnectionIsClosed) {
  HttpOptions options;
  options.idle_timeout = 50_ms;
  Serve(Mode::kInline, options);
  HttpClient silent(port());
  EXPECT_TRUE(silent.SeesEnd());
  HttpClient used(port());
  EXPECT_EQ(used.Exchange(Get("/v2")).status, 200);
  EXPECT_TRUE(used.SeesEnd());
}

TEST_F(HttpServerLimitsTest, ARunningRequestHasNoTimeoutOfItsOwn) {
  HttpOptions options;
  options.idle_timeout = options.header_timeout = options.body_timeout = 20_ms;
  options.min_body_rate = 1e9;
  Serve(Mode::kHold, options);
  HttpClient client(port());
  ASSERT_TRUE(client.Send(Infer("long")));
  ASSERT_TRUE(service_->WaitForHeld(1));
  std::this_thread::sleep_for(std::chrono::milliseconds(150));
  service_->Release();
  EXPECT_THAT(client.Receive().body, HasSubstr("long"));
}

TEST_F(HttpServerLimitsTest, AResponseThatIsNotReadIsGivenUp) {
  HttpOptions options;
  options.write_timeout = 100_ms;
  Serve(Mode::kWorker, options);
  HttpClient client(port());
  const std::string request =
      Post("/v2/models/wide/infer", std::string(std::size_t{16} << 20, '\0'),
           "Inference-Header-Content-Length: 0\r\n");
  ASSERT_TRUE(client.Send(request));
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  EXPECT_EQ(client.Receive().status, 0);  // cut off
}

TEST_F(HttpServerLimitsTest, ALargeBodyIsRefusedBeforeItIsSent) {
  HttpOptions options;
  options.max_body_bytes = 1000;
  Serve(Mode::kInline, options);
  HttpClient client(port());
  const HttpReply reply = client.Exchange(
      "POST /v2/models/m/infer HTTP/1.1\r\nHost: h\r\nContent-Length: 1001\r\n\r\n");
  EXPECT_EQ(reply.status, 413);
  EXPECT_THAT(reply.body, HasSubstr("1001 bytes, the limit is 1000"));
  EXPECT_TRUE(client.SeesEnd());
}

TEST_F(HttpServerLimitsTest, ARefusalReachesAClientThatIsStillSending) {
  HttpOptions options;
  options.max_body_bytes = 1000;
  Serve(Mode::kInline, options);
  HttpClient client(port());
  client.Send(Post("/v2/models/m/infer", std::string(4 << 20, 'x')));
  EXPECT_EQ(client.Receive().status, 413);
}

TEST_F(HttpServerLimitsTest, AllBodiesTogetherAreLimited) {
  HttpOptions options;
  options.max_buffered_bytes = 10000;
  Serve(Mode::kHold, options);
  HttpClient first(port());
  ASSERT_TRUE(first.Send(Post("/v2/models/m/infer", std::string(8000, '\0'),
                              "Inference-Header-Content-Length: 0\r\n")));
  ASSERT_TRUE(service_->WaitForHeld(1));
  const std::string request =
      Post("/v2/models/m/infer", std::string(4000, '\0'), "Inference-Header-Content-Length: 0\r\n");
  HttpClient second(port());
  const HttpReply refused = second.Exchange(request);
  EXPECT_EQ(refused.status, 503);
  EXPECT_THAT(refused.body, HasSubstr("more than 10000 bytes"));
  service_->Release();
  EXPECT_EQ(first.Receive().status, 200);
  HttpClient third(port());
  ASSERT_TRUE(third.Send(request));
  EXPECT_TRUE(service_->WaitForHeld(1));
}

TEST_F(HttpServerLimitsTest, ALargeHeadIsRefused) {
  HttpOptions options;
  options.max_header_bytes = 1000;
  Serve(Mode::kInline, options);
  HttpClient client(port());
  EXPECT_EQ(client.Exchange(Get("/v2", "X: " + std::string(2000, 'x') + "\r\n")).status, 431);
}

TEST_F(HttpServerLimitsTest, ABodyCutShortIsToldSo) {
  Serve(Mode::kInline);
  HttpClient client(port());
  ASSERT_TRUE(client.Send(
      "POST /v2/models/m/infer HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhello"));
  client.ShutdownSend();
  const HttpReply reply = client.Receive();
  EXPECT_EQ(reply.status, 400);
  EXPECT_THAT(reply.body, HasSubstr("after 5 bytes of its body"));
  EXPECT_TRUE(client.SeesEnd());
}

TEST_F(HttpServerLimitsTest, GarbageEndsOnlyItsOwnConnection) {
  Serve(Mode::kInline);
  std::mt19937 random(7);
  for (int i = 0; i < 50; ++i) {
    std::string garbage(1 + random() % 500, '\0');
    for (char& c : garbage) c = static_cast<char>(random());
    HttpClient client(port());
    ASSERT_TRUE(client.Send(garbage));
    client.ShutdownSend();
    const int status = client.Receive().status;
    EXPECT_TRUE(status == 400 || status == 0) << status;
  }
  HttpClient client(port());
  EXPECT_EQ(client.Exchange("\x16\x03\x01\x02 TLS?\r\n\r\n").status, 400);
  HttpClient other(port());
  EXPECT_EQ(other.Exchange(Infer()).status, 200);
}

TEST_F(HttpServerLimitsTest, ConnectionsBeyondTheLimitAreTurnedAway) {
  HttpOptions options;
  options.max_connections = 3;
  Serve(Mode::kInline, options);
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 3; ++i) {
    clients.push_back(std::make_unique<HttpClient>(port()));
    EXPECT_EQ(clients.back()->Exchange(Get("/v2")).status, 200);
  }
  HttpClient late(port());
  const HttpReply reply = late.Receive();
  EXPECT_EQ(reply.status, 503);
  EXPECT_THAT(reply.body, HasSubstr("4 connections, the limit is 3"));
  EXPECT_TRUE(late.SeesEnd());
  late.Hangup();
  clients.pop_back();
  // Room again, as soon as the server has seen the end.
  for (int tries = 0; tries < 100; ++tries) {
    HttpClient next(port());
    if (next.Exchange(Get("/v2")).status == 200) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  FAIL() << "no room after a connection was closed";
}

TEST_F(HttpServerLimitsTest, HoldsAThousandConnections) {
  Serve(Mode::kInline);
  std::vector<std::unique_ptr<HttpClient>> clients;
  for (int i = 0; i < 1000; ++i) {
    auto client = std::make_unique<HttpClient>(port());
    if (!client->connected()) break;  // this machine allows fewer files
    clients.push_back(std::move(client));
  }
  for (const auto& client : clients) ASSERT_TRUE(client->Send(Infer()));
  for (const auto& client : clients) ASSERT_EQ(client->Receive().status, 200);
}

}  // namespace
}  // namespace delen::frontend
