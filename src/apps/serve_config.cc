#include "apps/serve_config.h"

#include <algorithm>

#include "base/document/document_reader.h"
#include "tenants/tenant_json.h"

namespace delen::apps {
namespace {

constexpr Range kPort{0, 65535};
constexpr Range kCount{1, 1 << 20};
constexpr Range kBytes{1, 1e12};
constexpr Range kSeconds{1e-3, 1e6};

// One option: does nothing when the table does not name it.
class Section {
 public:
  explicit Section(const DocumentReader& table) : table_(table) {}

  void Read(std::string_view key, std::string& field) const {
    if (table_.Has(key)) field = table_.Text(key);
  }
  template <class Number>
  void Read(std::string_view key, Range range, Number& field) const {
    if (table_.Has(key)) field = static_cast<Number>(table_.Integer(key, range));
  }
  void Read(std::string_view key, Range range, double& field) const {
    if (table_.Has(key)) field = table_.Number(key, range);
  }
  void ReadSeconds(std::string_view key, Seconds& field) const {
    if (table_.Has(key)) field = Seconds(table_.Number(key, kSeconds));
  }

 private:
  const DocumentReader& table_;
};

void ReadModels(const DocumentReader& table, ServeConfig& config) {
  table.AllowKeys({"folder", "versions"});
  const Section section(table);
  std::string folder = config.models.string();
  section.Read("folder", folder);
  config.models = folder;
  std::string versions = "newest";
  section.Read("versions", versions);
  if (versions != "newest" && versions != "all") {
    table.Reject("versions", "'" + versions + "'", "newest or all");
  }
  config.versions = versions == "all" ? VersionChoice::kAll : VersionChoice::kNewest;
}

void ReadExecution(const DocumentReader& table, ServeConfig& config) {
  table.AllowKeys(
      {"threads", "spinning", "max_requests", "max_rows", "response_reserve_ms", "drain_seconds"});
  const Section section(table);
  section.Read("threads", {0, 1024}, config.threads);
  if (table.Has("spinning")) config.spinning = table.Flag("spinning");
  section.Read("max_requests", kCount, config.scheduler.max_jobs);
  section.Read("max_rows", kCount, config.admission.max_rows);
  double reserve_ms = InMilliseconds(config.scheduler.response_reserve);
  section.Read("response_reserve_ms", {0.0, 1e6}, reserve_ms);
  config.scheduler.response_reserve = FromMilliseconds(reserve_ms);
  config.admission.response_reserve = config.scheduler.response_reserve;
  section.ReadSeconds("drain_seconds", config.drain_patience);
}

void ReadTenants(const DocumentReader& table, ServeConfig& config) {
  table.AllowKeys({"database", "unknown"});
  if (table.Has("database")) config.tenants_database = table.TextOrEmpty("database");
  std::string unknown = "default";
  Section(table).Read("unknown", unknown);
  if (unknown != "default" && unknown != "refuse") {
    table.Reject("unknown", "'" + unknown + "'", "default or refuse");
  }
  config.admission.unknown_tenant =
      unknown == "refuse" ? admission::UnknownTenant::kRefuse : admission::UnknownTenant::kDefault;
}

void ReadTenant(const DocumentReader& table, std::string_view source, FirstProblem& problem,
                std::vector<core::Tenant>& tenants) {
  const std::string name = table.Text("name");
  const auto is_named_so = [&](const core::Tenant& tenant) { return tenant.name == name; };
  if (std::any_of(tenants.begin(), tenants.end(), is_named_so)) {
    table.Reject("name", "'" + name + "' once more", "another name for each tenant");
  }
  tenants.push_back(tenants::ReadTenant(table, name, problem));
  const Status checked = core::CheckTenant(tenants.back());
  if (!checked) problem.Report(WithContext(source, checked.error()));
}

void ReadHttp(const DocumentReader& table, frontend::HttpOptions& http) {
  table.AllowKeys({"listen", "port", "max_connections", "max_header_bytes", "max_body_bytes",
                   "max_buffered_bytes", "header_timeout_seconds", "body_timeout_seconds",
                   "min_body_bytes_per_second", "idle_timeout_seconds", "write_timeout_seconds",
                   "linger_timeout_seconds"});
  const Section section(table);
  section.Read("listen", http.address);
  section.Read("port", kPort, http.port);
  section.Read("max_connections", kCount, http.max_connections);
  section.Read("max_header_bytes", kBytes, http.max_header_bytes);
  section.Read("max_body_bytes", kBytes, http.max_body_bytes);
  section.Read("max_buffered_bytes", kBytes, http.max_buffered_bytes);
  section.ReadSeconds("header_timeout_seconds", http.header_timeout);
  section.ReadSeconds("body_timeout_seconds", http.body_timeout);
  section.Read("min_body_bytes_per_second", kBytes, http.min_body_rate);
  section.ReadSeconds("idle_timeout_seconds", http.idle_timeout);
  section.ReadSeconds("write_timeout_seconds", http.write_timeout);
  section.ReadSeconds("linger_timeout_seconds", http.linger_timeout);
}

}  // namespace

Result<ServeConfig> ParseServeConfig(std::string_view toml, std::string_view source) {
  const Result<Document> document = ParseToml(toml, source);
  if (!document) return document.error();
  FirstProblem problem;
  const DocumentReader root(*document, std::string(source), "", problem);
  root.AllowKeys({"models", "execution", "tenants", "tenant", "http"});
  ServeConfig config;
  if (root.Has("models")) ReadModels(root.Table("models"), config);
  if (root.Has("execution")) ReadExecution(root.Table("execution"), config);
  if (root.Has("tenants")) ReadTenants(root.Table("tenants"), config);
  if (root.Has("tenant")) {
    for (const DocumentReader& table : root.Tables("tenant")) {
      ReadTenant(table, source, problem, config.tenants);
    }
  }
  if (root.Has("http")) ReadHttp(root.Table("http"), config.http);
  if (const Status status = problem.status(); !status) return status.error();
  return config;
}

}  // namespace delen::apps
