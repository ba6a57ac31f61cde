// The store on real files, as people, crashes and other programs leave them.

#include "tenants/sqlite_tenant_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>

#include "base/files.h"

namespace delen::tenants {
namespace {

using namespace delen::literals;  // NOLINT(google-build-using-namespace): units
using ::testing::AllOf;
using ::testing::HasSubstr;
using Store = std::unique_ptr<SqliteTenantStore>;

class SqliteTenantStoreTest : public ::testing::Test {
 protected:
  SqliteTenantStoreTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  ~SqliteTenantStoreTest() override { std::filesystem::remove_all(folder_); }

  Store Open() const { return SqliteTenantStore::Open(file_).value(); }
  Error Refusal() const {
    const Result<Store> store = SqliteTenantStore::Open(file_);
    return store ? Error{ErrorCode::kInternal, "accepted"} : store.error();
  }
  // What somebody else does with the file.
  void Execute(const std::string& sql) const {
    ASSERT_TRUE(sqlite::Database::Open(file_)->Execute(sql));
  }

  const std::filesystem::path folder_ =
      std::filesystem::path(::testing::TempDir()) / fmt::format("delen_tenants_{}", getpid());
  const std::filesystem::path file_ = folder_ / "tenants.db";
};

const core::Tenant kRobot{.name = "robot",
                          .bounds = {.max_latency = 20_ms, .min_accuracy = 0.9},
                          .weight = 2.0,
                          .quotas = {.requests_per_second = 10.0, .max_in_flight = 4}};

TEST_F(SqliteTenantStoreTest, ANewFileIsEmpty) { EXPECT_TRUE(Open()->Load().value().empty()); }

TEST_F(SqliteTenantStoreTest, WhatIsSavedIsLoadedAfterReopening) {
  {
    const Store store = Open();
    ASSERT_TRUE(store->Save({.name = "robot", .weight = 9.0}));
    ASSERT_TRUE(store->Save({.name = "camera"}));
    ASSERT_TRUE(store->Save(kRobot));
  }
  const std::vector<core::Tenant> expected = {{.name = "camera"}, kRobot};
  EXPECT_EQ(Open()->Load().value(), expected);
}

TEST_F(SqliteTenantStoreTest, ErasedOnesAreGone) {
  const Store store = Open();
  ASSERT_TRUE(store->Save(kRobot));
  ASSERT_TRUE(store->Erase("robot"));
  EXPECT_TRUE(store->Erase("robot"));
  EXPECT_TRUE(store->Load().value().empty());
  EXPECT_TRUE(store->Save(kRobot));
  EXPECT_EQ(store->Load().value().size(), 1U);
}

TEST_F(SqliteTenantStoreTest, KeepsAWriteAheadLog) {
  const Store store = Open();
  EXPECT_EQ(sqlite::Database::Open(file_)->QueryText("PRAGMA journal_mode").value(), "wal");
}

// Saves "t0", "t1", ... until it is killed; tells through `out` what it has saved.
[[noreturn]] void SaveForEver(const std::filesystem::path& file, int out) {
  Result<Store> store = SqliteTenantStore::Open(file);
  for (int i = 0; store && i < 100000; ++i) {
    if (!(*store)->Save({.name = fmt::format("t{}", i)})) break;
    if (write(out, &i, sizeof i) != sizeof i) break;
  }
  _exit(1);
}

TEST_F(SqliteTenantStoreTest, SurvivesAKill) {
  int pipe_ends[2];
  ASSERT_EQ(pipe(pipe_ends), 0);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) SaveForEver(file_, pipe_ends[1]);
  close(pipe_ends[1]);
  int acknowledged = -1;
  while (acknowledged < 20 &&
         read(pipe_ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
  }
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  while (read(pipe_ends[0], &acknowledged, sizeof acknowledged) == sizeof acknowledged) {
  }
  close(pipe_ends[0]);
  ASSERT_TRUE(WIFSIGNALED(status));
  ASSERT_GE(acknowledged, 20);
  const std::size_t loaded = Open()->Load().value().size();
  EXPECT_GE(loaded, static_cast<std::size_t>(acknowledged) + 1);
  EXPECT_LE(loaded, static_cast<std::size_t>(acknowledged) + 2);  // saved, not yet told
}

TEST_F(SqliteTenantStoreTest, AFileThatIsNoDatabaseIsNamed) {
  std::ofstream(file_) << "weights and measures, at some length, so that it is not taken for new";
  EXPECT_THAT(Refusal().message, AllOf(HasSubstr(file_.string()), HasSubstr("not a database")));
}

TEST_F(SqliteTenantStoreTest, ADamagedFileIsNamed) {
  {
    const Store store = Open();
    for (int i = 0; i < 200; ++i) ASSERT_TRUE(store->Save({.name = fmt::format("t{}", i)}));
  }
  std::string bytes = ReadFile(file_).value();
  ASSERT_GT(bytes.size(), 16384U);
  bytes.replace(4096, bytes.size() - 4096, bytes.size() - 4096, '\xa5');
  ASSERT_TRUE(WriteFileAtomically(file_, bytes));
  EXPECT_THAT(Refusal().message, HasSubstr(file_.string()));
  EXPECT_NE(Refusal().message, "accepted");
}

TEST_F(SqliteTenantStoreTest, AFileOfANewerDelenIsLeftAlone) {
  Open();
  Execute("PRAGMA user_version=2");
  EXPECT_EQ(Refusal().code, ErrorCode::kUnsupported);
  EXPECT_EQ(
      Refusal().message,
      fmt::format("'{}': its schema version is 2, this version of Delen reads 1", file_.string()));
}

TEST_F(SqliteTenantStoreTest, AFileOfAnotherProgramIsLeftAlone) {
  Execute("CREATE TABLE songs (title TEXT)");
  EXPECT_THAT(Refusal().message, HasSubstr("another program, with 1 tables"));
  EXPECT_EQ(sqlite::Database::Open(file_)->QueryText("PRAGMA journal_mode").value(), "delete");
}

TEST_F(SqliteTenantStoreTest, ARowThatCannotBeReadIsNamed) {
  Open();
  Execute(R"(INSERT INTO tenants VALUES ('robot', '{"wieght":1}'))");
  const Store store = Open();
  EXPECT_EQ(store->Load().error().message,
            fmt::format("'{}', tenant 'robot': unknown key 'wieght', expected one of name, weight, "
                        "policy, bounds, quotas",
                        file_.string()));
}

TEST_F(SqliteTenantStoreTest, AFileThatCannotBeMadeIsNamed) {
  const Result<Store> store = SqliteTenantStore::Open(folder_ / "no" / "tenants.db");
  ASSERT_FALSE(store);
  EXPECT_THAT(store.error().message,
              AllOf(HasSubstr("/no/tenants.db"), HasSubstr("unable to open")));
}

TEST_F(SqliteTenantStoreTest, TwoMayHaveItOpen) {
  const Store one = Open();
  const Store other = Open();
  ASSERT_TRUE(one->Save({.name = "a"}));
  ASSERT_TRUE(other->Save({.name = "b"}));
  EXPECT_EQ(one->Load().value().size(), 2U);
}

}  // namespace
}  // namespace delen::tenants
