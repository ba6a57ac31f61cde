// Tenants of the real server process: changed over HTTP and by the command,
// found again by the next process.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "client/http_connection.h"
#include "client/inference_client.h"
#include "served_glyphs.h"

namespace delen::e2e {
namespace {

using ::testing::HasSubstr;
using Json = nlohmann::json;

class TenantsTest : public ::testing::Test {
 protected:
  TenantsTest() {
    RemoveFiles();
    Configure("");
  }
  ~TenantsTest() override { RemoveFiles(); }

  // Adds lines to the section [tenants] and behind it.
  void Configure(std::string_view more) const {
    std::ofstream(config_) << "[tenants]\ndatabase = \"" << database_.string() << "\"\n" << more;
  }
  apps::ServerProcess ServeTenants() const { return Serve({"--config", config_.string()}); }
  static client::HttpConnection Connect(const apps::ServerProcess& server) {
    return client::HttpConnection::Connect("127.0.0.1", server.port(), Seconds(30.0)).value();
  }
  // What comes of a picture that the tenant sends.
  static Result<client::InferReply> Infer(const apps::ServerProcess& server,
                                          const std::string& tenant,
                                          core::Parameters parameters = {}) {
    parameters.emplace_back("tenant", tenant);
    return client::InferenceClient::Connect("127.0.0.1", server.port())
        .value()
        .Infer("glyphs", {TestPictures().inputs[0]}, parameters);
  }
  static double ExitOf(const Result<client::InferReply>& reply) {
    return reply ? reply->Number("exit").value() : -1.0;
  }
  // The same as bytes alone, the tenant in the head.
  static Result<client::HttpReply> Post(client::HttpConnection http, const std::string& tenant) {
    const std::span<const std::byte> picture = TestPictures().inputs[0].bytes;
    return http.Post("/v2/models/glyphs/infer",
                     {{"Inference-Header-Content-Length", "0"}, {"x-delen-tenant", tenant}},
                     {reinterpret_cast<const char*>(picture.data()), picture.size()});
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
  EXPECT_EQ(http.Get("/v2/tenants/robot")->body, R"({"name":"robot","weight":1,"policy":"delen",)"
                                                 R"("bounds":{"max_latency_ms":20},)"
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

TEST_F(TenantsTest, BeginAsConfiguredAndStayAsChanged) {
  Configure("[[tenant]]\nname = \"robot\"\nweight = 2\n[[tenant]]\nname = \"camera\"\n");
  {
    apps::ServerProcess server = ServeTenants();
    client::HttpConnection http = Connect(server);
    EXPECT_EQ(Json::parse(http.Get("/v2/tenants/robot")->body)["weight"], 2);
    EXPECT_EQ(http.Put("/v2/tenants/robot", R"({"weight": 5})")->status, 200);
    EXPECT_EQ(server.Stop(), 0);
  }
  const apps::ServerProcess server = ServeTenants();
  EXPECT_EQ(Json::parse(Connect(server).Get("/v2/tenants/robot")->body)["weight"], 5);
  EXPECT_EQ(Connect(server).Get("/v2/tenants/camera")->status, 200);
}

TEST_F(TenantsTest, TheirBoundsAndPolicyCountFromTheNextRequestOn) {
  const apps::ServerProcess server = ServeTenants();
  client::HttpConnection http = Connect(server);
  const double last = Glyphs().spec.exit_count() - 1;
  EXPECT_EQ(http.Put("/v2/tenants/robot", R"({"bounds": {"objective": "latency"}})")->status, 201);
  const Result<client::InferReply> reply = Infer(server, "robot");
  EXPECT_EQ(ExitOf(reply), 0);
  EXPECT_EQ(core::ToString(*core::Find(reply->parameters, "tenant")), "'robot'");
  EXPECT_GT(ExitOf(Infer(server, "default")), 0);
  EXPECT_GT(ExitOf(Infer(server, "robot", {{"objective", std::string("accuracy")}})), 0);
  EXPECT_EQ(http.Put("/v2/tenants/robot",
                     R"({"bounds": {"objective": "latency"}, "policy": "all-final"})")
                ->status,
            200);
  EXPECT_EQ(ExitOf(Infer(server, "robot")), last);
  EXPECT_EQ(http.Put("/v2/tenants/robot", R"({"policy": "static-exit:1"})")->status, 200);
  EXPECT_EQ(ExitOf(Infer(server, "robot")), 1);
  EXPECT_THAT(http.Put("/v2/tenants/robot", R"({"policy": "magic"})")->body,
              HasSubstr("all-final"));
}

TEST_F(TenantsTest, AUsedUpRateSaysWhenToComeBack) {
  const apps::ServerProcess server = ServeTenants();
  client::HttpConnection http = Connect(server);
  const std::string slow = R"({"quotas": {"requests_per_second": 0.02, "burst": 2}})";
  EXPECT_EQ(http.Put("/v2/tenants/robot", slow)->status, 201);
  EXPECT_EQ(Post(Connect(server), "robot")->status, 200);
  EXPECT_TRUE(Infer(server, "robot"));
  const Result<client::HttpReply> refused = Post(Connect(server), "robot");
  EXPECT_EQ(refused->status, 429);
  const int seconds = std::stoi("0" + std::string(refused->header("Retry-After")));
  EXPECT_GT(seconds, 40);
  EXPECT_LE(seconds, 50);
  EXPECT_THAT(refused->body, HasSubstr("its requests_per_second is 0.02"));
  EXPECT_EQ(Post(Connect(server), "default")->status, 200);
}

TEST_F(TenantsTest, WhoIsUnknownIsServedAsTheDefaultOrRefused) {
  {
    const apps::ServerProcess server = ServeTenants();
    EXPECT_EQ(core::ToString(*core::Find(Infer(server, "nobody")->parameters, "tenant")),
              "'default'");
    EXPECT_EQ(Post(Connect(server), "no/body")->status, 400);
  }
  Configure("unknown = \"refuse\"\n");
  const apps::ServerProcess server = ServeTenants();
  EXPECT_EQ(Post(Connect(server), "nobody")->status, 403);
  EXPECT_EQ(Post(Connect(server), "default")->status, 200);
}

// A picture that many rows of work follow, to hang up on.
core::Tensor ManyPictures() {
  const core::Tensor& picture = TestPictures().inputs[0];
  std::vector<std::byte> bytes;
  for (int row = 0; row < 64; ++row) {
    bytes.insert(bytes.end(), picture.bytes.begin(), picture.bytes.end());
  }
  return core::OwningTensor("input", core::DataType::kFp32, {64, 3, 32, 32}, std::move(bytes));
}

TEST_F(TenantsTest, NoEndKeepsAPlaceInFlight) {
  const apps::ServerProcess server = ServeTenants();
  EXPECT_EQ(Connect(server).Put("/v2/tenants/robot", R"({"quotas": {"max_in_flight": 1}})")->status,
            201);
  const core::Parameters hopeless = {{"max_latency_ms", 0.001},
                                     {"on_infeasible", std::string("reject")}};
  EXPECT_EQ(Infer(server, "robot", hopeless).error().code, ErrorCode::kInfeasible);
  const core::Tensor work = ManyPictures();
  int gone = 0;
  for (int i = 0; i < 10; ++i) {  // clients that do not wait for the answer
    auto client = client::InferenceClient::Connect("127.0.0.1", server.port(), Seconds(0.004));
    if (!client) continue;
    const auto reply = client->Infer("glyphs", {work}, {{"tenant", std::string("robot")}});
    gone += !reply && reply.error().code == ErrorCode::kDeadlineExceeded ? 1 : 0;
  }
  EXPECT_GT(gone, 0);
  std::vector<std::thread> crowd;  // of whom some are refused
  for (int i = 0; i < 8; ++i) crowd.emplace_back([&] { (void)Infer(server, "robot"); });
  for (std::thread& one : crowd) one.join();
  Result<client::InferReply> reply = Infer(server, "robot");
  for (int i = 0; i < 100 && !reply; ++i) {  // the last of them may still be in a stage
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    reply = Infer(server, "robot");
  }
  EXPECT_TRUE(reply) << reply.error().message;
}

}  // namespace
}  // namespace delen::e2e
