#include "frontend/oip/infer_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

namespace delen::frontend {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

InferJson Parsed(std::string_view text) {
  Result<InferJson> json = ParseInferJson(text);
  EXPECT_TRUE(json) << json.error().message;
  return json ? *std::move(json) : InferJson{};
}

std::string ErrorOf(std::string_view text) {
  const Result<InferJson> json = ParseInferJson(text);
  return json ? "no error" : json.error().message;
}

std::vector<float> Floats(const JsonInput& input) {
  std::vector<float> floats(input.data->bytes.size() / sizeof(float));
  std::memcpy(floats.data(), input.data->bytes.data(), floats.size() * sizeof(float));
  return floats;
}

TEST(InferJsonTest, ReadsAWholeRequest) {
  const InferJson json = Parsed(R"({
    "id": "42",
    "parameters": {"max_latency_ms": 20, "min_accuracy": 0.9, "objective": "energy", "flag": true},
    "inputs": [
      {"name": "a", "shape": [2, 1], "datatype": "FP32", "data": [[1], [2]]},
      {"name": "b", "shape": [4], "datatype": "UINT8", "parameters": {"binary_data_size": 4}}
    ],
    "outputs": [{"name": "y", "parameters": {"binary_data": true}}]
  })");
  EXPECT_EQ(json.id, "42");
  ASSERT_EQ(json.parameters.size(), 4U);
  EXPECT_EQ(*core::Find(json.parameters, "max_latency_ms"), core::ParameterValue(std::int64_t{20}));
  EXPECT_EQ(*core::Find(json.parameters, "min_accuracy"), core::ParameterValue(0.9));
  EXPECT_EQ(*core::Find(json.parameters, "objective"), core::ParameterValue("energy"));
  EXPECT_EQ(*core::Find(json.parameters, "flag"), core::ParameterValue(true));
  ASSERT_EQ(json.inputs.size(), 2U);
  EXPECT_EQ(json.inputs[0].shape, (core::Shape{2, 1}));
  EXPECT_EQ(json.inputs[0].data->name, "a");
  EXPECT_THAT(Floats(json.inputs[0]), ElementsAre(1, 2));
  EXPECT_EQ(json.inputs[1].datatype, core::DataType::kUint8);
  EXPECT_FALSE(json.inputs[1].data);
  EXPECT_NE(core::Find(json.inputs[1].parameters, "binary_data_size"), nullptr);
  ASSERT_EQ(json.outputs.size(), 1U);
  EXPECT_EQ(json.outputs[0].name, "y");
}

TEST(InferJsonTest, ReadsDataBeforeItsDatatypeAndShape) {
  for (const char* text : {
           R"({"inputs":[{"data":[[1,2],[3,4]],"name":"a","shape":[2,2],"datatype":"FP32"}]})",
           R"({"inputs":[{"shape":[4],"data":[1,2,3,4] ,"datatype":"FP32","name":"a"}]})",
           R"({"inputs":[{"datatype":"FP32","data": [ [1,2,3,4] ],"shape":[4],"name":"a"}]})",
       }) {
    EXPECT_THAT(Floats(Parsed(text).inputs.at(0)), ElementsAre(1, 2, 3, 4)) << text;
  }
}

TEST(InferJsonTest, PassesOverWhatItDoesNotKnow) {
  const InferJson json = Parsed(R"({
    "future": {"a": [1, {"b": null}], "c": "d"}, "more": [[], {}, 1.5, true], "x": null, "y": 1,
    "inputs": [{"name": "a", "hint": {"deep": [1]}, "shape": [1], "datatype": "FP32", "data": [7],
                "z": [1]}],
    "outputs": [{"name": "y", "other": [1]}]})");
  EXPECT_THAT(Floats(json.inputs.at(0)), ElementsAre(7));
  EXPECT_EQ(json.outputs.size(), 1U);
}

TEST(InferJsonTest, TakesNullForWhatIsOptional) {
  const InferJson json = Parsed(R"({"id":null,"parameters":null,"outputs":null,
    "inputs":[{"name":"a","parameters":null,"shape":[1],"datatype":"FP32","data":[7]}]})");
  EXPECT_EQ(json.id, "");
  EXPECT_TRUE(json.outputs.empty());
}

TEST(InferJsonTest, KeepsLargeNumbersInParameters) {
  const InferJson json =
      Parsed(R"({"parameters":{"a":18446744073709551615,"b":-5,"c":1e3,"d":9007199254740993}})");
  EXPECT_EQ(*core::Find(json.parameters, "a"), core::ParameterValue(18446744073709551615.0));
  EXPECT_EQ(*core::Find(json.parameters, "b"), core::ParameterValue(std::int64_t{-5}));
  EXPECT_EQ(*core::Find(json.parameters, "c"), core::ParameterValue(1000.0));
  EXPECT_EQ(*core::Find(json.parameters, "d"),
            core::ParameterValue(std::int64_t{9007199254740993}));
}

TEST(InferJsonTest, ReadsAxesOfAnyLength) {
  const InferJson json = Parsed(
      R"({"inputs":[{"name":"a","shape":[9223372036854775807,0],"datatype":"INT8","data":[]}]})");
  EXPECT_EQ(json.inputs.at(0).shape, (core::Shape{9223372036854775807, 0}));
}

// RapidJSON's own stream reads on behind such an end.
TEST(InferJsonTest, StopsAtTheEndWithinACharacter) {
  for (const std::string_view cut :
       {"{\"id\":\"\xf0", "{\"id\":\"\xf0\x9f\x98", "{\"id\":\"\xe2"}) {
    const std::vector<char> exact(cut.begin(), cut.end());  // a sanitizer sees one byte too far
    EXPECT_THAT(ErrorOf({exact.data(), exact.size()}), HasSubstr("request is not JSON"));
  }
}

struct Refusal {
  std::string_view text;
  std::string_view message;
};

class InferJsonRefusalTest : public ::testing::TestWithParam<Refusal> {};

TEST_P(InferJsonRefusalTest, SaysWhatIsWrong) {
  EXPECT_THAT(ErrorOf(GetParam().text), HasSubstr(GetParam().message)) << GetParam().text;
}

std::string Repeated(std::string_view part, int count) {
  std::string text;
  for (int i = 0; i < count; ++i) text += (i > 0 ? "," : "") + std::string(part);
  return text;
}

const std::string kDeepUnknown = R"({"x":)" + std::string(100000, '[');
const std::string kDeepData =
    R"({"inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":)" + std::string(100000, '[');
const std::string kDeepEarlyData = R"({"inputs":[{"name":"a","data":)" + std::string(100000, '[');
const std::string kManyInputs =
    R"({"inputs":[)" + Repeated(R"({"name":"a","shape":[1],"datatype":"FP32","data":[1]})", 65) +
    "]}";
const std::string kManyOutputs = R"({"outputs":[)" + Repeated(R"({"name":"a"})", 65) + "]}";
const std::string kManyAxes = R"({"inputs":[{"shape":[)" + Repeated("1", 33) + "]}]}";
const std::string kManyParameters = R"({"parameters":{)" + Repeated(R"("a":1)", 257) + "}}";

INSTANTIATE_TEST_SUITE_P(
    Requests, InferJsonRefusalTest,
    ::testing::Values(
        Refusal{"", "request is not JSON"}, Refusal{"{", "request is not JSON"},
        Refusal{"{}x", "request is not JSON"}, Refusal{std::string_view("{}\0{}", 5), "NUL byte"},
        Refusal{"{\"id\":\"\xff\"}", "request is not JSON"},
        Refusal{"[]", "a request must be an object"}, Refusal{"1", "a request must be an object"},
        Refusal{R"({"id":1})", "'id' must be a string"},
        Refusal{R"({"id":["a"]})", "'id' must be a string"},
        Refusal{R"({"parameters":1})", "'parameters' must be an object"},
        Refusal{R"({"parameters":[]})", "'parameters' must be an object"},
        Refusal{R"({"parameters":{"a":[1]}})", "parameter 'a' must be a string, a number"},
        Refusal{R"({"parameters":{"a":{}}})", "parameter 'a' must be a string, a number"},
        Refusal{R"({"inputs":{}})", "'inputs' must be an array of objects"},
        Refusal{R"({"inputs":null})", "'inputs' must be an array of objects"},
        Refusal{R"({"inputs":[1]})", "'inputs' must be an array of objects"},
        Refusal{R"({"inputs":[[]]})", "'inputs' must be an array of objects"},
        Refusal{R"({"outputs":["y"]})", "'outputs' must be an array of objects"},
        Refusal{R"({"outputs":[{"name":1}]})", "'name' must be a string"},
        Refusal{R"({"inputs":[{"shape":[1],"datatype":"FP32","data":[1]}]})", "'name' is missing"},
        Refusal{R"({"inputs":[{"name":"a","shape":[1],"data":[1]}]})",
                "input 'a': 'datatype' is missing"},
        Refusal{R"({"inputs":[{"name":"a","datatype":"FP32","data":[1]}]})", "'shape' is missing"},
        Refusal{R"({"inputs":[{"name":"a","datatype":"F32"}]})",
                "input 'a': unknown datatype 'F32'"},
        Refusal{R"({"inputs":[{"name":"a","datatype":1}]})", "'datatype' must be a string"},
        Refusal{R"({"inputs":[{"name":"a","datatype":"FP32","datatype":"FP64"}]})", "given twice"},
        Refusal{R"({"inputs":[{"name":"a","shape":3}]})", "'shape' must be an array of integers"},
        Refusal{R"({"inputs":[{"name":"a","shape":[1.5]}]})", "'shape' must be an array"},
        Refusal{R"({"inputs":[{"name":"a","shape":["1"]}]})", "'shape' must be an array"},
        Refusal{R"({"inputs":[{"name":"a","shape":[[1]]}]})", "'shape' must be an array"},
        Refusal{R"({"inputs":[{"name":"a","shape":[9223372036854775808]}]})", "'shape' must be"},
        Refusal{R"({"inputs":[{"name":"a","shape":[1],"shape":[1]}]})", "given twice"},
        Refusal{R"({"inputs":[{"name":"a","data":1}]})", "'data' must be an array"},
        Refusal{R"({"inputs":[{"name":"a","data":[1],"data":[1]}]})", "given twice"},
        Refusal{R"({"inputs":[{"name":"a","data":[{}]}]})", "'data' must be an array"},
        Refusal{R"({"inputs":[{"name":"a","shape":[1],"datatype":"FP32","data":[{}]}]})",
                "'data' must be an array"},
        Refusal{R"({"inputs":[{"name":"a","shape":[2],"datatype":"INT8","data":[1,999]}]})",
                "input 'a': data[1] is 999, which INT8 cannot hold"},
        Refusal{R"({"inputs":[{"name":"a","data":[1,999],"shape":[2],"datatype":"INT8"}]})",
                "input 'a': data[1] is 999, which INT8 cannot hold"},
        Refusal{R"({"inputs":[{"name":"a","shape":[2],"datatype":"FP32","data":[1]}]})",
                "input 'a': data has 1 elements, expected 2"},
        Refusal{R"({"inputs":[{"name":"a","shape":[-1],"datatype":"FP32","data":[1]}]})",
                "negative"},
        Refusal{R"({"inputs":[{"name":"a","shape":[1],"datatype":"FP16","data":[1]}]})",
                "FP16 has no form in JSON"},
        Refusal{kDeepUnknown, "nested more than 64 deep"},
        Refusal{kDeepData, "nested 33 deep, expected at most 32"},
        Refusal{kDeepEarlyData, "nested more than 32 deep"},
        Refusal{kManyInputs, "more than 64 inputs"}, Refusal{kManyOutputs, "more than 64 outputs"},
        Refusal{kManyAxes, "more than 32 axes"},
        Refusal{kManyParameters, "more than 256 entries"}));

}  // namespace
}  // namespace delen::frontend
