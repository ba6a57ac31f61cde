#include "frontend/http/tenant_endpoints.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "frontend/http/endpoints.h"
#include "frontend/testing/http_server_fixture.h"

namespace delen::frontend {
namespace {

using tenants::TenantRegistry;
using ::testing::HasSubstr;
using testing::HttpClient;
using testing::HttpReply;

constexpr std::string_view kDefault = R"({"name":"default","weight":1,"policy":"delen",)"
                                      R"("bounds":{},"quotas":{"burst":1}})";
constexpr std::string_view kRobot = R"({"name":"robot","weight":2,"policy":"delen",)"
                                    R"("bounds":{"max_latency_ms":20},)"
                                    R"("quotas":{"burst":1,"max_in_flight":4}})";

std::unique_ptr<TenantRegistry> NewRegistry() {
  return TenantRegistry::Open(nullptr, [](std::string_view) { return Status(); }).value();
}

class TenantEndpointsTest : public ::testing::Test {
 protected:
  HttpResponse Ask(Method method, std::string_view target, std::string_view body = "") const {
    RequestHead head;
    head.method = method;
    head.target = target;
    Handled handled = endpoints_.Handle(
        head, {std::as_bytes(std::span(body.data(), body.size())), nullptr}, true);
    if (const auto* make = std::get_if<SlowResponse>(&handled)) return (*make)();
    return std::get<HttpResponse>(handled);
  }

  testing::FakeModelCatalog catalog_;
  std::unique_ptr<TenantRegistry> registry_ = NewRegistry();
  Endpoints endpoints_{catalog_, "1.2.3", registry_.get()};
};

TEST_F(TenantEndpointsTest, ListsAndShows) {
  EXPECT_EQ(Ask(Method::kGet, "/v2/tenants").body, fmt::format("{{\"tenants\":[{}]}}", kDefault));
  EXPECT_EQ(Ask(Method::kGet, "/v2/tenants/default").body, kDefault);
  ASSERT_TRUE(registry_->Put({.name = "robot",
                              .bounds = {.max_latency = Seconds(0.02)},
                              .weight = 2.0,
                              .quotas = {.max_in_flight = 4}}));
  EXPECT_EQ(Ask(Method::kGet, "/v2/tenants").body,
            fmt::format("{{\"tenants\":[{},{}]}}", kDefault, kRobot));
}

TEST_F(TenantEndpointsTest, PutCreatesThenReplaces) {
  const HttpResponse created = Ask(Method::kPut, "/v2/tenants/robot", kRobot);
  EXPECT_EQ(created.status, 201);
  EXPECT_EQ(created.body, kRobot);
  EXPECT_EQ(Ask(Method::kGet, "/v2/tenants/%72obot").body, kRobot);
  const HttpResponse replaced = Ask(Method::kPut, "/v2/tenants/robot", "{}");
  EXPECT_EQ(replaced.status, 200);
  EXPECT_EQ(registry_->Find("robot").value()->tenant, core::Tenant{.name = "robot"});
  EXPECT_EQ(Ask(Method::kPut, "/v2/tenants/default", R"({"weight":3})").status, 200);
}

TEST_F(TenantEndpointsTest, PutSaysWhatIsWrong) {
  const HttpResponse other = Ask(Method::kPut, "/v2/tenants/arm", kRobot);
  EXPECT_EQ(other.status, 400);
  EXPECT_EQ(other.body, R"({"error":"request body: 'name' is 'robot', expected 'arm'"})");
  EXPECT_EQ(Ask(Method::kPut, "/v2/tenants/arm", "").status, 400);
  EXPECT_THAT(Ask(Method::kPut, "/v2/tenants/arm", R"({"wieght":1})").body, HasSubstr("wieght"));
  const HttpResponse bad_name = Ask(Method::kPut, "/v2/tenants/a%2Fb", "{}");
  EXPECT_EQ(bad_name.status, 400);
  EXPECT_THAT(bad_name.body, HasSubstr("a/b"));
  EXPECT_EQ(registry_->List().size(), 1U);
}

TEST_F(TenantEndpointsTest, DeleteRemovesAllButDefault) {
  ASSERT_TRUE(registry_->Put({.name = "robot"}));
  const HttpResponse removed = Ask(Method::kDelete, "/v2/tenants/robot");
  EXPECT_EQ(removed.status, 200);
  EXPECT_EQ(removed.body, "");
  EXPECT_EQ(Ask(Method::kDelete, "/v2/tenants/robot").status, 404);
  EXPECT_EQ(Ask(Method::kGet, "/v2/tenants/robot").body,
            R"({"error":"there is no tenant 'robot'"})");
  const HttpResponse refused = Ask(Method::kDelete, "/v2/tenants/default");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(refused.extra, "Allow: GET, HEAD, PUT\r\n");
  EXPECT_THAT(refused.body, HasSubstr("can be changed but not removed"));
}

TEST_F(TenantEndpointsTest, WrongMethodsAreTold) {
  EXPECT_EQ(Ask(Method::kPost, "/v2/tenants/robot").extra, "Allow: GET, HEAD, PUT, DELETE\r\n");
  EXPECT_EQ(Ask(Method::kPut, "/v2/tenants").extra, "Allow: GET, HEAD\r\n");
  EXPECT_EQ(Ask(Method::kPut, "/v2/models/m").status, 405);
  EXPECT_EQ(Ask(Method::kDelete, "/v2").status, 405);
}

TEST_F(TenantEndpointsTest, WithoutTenantsTheirPathsAreUnknown) {
  const Endpoints endpoints(catalog_, "1.2.3");
  RequestHead head;
  for (const Method method : {Method::kGet, Method::kPut, Method::kDelete}) {
    head.method = method;
    head.target = "/v2/tenants/default";
    EXPECT_EQ(std::get<HttpResponse>(endpoints.Handle(head, {}, true)).status, 404);
  }
}

// A store that waits until the test lets it go on.
class WaitingStore final : public tenants::TenantStore {
 public:
  Result<std::vector<core::Tenant>> Load() override { return std::vector<core::Tenant>(); }
  Status Save(const core::Tenant&) override {
    may_go_on_.get_future().wait();
    return {};
  }
  Status Erase(std::string_view) override { return Internal("the disk is gone"); }
  void GoOn() { may_go_on_.set_value(); }

 private:
  std::promise<void> may_go_on_;
};

class TenantServerTest : public testing::HttpServerFixture {
 protected:
  void ServeTenants(TenantRegistry& registry) {
    HttpOptions options;
    options.port = 0;
    service_ = std::make_unique<testing::FakeInferenceService>();
    server_ = HttpServer::Start(options, *service_, catalog_, clock_, &registry).value();
  }
  static std::string Request(std::string_view method, std::string_view body = "") {
    return fmt::format("{} /v2/tenants/robot HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n{}",
                       method, body.size(), body);
  }
};

TEST_F(TenantServerTest, TenantsComeAndGoOverTheWire) {
  const auto registry = NewRegistry();
  ServeTenants(*registry);
  HttpClient client(port());
  const HttpReply created = client.Exchange(Request("PUT", kRobot));
  EXPECT_EQ(created.status, 201);
  EXPECT_THAT(created.head, HasSubstr("201 Created"));
  EXPECT_EQ(created.Header("Content-Type"), "application/json");
  EXPECT_EQ(client.Exchange(Get("/v2/tenants/robot")).body, kRobot);
  EXPECT_EQ(client.Exchange(Request("DELETE")).status, 200);
  EXPECT_EQ(client.Exchange(Get("/v2/tenants/robot")).status, 404);
  server_.reset();
}

TEST_F(TenantServerTest, ADiskThatTakesItsTimeHoldsNobodyUp) {
  WaitingStore store;
  const auto registry =
      TenantRegistry::Open(&store, [](std::string_view) { return Status(); }).value();
  ServeTenants(*registry);
  HttpClient changing(port());
  HttpClient other(port());
  ASSERT_TRUE(changing.Send(Request("PUT", "{}")));
  EXPECT_EQ(other.Exchange(Get("/v2/tenants/robot")).status, 404);  // not stored, so not there
  EXPECT_EQ(other.Exchange(Infer()).status, 200);
  store.GoOn();
  EXPECT_EQ(changing.Receive().status, 201);
  EXPECT_EQ(other.Exchange(Get("/v2/tenants/robot")).status, 200);
  EXPECT_EQ(changing.Exchange(Request("DELETE")).body, R"({"error":"the disk is gone"})");
  server_.reset();
}

TEST_F(TenantServerTest, GoesDownWithAChangeInHand) {
  WaitingStore store;
  const auto registry =
      TenantRegistry::Open(&store, [](std::string_view) { return Status(); }).value();
  ServeTenants(*registry);
  HttpClient changing(port());
  ASSERT_TRUE(changing.Send(Request("PUT", "{}")));
  HttpClient other(port());
  EXPECT_EQ(other.Exchange(Get("/v2")).status, 200);
  std::thread going([&] { server_.reset(); });
  store.GoOn();
  going.join();
  EXPECT_NE(changing.Receive().status, 200);  // created, or cut off
}

}  // namespace
}  // namespace delen::frontend
