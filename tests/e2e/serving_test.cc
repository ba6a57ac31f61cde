// The real server process, asked over real sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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

class ServingTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { server = new apps::ServerProcess(Serve()); }
  static void TearDownTestSuite() {
    EXPECT_EQ(server->Stop(), 0);
    delete server;
  }

  static client::InferenceClient NewClient() {
    return client::InferenceClient::Connect("127.0.0.1", server->port()).value();
  }
  static client::HttpConnection NewConnection() {
    return client::HttpConnection::Connect("127.0.0.1", server->port(), Seconds(30.0)).value();
  }
  static client::InferReply Infer(const core::Parameters& parameters, std::size_t picture = 0) {
    return NewClient().Infer("glyphs", {TestPictures().inputs[picture]}, parameters).value();
  }
  static int ExitOf(const client::InferReply& reply) {
    return static_cast<int>(reply.Number("exit").value());
  }
  static std::string TextOf(const client::InferReply& reply, std::string_view name) {
    const core::ParameterValue* value = core::Find(reply.parameters, name);
    return value == nullptr ? "absent" : core::ToString(*value);
  }
  // A body that infers picture 0 as JSON, with `parameters`.
  static Json JsonRequest(const Json& parameters = Json::object()) {
    const core::Tensor& picture = TestPictures().inputs[0];
    const auto* values = reinterpret_cast<const float*>(picture.bytes.data());
    return {{"id", "seven"},
            {"parameters", parameters},
            {"inputs",
             {{{"name", "input"},
               {"datatype", "FP32"},
               {"shape", picture.shape},
               {"data", std::vector<float>(values, values + picture.bytes.size() / 4)}}}}};
  }

  static inline apps::ServerProcess* server = nullptr;
};

TEST_F(ServingTest, TellsWhatItIsAndWhatItServes) {
  client::HttpConnection http = NewConnection();
  EXPECT_EQ(http.Get("/v2/health/live")->status, 200);
  EXPECT_EQ(http.Get("/v2/health/ready")->status, 200);
  EXPECT_EQ(Json::parse(http.Get("/v2")->body)["name"], "delen");
  EXPECT_EQ(http.Get("/v2/models/glyphs/ready")->status, 200);
  const Json model = Json::parse(http.Get("/v2/models/glyphs/versions/1")->body);
  EXPECT_EQ(model["inputs"][0]["shape"], Json({-1, 3, 32, 32}));
  EXPECT_EQ(model["outputs"].size(), 1U);
}

TEST_F(ServingTest, AnswersWithAPlainAccount) {
  const client::InferReply reply = Infer({{"max_latency_ms", 1000.0}});
  EXPECT_EQ(TextOf(reply, "bounds_met"), "true");
  EXPECT_EQ(TextOf(reply, "bounds_missed"), "''");
  EXPECT_GT(reply.Number("latency_ms").value(), 0.0);
  EXPECT_GT(reply.Number("energy_mj").value(), 0.0);
  EXPECT_GT(reply.Number("confidence").value(), 0.0);
  EXPECT_GT(reply.Number("accuracy_estimate").value(), 0.5);
  EXPECT_EQ(reply.output.shape, (core::Shape{1, 36}));
}

TEST_F(ServingTest, JsonAndBinaryTellTheSame) {
  client::HttpConnection http = NewConnection();
  const Result<client::HttpReply> reply =
      http.Post("/v2/models/glyphs/infer", {}, JsonRequest().dump());
  ASSERT_TRUE(reply) << reply.error().message;
  ASSERT_EQ(reply->status, 200) << reply->body;
  const Json body = Json::parse(reply->body);
  EXPECT_EQ(body["id"], "seven");
  const client::InferReply binary = Infer({});
  const auto* expected = reinterpret_cast<const float*>(binary.output.bytes.data());
  const auto data = body["outputs"][0]["data"].get<std::vector<float>>();
  ASSERT_EQ(data.size(), 36U);
  for (std::size_t i = 0; i < data.size(); ++i) EXPECT_FLOAT_EQ(data[i], expected[i]);
}

TEST_F(ServingTest, TheBoundDecidesTheDepth) {
  const int deepest = ExitOf(Infer({}));
  EXPECT_GT(deepest, 1);
  EXPECT_EQ(ExitOf(Infer({{"objective", std::string("latency")}})), 0);
  const double first_exit_mj = InMillijoules(Glyphs().profile.costs[0].stages[0].energy);
  EXPECT_LT(ExitOf(Infer({{"max_energy_mj", 1.5 * first_exit_mj}})), deepest);
  EXPECT_EQ(ExitOf(Infer({{"max_latency_ms", std::string("1000")}})), deepest);
}

TEST_F(ServingTest, ABoundThatCannotBeKeptIsReportedOrRefused) {
  const client::InferReply reply = Infer({{"max_latency_ms", 0.001}});
  EXPECT_EQ(ExitOf(reply), 0);
  EXPECT_EQ(TextOf(reply, "bounds_met"), "false");
  EXPECT_EQ(TextOf(reply, "bounds_missed"), "'max_latency_ms'");
  const Result<client::InferReply> refused =
      NewClient().Infer("glyphs", {TestPictures().inputs[0]},
                        {{"max_latency_ms", 0.001}, {"on_infeasible", std::string("reject")}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kInfeasible);
  EXPECT_THAT(refused.error().message, HasSubstr("first exit is expected to take"));
}

TEST_F(ServingTest, AConfidenceFloorSendsHardPicturesDeeper) {
  int shallow = 0;
  int deep = 0;
  for (std::size_t picture = 0; picture < 40; ++picture) {
    const client::InferReply reply = Infer({{"min_confidence", 0.9}}, picture);
    const bool kept = TextOf(reply, "bounds_met") == "true";
    EXPECT_EQ(kept, reply.Number("confidence").value() >= 0.9);
    (ExitOf(reply) < 2 ? shallow : deep) += 1;
  }
  EXPECT_GT(shallow, 0);
  EXPECT_GT(deep, 0);
}

TEST_F(ServingTest, AnAccuracyFloorIsKeptWithLessWork) {
  const std::vector<core::ExitQuality>& exits = Glyphs().profile.quality->exits;
  const double floor = (exits[0].accuracy + exits[1].accuracy) / 2.0;
  int correct = 0;
  int first_exit = 0;
  constexpr int kPictures = 400;
  client::InferenceClient client = NewClient();
  for (int i = 0; i < kPictures; ++i) {
    const auto picture = static_cast<std::size_t>(i);
    const client::InferReply reply =
        client.Infer("glyphs", {TestPictures().inputs[picture]}, {{"min_accuracy", floor}}).value();
    correct += reply.BestClasses()[0] == TestPictures().labels[picture] ? 1 : 0;
    first_exit += ExitOf(reply) == 0 ? 1 : 0;
  }
  EXPECT_GT(correct, (floor - 0.06) * kPictures);  // four standard deviations of 400 draws
  EXPECT_GT(first_exit, 0);
}

TEST_F(ServingTest, TheReferencesConditionFilesDecideLikeTheReference) {
  std::string rule = "[";
  for (int exit = 0; exit < 4; ++exit) {
    rule += exit == 0 ? "" : ", ";
    rule += R"({"metric": "exit", "op": "greater_eq", "threshold": 1})";
  }
  EXPECT_EQ(ExitOf(Infer({{"stop_rule", rule + "]"}})), 1);
}

TEST_F(ServingTest, ABatchIsAnsweredAsOne) {
  std::vector<std::byte> bytes;
  for (std::size_t row = 0; row < 7; ++row) {
    const core::Tensor& picture = TestPictures().inputs[row];
    bytes.insert(bytes.end(), picture.bytes.begin(), picture.bytes.end());
  }
  const core::Tensor batch =
      core::OwningTensor("input", core::DataType::kFp32, {7, 3, 32, 32}, std::move(bytes));
  const client::InferReply reply = NewClient().Infer("glyphs", {batch}, {}).value();
  EXPECT_EQ(reply.output.shape, (core::Shape{7, 36}));
  const client::InferReply third = Infer({}, 3);
  const auto* of_batch = reinterpret_cast<const float*>(reply.output.bytes.data()) + 3 * 36;
  const auto* alone = reinterpret_cast<const float*>(third.output.bytes.data());
  for (int i = 0; i < 36; ++i) EXPECT_NEAR(of_batch[i], alone[i], 1e-4);
}

// Posts `body` and expects to be turned away with `status` and words that say why.
void ExpectRefusal(const Json& body, int status, const std::string& words,
                   client::HttpConnection http, const std::string& model = "glyphs") {
  const Result<client::HttpReply> reply =
      http.Post("/v2/models/" + model + "/infer", {},
                body.is_string() ? body.get<std::string>() : body.dump());
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->status, status) << reply->body;
  const Json answer = Json::parse(reply->body, nullptr, false);
  ASSERT_TRUE(answer.contains("error")) << reply->body;
  EXPECT_THAT(answer["error"].get<std::string>(), HasSubstr(words));
}

TEST_F(ServingTest, BadInputIsNamedAndHurtsNobody) {
  const Json good = JsonRequest();
  Json wrong_shape = good;
  wrong_shape["inputs"][0]["shape"] = {1, 3, 32, 31};
  ExpectRefusal(wrong_shape, 400, "2976", NewConnection());
  Json wrong_type = good;
  wrong_type["inputs"][0]["datatype"] = "INT64";
  wrong_type["inputs"][0]["data"] = std::vector<int>(3072, 1);
  ExpectRefusal(wrong_type, 400, "INT64", NewConnection());
  Json wrong_name = good;
  wrong_name["inputs"][0]["name"] = "picture";
  ExpectRefusal(wrong_name, 400, "'picture'", NewConnection());
  ExpectRefusal(JsonRequest({{"max_latency_ms", -5}}), 400, "max_latency_ms", NewConnection());
  ExpectRefusal(JsonRequest({{"max_latency_ms", "NaN"}}), 400, "max_latency_ms", NewConnection());
  ExpectRefusal(JsonRequest({{"objective", "speed"}}), 400, "accuracy, latency, energy",
                NewConnection());
  ExpectRefusal(JsonRequest({{"stop_rule", "[1]"}}), 400, "condition 0", NewConnection());
  ExpectRefusal("{\"inputs\": [", 400, "", NewConnection());
  ExpectRefusal(std::string(100000, '['), 400, "", NewConnection());
  ExpectRefusal(good, 404, "Request for unknown model", NewConnection(), "nobody");
  EXPECT_EQ(TextOf(Infer({}), "bounds_met"), "true");
}

TEST_F(ServingTest, ManyClientsAtOnceAllGetAnswers) {
  std::vector<std::thread> threads;
  std::atomic<int> answers = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      client::InferenceClient client = NewClient();
      for (std::size_t picture = 0; picture < 25; ++picture) {
        const auto reply =
            client.Infer("glyphs", {TestPictures().inputs[picture]}, {{"max_latency_ms", 20.0}});
        if (reply) ++answers;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answers, 200);
}

TEST(ServingProcess, DrainsOnSigterm) {
  apps::ServerProcess server = Serve();
  client::InferenceClient client =
      client::InferenceClient::Connect("127.0.0.1", server.port()).value();
  std::atomic<int> failed_before_stop = 0;
  std::atomic<bool> stopping = false;
  std::thread asking([&] {
    for (int i = 0; i < 10000; ++i) {
      if (client.Infer("glyphs", {TestPictures().inputs[0]}, {})) continue;
      if (!stopping) ++failed_before_stop;
      return;
    }
  });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  stopping = true;
  EXPECT_EQ(server.Stop(), 0);
  asking.join();
  EXPECT_EQ(failed_before_stop, 0);
}

TEST(ServingProcess, RefusesToStartOnWhatItCannotServe) {
  const auto run = [](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "serve");
    return apps::RunProgram(Program(), arguments).value();
  };
  EXPECT_EQ(run({"--models", "/nonexistent"}), 1);
  apps::ServerProcess other = Serve();
  EXPECT_EQ(run({"--models", ModelsFolder().string(), "--http-port", std::to_string(other.port())}),
            1);
  const auto config = ModelsFolder().parent_path() / "delen_e2e_bad.toml";
  std::ofstream(config) << "[http]\nprot = 8000\n";
  EXPECT_EQ(run({"--config", config.string()}), 1);
  std::filesystem::remove(config);
}

}  // namespace
}  // namespace delen::e2e
