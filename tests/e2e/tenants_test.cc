// Tenants of the real server process: changed over HTTP and by the command,
// found again by the next process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>

#include "client/http_connection.h"
#include "served_glyphs.h"

namespace delen::e2e {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class TenantsTest : public ::testing::Test {
 protected:
  TenantsTest() {
    RemoveFiles();
    std::ofstream(config_) << "[tenants]\ndatabase = \"" << database_.string() << "\"\n";
  }
  ~TenantsTest() override { RemoveFiles(); }

  apps::ServerProcess ServeTenants() const { return Serve({"--config", config_.string()}); }
  static client::HttpConnection Connect(const apps::ServerProcess& server) {
    return client::HttpConnection::Connect("127.0.0.1", server.port(), Seconds(30.0)).value();
  }
  static int Command(const apps::ServerProcess& server, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "tenants");
    arguments.insert(arguments.end(), {"--server", fmt::format("127.0.0.1:{}", server.port())});
    return apps::RunProgram(Program(), arguments).value();
  }

 private:
  void RemoveFiles() const {
    for (const char* const suffix : {"", "-wal", "-shm"}) {
      std::filesystem::remove(database_.string() + suffix);
    }
    std::filesystem::remove(config_);
  }

  const std::filesystem::path config_ =
      ModelsFolder().parent_path() / fmt::format("delen_e2e_tenants_{}.toml", getpid());
  const std::filesystem::path database_ =
      ModelsFolder().parent_path() / fmt::format("delen_e2e_tenants_{}.db", getpid());
};

TEST_F(TenantsTest, OutliveTheServer) {
  const Json robot = {{"name", "robot"},
                      {"weight", 2},
                      {"policy", "static-exit:1"},
                      {"bounds", {{"max_latency_ms", 20.5}, {"on_infeasible", "reject"}}},
                      {"quotas", {{"burst", 5}, {"requests_per_second", 10}}}};
  {
    apps::ServerProcess server = ServeTenants();
    client::HttpConnection http = Connect(server);
    EXPECT_EQ(http.Put("/v2/tenants/robot", robot.dump())->status, 201);
    EXPECT_EQ(http.Put("/v2/tenants/camera", "{}")->status, 201);
    EXPECT_EQ(http.Delete("/v2/tenants/camera")->status, 200);
    EXPECT_EQ(http.Put("/v2/tenants/robot", R"({"weight": 0})")->status, 400);
    EXPECT_EQ(server.Stop(), 0);
  }
  const apps::ServerProcess server = ServeTenants();
  client::HttpConnection http = Connect(server);
  EXPECT_EQ(Json::parse(http.Get("/v2/tenants/robot")->body), robot);
  EXPECT_EQ(http.Get("/v2/tenants/camera")->status, 404);
  EXPECT_EQ(Json::parse(http.Get("/v2/tenants")->body)["tenants"].size(), 2U);
}

TEST_F(TenantsTest, OutliveAKilledServer) {
  {
    apps::ServerProcess server = ServeTenants();
    EXPECT_EQ(Connect(server).Put("/v2/tenants/robot", R"({"weight": 3})")->status, 201);
    kill(server.pid(), SIGKILL);
    EXPECT_EQ(server.Stop(), 128 + SIGKILL);
  }
  const apps::ServerProcess server = ServeTenants();
  EXPECT_EQ(Json::parse(Connect(server).Get("/v2/tenants/robot")->body)["weight"], 3);
}

TEST_F(TenantsTest, AreChangedByTheCommand) {
  const apps::ServerProcess server = ServeTenants();
  client::HttpConnection http = Connect(server);
  EXPECT_EQ(Command(server, {"set", "robot", "--weight", "3", "--max-latency-ms", "20"}), 0);
  EXPECT_EQ(Command(server, {"set", "robot", "--max-in-flight", "8", "--weight", "none"}), 0);
  EXPECT_EQ(http.Get("/v2/tenants/robot")->body,
            R"({"name":"robot","weight":1,"policy":"delen",)"
            R"("bounds":{"max_latency_ms":20,"on_infeasible":"best_effort"},)"
            R"("quotas":{"burst":1,"max_in_flight":8}})");
  EXPECT_EQ(Command(server, {"list"}), 0);
  EXPECT_EQ(Command(server, {"show", "robot", "--json"}), 0);
  EXPECT_EQ(Command(server, {"set", "robot", "--policy", "Magic"}), 1);
  EXPECT_EQ(Command(server, {"show", "nobody"}), 1);
  EXPECT_EQ(Command(server, {"remove", "default"}), 1);
  EXPECT_EQ(Command(server, {"remove", "robot"}), 0);
  EXPECT_EQ(http.Get("/v2/tenants/robot")->status, 404);
}

TEST_F(TenantsTest, WithoutADatabaseTheyAreThereAllTheSame) {
  const apps::ServerProcess server = Serve();
  EXPECT_EQ(Connect(server).Put("/v2/tenants/robot", "{}")->status, 201);
  EXPECT_THAT(Connect(server).Get("/v2/tenants")->body, HasSubstr("robot"));
}

}  // namespace
}  // namespace delen::e2e
