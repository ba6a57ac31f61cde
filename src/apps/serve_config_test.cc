#include "apps/serve_config.h"

#include <gtest/gtest.h>

#include "base/files.h"

namespace delen::apps {
namespace {

TEST(ServeConfig, TheDocumentedFileIsTheDefault) {
  const std::string file = DELEN_SOURCE_DIR "/docs/delen.toml";
  const Result<ServeConfig> documented = ParseServeConfig(ReadFile(file).value(), file);
  ASSERT_TRUE(documented) << documented.error().message;
  const ServeConfig defaults;
  EXPECT_EQ(documented->models, defaults.models);
  EXPECT_EQ(documented->versions, defaults.versions);
  EXPECT_EQ(documented->threads, defaults.threads);
  EXPECT_EQ(documented->spinning, defaults.spinning);
  EXPECT_EQ(documented->drain_patience, defaults.drain_patience);
  EXPECT_EQ(documented->scheduler.max_jobs, defaults.scheduler.max_jobs);
  EXPECT_EQ(documented->scheduler.response_reserve, defaults.scheduler.response_reserve);
  EXPECT_EQ(documented->admission.max_rows, defaults.admission.max_rows);
  EXPECT_EQ(documented->tenants_database, defaults.tenants_database);
  EXPECT_EQ(documented->admission.unknown_tenant, defaults.admission.unknown_tenant);
  EXPECT_EQ(documented->admission.response_reserve, defaults.admission.response_reserve);
  EXPECT_EQ(documented->tenants, defaults.tenants);
  EXPECT_EQ(documented->http.address, defaults.http.address);
  EXPECT_EQ(documented->http.port, defaults.http.port);
  EXPECT_EQ(documented->http.max_connections, defaults.http.max_connections);
  EXPECT_EQ(documented->http.max_header_bytes, defaults.http.max_header_bytes);
  EXPECT_EQ(documented->http.max_body_bytes, defaults.http.max_body_bytes);
  EXPECT_EQ(documented->http.max_buffered_bytes, defaults.http.max_buffered_bytes);
  EXPECT_EQ(documented->http.header_timeout, defaults.http.header_timeout);
  EXPECT_EQ(documented->http.body_timeout, defaults.http.body_timeout);
  EXPECT_EQ(documented->http.min_body_rate, defaults.http.min_body_rate);
  EXPECT_EQ(documented->http.idle_timeout, defaults.http.idle_timeout);
  EXPECT_EQ(documented->http.write_timeout, defaults.http.write_timeout);
  EXPECT_EQ(documented->http.linger_timeout, defaults.http.linger_timeout);
}

// The file with its example of a tenant made real: the lines from "#[[tenant]]" on
// that begin with '#'.
std::string WithExampleTenant(std::string file) {
  std::size_t at = file.find("\n#[[tenant]]") + 1;
  while (file[at] == '#') {
    file.erase(at, 1);
    at = file.find('\n', at) + 1;
  }
  return file;
}

TEST(ServeConfig, TheDocumentedTenantIsOne) {
  const std::string file = ReadFile(DELEN_SOURCE_DIR "/docs/delen.toml").value();
  const Result<ServeConfig> config = ParseServeConfig(WithExampleTenant(file), "delen.toml");
  ASSERT_TRUE(config) << config.error().message;
  const core::Tenant robot{
      .name = "robot",
      .bounds = {.max_latency = FromMilliseconds(20), .on_infeasible = core::OnInfeasible::kReject},
      .weight = 2.0,
      .quotas = {.requests_per_second = 50.0,
                 .burst = 10.0,
                 .energy_per_hour = Joules(360.0),
                 .max_in_flight = 8}};
  EXPECT_EQ(config->tenants, std::vector<core::Tenant>{robot});
}

TEST(ServeConfig, ReadsTenantsInTheirOrder) {
  const ServeConfig config = ParseServeConfig(R"(
[tenants]
unknown = "refuse"
[[tenant]]
name = "robot"
policy = "all-final"
[tenant.bounds]
max_energy_mj = 1.5
[[tenant]]
name = "default"
weight = 0.5
)",
                                              "test.toml")
                                 .value();
  EXPECT_EQ(config.admission.unknown_tenant, admission::UnknownTenant::kRefuse);
  ASSERT_EQ(config.tenants.size(), 2U);
  EXPECT_EQ(config.tenants[0], (core::Tenant{.name = "robot",
                                             .bounds = {.max_energy = FromMillijoules(1.5)},
                                             .policy = "all-final"}));
  EXPECT_EQ(config.tenants[1], (core::Tenant{.name = "default", .weight = 0.5}));
}

TEST(ServeConfig, RefusesTenantsThatAreNone) {
  const auto message = [](std::string_view toml) {
    const Result<ServeConfig> config = ParseServeConfig(toml, "test.toml");
    return config ? std::string("accepted") : config.error().message;
  };
  EXPECT_EQ(message("[[tenant]]\nweight = 2\n"), "test.toml: the key 'tenant[0].name' is missing");
  EXPECT_EQ(
      message("[[tenant]]\nname = \"a b\"\n"),
      "test.toml: a tenant's name is 'a b', expected letters, digits, '-', '_' and '.' alone");
  EXPECT_EQ(message("[[tenant]]\nname = \"a\"\n[[tenant]]\nname = \"a\"\n"),
            "test.toml: 'tenant[1].name' is 'a' once more, expected another name for each tenant");
  EXPECT_EQ(message("[[tenant]]\nname = \"a\"\nquotas = { max_in_flight = 0 }\n"),
            "test.toml: 'tenant[0].quotas.max_in_flight' is 0, expected a whole number from 1 to "
            "2147483647");
  EXPECT_EQ(message("[tenants]\nunknown = \"ignore\"\n"),
            "test.toml: 'tenants.unknown' is 'ignore', expected default or refuse");
}

TEST(ServeConfig, ReadsWhatItNamesAndKeepsTheRest) {
  const ServeConfig config = ParseServeConfig(R"(
[models]
versions = "all"
[execution]
spinning = false
response_reserve_ms = 0.25
[tenants]
database = "/var/lib/delen/tenants.db"
[http]
port = 0
)",
                                              "test.toml")
                                 .value();
  EXPECT_EQ(config.versions, VersionChoice::kAll);
  EXPECT_FALSE(config.spinning);
  EXPECT_DOUBLE_EQ(InMilliseconds(config.scheduler.response_reserve), 0.25);
  EXPECT_EQ(config.admission.response_reserve, config.scheduler.response_reserve);
  EXPECT_EQ(config.tenants_database, "/var/lib/delen/tenants.db");
  EXPECT_EQ(config.http.port, 0);
  EXPECT_EQ(config.admission.max_rows, admission::AdmissionOptions().max_rows);
}

TEST(ServeConfig, RefusesWhatItDoesNotKnow) {
  const auto message = [](std::string_view toml) {
    const Result<ServeConfig> config = ParseServeConfig(toml, "test.toml");
    return config ? std::string("accepted") : config.error().message;
  };
  EXPECT_NE(message("[http]\nprot = 8000\n").find("prot"), std::string::npos);
  EXPECT_NE(message("[http]\nport = 70000\n").find("65535"), std::string::npos);
  EXPECT_NE(message("[models]\nversions = \"some\"\n").find("newest or all"), std::string::npos);
  EXPECT_NE(message("[tenants]\ndatabase = 7\n").find("a string"), std::string::npos);
  EXPECT_NE(message("[execution]\nspinning = 1\n").find("true or false"), std::string::npos);
}

}  // namespace
}  // namespace delen::apps
