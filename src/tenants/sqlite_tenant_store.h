// Tenants in a SQLite file: one row each, its name and its JSON.
//
// Changes go to a write-ahead log and are synced to the disk before they count
// (synchronous=FULL): a box that loses its power still knows the quotas it has
// acknowledged, and changes are too rare for the sync to cost anything.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tenants/sqlite.h"
#include "tenants/tenant_store.h"

namespace delen::tenants {

class SqliteTenantStore final : public TenantStore {
 public:
  // Opens the file, or makes one. The folder must exist.
  // Errors: with the file's name: kUnsupported when a newer Delen wrote it or
  //         it is another program's, kInternal when it is damaged or cannot be
  //         read and written.
  static Result<std::unique_ptr<SqliteTenantStore>> Open(const std::filesystem::path& path);

  Result<std::vector<core::Tenant>> Load() override;
  Status Save(const core::Tenant& tenant) override;
  Status Erase(std::string_view name) override;

 private:
  struct Row {
    std::string name;
    std::string json;
  };

  SqliteTenantStore(std::string path, sqlite::Database database, sqlite::Statement load,
                    sqlite::Statement save, sqlite::Statement erase)
      : path_(std::move(path)),
        database_(std::move(database)),
        load_(std::move(load)),
        save_(std::move(save)),
        erase_(std::move(erase)) {}
  Result<std::vector<Row>> ReadRows();

  const std::string path_;
  sqlite::Database database_;  // outlives the statements
  sqlite::Statement load_;
  sqlite::Statement save_;
  sqlite::Statement erase_;
};

}  // namespace delen::tenants
