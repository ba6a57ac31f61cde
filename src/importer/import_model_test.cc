#include "importer/import_model.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <string>

#include "base/files.h"
#include "importer/testing/example_graphs.h"

namespace delen::importer {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using testing::GraphBuilder;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::Names;

// A folder with a model file and a models folder, removed at the end.
class ImportModelTest : public ::testing::Test {
 protected:
  ImportModelTest()
      : folder_(fs::temp_directory_path() /
                fmt::format("delen_import_{}_{}", getpid(),
                            ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::create_directories(folder_ / "source");
    request_.model_file = folder_ / "source" / "model.onnx";
    request_.models = folder_ / "models";
    request_.name = "net";
  }
  ~ImportModelTest() override { fs::remove_all(folder_); }

  static void Write(const fs::path& path, std::string_view bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
  }
  Result<ImportedModel> Import(const GraphBuilder& graph) {
    Write(request_.model_file, graph.Bytes());
    return ImportModel(request_);
  }
  std::string ErrorOf(const GraphBuilder& graph) {
    const Result<ImportedModel> imported = Import(graph);
    return imported ? "no error" : imported.error().message;
  }
  // Everything below the models folder, relative to it.
  Names Files() const {
    Names files;
    if (!fs::exists(request_.models)) return files;
    for (const auto& entry : fs::recursive_directory_iterator(request_.models)) {
      files.push_back(fs::relative(entry.path(), request_.models).string());
    }
    std::sort(files.begin(), files.end());
    return files;
  }

  fs::path folder_;
  ImportRequest request_;
};

TEST_F(ImportModelTest, WritesWhatTheServerReads) {
  request_.labels = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"};
  request_.preprocessing = {"Scale to 0..1.", 1.0 / 255, {0.5}, {0.25}};
  const Result<ImportedModel> imported = Import(testing::Ladder());
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_THAT(Files(), ElementsAre("net", "net/1", "net/1/profile.json", "net/1/stage_0.onnx",
                                   "net/1/stage_1.onnx", "net/1/stage_2.onnx", "net/1/weights.bin",
                                   "net/model.toml"));
  const Result<core::ModelVersion> model = core::OpenModelVersion(request_.models, "net");
  ASSERT_TRUE(model) << model.error().message;
  EXPECT_EQ(model->spec, imported->model.spec);
  EXPECT_EQ(model->profile, imported->model.profile);
  EXPECT_EQ(model->folder, imported->model.folder);

  EXPECT_THAT(model->spec.exits, ElementsAre("exit_0", "exit_1", "exit_2"));
  EXPECT_EQ(model->spec.inputs,
            (std::vector<core::TensorSpec>{{"x", core::DataType::kFp32, {-1, 16}}}));
  EXPECT_EQ(model->spec.output, (core::TensorSpec{"output", core::DataType::kFp32, {-1, 10}}));
  EXPECT_EQ(model->spec.scores, core::ScoreKind::kLogits);
  EXPECT_EQ(model->spec.labels, request_.labels);
  EXPECT_EQ(model->spec.preprocessing, request_.preprocessing);
  EXPECT_THAT(model->profile.stage_flops,
              ElementsAre(2 * 16 * 32 + 32 + 2 * 32 * 10, 2 * 32 * 32 + 32 + 2 * 32 * 10,
                          2 * 32 * 64 + 64 + 2 * 64 * 10));
  EXPECT_THAT(model->profile.costs, IsEmpty());
  EXPECT_FALSE(model->profile.quality);
}

TEST_F(ImportModelTest, AModelWithOneOutputIsAModelWithOneExit) {
  const Result<ImportedModel> imported = Import(testing::OneExit());
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_THAT(imported->model.spec.exits, ElementsAre("scores"));
  EXPECT_EQ(imported->model.spec.output.name, "scores");
}

TEST_F(ImportModelTest, TheOutputCanBeNamed) {
  request_.cut.output = "classes";
  const Result<ImportedModel> imported = Import(testing::Ladder());
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(imported->model.spec.output.name, "classes");
}

TEST_F(ImportModelTest, SoftmaxExitsGiveProbabilities) {
  const Result<ImportedModel> imported = Import(testing::NewerOpset());
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(imported->model.spec.scores, core::ScoreKind::kProbabilities);
}

TEST_F(ImportModelTest, ScoresCanBeSaid) {
  request_.cut.scores = core::ScoreKind::kNone;
  const Result<ImportedModel> imported = Import(testing::Ladder());
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(imported->model.spec.scores, core::ScoreKind::kNone);
}

TEST_F(ImportModelTest, SharedWeightsAreStoredOnce) {
  const Result<ImportedModel> imported = Import(testing::SharedHead());
  ASSERT_TRUE(imported) << imported.error().message;
  // One head and three blocks of 32 x 32, each on a page of its own.
  EXPECT_EQ(imported->weight_bytes, 4 * 4096U);
}

TEST_F(ImportModelTest, LargeConstantNodesAreWeights) {
  GraphBuilder graph = testing::SharedHead();
  auto& weights = *graph.graph().mutable_initializer();
  auto& attribute = *graph.Node("Constant", {}, {"w_head"}).add_attribute();
  attribute.set_name("value");
  attribute.set_type(onnx::AttributeProto::TENSOR);
  const auto head = std::find_if(weights.begin(), weights.end(),
                                 [](const auto& tensor) { return tensor.name() == "w_head"; });
  *attribute.mutable_t() = *head;
  attribute.mutable_t()->clear_name();
  weights.erase(head);
  const Result<ImportedModel> imported = Import(graph);
  ASSERT_TRUE(imported) << imported.error().message;
  EXPECT_EQ(imported->weight_bytes, 4 * 4096U);
}

TEST_F(ImportModelTest, VersionsCountUp) {
  ASSERT_TRUE(Import(testing::Ladder()));
  const Result<ImportedModel> second = Import(testing::Ladder());
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->model.version, 2);
  request_.version = 7;
  ASSERT_TRUE(Import(testing::Ladder()));
  request_.version = 0;
  EXPECT_EQ(Import(testing::Ladder())->model.version, 8);
  EXPECT_THAT(*core::ListVersions(request_.models / "net"), ElementsAre(1, 2, 7, 8));
}

TEST_F(ImportModelTest, AVersionIsNeverOverwritten) {
  ASSERT_TRUE(Import(testing::Ladder()));
  const Names before = Files();
  request_.version = 1;
  EXPECT_THAT(ErrorOf(testing::Ladder()),
              HasSubstr("net/1' exists already; import with --version 2, or remove it first"));
  EXPECT_EQ(Files(), before);
}

TEST_F(ImportModelTest, AFurtherVersionMustLookTheSameToClients) {
  ASSERT_TRUE(Import(testing::Ladder()));
  const Names before = Files();
  const std::string rest =
      fmt::format(" are not those of '{}'; import under another name, or change the file first",
                  (request_.models / "net" / "model.toml").string());
  EXPECT_EQ(ErrorOf(testing::Convolutions()), "the model's inputs" + rest);
  EXPECT_EQ(ErrorOf(testing::OneExit()), "the name and shape of the output" + rest);
  request_.cut.exits = {"exit_0", "exit_2"};
  EXPECT_EQ(ErrorOf(testing::Ladder()), "the exits" + rest);
  request_.cut.exits = {};
  request_.labels = Names(10, "label");
  EXPECT_EQ(ErrorOf(testing::Ladder()), "the labels" + rest);
  EXPECT_EQ(Files(), before);
}

// --- External data of the source ---

// The weights of `graph` moved into a file beside the model.
GraphBuilder MoveWeightsOut(GraphBuilder graph, const std::string& location, std::string& bytes) {
  for (auto& tensor : *graph.graph().mutable_initializer()) {
    const auto add = [&](const char* key, const std::string& value) {
      auto& entry = *tensor.add_external_data();
      entry.set_key(key);
      entry.set_value(value);
    };
    add("location", location);
    add("offset", std::to_string(bytes.size()));
    add("length", std::to_string(tensor.raw_data().size()));
    bytes += tensor.raw_data();
    tensor.clear_raw_data();
    tensor.set_data_location(onnx::TensorProto::EXTERNAL);
  }
  return graph;
}

TEST_F(ImportModelTest, ExternalWeightsGiveTheSameFiles) {
  ASSERT_TRUE(Import(testing::Ladder()));
  std::string bytes;
  const GraphBuilder moved = MoveWeightsOut(testing::Ladder(), "net.weights", bytes);
  Write(folder_ / "source" / "net.weights", bytes);
  const Result<ImportedModel> imported = Import(moved);
  ASSERT_TRUE(imported) << imported.error().message;
  for (const char* file : {"stage_0.onnx", "stage_1.onnx", "stage_2.onnx", "weights.bin"}) {
    EXPECT_EQ(*ReadFile(request_.models / "net/1" / file),
              *ReadFile(request_.models / "net/2" / file));
  }
}

TEST_F(ImportModelTest, ExternalDataMustBeThereAndInside) {
  std::string bytes;
  const GraphBuilder missing = MoveWeightsOut(testing::OneExit(), "absent.bin", bytes);
  EXPECT_THAT(ErrorOf(missing), HasSubstr("external data 'absent.bin' is missing"));

  Write(folder_ / "outside.bin", bytes);
  const fs::path link = folder_ / "source" / "link.bin";
  fs::create_symlink(folder_ / "outside.bin", link);
  for (const std::string& location :
       {std::string("../outside.bin"), std::string("link.bin"), (folder_ / "outside.bin").string(),
        std::string("/dev/zero"), std::string("a\0b", 3)}) {
    std::string unused;
    EXPECT_THAT(ErrorOf(MoveWeightsOut(testing::OneExit(), location, unused)),
                HasSubstr("lies outside the model's folder"));
  }

  Write(folder_ / "source" / "short.bin", bytes.substr(0, bytes.size() - 1));
  std::string unused;
  EXPECT_THAT(ErrorOf(MoveWeightsOut(testing::OneExit(), "short.bin", unused)),
              HasSubstr("in 'short.bin', which has"));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(ImportModelTest, ExternalLengthsAndOffsetsAreChecked) {
  std::string bytes;
  GraphBuilder graph = MoveWeightsOut(testing::OneExit(), "w.bin", bytes);
  Write(folder_ / "source" / "w.bin", bytes);
  auto& entries = *graph.graph().mutable_initializer(0)->mutable_external_data();
  entries[2].set_value("9999999999999");
  EXPECT_THAT(ErrorOf(graph), HasSubstr("has 9999999999999 external bytes, expected 2048"));
  entries[2].set_value("2048");
  entries[1].set_value("18446744073709551000");
  EXPECT_THAT(ErrorOf(graph), HasSubstr("lies at 18446744073709551000 + 2048 in 'w.bin'"));
  entries[1].set_value("-4");
  EXPECT_THAT(ErrorOf(graph), HasSubstr("external offset '-4', expected a whole number"));
  entries[0].set_key("place");
  EXPECT_THAT(ErrorOf(graph), HasSubstr("is external but names no location"));
  EXPECT_THAT(Files(), IsEmpty());
}

// --- Refusals ---

TEST_F(ImportModelTest, WhatIsNoModelIsRefused) {
  EXPECT_THAT(ImportModel(request_).error().message, HasSubstr("does not exist"));
  const std::string whole = testing::Ladder().Bytes();
  for (const std::string& bytes : {std::string(),
                                   std::string("\x7f"
                                               "ELF and more"),
                                   std::string(1000, '\xff'), whole.substr(0, whole.size() / 2)}) {
    Write(request_.model_file, bytes);
    const Result<ImportedModel> imported = ImportModel(request_);
    ASSERT_FALSE(imported);
    EXPECT_EQ(imported.error().code, ErrorCode::kInvalidArgument);
    EXPECT_THAT(imported.error().message, HasSubstr("model.onnx: not an ONNX model"));
  }
  EXPECT_FALSE(fs::exists(request_.models));
}

TEST_F(ImportModelTest, VersionsOfTheFormatThatTheRuntimeLacksAreRefused) {
  EXPECT_THAT(ErrorOf(GraphBuilder(6)),
              HasSubstr("the model has opset 6, the runtime supports 7 to 25"));
  EXPECT_THAT(ErrorOf(GraphBuilder(26)), HasSubstr("opset 26"));
  EXPECT_THAT(ErrorOf(GraphBuilder(17, 14)),
              HasSubstr("the model has IR version 14, the runtime supports 3 to 13"));
  GraphBuilder no_opset;
  no_opset.model().clear_opset_import();
  EXPECT_THAT(ErrorOf(no_opset), HasSubstr("imports no ai.onnx opset"));
  EXPECT_FALSE(fs::exists(request_.models));
}

TEST_F(ImportModelTest, NamesCannotLeaveTheFolder) {
  for (const char* name : {"../net", "a/b", "", ".net", "/net"}) {
    request_.name = name;
    EXPECT_THAT(ErrorOf(testing::Ladder()), HasSubstr("cannot be a model's name"));
  }
  EXPECT_FALSE(fs::exists(request_.models));
  EXPECT_FALSE(fs::exists(folder_ / "net"));
}

TEST_F(ImportModelTest, ExitsMustBeOutputs) {
  request_.cut.exits = {"exit_0", "exit_9"};
  EXPECT_THAT(ErrorOf(testing::Ladder()),
              HasSubstr("the model has no output 'exit_9', only exit_2, exit_0, exit_1"));
  request_.cut.exits = {"exit_0", "exit_0"};
  EXPECT_THAT(ErrorOf(testing::Ladder()), HasSubstr("the exit 'exit_0' is named twice"));
  request_.cut.exits = {};
  GraphBuilder none;
  none.Input("x", {-1, 4}).Relu("x", "y");
  EXPECT_THAT(ErrorOf(none), HasSubstr("the graph has no outputs"));
  EXPECT_FALSE(fs::exists(request_.models));
}

TEST_F(ImportModelTest, TooManyExitsAreRefused) {
  GraphBuilder graph;
  graph.Input("t0", {-1, 4});
  for (int i = 0; i < 33; ++i) {
    const std::string next = "t" + std::to_string(i + 1);
    graph.Relu("t" + std::to_string(i), next);
    graph.Output(next, {-1, 4});
  }
  EXPECT_THAT(ErrorOf(graph), HasSubstr("33 exits, at most 32 are supported"));
}

TEST_F(ImportModelTest, ExitsThatDoNotNestAreRefused) {
  GraphBuilder graph;
  graph.Input("x", {-1, 4}).Relu("x", "a").Relu("x", "b");
  graph.Output("a", {-1, 4}).Output("b", {-1, 4});
  EXPECT_THAT(ErrorOf(graph), HasSubstr("the exits do not nest"));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(ImportModelTest, ExitsMustAgree) {
  GraphBuilder graph;
  graph.Input("x", {-1, 16}).Relu("x", "b0").Dense("b0", "exit_0", 16, 10);
  graph.Relu("b0", "b1").Dense("b1", "exit_1", 16, 12);
  graph.Output("exit_0", {-1, 10}).Output("exit_1", {-1, 12});
  EXPECT_THAT(ErrorOf(graph), HasSubstr("all exits must agree: 'exit_0' is FP32 [-1,10], 'exit_1' "
                                        "is FP32 [-1,12]"));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(ImportModelTest, HalfOfTheExitsWithSoftmaxIsAmbiguous) {
  GraphBuilder graph = testing::Ladder();
  graph.graph().mutable_node(2)->mutable_output()->at(0) = "scores_0";
  graph.Node("Softmax", {"scores_0"}, {"exit_0"});
  EXPECT_THAT(ErrorOf(graph), HasSubstr("1 of 3 exits end in a Softmax"));
  request_.cut.scores = core::ScoreKind::kNone;
  EXPECT_EQ(ErrorOf(graph), "no error");
}

TEST_F(ImportModelTest, LabelsMustFitTheClasses) {
  request_.labels = {"only", "two"};
  EXPECT_THAT(ErrorOf(testing::Ladder()),
              HasSubstr("'labels' is an array of 2, expected 10, the output's last axis"));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(ImportModelTest, WhatTheProtocolCannotCarryIsRefused) {
  const auto with_input = [](const std::function<void(onnx::ValueInfoProto&)>& change) {
    GraphBuilder graph = testing::OneExit();
    change(*graph.graph().mutable_input(0));
    return graph;
  };
  using Value = onnx::ValueInfoProto;
  EXPECT_THAT(
      ErrorOf(with_input([](Value& value) {
        value.mutable_type()->mutable_tensor_type()->set_elem_type(onnx::TensorProto::STRING);
      })),
      HasSubstr("input: 'x' has elements of STRING, which cannot be served"));
  EXPECT_THAT(ErrorOf(with_input([](Value& value) {
                value.mutable_type()->mutable_tensor_type()->clear_shape();
              })),
              HasSubstr("input: 'x' declares no shape"));
  EXPECT_THAT(
      ErrorOf(with_input([](Value& value) { value.mutable_type()->mutable_sequence_type(); })),
      HasSubstr("input: 'x' is not a dense tensor"));
  EXPECT_THAT(
      ErrorOf(with_input([](Value& value) {
        value.mutable_type()->mutable_tensor_type()->mutable_shape()->mutable_dim(1)->set_dim_value(
            0);
      })),
      HasSubstr("input: 'x': axis 1 is 0, expected a length of at least 1"));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(ImportModelTest, NamesThatNoTextFileHoldsAreRefused) {
  GraphBuilder graph;
  const std::string name = "\xff\xfe";
  graph.Input(name, {-1, 4}).Relu(name, "y").Output("y", {-1, 4});
  EXPECT_THAT(ErrorOf(graph), HasSubstr("the model cannot be described"));
  EXPECT_THAT(Files(), IsEmpty());
}

TEST_F(ImportModelTest, ExternalDataInAttributesIsRefused) {
  GraphBuilder graph = testing::OneExit();
  auto& attribute = *graph.Node("ConstantOfShape", {"shape"}, {"c"}).add_attribute();
  graph.Input("shape", {1}, onnx::TensorProto::INT64);
  attribute.set_name("value");
  attribute.mutable_t()->set_data_location(onnx::TensorProto::EXTERNAL);
  EXPECT_THAT(ErrorOf(graph), HasSubstr("a tensor in an attribute of node 'ConstantOfShape_c'"));
}

// --- Labels ---

TEST_F(ImportModelTest, LabelsAreLines) {
  const fs::path file = folder_ / "labels.txt";
  Write(file, "cat\r\ndog\nbig bird\n\n\n");
  EXPECT_THAT(*ReadLabels(file), ElementsAre("cat", "dog", "big bird"));
  Write(file, "cat\n\ndog\n");
  EXPECT_THAT(ReadLabels(file).error().message, HasSubstr("labels.txt:2: empty line"));
  EXPECT_EQ(ReadLabels(folder_ / "absent").error().code, ErrorCode::kNotFound);
}

}  // namespace
}  // namespace delen::importer
