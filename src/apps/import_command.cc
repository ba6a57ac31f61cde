#include "apps/import_command.h"

#include <fmt/core.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "importer/import_model.h"

namespace delen::apps {
namespace {

struct ImportFlags {
  importer::ImportRequest request;
  std::string labels_file;
  std::string scores;
};

Result<importer::ImportRequest> RequestOf(const ImportFlags& flags) {
  importer::ImportRequest request = flags.request;
  if (!flags.labels_file.empty()) {
    Result<std::vector<std::string>> labels = importer::ReadLabels(flags.labels_file);
    if (!labels) return labels.error();
    request.labels = *std::move(labels);
  }
  if (!flags.scores.empty()) {
    const Result<core::ScoreKind> scores = core::ParseScoreKind(flags.scores);
    if (!scores) return WithContext("--scores", scores.error());
    request.cut.scores = *scores;
  }
  return request;
}

// One line per exit with the work up to it, and its share of the full model's.
void PrintSummary(const importer::ImportedModel& imported) {
  const core::ModelVersion& model = imported.model;
  fmt::print("imported '{}' version {} into {}: {} exits, {:.1f} MiB of weights\n", model.spec.name,
             model.version, model.folder.string(), model.spec.exit_count(),
             static_cast<double>(imported.weight_bytes) / (1 << 20));
  const std::vector<double> flops = core::CumulativeFlops(model.profile);
  for (std::size_t exit = 0; exit < flops.size(); ++exit) {
    const double share = flops.back() > 0.0 ? flops[exit] / flops.back() : 0.0;
    fmt::print("  exit {}  {:<24} {:>10.2f} MFLOP {:>5.1f} %\n", exit, model.spec.exits[exit],
               flops[exit] * 1e-6, 100.0 * share);
  }
}

Status Import(const ImportFlags& flags) {
  const Result<importer::ImportRequest> request = RequestOf(flags);
  if (!request) return request.error();
  const Result<importer::ImportedModel> imported = importer::ImportModel(*request);
  if (!imported) return imported.error();
  PrintSummary(*imported);
  return {};
}

void AddOptions(CLI::App& command, ImportFlags& flags) {
  importer::ImportRequest& request = flags.request;
  core::Preprocessing& preprocessing = request.preprocessing;
  command.add_option("model", request.model_file, "ONNX file with one output per exit")->required();
  command.add_option("--name", request.name, "What clients call the model")->required();
  command.add_option("--models", request.models,
                     "Folder of models, created if missing (default: models)");
  command.add_option("--version", request.version, "Version number (default: newest + 1)")
      ->check(CLI::PositiveNumber);
  command
      .add_option("--exits", request.cut.exits,
                  "Outputs to cut at, in any order: the graph tells which comes first "
                  "(default: all)")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--output", request.cut.output,
                     "Name of the served output (default: the exit's own, 'output' for several)");
  command.add_option("--labels", flags.labels_file, "Text file with one class name per line");
  command.add_option("--scores", flags.scores,
                     "What the exits give: logits, probabilities or none (default: told from the "
                     "graph)");
  command.add_option("--scale", preprocessing.scale,
                     "Input = (byte * scale - mean) / std, per channel (default: 1)");
  command.add_option("--mean", preprocessing.mean, "One number per channel, after scaling")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--std", preprocessing.std, "One number per channel")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_option("--preprocessing-note", preprocessing.note,
                     "One sentence for people who prepare inputs");
}

}  // namespace

void AddImportCommand(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<ImportFlags>();
  flags->request.models = "models";
  CLI::App* command =
      app.add_subcommand("import", "Cut an ONNX model at its exits, into a folder of models");
  AddOptions(*command, *flags);
  command->footer(
      "Example:\n"
      "  delen import resnet.onnx --name resnet --models models \\\n"
      "      --exits exit_0,exit_1,exit_2 --labels labels.txt\n"
      "On an error nothing is written.");
  command->callback([flags, &exit_code] {
    const Status imported = Import(*flags);
    if (imported) return;
    fmt::print(stderr, "delen import: {}\n", imported.error().message);
    exit_code = 1;
  });
}

}  // namespace delen::apps
