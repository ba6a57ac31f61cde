#include "profiler/all_exits.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace delen::profiler {
namespace {

constexpr std::size_t kBatch = 16;

// The samples to run, and how many at once.
struct Batches {
  std::size_t samples = 0;
  std::size_t rows = kBatch;
};

Result<Batches> PlanBatches(const core::ModelSpec& spec, const LabelledData& data) {
  Batches plan;
  const core::Shape& output = spec.output.shape;
  const std::int64_t classes = output.empty() ? 1 : std::max<std::int64_t>(output.back(), 1);
  const std::size_t row_bytes =
      spec.exits.size() * static_cast<std::size_t>(classes) * sizeof(float);
  plan.samples = std::min(data.size(), kMaxScoreBytes / row_bytes);
  const std::int64_t fixed_rows = spec.inputs[0].shape.front();
  if (fixed_rows != -1) {
    plan.rows = static_cast<std::size_t>(fixed_rows);
    plan.samples -= plan.samples % plan.rows;
  }
  if (plan.samples > 0) return plan;
  return InvalidArgument("'{}' holds {} samples, fewer than one batch of the model, {}",
                         data.source(), data.size(), plan.rows);
}

Result<std::unique_ptr<backend::Workspace>> NewWorkspace(backend::LoadedModel& model,
                                                         const LabelledData& data,
                                                         std::size_t rows) {
  core::Shape shape = data.sample_shape();
  shape.insert(shape.begin(), static_cast<std::int64_t>(rows));
  return model.NewWorkspace(std::span(&shape, 1));
}

// Appends what one exit says to a batch of `rows`.
Status TakeScores(const backend::ExitOutput& output, std::size_t rows, std::size_t exit,
                  Answers& answers) {
  const bool fits = output.datatype == core::DataType::kFp32 && !output.shape.empty();
  const std::size_t classes = fits ? static_cast<std::size_t>(output.shape.back()) : 0;
  if (answers.classes == 0) answers.classes = classes;
  if (classes == 0 || classes != answers.classes ||
      output.bytes.size() != rows * classes * sizeof(float)) {
    return InvalidArgument(
        "exit {} gives {} {} for {} samples, expected a row of FP32 scores per "
        "sample, of as many classes as the exits before",
        exit, core::Name(output.datatype), core::ToString(output.shape), rows);
  }
  const auto* const values = reinterpret_cast<const float*>(output.bytes.data());
  answers.scores[exit].insert(answers.scores[exit].end(), values, values + rows * classes);
  return {};
}

// Runs the next `rows` samples.
Status RunBatch(backend::LoadedModel& model, backend::Workspace& workspace,
                const LabelledData& data, std::size_t rows, Answers& answers) {
  const std::size_t first = answers.labels.size();
  const std::span<std::byte> input = workspace.input(0);
  data.Fill(first, {reinterpret_cast<float*>(input.data()), input.size() / sizeof(float)});
  for (std::size_t exit = 0; exit < answers.scores.size(); ++exit) {
    const int stage = static_cast<int>(exit);
    if (Status status = model.RunStage(stage, workspace); !status) return status;
    Status taken = TakeScores(workspace.exit_output(stage), rows, exit, answers);
    if (!taken) return taken;
  }
  const auto labels = data.labels().subspan(first, rows);
  answers.labels.insert(answers.labels.end(), labels.begin(), labels.end());
  return {};
}

Status CheckLabels(const Answers& answers) {
  const std::int32_t highest = *std::max_element(answers.labels.begin(), answers.labels.end());
  if (static_cast<std::size_t>(highest) < answers.classes) return {};
  return InvalidArgument("the data has label {}, but the model only {} classes", highest,
                         answers.classes);
}

}  // namespace

Result<Answers> RunAllExits(backend::Backend& backend, const core::ModelVersion& model, int threads,
                            const LabelledData& data, Progress& progress) {
  if (model.spec.scores == core::ScoreKind::kNone) {
    return Unsupported(
        "model '{}' gives no class scores (scores = \"none\"): labelled data tells "
        "nothing about it",
        model.spec.name);
  }
  const Result<Batches> plan = PlanBatches(model.spec, data);
  if (!plan) return plan.error();
  const Result<std::unique_ptr<backend::LoadedModel>> loaded = backend.Load(model, threads);
  if (!loaded) return loaded.error();

  Answers answers;
  answers.scores.resize(model.spec.exits.size());
  std::unique_ptr<backend::Workspace> workspace;
  std::size_t workspace_rows = 0;
  while (answers.labels.size() < plan->samples) {
    progress.Report(answers.labels.size(), plan->samples, "accuracy");
    const std::size_t rows = std::min(plan->rows, plan->samples - answers.labels.size());
    if (rows != workspace_rows) {
      Result<std::unique_ptr<backend::Workspace>> made = NewWorkspace(**loaded, data, rows);
      if (!made) return std::move(made).error();
      workspace = *std::move(made);
      workspace_rows = rows;
    }
    if (Status ran = RunBatch(**loaded, *workspace, data, rows, answers); !ran) {
      return std::move(ran).error();
    }
  }
  if (Status labels = CheckLabels(answers); !labels) return std::move(labels).error();
  return answers;
}

}  // namespace delen::profiler
