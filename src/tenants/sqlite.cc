#include "tenants/sqlite.h"

namespace delen::tenants::sqlite {
namespace {

constexpr int kBusyTimeoutMs = 5000;

Error LastError(sqlite3* database) {
  const char* const file = sqlite3_db_filename(database, "main");
  return Internal("'{}': {}", file == nullptr ? "" : file, sqlite3_errmsg(database));
}

}  // namespace

Status Statement::Bind(int parameter, std::string_view text) {
  const int code = sqlite3_bind_text(handle_.get(), parameter, text.data(),
                                     static_cast<int>(text.size()), SQLITE_TRANSIENT);
  return code == SQLITE_OK ? Status() : LastError(sqlite3_db_handle(handle_.get()));
}

Result<bool> Statement::Step() {
  const int code = sqlite3_step(handle_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) {
    sqlite3_reset(handle_.get());
    return false;
  }
  Error error = LastError(sqlite3_db_handle(handle_.get()));
  sqlite3_reset(handle_.get());
  return error;
}

Status Statement::Run() {
  const Result<bool> row = Step();
  return row ? Status() : row.error();
}

std::string Statement::Text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_.get(), column));
  if (text == nullptr) return "";
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(handle_.get(), column))};
}

Result<Database> Database::Open(const std::filesystem::path& path) {
  sqlite3* handle = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
  Database database(handle);  // SQLite gives a handle even when it fails, to ask for the reason
  if (code != SQLITE_OK) {
    return Internal("cannot open '{}': {}", path.string(),
                    handle == nullptr ? "out of memory" : sqlite3_errmsg(handle));
  }
  sqlite3_busy_timeout(handle, kBusyTimeoutMs);
  return database;
}

Result<Statement> Database::Prepare(std::string_view sql) const {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v2(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                                      &statement, nullptr);
  if (code != SQLITE_OK) return LastError(handle_.get());
  return Statement(statement);
}

Status Database::Execute(const std::string& sql) const {
  const int code = sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return code == SQLITE_OK ? Status() : LastError(handle_.get());
}

Result<std::string> Database::QueryText(std::string_view sql) const {
  const Result<Statement> row = FirstRow(sql);
  if (!row) return row.error();
  return row->Text(0);
}

Result<int> Database::QueryNumber(std::string_view sql) const {
  const Result<Statement> row = FirstRow(sql);
  if (!row) return row.error();
  return row->Number(0);
}

Result<Statement> Database::FirstRow(std::string_view sql) const {
  Result<Statement> statement = Prepare(sql);
  if (!statement) return statement;
  const Result<bool> row = statement->Step();
  if (!row) return row.error();
  if (!*row) return Internal("'{}' has no answer", sql);
  return statement;
}

}  // namespace delen::tenants::sqlite
