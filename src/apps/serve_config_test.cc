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
