#include "frontend/oip/infer_response.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <limits>
#include <vector>

#include "frontend/oip/binary_framing.h"

namespace delen::frontend {
namespace {

using core::DataType;
using ::testing::HasSubstr;
using ::testing::Not;

template <class Element>
core::Tensor Make(DataType type, const std::vector<Element>& elements) {
  std::vector<std::byte> bytes(elements.size() * sizeof(Element));
  if (!bytes.empty()) std::memcpy(bytes.data(), elements.data(), bytes.size());
  return core::OwningTensor("y", type, {static_cast<std::int64_t>(elements.size())}, bytes);
}

core::Response Response(core::Tensor output) {
  core::Response response;
  response.model = "m";
  response.version = 3;
  response.output = std::move(output);
  return response;
}

std::string Json(const core::Response& response, std::string_view id = "", bool binary = false) {
  std::string out;
  AppendInferResponse(out, response, id, binary);
  return out;
}

template <class Element>
std::string DataOf(DataType type, const std::vector<Element>& elements) {
  const std::string json = Json(Response(Make(type, elements)));
  const std::size_t from = json.find("\"data\":") + 7;
  return json.substr(from, json.find(']', from) + 1 - from);
}

TEST(InferResponseTest, TellsAllAboutTheAnswer) {
  core::Response response = Response(Make<float>(DataType::kFp32, {0.25F, -1}));
  response.account.exit = 1;
  response.account.accuracy_estimate = 0.875;
  response.account.confidence = 0.75;
  response.account.latency = FromMilliseconds(12.5);
  response.account.queue = FromMilliseconds(0.5);
  response.account.device = FromMilliseconds(11.75);
  response.account.energy = FromMillijoules(3.0);
  response.account.energy_source = EnergySource::kRapl;
  response.account.missed.Add(core::Bound::kLatency);
  EXPECT_EQ(
      Json(response, "a\"b"),
      R"({"model_name":"m","model_version":"3","id":"a\"b",)"
      R"("parameters":{"exit":1,"accuracy_estimate":0.875,"confidence":0.75,)"
      R"("latency_ms":12.5,"queue_ms":0.5,"device_ms":11.75,"energy_mj":3,"energy_source":"rapl",)"
      R"("bounds_met":false,"bounds_missed":"max_latency_ms"},)"
      R"("outputs":[{"name":"y","datatype":"FP32","shape":[2],"data":[0.25,-1]}]})");
}

TEST(InferResponseTest, LeavesOutWhatIsNotKnown) {
  const std::string json = Json(Response(Make<float>(DataType::kFp32, {1})));
  EXPECT_THAT(json, Not(HasSubstr("\"id\"")));
  EXPECT_THAT(json, Not(HasSubstr("confidence")));
  EXPECT_THAT(json, Not(HasSubstr("accuracy_estimate")));
  EXPECT_THAT(json, HasSubstr(R"("bounds_met":true,"bounds_missed":"")"));
}

TEST(InferResponseTest, TellsTenantBatchAndDegradationWhereThereAreAny) {
  core::Response response = Response(Make<float>(DataType::kFp32, {1}));
  EXPECT_THAT(Json(response), HasSubstr(R"("bounds_missed":""},)"));
  response.tenant = "robot";
  response.account.batch = 3;
  response.account.degraded = true;
  EXPECT_THAT(Json(response),
              HasSubstr(R"("bounds_missed":"","tenant":"robot","batch":3,"degraded":true},)"));
}

TEST(InferResponseTest, LeavesBinaryDataToWhatFollows) {
  EXPECT_THAT(Json(Response(Make<float>(DataType::kFp32, {1, 2})), "", true),
              HasSubstr(R"("shape":[2],"parameters":{"binary_data_size":8}}]})"));
}

TEST(InferResponseTest, PrintsEveryDatatype) {
  EXPECT_EQ(DataOf<double>(DataType::kFp64, {0.1, 1e300}), "[0.1,1e+300]");
  EXPECT_EQ(DataOf<std::uint8_t>(DataType::kUint8, {0, 255}), "[0,255]");
  EXPECT_EQ(DataOf<std::uint16_t>(DataType::kUint16, {65535}), "[65535]");
  EXPECT_EQ(DataOf<std::uint32_t>(DataType::kUint32, {4294967295U}), "[4294967295]");
  EXPECT_EQ(DataOf<std::uint64_t>(DataType::kUint64, {~0ULL}), "[18446744073709551615]");
  EXPECT_EQ(DataOf<std::int8_t>(DataType::kInt8, {-128, 65}), "[-128,65]");
  EXPECT_EQ(DataOf<std::int16_t>(DataType::kInt16, {-1}), "[-1]");
  EXPECT_EQ(DataOf<std::int32_t>(DataType::kInt32, {-1}), "[-1]");
  EXPECT_EQ(DataOf<std::int64_t>(DataType::kInt64, {-1}), "[-1]");
  EXPECT_EQ(DataOf<std::uint8_t>(DataType::kBool, {0, 1}), "[false,true]");
  EXPECT_EQ(DataOf<float>(DataType::kFp32, {}), "[]");
}

TEST(InferResponseTest, PrintsTexts) {
  std::vector<std::byte> bytes;
  AppendBytesElement(bytes, "a\"b");
  AppendBytesElement(bytes, "");
  const core::Tensor tensor = core::OwningTensor("y", DataType::kBytes, {2}, bytes);
  EXPECT_THAT(Json(Response(tensor)), HasSubstr(R"("data":["a\"b",""])"));
}

TEST(InferResponseTest, StaysJsonWhenFloatsAreNotFinite) {
  EXPECT_EQ(DataOf<float>(DataType::kFp32, {std::numeric_limits<float>::quiet_NaN(), 1,
                                            std::numeric_limits<float>::infinity()}),
            "[null,1,null]");
}

}  // namespace
}  // namespace delen::frontend
