#include "frontend/http/endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "frontend/testing/fake_model_catalog.h"

namespace delen::frontend {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class EndpointsTest : public ::testing::Test {
 protected:
  EndpointsTest() {
    catalog_.Add(testing::EchoModel("m", 2, 1));
    catalog_.Add(testing::EchoModel("m", 2, 3));
  }

  Handled Handle(Method method, std::string_view target, std::string_view body = "",
                 bool ready = true) {
    RequestHead head;
    head.method = method;
    head.target = target;
    return endpoints_.Handle(head, {std::as_bytes(std::span(body.data(), body.size())), nullptr},
                             ready);
  }

  HttpResponse Get(std::string_view target, bool ready = true) {
    return std::get<HttpResponse>(Handle(Method::kGet, target, "", ready));
  }

  testing::FakeModelCatalog catalog_;
  Endpoints endpoints_{catalog_, "1.2.3"};
};

constexpr std::string_view kInfer =
    R"({"id":"7","inputs":[{"name":"x","datatype":"FP32","shape":[1,2],"data":[1,2]}]})";

TEST_F(EndpointsTest, HealthIsAnEmptyAnswer) {
  EXPECT_EQ(Get("/v2/health/live", false).status, 200);
  EXPECT_EQ(Get("/v2/health/live").body, "");
  EXPECT_EQ(Get("/v2/health/ready").status, 200);
  EXPECT_EQ(Get("/v2/health/ready", false).status, 400);
}

TEST_F(EndpointsTest, TellsWhatTheServerIs) {
  EXPECT_EQ(
      Get("/v2").body,
      R"({"name":"delen","version":"1.2.3","extensions":["binary_tensor_data","parameters"]})");
}

TEST_F(EndpointsTest, TellsWhatAModelIs) {
  constexpr std::string_view kExpected =
      R"({"name":"m","versions":["1","3"],"platform":"onnx_onnxv1",)"
      R"("inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}],)"
      R"("outputs":[{"name":"y","datatype":"FP32","shape":[-1,2]}]})";
  EXPECT_EQ(Get("/v2/models/m").body, kExpected);
  EXPECT_EQ(Get("/v2/models/m/versions/1").body, kExpected);
}

TEST_F(EndpointsTest, UnknownModelsAreNotFoundAndNotReady) {
  EXPECT_EQ(Get("/v2/models/x").status, 404);
  EXPECT_THAT(Get("/v2/models/x").body, StartsWith(R"({"error":"Request for unknown model)"));
  EXPECT_EQ(Get("/v2/models/m/versions/2").status, 404);
  EXPECT_EQ(Get("/v2/models/m/ready").status, 200);
  EXPECT_EQ(Get("/v2/models/m/ready").body, "");
  EXPECT_EQ(Get("/v2/models/x/ready").status, 400);
  EXPECT_EQ(Get("/v2/models/m/versions/2/ready").status, 400);
}

TEST_F(EndpointsTest, UnknownPathsAreNotFound) {
  EXPECT_EQ(Get("/v2/repository/index").status, 404);
  EXPECT_EQ(Get("/v2/repository/index").body, R"({"error":"Not Found"})");
}

TEST_F(EndpointsTest, MetricsAreMadeAsideWhereThereAreAny) {
  EXPECT_EQ(Get("/metrics").status, 404);
  const Endpoints endpoints(catalog_, "1.2.3", nullptr, [] { return std::string("up 1\n"); });
  RequestHead head;
  head.target = "/metrics";
  head.method = Method::kGet;
  const HttpResponse response = std::get<SlowResponse>(endpoints.Handle(head, {}, true))();
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.content_type, "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(response.body, "up 1\n");
  EXPECT_FALSE(response.head_only);
  head.method = Method::kHead;
  EXPECT_TRUE(std::get<SlowResponse>(endpoints.Handle(head, {}, true))().head_only);
  head.method = Method::kPost;
  EXPECT_EQ(std::get<HttpResponse>(endpoints.Handle(head, {}, true)).status, 405);
}

TEST_F(EndpointsTest, TellsOfInferRequestsThatBecomeNoCall) {
  std::vector<std::string> told;
  const Endpoints endpoints(catalog_, "1.2.3", nullptr, nullptr,
                            [&](std::string_view tenant, std::string_view model, ErrorCode why) {
                              told.push_back(fmt::format("{}/{}: {}", tenant, model, Name(why)));
                            });
  RequestHead head;
  head.method = Method::kPost;
  const auto post = [&](std::string_view target, std::string_view body) {
    head.target = target;
    return endpoints.Handle(head, {std::as_bytes(std::span(body.data(), body.size())), nullptr},
                            true);
  };
  post("/v2/models/x/infer", kInfer);
  post("/v2/models/m/infer", "{");
  post("/v2/models/m/infer", kInfer);
  post("/v2/models/m", kInfer);
  head.tenant = "no/body";
  post("/v2/models/m/infer", kInfer);
  EXPECT_THAT(told,
              ElementsAre("/x: not found", "/m: invalid argument", "no/body/m: invalid argument"));
}

TEST_F(EndpointsTest, WrongMethodsAreTold) {
  const auto posted = std::get<HttpResponse>(Handle(Method::kPost, "/v2"));
  EXPECT_EQ(posted.status, 405);
  EXPECT_EQ(posted.extra, "Allow: GET, HEAD\r\n");
  EXPECT_EQ(Get("/v2/models/m/infer").status, 405);
  EXPECT_EQ(Get("/v2/models/m/infer").extra, "Allow: POST\r\n");
  EXPECT_EQ(std::get<HttpResponse>(Handle(Method::kOther, "/v2")).status, 405);
  EXPECT_EQ(std::get<HttpResponse>(Handle(Method::kHead, "/v2")).status, 200);
}

TEST_F(EndpointsTest, InferBecomesACallOfTheNewestVersion) {
  const auto call = std::get<InferCall>(Handle(Method::kPost, "/v2/models/m/infer", kInfer));
  EXPECT_EQ(call.id, "7");
  EXPECT_EQ(call.request.model, "m");
  EXPECT_EQ(call.request.version, 3);
  EXPECT_EQ(call.request.inputs.size(), 1U);
  const auto first =
      std::get<InferCall>(Handle(Method::kPost, "/v2/models/m/versions/1/infer", kInfer));
  EXPECT_EQ(first.request.version, 1);
}

TEST_F(EndpointsTest, TheTenantIsNamedInTheHeadOrTheBody) {
  const auto infer = [&](std::optional<std::string> header, std::string_view parameters) {
    const std::string body =
        fmt::format("{},\"parameters\":{{{}}}}}", kInfer.substr(0, kInfer.size() - 1), parameters);
    RequestHead head;
    head.method = Method::kPost;
    head.target = "/v2/models/m/infer";
    head.tenant = std::move(header);
    const Handled handled = endpoints_.Handle(
        head, {std::as_bytes(std::span(body.data(), body.size())), nullptr}, true);
    const auto* call = std::get_if<InferCall>(&handled);
    return call != nullptr ? call->request.tenant : std::get<HttpResponse>(handled).body;
  };
  EXPECT_EQ(infer(std::nullopt, ""), "");
  EXPECT_EQ(infer("robot", ""), "robot");
  EXPECT_EQ(infer(std::nullopt, R"("tenant":"robot")"), "robot");
  EXPECT_EQ(infer("robot", R"("tenant":"robot")"), "robot");
  EXPECT_EQ(infer("robot", R"("tenant":"camera")"),
            R"({"error":"parameter 'tenant' is 'camera', header 'x-delen-tenant' is 'robot', )"
            R"(expected one tenant"})");
  EXPECT_THAT(infer("", ""),
              HasSubstr("header 'x-delen-tenant': a tenant's name has 0 characters"));
  EXPECT_THAT(infer(std::string(1000, 'a'), ""), HasSubstr("has 1000 characters"));
}

TEST_F(EndpointsTest, InferSaysWhatIsWrong) {
  const auto bad = std::get<HttpResponse>(Handle(Method::kPost, "/v2/models/m/infer", "{"));
  EXPECT_EQ(bad.status, 400);
  EXPECT_THAT(bad.body, HasSubstr("request is not JSON"));
  const auto unknown = std::get<HttpResponse>(Handle(Method::kPost, "/v2/models/x/infer", kInfer));
  EXPECT_EQ(unknown.status, 404);
}

}  // namespace
}  // namespace delen::frontend
