#include "tenants/sqlite_tenant_store.h"

#include "tenants/tenant_json.h"

namespace delen::tenants {
namespace {

using sqlite::Database;
using sqlite::Statement;

// Counts up with every change of the tables, in PRAGMA user_version.
constexpr int kSchemaVersion = 1;

Status UseWriteAheadLog(const Database& database, const std::string& path) {
  const Result<std::string> mode = database.QueryText("PRAGMA journal_mode=WAL");
  if (!mode) return mode.error();
  if (*mode != "wal") {
    return Unsupported("'{}': its journal mode is '{}', expected wal; put it on a local disk", path,
                       *mode);
  }
  return database.Execute("PRAGMA synchronous=FULL");
}

Status CheckPages(const Database& database, const std::string& path) {
  const Result<std::string> found = database.QueryText("PRAGMA quick_check(1)");
  if (!found) return found.error();
  if (*found == "ok") return {};
  return Internal("'{}': the file is damaged: {}", path, *found);
}

Status MakeTables(const Database& database, const std::string& path) {
  const Result<int> others = database.QueryNumber("SELECT count(*) FROM sqlite_schema");
  if (!others) return others.error();
  if (*others > 0) {
    return Unsupported("'{}': a database of another program, with {} tables and indices of its own",
                       path, *others);
  }
  return database.Execute(fmt::format(
      "CREATE TABLE tenants (name TEXT PRIMARY KEY NOT NULL, json TEXT NOT NULL) STRICT;"
      "PRAGMA user_version={};",
      kSchemaVersion));
}

Status CheckVersion(const Database& database, const std::string& path) {
  const Result<int> version = database.QueryNumber("PRAGMA user_version");
  if (!version) return version.error();
  if (*version == kSchemaVersion) return {};
  if (*version == 0) return MakeTables(database, path);
  return Unsupported("'{}': its schema version is {}, this version of Delen reads {}", path,
                     *version, kSchemaVersion);
}

// Brings a file that was just opened into use, in one transaction: another
// process may be doing the same.
Status SetUp(const Database& database, const std::string& path) {
  if (Status begun = database.Execute("BEGIN IMMEDIATE"); !begun) return begun;
  if (Status pages = CheckPages(database, path); !pages) return pages;
  if (Status version = CheckVersion(database, path); !version) return version;
  return database.Execute("COMMIT");
}

}  // namespace

Result<std::unique_ptr<SqliteTenantStore>> SqliteTenantStore::Open(
    const std::filesystem::path& path) {
  const std::string name = path.string();
  Result<Database> database = Database::Open(path);
  if (!database) return std::move(database).error();
  if (Status set_up = SetUp(*database, name); !set_up) return std::move(set_up).error();
  if (Status log = UseWriteAheadLog(*database, name); !log) return std::move(log).error();
  Result<Statement> load = database->Prepare("SELECT name, json FROM tenants ORDER BY name");
  if (!load) return std::move(load).error();
  Result<Statement> save = database->Prepare(
      "INSERT INTO tenants (name, json) VALUES (?1, ?2) "
      "ON CONFLICT (name) DO UPDATE SET json = excluded.json");
  if (!save) return std::move(save).error();
  Result<Statement> erase = database->Prepare("DELETE FROM tenants WHERE name = ?1");
  if (!erase) return std::move(erase).error();
  return std::unique_ptr<SqliteTenantStore>(new SqliteTenantStore(
      name, *std::move(database), *std::move(load), *std::move(save), *std::move(erase)));
}

Result<std::vector<core::Tenant>> SqliteTenantStore::Load() {
  const Result<std::vector<Row>> rows = ReadRows();
  if (!rows) return rows.error();
  std::vector<core::Tenant> tenants;
  for (const auto& [name, json] : *rows) {
    Result<core::Tenant> tenant =
        ParseTenant(json, fmt::format("'{}', tenant '{:.64}'", path_, name), name);
    if (!tenant) return std::move(tenant).error();
    tenants.push_back(*std::move(tenant));
  }
  return tenants;
}

Result<std::vector<SqliteTenantStore::Row>> SqliteTenantStore::ReadRows() {
  std::vector<Row> rows;
  while (true) {
    const Result<bool> row = load_.Step();
    if (!row) return row.error();
    if (!*row) return rows;
    rows.push_back({load_.Text(0), load_.Text(1)});
  }
}

Status SqliteTenantStore::Save(const core::Tenant& tenant) {
  if (Status bound = save_.Bind(1, tenant.name); !bound) return bound;
  if (Status bound = save_.Bind(2, FormatTenant(tenant)); !bound) return bound;
  return save_.Run();
}

Status SqliteTenantStore::Erase(std::string_view name) {
  if (Status bound = erase_.Bind(1, name); !bound) return bound;
  return erase_.Run();
}

}  // namespace delen::tenants
