// Running stages for several requests at once, in other company at every
// boundary, gives each of them at every exit what it gets alone.
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "backend/ort/ort_backend.h"
#include "base/clock.h"
#include "executor/executor.h"
#include "importer/import_model.h"
#include "importer/testing/example_graphs.h"

namespace delen {
namespace {

namespace fs = std::filesystem;

constexpr float kTolerance = 1e-4F;
constexpr std::array<std::int64_t, 3> kRows = {1, 2, 1};  // by request

// Who shares each stage, stage by stage, then from the start again.
using Groups = std::vector<std::vector<std::size_t>>;
const std::vector<Groups>& Plan() {
  static const std::vector<Groups> plan = {
      {{0, 1, 2}}, {{0}, {2, 1}}, {{1, 0}, {2}}, {{2, 0, 1}}, {{0, 2}, {1}}};
  return plan;
}

// What one request got at one exit.
struct Answer {
  std::vector<float> scores;
  double confidence = 0.0;
};
using Answers = std::vector<Answer>;  // by request and exit

// A model imported into a folder of its own and loaded on one thread.
class BatchedExactness : public ::testing::Test {
 protected:
  void TearDown() override {
    model_.reset();
    fs::remove_all(folder_);
  }

  void Load(const fs::path& model_file) {
    importer::ImportRequest request;
    request.model_file = model_file;
    request.models = folder_ / "models";
    request.name = "model";
    Result<importer::ImportedModel> imported = importer::ImportModel(request);
    ASSERT_TRUE(imported) << imported.error().message;
    core::ModelVersion& version = imported->model;
    version.profile.costs = {core::CostTable{}};
    version.profile.costs[0].stages.resize(version.spec.exits.size());
    backend_ = backend::OrtBackend::Open({.threads = 1}).value();
    auto loaded = backend_->Load(version, 1);
    ASSERT_TRUE(loaded) << loaded.error().message;
    auto exits = core::ExitTable::Make(version, 1).value();
    model_ = std::make_shared<executor::ServedModel>(std::move(version), std::move(exits),
                                                     *std::move(loaded));
  }
  void Load(const importer::testing::GraphBuilder& graph) {
    fs::create_directories(folder_);
    const fs::path file = folder_ / "model.onnx";
    std::ofstream(file, std::ios::binary) << graph.Bytes();
    Load(file);
  }

  // The same random numbers for the same request, each time.
  executor::WorkspaceLease Begin(std::size_t request) {
    std::mt19937 random(static_cast<unsigned>(request));
    std::normal_distribution<float> numbers;
    std::vector<core::Tensor> inputs;
    for (const core::TensorSpec& input : model_->version().spec.inputs) {
      core::Shape shape = input.shape;
      shape[0] = kRows[request];
      std::vector<std::byte> bytes(core::ByteCount(input.datatype, shape).value());
      for (std::size_t at = 0; at < bytes.size(); at += sizeof(float)) {
        const float number = numbers(random);
        std::memcpy(&bytes[at], &number, sizeof(number));
      }
      inputs.push_back(core::OwningTensor(input.name, input.datatype, shape, std::move(bytes)));
    }
    return executor::WorkspaceLease::Begin(model_, inputs).value();
  }

  // Runs all requests to the last exit, those of a group together. `plan` is used
  // cyclically.
  Answers Run(const std::vector<Groups>& plan) {
    std::vector<executor::WorkspaceLease> leases;
    for (std::size_t request = 0; request < kRows.size(); ++request) {
      leases.push_back(Begin(request));
    }
    const auto exits = static_cast<std::size_t>(model_->exits().exit_count());
    Answers answers(kRows.size() * exits);
    for (std::size_t stage = 0; stage < exits; ++stage) {
      for (const std::vector<std::size_t>& group : plan[stage % plan.size()]) {
        RunGroup(static_cast<int>(stage), group, leases, answers);
      }
    }
    for (std::size_t request = 0; request < kRows.size(); ++request) {
      for (std::size_t exit = 0; exit < exits; ++exit) {
        const auto output = leases[request].workspace().exit_output(static_cast<int>(exit));
        std::vector<float>& scores = answers[request * exits + exit].scores;
        scores.resize(output.bytes.size() / sizeof(float));
        std::memcpy(scores.data(), output.bytes.data(), output.bytes.size());
      }
    }
    return answers;
  }

  void RunGroup(int stage, const std::vector<std::size_t>& group,
                const std::vector<executor::WorkspaceLease>& leases, Answers& answers) {
    std::vector<backend::Workspace*> parts;
    for (const std::size_t request : group) parts.push_back(&leases[request].workspace());
    const auto outcome = executor::Executor(clock_).RunStage(*model_, stage, parts);
    ASSERT_TRUE(outcome.status) << outcome.status.error().message;
    const std::size_t exits = model_->version().spec.exits.size();
    for (std::size_t i = 0; i < group.size(); ++i) {
      Answer& answer = answers[group[i] * exits + static_cast<std::size_t>(stage)];
      answer.confidence = outcome.confidence[i];
    }
  }

  void ExpectBatchedIsExact() {
    ASSERT_TRUE(model_->batchable());
    const std::vector<Groups> alone = {{{0}, {1}, {2}}};
    const Answers expected = Run(alone);
    const Answers batched = Run(Plan());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ASSERT_EQ(batched[i].scores.size(), expected[i].scores.size());
      EXPECT_NEAR(batched[i].confidence, expected[i].confidence, kTolerance);
      for (std::size_t k = 0; k < expected[i].scores.size(); ++k) {
        EXPECT_NEAR(batched[i].scores[k], expected[i].scores[k], kTolerance);
      }
    }
    EXPECT_NE(expected[0].scores, expected[2 * model_->version().spec.exits.size()].scores);
  }

  const fs::path folder_ = fs::temp_directory_path() / fmt::format("delen_batched_{}", getpid());
  SteadyClock clock_;
  std::unique_ptr<backend::OrtBackend> backend_;
  std::shared_ptr<executor::ServedModel> model_;
};

TEST_F(BatchedExactness, Glyphs) {
  Load(fs::path(DELEN_SOURCE_DIR) / "zoo/glyphs/glyphs.onnx");
  ExpectBatchedIsExact();
}

TEST_F(BatchedExactness, SkipOverTwoCuts) {
  Load(importer::testing::SkipOverTwoCuts());
  ExpectBatchedIsExact();
}

TEST_F(BatchedExactness, TwoInputsOfWhichOneIsReadOnceMore) {
  Load(importer::testing::TwoTensorsCross());
  ExpectBatchedIsExact();
}

TEST_F(BatchedExactness, ExitFeedsExit) {
  Load(importer::testing::ExitFeedsExit());
  ExpectBatchedIsExact();
}

TEST_F(BatchedExactness, Convolutions) {
  Load(importer::testing::Convolutions());
  ExpectBatchedIsExact();
}

TEST_F(BatchedExactness, PrewarmedSizesRun) {
  Load(importer::testing::Ladder());
  const std::array<std::int64_t, 3> sizes = {2, 3, 4};
  EXPECT_TRUE(model_->Prewarm(sizes));
  ExpectBatchedIsExact();
}

TEST_F(BatchedExactness, RowsThatDoNotAddUpAreRefused) {
  Load(importer::testing::Ladder());
  const executor::WorkspaceLease first = Begin(0);
  const executor::WorkspaceLease second = Begin(1);
  const std::array parts = {&first.workspace(), &second.workspace()};
  const auto batch = model_->AcquireBatch(2).value();
  const Status status = model_->loaded().RunStageJoined(0, parts, *batch.workspace);
  EXPECT_EQ(status.error().message, "the rows of 2 parts have 192 bytes in a tensor, expected 128");
}

// Models of which a shape or the values say that a row is not on its own.
class NotBatchable : public BatchedExactness {
 protected:
  void ExpectNotBatchable(const importer::testing::GraphBuilder& graph) {
    Load(graph);
    ASSERT_NE(model_, nullptr);
    EXPECT_FALSE(model_->batchable());
  }
};

TEST_F(NotBatchable, ABranchChosenByAllRows) { ExpectNotBatchable(importer::testing::Branches()); }

TEST_F(NotBatchable, AMeanOverTheBatch) {
  importer::testing::GraphBuilder graph;
  graph.Input("x", {-1, 16}).Dense("x", "b0", 16, 32).Dense("b0", "exit_0", 32, 10);
  importer::testing::SetInts(graph.Node("ReduceMean", {"b0"}, {"mean"}), "axes", {0});
  graph.Node("Sub", {"b0", "mean"}, {"b1"});
  graph.Dense("b1", "exit_1", 32, 10);
  graph.Output("exit_0", {-1, 10}).Output("exit_1", {-1, 10});
  ExpectNotBatchable(graph);
}

TEST_F(NotBatchable, TheBatchOnAnotherAxisOfACrossingTensor) {
  importer::testing::GraphBuilder graph;
  graph.Input("x", {-1, 16}).Dense("x", "b0", 16, 32);
  importer::testing::SetInts(graph.Node("Transpose", {"b0"}, {"t0"}), "perm", {1, 0});
  graph.Relu("t0", "r0");
  importer::testing::SetInts(graph.Node("Transpose", {"r0"}, {"u0"}), "perm", {1, 0});
  graph.Dense("u0", "exit_0", 32, 10);
  graph.Node("Tanh", {"r0"}, {"h1"});
  importer::testing::SetInts(graph.Node("Transpose", {"h1"}, {"u1"}), "perm", {1, 0});
  graph.Dense("u1", "exit_1", 32, 10);
  graph.Output("exit_0", {-1, 10}).Output("exit_1", {-1, 10});
  ExpectNotBatchable(graph);
}

TEST_F(NotBatchable, AnAxisBeforeTheBatchInACrossingTensor) {
  importer::testing::GraphBuilder graph;
  auto& first = *graph.graph().add_initializer();
  first.set_name("first");
  first.set_data_type(onnx::TensorProto::INT64);
  first.add_dims(1);
  first.add_int64_data(0);
  graph.Input("x", {-1, 16}).Dense("x", "b0", 16, 32);
  graph.Node("Unsqueeze", {"b0", "first"}, {"wide"});
  graph.Relu("wide", "r0").Node("Squeeze", {"r0", "first"}, {"s0"});
  graph.Dense("s0", "exit_0", 32, 10);
  graph.Node("Tanh", {"r0"}, {"h1"});
  graph.Node("Squeeze", {"h1", "first"}, {"s1"});
  graph.Dense("s1", "exit_1", 32, 10);
  graph.Output("exit_0", {-1, 10}).Output("exit_1", {-1, 10});
  ExpectNotBatchable(graph);
}

TEST_F(NotBatchable, AFixedBatch) {
  importer::testing::GraphBuilder graph;
  graph.Input("x", {1, 16}).Dense("x", "exit_0", 16, 10).Output("exit_0", {1, 10});
  ExpectNotBatchable(graph);
}

}  // namespace
}  // namespace delen
