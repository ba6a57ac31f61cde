#include "frontend/http/route.h"

#include <gtest/gtest.h>

#include <ostream>

namespace delen::frontend {

void PrintTo(const Route& route, std::ostream* out) {
  *out << static_cast<int>(route.endpoint) << " '" << route.model << "' " << route.version << " '"
       << route.tenant << "'";
}

namespace {

TEST(RouteTest, FindsEveryEndpoint) {
  using Expected = std::optional<Route>;
  EXPECT_EQ(FindRoute("/v2/health/live"), Expected(Route{Endpoint::kServerLive, "", 0}));
  EXPECT_EQ(FindRoute("/v2/health/ready"), Expected(Route{Endpoint::kServerReady, "", 0}));
  EXPECT_EQ(FindRoute("/v2"), Expected(Route{Endpoint::kServerMetadata, "", 0}));
  EXPECT_EQ(FindRoute("/v2/"), Expected(Route{Endpoint::kServerMetadata, "", 0}));
  EXPECT_EQ(FindRoute("/v2/models/m"), Expected(Route{Endpoint::kModelMetadata, "m", 0}));
  EXPECT_EQ(FindRoute("/v2/models/m/ready"), Expected(Route{Endpoint::kModelReady, "m", 0}));
  EXPECT_EQ(FindRoute("/v2/models/m/infer"), Expected(Route{Endpoint::kInfer, "m", 0}));
  EXPECT_EQ(FindRoute("/v2/models/m/versions/3"),
            Expected(Route{Endpoint::kModelMetadata, "m", 3}));
  EXPECT_EQ(FindRoute("/v2/models/m/versions/12/ready"),
            Expected(Route{Endpoint::kModelReady, "m", 12}));
  EXPECT_EQ(FindRoute("/v2/models/m/versions/1/infer"), Expected(Route{Endpoint::kInfer, "m", 1}));
}

TEST(RouteTest, FindsTenants) {
  using Expected = std::optional<Route>;
  EXPECT_EQ(FindRoute("/v2/tenants"), Expected(Route{Endpoint::kTenants}));
  EXPECT_EQ(FindRoute("/v2/tenants?all"), Expected(Route{Endpoint::kTenants}));
  EXPECT_EQ(FindRoute("/v2/tenants/robot"), Expected(Route{Endpoint::kTenant, "", 0, "robot"}));
  EXPECT_EQ(FindRoute("/v2/tenants/a%2Fb"), Expected(Route{Endpoint::kTenant, "", 0, "a/b"}));
}

TEST(RouteTest, FindsMetrics) {
  using Expected = std::optional<Route>;
  EXPECT_EQ(FindRoute("/metrics"), Expected(Route{Endpoint::kMetrics}));
  EXPECT_EQ(FindRoute("/metrics?name=x"), Expected(Route{Endpoint::kMetrics}));
}

TEST(RouteTest, IgnoresQueryAndAuthority) {
  EXPECT_EQ(FindRoute("/v2/health/live?verbose=1")->endpoint, Endpoint::kServerLive);
  EXPECT_EQ(FindRoute("/v2?/models/m")->endpoint, Endpoint::kServerMetadata);
  EXPECT_EQ(FindRoute("http://127.0.0.1:8000/v2/models/m/infer")->endpoint, Endpoint::kInfer);
}

TEST(RouteTest, DecodesModelNames) {
  EXPECT_EQ(FindRoute("/v2/models/caf%C3%A9%20x/infer")->model, "caf\xc3\xa9 x");
  EXPECT_EQ(FindRoute("/v2/models/..%2F..%2fetc")->model, "../../etc");  // the catalog refuses it
  EXPECT_EQ(FindRoute("/v2/models/versions/versions/2")->model, "versions");
}

class UnknownRouteTest : public ::testing::TestWithParam<const char*> {};

TEST_P(UnknownRouteTest, IsNotFound) { EXPECT_EQ(FindRoute(GetParam()), std::nullopt); }

INSTANTIATE_TEST_SUITE_P(
    Targets, UnknownRouteTest,
    ::testing::Values("", "/", "*", "v2", "/v1", "/v22", "/v2/x", "/v2//", "/v2/health",
                      "/v2/health/live/", "/v2/models", "/v2/models/", "/v2/models//infer",
                      "/v2/models/m/", "/v2/models/m/x", "/v2/models/m/infer/",
                      "/v2/models/m/versions", "/v2/models/m/versions/", "/v2/models/m/versions/a",
                      "/v2/models/m/versions/0", "/v2/models/m/versions/-1",
                      "/v2/models/m/versions/1x", "/v2/models/m/versions/99999999999",
                      "/v2/models/m/versions/1/", "/v2/models/m/versions/1/x",
                      "/v2/models/m%2/infer", "/v2/models/m%zz/infer", "/v2/models/%", "/metrics/",
                      "/metric", "/v2/metrics", "/v2/tenants/", "/v2/tenants/a/", "/v2/tenants/a/b",
                      "/v2/tenants/%4", "http://", "http://host"));

}  // namespace
}  // namespace delen::frontend
