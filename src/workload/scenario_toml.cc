// Scenario files, read.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/document/document_reader.h"
#include "base/files.h"
#include "core/bounds.h"
#include "core/parameters.h"
#include "workload/published_model.h"
#include "workload/scenario.h"

namespace delen::workload {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{4} << 20;
constexpr Range kSeed{0, 9007199254740992};  // what a double holds exactly
constexpr Range kDuration{1e-3, 1e7};
constexpr Range kRequests{1, 1e9};
constexpr Range kNoise{0.0, 2.0};
constexpr Range kOverhead{0.0, 1e6};
constexpr Range kWeight{1e-6, 1e6};
constexpr Range kRows{1, 65536};
constexpr Range kQuota{1e-6, 1e12};

double NumberOr(const DocumentReader& reader, std::string_view key, Range range, double fallback) {
  return reader.Has(key) ? reader.Number(key, range) : fallback;
}

std::optional<double> OptionalNumber(const DocumentReader& reader, std::string_view key,
                                     Range range) {
  if (!reader.Has(key)) return std::nullopt;
  return reader.Number(key, range);
}

// Reads one scenario file, top to bottom.
class ScenarioReader {
 public:
  ScenarioReader(std::string_view source, const FileReader& files)
      : source_(source), files_(files) {}

  Result<Scenario> Read(const Document& document) {
    const DocumentReader root(document, source_, "", problem_);
    root.AllowKeys(
        {"name", "seed", "duration_s", "requests", "warmup_s", "machine", "model", "tenant"});
    scenario_.name = root.Text("name");
    if (root.Has("seed")) {
      scenario_.seed = static_cast<std::uint64_t>(root.Integer("seed", kSeed));
    }
    ReadLength(root);
    if (root.Has("machine")) ReadMachine(root.Table("machine"));
    ReadModels(root);
    ReadTenants(root);
    if (const Status status = problem_.status(); !status) return status.error();
    MakeModels();
    return std::move(scenario_);
  }

 private:
  // What is read of a [[model]].
  struct Model {
    std::string name;
    std::optional<PublishedModel> published;
  };

  void ReadLength(const DocumentReader& root) {
    if (root.Has("duration_s")) scenario_.duration = Seconds(root.Number("duration_s", kDuration));
    if (root.Has("requests")) scenario_.requests = root.Integer("requests", kRequests);
    if (scenario_.duration.has_value() == scenario_.requests.has_value()) {
      problem_.Report(InvalidArgument("{}: {} of 'duration_s' and 'requests' given, expected one",
                                      source_, scenario_.duration ? "both" : "none"));
    }
    scenario_.warmup = Seconds(NumberOr(root, "warmup_s", {0.0, kDuration.high}, 0.0));
    if (scenario_.duration && scenario_.warmup >= *scenario_.duration) {
      root.Reject("warmup_s", fmt::format("{}", scenario_.warmup.value()),
                  fmt::format("less than duration_s, which is {}", scenario_.duration->value()));
    }
  }

  void ReadMachine(const DocumentReader& reader) {
    reader.AllowKeys({"slowdown", "stage_noise_cv", "request_overhead_ms"});
    if (reader.Has("slowdown")) {
      scenario_.slowdown = ReadSlowdown(reader.Table("slowdown"), files_);
    }
    scenario_.stage_noise_cv = NumberOr(reader, "stage_noise_cv", kNoise, scenario_.stage_noise_cv);
    scenario_.request_overhead =
        FromMilliseconds(NumberOr(reader, "request_overhead_ms", kOverhead, 0.0));
  }

  void ReadModels(const DocumentReader& root) {
    for (const DocumentReader& reader : root.Tables("model")) {
      reader.AllowKeys({"name", "published"});
      Model model{.name = reader.Text("name"), .published = {}};
      if (!IsSafeName(model.name)) {
        reader.Reject("name", fmt::format("'{:.64}'", model.name),
                      "at most 128 letters, digits, '.', '_' and '-', not starting with '.'");
      }
      if (FindModel(model.name) != nullptr) {
        reader.Reject("name", fmt::format("'{}' a second time", model.name), "names that differ");
      }
      if (reader.Has("published")) model.published = ReadPublishedModel(reader.Table("published"));
      models_.push_back(std::move(model));
    }
    if (models_.empty()) root.Reject("model", "empty", "at least one model");
  }

  void ReadTenants(const DocumentReader& root) {
    for (const DocumentReader& reader : root.Tables("tenant")) {
      const std::string path = fmt::format("tenant[{}]", scenario_.tenants.size());
      ScenarioTenant tenant = ReadTenant(reader, path);
      const auto contradicts = [&](const ScenarioTenant& earlier) {
        return earlier.terms.name == tenant.terms.name && !HaveTheSameTerms(earlier, tenant);
      };
      if (std::ranges::any_of(scenario_.tenants, contradicts)) {
        reader.Reject("name", fmt::format("'{:.64}' a second time", tenant.terms.name),
                      "the weight, quotas and policy of the first, or another name");
      }
      scenario_.tenants.push_back(std::move(tenant));
    }
    if (scenario_.tenants.empty()) root.Reject("tenant", "empty", "at least one tenant");
  }

  // Two streams of requests of one tenant may differ in model, rows, bounds and
  // arrivals only.
  static bool HaveTheSameTerms(const ScenarioTenant& a, const ScenarioTenant& b) {
    return a.terms.weight == b.terms.weight && a.terms.quotas == b.terms.quotas &&
           a.terms.policy == b.terms.policy;
  }

  ScenarioTenant ReadTenant(const DocumentReader& reader, const std::string& path) {
    reader.AllowKeys({"name", "model", "weight", "policy", "rows", "arrivals", "bounds", "quotas"});
    ScenarioTenant tenant;
    tenant.terms.name = reader.Text("name");
    tenant.terms.weight = NumberOr(reader, "weight", kWeight, tenant.terms.weight);
    if (reader.Has("policy")) tenant.terms.policy = reader.Text("policy");
    if (reader.Has("bounds")) {
      tenant.terms.bounds = ReadBounds(reader.Table("bounds"), path + ".bounds");
    }
    if (reader.Has("quotas")) tenant.terms.quotas = ReadQuotas(reader.Table("quotas"));
    ReportError(path, core::CheckTenant(tenant.terms));
    if (reader.Has("rows")) tenant.rows = static_cast<int>(reader.Integer("rows", kRows));
    tenant.arrivals = ReadArrivals(reader.Table("arrivals"), files_);
    tenant.model = reader.Text("model");
    CheckModel(reader, tenant);
    return tenant;
  }

  core::Bounds ReadBounds(const DocumentReader& reader, std::string_view path) {
    reader.AllowKeys({"max_latency_ms", "max_energy_mj", "min_accuracy", "min_confidence",
                      "objective", "on_infeasible"});
    core::Parameters parameters;
    for (const core::Bound bound : core::kAllBounds) {
      const std::string_view key = core::ParameterName(bound);
      const bool share = bound == core::Bound::kAccuracy || bound == core::Bound::kConfidence;
      const auto number = OptionalNumber(reader, key, share ? kShare : AtLeast(0.0));
      if (number) parameters.emplace_back(key, *number);
    }
    for (const std::string_view key : {"objective", "on_infeasible"}) {
      if (reader.Has(key)) parameters.emplace_back(key, reader.Text(key));
    }
    const Result<core::Bounds> bounds = core::ParseBounds(parameters);
    if (bounds) return *bounds;
    ReportError(path, bounds.error());
    return {};
  }

  core::Quotas ReadQuotas(const DocumentReader& reader) {
    reader.AllowKeys({"requests_per_second", "burst", "energy_j_per_hour", "max_in_flight"});
    core::Quotas quotas;
    quotas.requests_per_second = OptionalNumber(reader, "requests_per_second", kQuota);
    quotas.burst = NumberOr(reader, "burst", {1.0, kQuota.high}, quotas.burst);
    if (const auto joules = OptionalNumber(reader, "energy_j_per_hour", kQuota)) {
      quotas.energy_per_hour = Joules(*joules);
    }
    if (reader.Has("max_in_flight")) {
      quotas.max_in_flight = static_cast<int>(reader.Integer("max_in_flight", {1, 1 << 20}));
    }
    return quotas;
  }

  // That the tenant's model is there and known well enough for its terms.
  void CheckModel(const DocumentReader& reader, const ScenarioTenant& tenant) {
    const Model* model = FindModel(tenant.model);
    if (model == nullptr) {
      reader.Reject("model", fmt::format("'{:.64}'", tenant.model), "the name of a [[model]]");
      return;
    }
    const bool power_known = !model->published || model->published->power > Watts(0.0);
    const auto reject = [&](std::string_view key) {
      reader.Reject(key, "set", fmt::format("'power_w' in the model '{}'", model->name));
    };
    if (tenant.terms.bounds.max_energy && !power_known) reject("bounds.max_energy_mj");
    if (tenant.terms.quotas.energy_per_hour && !power_known) reject("quotas.energy_j_per_hour");
  }

  const Model* FindModel(std::string_view name) const {
    const auto found = std::find_if(models_.begin(), models_.end(),
                                    [&](const Model& model) { return model.name == name; });
    return found == models_.end() ? nullptr : &*found;
  }

  void MakeModels() {
    for (const Model& model : models_) {
      ScenarioModel& made = scenario_.models.emplace_back();
      made.name = model.name;
      if (!model.published) continue;
      made.published = MakeModelVersion(model.name, *model.published, scenario_.stage_noise_cv);
    }
  }

  void ReportError(std::string_view path, const Status& status) {
    if (status) return;
    problem_.Report(WithContext(fmt::format("{}: '{}'", source_, path), status.error()));
  }

  std::string source_;
  const FileReader& files_;
  FirstProblem problem_;
  std::vector<Model> models_;
  Scenario scenario_;
};

}  // namespace

Result<Scenario> ParseScenario(std::string_view toml, std::string_view source,
                               const FileReader& files) {
  if (toml.size() > kMaxBytes) {
    return InvalidArgument("{}: {} bytes, at most {} are allowed", source, toml.size(), kMaxBytes);
  }
  const Result<Document> document = ParseToml(toml, source);
  if (!document) return document.error();
  return ScenarioReader(source, files).Read(*document);
}

}  // namespace delen::workload
