// SQLite with its handles in scopes and its codes as errors.
//
// Threads: a Database and its Statements are for one thread at a time.
#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace delen::tenants::sqlite {

// A prepared statement, to be run any number of times.
//
// Memory: must not outlive its Database.
class Statement {
 public:
  // Sets a parameter, counted from 1. SQLite keeps a copy of the text.
  Status Bind(int parameter, std::string_view text);

  // Runs on to the next row; false when there is none, and the statement is
  // then ready to be bound and run again.
  Result<bool> Step();
  // Runs a statement that has no rows.
  Status Run();

  // Of the row that Step() reached; columns count from 0.
  std::string Text(int column) const;
  int Number(int column) const { return sqlite3_column_int(handle_.get(), column); }

 private:
  friend class Database;
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }
  };
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}

  std::unique_ptr<sqlite3_stmt, Finalize> handle_;
};

// An open database file.
class Database {
 public:
  // Opens the file, or makes an empty one. Other processes that write to it are
  // waited for, 5 seconds at most.
  // Errors: kInternal with the file's name and SQLite's reason. Most of what
  //         can be wrong with a file shows only at the first statement.
  static Result<Database> Open(const std::filesystem::path& path);

  Result<Statement> Prepare(std::string_view sql) const;
  // Runs statements without parameters and rows.
  Status Execute(const std::string& sql) const;
  // The first column of the only row of a query.
  Result<std::string> QueryText(std::string_view sql) const;
  Result<int> QueryNumber(std::string_view sql) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
  };
  explicit Database(sqlite3* handle) : handle_(handle) {}
  Result<Statement> FirstRow(std::string_view sql) const;

  std::unique_ptr<sqlite3, Close> handle_;
};

}  // namespace delen::tenants::sqlite
