// What the real server process tells Prometheus.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <sstream>

#include "client/http_connection.h"
#include "client/inference_client.h"
#include "served_glyphs.h"

namespace delen::e2e {
namespace {

using ::testing::HasSubstr;

// The text of a scrape, and the sums of what it tells.
class Scrape {
 public:
  explicit Scrape(const apps::ServerProcess& server) {
    auto http = client::HttpConnection::Connect("127.0.0.1", server.port(), Seconds(30.0)).value();
    reply_ = http.Get("/metrics").value();
  }

  const client::HttpReply& reply() const { return reply_; }
  const std::string& text() const { return reply_.body; }

  // Over all lines of the metric whose labels hold `label`.
  double Sum(std::string_view metric, std::string_view label = "") const {
    double sum = 0.0;
    std::istringstream in(text());
    for (std::string line; std::getline(in, line);) {
      const std::size_t end = line.find_first_of("{ ");
      const std::size_t value = line.rfind(' ');
      if (line.substr(0, end) != metric || line.find(label) == std::string::npos) continue;
      sum += std::strtod(line.c_str() + value, nullptr);
    }
    return sum;
  }

 private:
  client::HttpReply reply_;
};

class MetricsTest : public ::testing::Test {
 protected:
  Result<client::InferReply> Infer(const core::Parameters& parameters) {
    return client_.Infer("glyphs", {TestPictures().inputs[0]}, parameters);
  }

  apps::ServerProcess server_ = Serve();
  client::InferenceClient client_ =
      client::InferenceClient::Connect("127.0.0.1", server_.port()).value();
};

TEST_F(MetricsTest, WhatWasAskedAddsUp) {
  double energy_mj = 0.0;
  double device_ms = 0.0;
  for (int i = 0; i < 20; ++i) {
    const client::InferReply reply =
        Infer({{"max_latency_ms", i < 5 ? 0.001 : 1000.0}, {"min_accuracy", 0.1}}).value();
    energy_mj += reply.Number("energy_mj").value();
    device_ms += reply.Number("device_ms").value();
  }
  EXPECT_FALSE(Infer({{"max_latency_ms", 0.001}, {"on_infeasible", std::string("reject")}}));

  const Scrape scrape(server_);
  EXPECT_EQ(scrape.reply().status, 200);
  EXPECT_EQ(scrape.reply().header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(scrape.Sum("delen_requests_total", "model=\"glyphs\""), 20);
  EXPECT_EQ(scrape.Sum("delen_requests_total", "tenant=\"default\""), 20);
  EXPECT_EQ(scrape.Sum("delen_bounds_asked_total", "max_latency_ms"), 20);
  EXPECT_EQ(scrape.Sum("delen_bounds_missed_total", "max_latency_ms"), 5);
  EXPECT_EQ(scrape.Sum("delen_bounds_asked_total", "min_accuracy"), 20);
  EXPECT_EQ(scrape.Sum("delen_request_latency_seconds_count"), 20);
  EXPECT_EQ(scrape.Sum("delen_request_latency_seconds_bucket", "le=\"+Inf\""), 20);
  EXPECT_EQ(scrape.Sum("delen_refused_total", "reason=\"infeasible\""), 1);
  EXPECT_NEAR(scrape.Sum("delen_energy_joules_total"), energy_mj * 1e-3, energy_mj * 1e-6);
  EXPECT_NEAR(scrape.Sum("delen_device_seconds_total"), device_ms * 1e-3, device_ms * 1e-6);
  EXPECT_GE(scrape.Sum("delen_batch_size_count"), 20);
  EXPECT_GE(scrape.Sum("delen_lane_threads"), 1);
  EXPECT_GT(scrape.Sum("delen_lane_slowdown_ratio"), 0);
  EXPECT_EQ(scrape.Sum("delen_lane_queue_depth"), 0);
  EXPECT_EQ(scrape.Sum("delen_build_info"), 1);
  EXPECT_GT(scrape.Sum("process_resident_memory_bytes"), 1e6);
}

TEST_F(MetricsTest, NamesThatClientsMakeUpAreNotKept) {
  for (const char* const tenant : {"ghost", "phantom"}) {
    EXPECT_TRUE(Infer({{"tenant", std::string(tenant)}}));
  }
  const Scrape scrape(server_);
  EXPECT_EQ(scrape.Sum("delen_requests_total"), 2);
  EXPECT_THAT(scrape.text(), ::testing::Not(HasSubstr("ghost")));
}

TEST_F(MetricsTest, WhateverIsRefusedIsCounted) {
  auto http = client::HttpConnection::Connect("127.0.0.1", server_.port(), Seconds(30.0)).value();
  const auto post = [&](const std::string& model, const std::string& body) {
    return http.Post("/v2/models/" + model + "/infer", {}, body)->status;
  };
  EXPECT_EQ(post("nobodys", "{}"), 404);
  EXPECT_EQ(post("glyphs", "{"), 400);
  EXPECT_FALSE(client_.Infer("glyphs", {}, {}));  // no input
  const std::string rare = R"({"quotas": {"requests_per_second": 0.001}})";
  EXPECT_EQ(http.Put("/v2/tenants/robot", rare)->status, 201);
  const core::Parameters robot = {{"tenant", std::string("robot")}};
  EXPECT_TRUE(Infer(robot));
  EXPECT_EQ(Infer(robot).error().code, ErrorCode::kOverloaded);

  const Scrape scrape(server_);
  const auto refused = [&](std::string_view labels) {
    return scrape.Sum("delen_refused_total", labels);
  };
  EXPECT_EQ(refused(R"(model="other",reason="not_found",tenant="default")"), 1);
  EXPECT_EQ(refused(R"(model="glyphs",reason="invalid_argument",tenant="default")"), 2);
  EXPECT_EQ(refused(R"(model="glyphs",reason="overloaded",tenant="robot")"), 1);
  EXPECT_EQ(refused(""), 4);
}

// Pipes `text` through `promtool check metrics`: its exit code.
int CheckWithPromtool(const std::string& text) {
  std::FILE* const promtool = popen("promtool check metrics", "w");
  if (promtool == nullptr) return -1;
  std::fwrite(text.data(), 1, text.size(), promtool);
  return pclose(promtool);
}

TEST_F(MetricsTest, PrometheusWouldTakeThem) {
  ASSERT_EQ(std::system("command -v promtool > /dev/null"), 0)
      << "promtool is missing; tools/fetch_promtool.sh fetches it";
  ASSERT_TRUE(Infer({{"max_latency_ms", 1000.0}, {"max_energy_mj", 1000.0}}));
  ASSERT_FALSE(Infer({{"max_latency_ms", 0.001}, {"on_infeasible", std::string("reject")}}));
  const Scrape scrape(server_);
  EXPECT_EQ(CheckWithPromtool(scrape.text()), 0) << scrape.text();
}

}  // namespace
}  // namespace delen::e2e
