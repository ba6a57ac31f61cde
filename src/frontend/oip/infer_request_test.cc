#include "frontend/oip/infer_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <string_view>

#include "frontend/testing/fake_model_catalog.h"

namespace delen::frontend {
namespace {

using namespace delen::literals;
using ::testing::AllOf;
using ::testing::HasSubstr;

core::ModelSpec Model() { return testing::EchoModel("m", 2).spec; }

RequestBody Body(std::string_view json, std::string_view binary = "") {
  auto text = std::make_shared<std::string>(std::string(json) + std::string(binary));
  return {std::as_bytes(std::span(text->data(), text->size())), text};
}

Result<InferCall> Parse(std::string_view json) {
  return ParseInferRequest(Body(json), std::nullopt, Model());
}

std::string WithParameters(std::string_view parameters) {
  return R"({"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],)"
         R"("parameters":{)" +
         std::string(parameters) + "}}";
}

std::string WithOutputs(std::string_view outputs) {
  return R"({"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":)" +
         std::string(outputs) + "}";
}

constexpr std::string_view kBinary =
    R"({"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","parameters":{"binary_data_size":8}}]})";

TEST(InferRequestTest, ReadsBounds) {
  const Result<InferCall> call = Parse(WithParameters(
      R"("max_latency_ms":20,"max_energy_mj":"30","min_accuracy":0.9,"on_infeasible":"reject",
         "unknown_to_us":1)"));
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(call->request.bounds.max_latency, 20_ms);
  EXPECT_EQ(call->request.bounds.max_energy, 30_mJ);
  EXPECT_EQ(call->request.bounds.min_accuracy, 0.9);
  EXPECT_EQ(call->request.bounds.on_infeasible, core::OnInfeasible::kReject);
  EXPECT_FALSE(call->binary_output);
  EXPECT_EQ(call->request.stop_rule, nullptr);
}

TEST(InferRequestTest, RefusesBoundsThatAreNone) {
  const Result<InferCall> call = Parse(WithParameters(R"("max_latency_ms":-1)"));
  ASSERT_FALSE(call);
  EXPECT_EQ(call.error().code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(call.error().message, HasSubstr("max_latency_ms"));
}

TEST(InferRequestTest, ReadsTheTenant) {
  EXPECT_EQ(Parse(WithParameters(R"("tenant":"robot-1")"))->request.tenant, "robot-1");
  EXPECT_EQ(Parse(WithParameters(""))->request.tenant, "");
}

TEST(InferRequestTest, RefusesATenantThatHasNoSuchName) {
  const auto error = [](std::string_view tenant) {
    const Result<InferCall> call = Parse(WithParameters("\"tenant\":" + std::string(tenant)));
    return call ? "no error" : call.error().message;
  };
  EXPECT_EQ(error("7"), "parameter 'tenant' is 7, expected a string");
  EXPECT_EQ(error("\"\""),
            "parameter 'tenant': a tenant's name has 0 characters, expected 1 to 64");
  EXPECT_THAT(error("\"a/b\""), HasSubstr("is 'a/b', expected letters"));
  EXPECT_THAT(error('"' + std::string(65, 'a') + '"'), HasSubstr("has 65 characters"));
}

TEST(InferRequestTest, ReadsAStopRule) {
  const Result<InferCall> call = Parse(WithParameters(
      R"("stop_rule":"{\"metric\":\"confidence\",\"op\":\"greater\",\"threshold\":0.8}")"));
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_NE(call->request.stop_rule, nullptr);
}

TEST(InferRequestTest, RefusesAStopRuleThatIsNone) {
  EXPECT_THAT(Parse(WithParameters(R"("stop_rule":7)")).error().message, HasSubstr("stop_rule"));
  EXPECT_THAT(Parse(WithParameters(R"("stop_rule":"{")")).error().message, HasSubstr("stop_rule"));
  // Two exits, three conditions.
  const std::string three =
      R"("stop_rule":"[{\"metric\":\"exit\",\"op\":\"null\",\"threshold\":0},)"
      R"({\"metric\":\"exit\",\"op\":\"null\",\"threshold\":0},)"
      R"({\"metric\":\"exit\",\"op\":\"null\",\"threshold\":0}]")";
  EXPECT_THAT(Parse(WithParameters(three)).error().message,
              AllOf(HasSubstr("stop_rule"), HasSubstr("3"), HasSubstr("2")));
}

TEST(InferRequestTest, TakesBinaryTensorsOutOfTheBody) {
  const RequestBody body = Body(kBinary, "abcdefgh");
  const Result<InferCall> call = ParseInferRequest(body, kBinary.size(), Model());
  ASSERT_TRUE(call) << call.error().message;
  const core::Tensor& tensor = call->request.inputs.at(0);
  EXPECT_EQ(std::memcmp(tensor.bytes.data(), "abcdefgh", 8), 0);
  EXPECT_EQ(tensor.shape, (core::Shape{1, 2}));
}

TEST(InferRequestTest, TakesARawBodyAsTheOnlyInput) {
  const RequestBody body = Body("", "abcdefghabcdefgh");
  const Result<InferCall> call = ParseInferRequest(body, 0, Model());
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(call->request.inputs.at(0).shape, (core::Shape{2, 2}));
  EXPECT_TRUE(call->binary_output);
}

TEST(InferRequestTest, ARawBodyNeedsAModelOfOneInput) {
  core::ModelSpec two = Model();
  two.inputs.push_back(two.inputs.front());
  const Result<InferCall> call = ParseInferRequest(Body("", "abcdefgh"), 0, two);
  ASSERT_FALSE(call);
  EXPECT_THAT(call.error().message, HasSubstr("model 'm' expects 2"));
}

TEST(InferRequestTest, MixesJsonAndBinaryInputs) {
  constexpr std::string_view kMixed =
      R"({"inputs":[{"name":"a","shape":[1],"datatype":"INT32","data":[7]},)"
      R"({"name":"b","shape":[3],"datatype":"UINT8","parameters":{"binary_data_size":3}}]})";
  const Result<InferCall> call = ParseInferRequest(Body(kMixed, "xyz"), kMixed.size(), Model());
  ASSERT_TRUE(call) << call.error().message;
  EXPECT_EQ(call->request.inputs.at(1).name, "b");
  EXPECT_EQ(call->request.inputs.at(1).bytes[2], std::byte{'z'});
}

TEST(InferRequestTest, KnowsHowTheOutputIsWanted) {
  const auto binary = [](const std::string& text) { return Parse(text).value().binary_output; };
  EXPECT_FALSE(binary(WithParameters("")));
  EXPECT_TRUE(binary(WithParameters(R"("binary_data_output":true)")));
  EXPECT_FALSE(binary(WithOutputs(R"([{"name":"y"}])")));
  EXPECT_FALSE(binary(WithOutputs("[]")));
  EXPECT_TRUE(binary(WithOutputs(R"([{"name":"y","parameters":{"binary_data":true}}])")));
  // The output's own parameter has the last word.
  EXPECT_FALSE(binary(WithOutputs(
      R"([{"name":"y","parameters":{"binary_data":false}}],"parameters":{"binary_data_output":true})")));
}

TEST(InferRequestTest, RefusesOutputsItCannotGive) {
  const auto error = [](std::string_view outputs) {
    const Result<InferCall> call = Parse(WithOutputs(outputs));
    return call ? "no error" : call.error().message;
  };
  EXPECT_THAT(error(R"([{"name":"z"}])"), HasSubstr("output 'z' is unknown, model 'm' has 'y'"));
  EXPECT_THAT(error(R"([{"name":"y","parameters":{"classification":3}}])"),
              HasSubstr("classification is not supported"));
  EXPECT_THAT(error(R"([{"name":"y","parameters":{"binary_data":1}}])"),
              HasSubstr("'binary_data' is 1, expected true or false"));
  core::ModelSpec half = Model();
  half.output.datatype = core::DataType::kFp16;
  const Result<InferCall> call = ParseInferRequest(Body(WithOutputs("[]")), std::nullopt, half);
  ASSERT_FALSE(call);
  EXPECT_THAT(call.error().message, HasSubstr("'y' is FP16, which has no form in JSON"));
}

TEST(InferRequestTest, RefusesBodiesThatDoNotAddUp) {
  const auto error = [](std::string_view json, std::string_view binary, std::size_t length) {
    const Result<InferCall> call = ParseInferRequest(Body(json, binary), length, Model());
    return call ? "no error" : call.error().message;
  };
  EXPECT_THAT(error(kBinary, "abcdefgh", kBinary.size() + 9),
              HasSubstr("Inference-Header-Content-Length is"));
  EXPECT_THAT(error(kBinary, "abcd", kBinary.size()),
              HasSubstr("input 'x': binary_data_size is 8"));
  EXPECT_THAT(error(kBinary, "abcdefghij", kBinary.size()), HasSubstr("2 bytes of the body"));
  EXPECT_THAT(error(kBinary, "abcdefgh", kBinary.size() - 1), HasSubstr("not JSON"));
  EXPECT_THAT(Parse("").error().message, HasSubstr("empty body"));
  EXPECT_THAT(Parse(R"({"inputs":[{"name":"x","shape":[1],"datatype":"FP32"}]})").error().message,
              HasSubstr("neither 'data' nor 'binary_data_size'"));
}

TEST(InferRequestTest, RefusesTensorsSentInTwoWaysOrNone) {
  const auto error = [](std::string_view more) {
    const Result<InferCall> call = Parse(
        R"({"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32",)" + std::string(more) + "}]}");
    return call ? "no error" : call.error().message;
  };
  EXPECT_THAT(error(R"("data":[1,2],"parameters":{"binary_data_size":8})"), HasSubstr("both"));
  EXPECT_THAT(error(R"("parameters":{"binary_data_size":-8})"), HasSubstr("is -8, expected"));
  EXPECT_THAT(error(R"("parameters":{"binary_data_size":"8"})"), HasSubstr("is '8', expected"));
  EXPECT_THAT(error(R"("parameters":{"shared_memory_region":"r"})"), HasSubstr("shared memory"));
}

}  // namespace
}  // namespace delen::frontend
