#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "core/model_folder.h"

namespace delen::core {
namespace {

using ::testing::HasSubstr;

ModelSpec FullSpec() {
  ModelSpec spec;
  spec.name = "glyphs";
  spec.inputs = {{"image", DataType::kFp32, {-1, 3, 28, 28}}, {"hint", DataType::kInt64, {-1}}};
  spec.output = {"output", DataType::kFp32, {-1, 3}};
  spec.exits = {"exit_0", "exit_1"};
  spec.scores = ScoreKind::kLogits;
  spec.labels = {"a \"quoted\" one", "tab\tand \\", "\xc3\xa9t\xc3\xa9"};
  spec.preprocessing = {"Scale to 0..1.", 1.0 / 255, {0.49125, 0.1, 1}, {0.245, 0.1, 2}};
  return spec;
}

std::string ErrorOf(std::string_view toml) {
  const Result<ModelSpec> spec = ParseModelSpec(toml, "model.toml");
  return spec ? "no error" : spec.error().message;
}

// `from` in the full specification's text replaced by `to`, then read.
std::string ErrorAfter(const std::string& from, const std::string& to) {
  std::string text = FormatModelSpec(FullSpec());
  const std::size_t at = text.find(from);
  if (at == std::string::npos) return "not found: " + from;
  return ErrorOf(text.replace(at, from.size(), to));
}

TEST(ModelSpecToml, ComesBackAsItWas) {
  const Result<ModelSpec> spec = ParseModelSpec(FormatModelSpec(FullSpec()), "model.toml");
  ASSERT_TRUE(spec) << spec.error().message;
  EXPECT_EQ(*spec, FullSpec());
}

TEST(ModelSpecToml, LabelsAndPreprocessingMayBeAbsent) {
  ModelSpec spec = FullSpec();
  spec.labels.clear();
  spec.preprocessing = {};
  EXPECT_EQ(FormatModelSpec(spec),
            "format = 1\n"
            "name = \"glyphs\"\n"
            "exits = [\"exit_0\", \"exit_1\"]\n"
            "scores = \"logits\"\n"
            "\n"
            "[[inputs]]\n"
            "name = \"image\"\n"
            "datatype = \"FP32\"\n"
            "shape = [-1, 3, 28, 28]\n"
            "\n"
            "[[inputs]]\n"
            "name = \"hint\"\n"
            "datatype = \"INT64\"\n"
            "shape = [-1]\n"
            "\n"
            "[output]\n"
            "name = \"output\"\n"
            "datatype = \"FP32\"\n"
            "shape = [-1, 3]\n");
  const Result<ModelSpec> back = ParseModelSpec(FormatModelSpec(spec), "model.toml");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, spec);
}

TEST(ModelSpecToml, AThousandLabelsComeBack) {
  ModelSpec spec = FullSpec();
  spec.output.shape = {-1, 1000};
  spec.labels.clear();
  for (int i = 0; i < 1000; ++i) spec.labels.push_back(fmt::format("class no. {}", i));
  const Result<ModelSpec> back = ParseModelSpec(FormatModelSpec(spec), "model.toml");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(*back, spec);
}

TEST(ModelSpecToml, MessagesNameFileKeyActualAndExpected) {
  EXPECT_EQ(ErrorAfter("scores = ", "score = "),
            "model.toml: unknown key 'score', expected one of format, name, exits, scores, labels, "
            "inputs, output, preprocessing");
  EXPECT_EQ(ErrorAfter("scores = \"logits\"", "scores = \"probs\""),
            "model.toml: 'scores' is 'probs', expected logits, probabilities or none");
  EXPECT_EQ(ErrorAfter("\"FP32\"", "\"FLOAT\""),
            "model.toml: 'inputs[0].datatype' is 'FLOAT', expected a fixed-size type of the Open "
            "Inference Protocol, such as FP32");
  EXPECT_THAT(ErrorAfter("\"FP32\"", "\"BYTES\""), HasSubstr("is 'BYTES', expected a fixed-size"));
  EXPECT_EQ(ErrorAfter("[-1, 3, 28, 28]", "[-1, 3, 0, 28]"),
            "model.toml: 'inputs[0].shape' is [-1,3,0,28], expected axes of -1 (any length) or at "
            "least 1");
  EXPECT_EQ(
      ErrorAfter("[-1, 3, 28, 28]", "[-2]"),
      "model.toml: 'inputs[0].shape[0]' is -2, expected a whole number from -1 to 2147483647");
  EXPECT_EQ(ErrorAfter("\"glyphs\"", "\"../glyphs\""),
            "model.toml: 'name' is '../glyphs', expected at most 128 letters, digits, '.', '_' and "
            "'-', not starting with '.'");
  EXPECT_EQ(ErrorAfter("\"exit_1\"", "\"exit_0\""),
            "model.toml: 'exits' is naming one tensor twice, expected names that differ");
  EXPECT_EQ(ErrorAfter("\"hint\"", "\"image\""),
            "model.toml: 'inputs' is two inputs of one name, expected names that differ");
  EXPECT_EQ(ErrorAfter("shape = [-1, 3]", "shape = [-1, 4]"),
            "model.toml: 'labels' is an array of 3, expected 4, the output's last axis");
  EXPECT_EQ(ErrorAfter("0.245, ", ""),
            "model.toml: 'preprocessing.std' is an array of 2, expected 3, as in mean");
  EXPECT_THAT(ErrorAfter("0.245", "0"), HasSubstr("expected numbers above 0"));
  EXPECT_THAT(ErrorAfter("[\"exit_0\", \"exit_1\"]", "[]"),
              HasSubstr("is an array of 0, expected 1 to 32"));
  EXPECT_THAT(ErrorAfter("[output]", "[outputs]"), HasSubstr("unknown key 'outputs'"));
  EXPECT_THAT(ErrorAfter("\"exit_0\"", "2020-01-01"), HasSubstr("dates and times"));
  EXPECT_THAT(ErrorAfter("scale = ", "scale = inf #"), HasSubstr("'preprocessing.scale' is inf"));
}

TEST(ModelSpecToml, SyntaxErrorsNameTheLine) {
  EXPECT_THAT(ErrorAfter("exits = [", "exits = "), HasSubstr("model.toml:3: not valid TOML"));
  EXPECT_THAT(ErrorOf("format = 1\nformat = 1\n"), HasSubstr("model.toml:2: not valid TOML"));
}

TEST(ModelSpecToml, AnotherFormatIsUnsupported) {
  const Result<ModelSpec> spec = ParseModelSpec("format = 2\n", "model.toml");
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().code, ErrorCode::kUnsupported);
}

TEST(ModelSpecToml, DeepNestingNeitherCrashesNorPasses) {
  std::string dots = "a";
  for (int i = 0; i < 100'000; ++i) dots += ".a";
  EXPECT_THAT(ErrorOf("[" + dots + "]\n"), HasSubstr("dots in one line"));
  // The deepest tree that the line limit lets through to the parser.
  std::string nested;
  for (int i = 0; i < 127; ++i)
    nested += "[{a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = \n";
  EXPECT_THAT(ErrorOf("x = " + nested), HasSubstr("not valid TOML"));
  nested.clear();
  std::string closing;
  for (int i = 0; i < 120; ++i) {
    nested += "[\n{a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = ";
    closing += "}]";
  }
  EXPECT_THAT(ErrorOf("x = " + nested + "1" + closing), HasSubstr("nest deeper than 16"));
}

}  // namespace
}  // namespace delen::core
