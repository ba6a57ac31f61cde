// A real server on a loopback port, over a fake service.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "frontend/http/http_server.h"
#include "frontend/testing/fake_inference_service.h"
#include "frontend/testing/fake_model_catalog.h"
#include "frontend/testing/http_client.h"

namespace delen::frontend::testing {

using Mode = FakeInferenceService::Mode;

class HttpServerFixture : public ::testing::Test {
 protected:
  HttpServerFixture() {
    catalog_.Add(EchoModel("m", 2));
    catalog_.Add(EchoModel("wide", 1 << 18));  // 1 MiB a row
  }
  ~HttpServerFixture() override { server_.reset(); }

  void Serve(Mode mode = Mode::kWorker, HttpOptions options = {}) {
    options.port = 0;
    service_ = std::make_unique<FakeInferenceService>(mode);
    auto server = HttpServer::Start(std::move(options), *service_, catalog_, clock_);
    ASSERT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
  }

  std::uint16_t port() const { return server_->port(); }

  // A request for model "m" with two numbers, and what it is answered with.
  static std::string InferBody(std::string_view id = "") {
    return fmt::format(
        R"({{"id":"{}","inputs":[{{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}}]}})",
        id);
  }
  static std::string Post(std::string_view target, std::string_view body,
                          std::string_view headers = "") {
    return fmt::format("POST {} HTTP/1.1\r\nHost: h\r\n{}Content-Length: {}\r\n\r\n{}", target,
                       headers, body.size(), body);
  }
  static std::string Infer(std::string_view id = "", std::string_view headers = "") {
    return Post("/v2/models/m/infer", InferBody(id), headers);
  }
  static std::string Get(std::string_view target, std::string_view headers = "") {
    return fmt::format("GET {} HTTP/1.1\r\nHost: h\r\n{}\r\n", target, headers);
  }

  SteadyClock clock_;
  FakeModelCatalog catalog_;
  std::unique_ptr<FakeInferenceService> service_;
  std::unique_ptr<HttpServer> server_;
};

}  // namespace delen::frontend::testing
