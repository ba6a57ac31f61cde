#include "apps/profile_command.h"

#include <fmt/core.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "apps/console/progress_bar.h"
#include "apps/profile_report.h"
#include "backend/ort/ort_backend.h"
#include "base/clock.h"
#include "base/files.h"
#include "power/open_meter.h"
#include "profiler/labelled_data.h"
#include "profiler/machine.h"
#include "profiler/model_profiler.h"

namespace delen::apps {
namespace {

struct ProfileFlags {
  std::string name;
  std::string models = "models";
  int version = 0;
  std::string data;
  profiler::ProfileOptions options;
  bool json = false;
};

// How long the machine is watched doing nothing before it is put to work.
constexpr Seconds kIdleTime{1.0};

class BarProgress final : public profiler::Progress {
 public:
  explicit BarProgress(const Clock& clock) : bar_(clock) {}
  void Report(std::size_t done, std::size_t total, std::string_view label) override {
    bar_.Update(done, total, label);
  }

 private:
  ProgressBar bar_;
};

Result<std::unique_ptr<backend::Backend>> OpenBackend(int threads) {
  Result<std::unique_ptr<backend::OrtBackend>> backend =
      backend::OrtBackend::Open({.threads = threads});
  if (!backend) return std::move(backend).error();
  return std::unique_ptr<backend::Backend>(*std::move(backend));
}

Result<profiler::EnergyGauge> MakeGauge(power::PowerMeter* meter, const Clock& clock) {
  profiler::EnergyGauge gauge{.meter = meter};
  if (meter == nullptr) return gauge;
  const Result<Watts> idle = power::MeasureIdlePower(*meter, clock, kIdleTime);
  if (!idle) return idle.error();
  gauge.idle = *idle;
  return gauge;
}

Result<core::Profile> Measure(const core::ModelVersion& model, profiler::ProfileOptions options,
                              const std::string& data_files) {
  const SteadyClock clock;
  std::optional<profiler::LabelledData> data;
  if (!data_files.empty()) {
    Result<profiler::LabelledData> opened = profiler::LabelledData::Open(data_files, model.spec);
    if (!opened) return std::move(opened).error();
    data = *std::move(opened);
    options.data = &*data;
  }
  // Without a meter the power model does; the profile says so.
  const Result<std::unique_ptr<power::PowerMeter>> meter = power::OpenMeter();
  const Result<profiler::EnergyGauge> gauge = MakeGauge(meter ? meter->get() : nullptr, clock);
  if (!gauge) return gauge.error();
  BarProgress progress(clock);
  Result<core::Profile> profile =
      profiler::ModelProfiler(OpenBackend, *gauge, clock, progress).Run(model, options);
  if (profile) profile->machine = profiler::DescribeMachine(backend::RuntimeVersion());
  return profile;
}

Status Profile(const ProfileFlags& flags) {
  Result<core::ModelVersion> model =
      core::OpenModelVersion(flags.models, flags.name, flags.version);
  if (!model) return std::move(model).error();
  Result<core::Profile> profile = Measure(*model, flags.options, flags.data);
  if (!profile) return std::move(profile).error();
  model->profile = *std::move(profile);
  const std::string text = core::FormatProfile(model->profile);
  const std::filesystem::path path = core::ProfilePath(model->folder);
  if (Status written = WriteFileAtomically(path, text); !written) return written;
  if (flags.json) {
    fmt::print("{}", text);
  } else {
    fmt::print("{}written to: {}\n", ProfileReport(*model), path.string());
  }
  return {};
}

void AddOptions(CLI::App& command, ProfileFlags& flags) {
  command.add_option("name", flags.name, "Name of the model")->required();
  command.add_option("--models", flags.models, "Folder of models (default: models)");
  command.add_option("--version", flags.version, "Version number (default: the newest)")
      ->check(CLI::PositiveNumber);
  command.add_option("--data", flags.data,
                     "Labelled data: a CIFAR or IDX file, or IMAGES,LABELS (docs/formats.md); "
                     "without it, what the profile knew of accuracy stays");
  command
      .add_option("--threads", flags.options.threads,
                  "Thread counts to measure (default: 1 and the number of cores)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 1024));
  command
      .add_option("--batches", flags.options.latency.batches,
                  "Batch sizes to measure (default: 1,2,4,8)")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->check(CLI::Range(1, 1024));
  command.add_flag("--json", flags.json, "Print the profile as written instead of tables");
}

}  // namespace

void AddProfileCommand(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<ProfileFlags>();
  CLI::App* command = app.add_subcommand(
      "profile", "Measure a model on this machine: latency, energy, accuracy of each exit");
  AddOptions(*command, *flags);
  command->footer(
      "Example:\n"
      "  delen profile resnet --models models --data test-images.idx --threads 1,4\n"
      "Measure on a machine that does nothing else, and while no server runs.");
  command->callback([flags, &exit_code] {
    if (flags->options.threads.empty()) flags->options.threads = profiler::DefaultThreads();
    const Status profiled = Profile(*flags);
    if (profiled) return;
    fmt::print(stderr, "delen profile: {}\n", profiled.error().message);
    exit_code = 1;
  });
}

}  // namespace delen::apps
