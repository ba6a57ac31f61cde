#include "client/infer_message.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace delen::client {
namespace {

using namespace literals;
using ::testing::ElementsAre;

TEST(InferMessage, BoundsBecomeTheParametersThatAreReadAsThem) {
  const core::Bounds all{.max_latency = 20_ms,
                         .max_energy = 50_mJ,
                         .min_accuracy = 0.9,
                         .min_confidence = 0.5,
                         .objective = core::Objective::kEnergy,
                         .on_infeasible = core::OnInfeasible::kReject};
  EXPECT_EQ(core::ParseBounds(ToParameters(all)).value(), all);
  const core::Bounds lenient{.on_infeasible = core::OnInfeasible::kBestEffort};
  EXPECT_EQ(core::ParseBounds(ToParameters(lenient)).value(), lenient);
  EXPECT_TRUE(ToParameters(core::Bounds()).empty());
}

TEST(InferMessage, HeadNamesTheBytesThatFollow) {
  const core::Tensor input =
      core::OwningTensor("x", core::DataType::kFp32, {1, 2}, std::vector<std::byte>(8));
  EXPECT_EQ(InferHead({input}, {{"max_latency_ms", 2.5}}),
            R"({"inputs":[{"datatype":"FP32","name":"x","parameters":{"binary_data_size":8},)"
            R"("shape":[1,2]}],"parameters":{"binary_data_output":true,"max_latency_ms":2.5}})");
}

TEST(InferMessage, AnswersAreRead) {
  const std::string head =
      R"({"parameters":{"exit":2},"outputs":[{"name":"y","datatype":"FP32","shape":[1,1]}]})";
  const Result<InferReply> reply = ParseInferReply(std::to_string(head.size()), head + "abcd");
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->Number("exit").value(), 2.0);
  EXPECT_EQ(reply->output.bytes.size(), 4U);
  EXPECT_THAT(reply->BestClasses(), ElementsAre(0));
}

TEST(InferMessage, WhatIsNoAnswerIsAnError) {
  EXPECT_EQ(ParseInferReply("9", "{}").error().message,
            "the answer has 2 bytes, fewer than its head's 9");
  EXPECT_EQ(ParseInferReply("", "oops").error().code, ErrorCode::kInternal);
  EXPECT_EQ(ParseInferReply("", "{}").error().code, ErrorCode::kInternal);
}

TEST(InferMessage, RefusalsHaveTheServersWords) {
  const Error busy = RefusalOf(429, R"({"error":"8 requests are waiting"})");
  EXPECT_EQ(busy.code, ErrorCode::kOverloaded);
  EXPECT_EQ(busy.message, "8 requests are waiting");
  EXPECT_EQ(RefusalOf(502, "<html>").message, "HTTP status 502");
}

TEST(InferMessage, StatusesBecomeTheCodesTheyStandFor) {
  const std::vector<std::pair<int, ErrorCode>> expected = {
      {400, ErrorCode::kInvalidArgument}, {403, ErrorCode::kPermissionDenied},
      {404, ErrorCode::kNotFound},        {422, ErrorCode::kInfeasible},
      {429, ErrorCode::kOverloaded},      {499, ErrorCode::kCancelled},
      {500, ErrorCode::kInternal},        {501, ErrorCode::kUnsupported},
      {503, ErrorCode::kUnavailable},     {504, ErrorCode::kDeadlineExceeded},
      {418, ErrorCode::kInternal},
  };
  for (const auto& [status, code] : expected) EXPECT_EQ(RefusalOf(status, "").code, code) << status;
}

}  // namespace
}  // namespace delen::client
