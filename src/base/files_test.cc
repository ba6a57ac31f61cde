#include "base/files.h"

#include <gtest/gtest.h>

#include <string>

namespace delen {
namespace {

TEST(Files, WhatIsWrittenIsReadBack) {
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "files_test.bin";
  ASSERT_TRUE(WriteFileAtomically(path, std::string("a\0b", 3)));
  EXPECT_EQ(ReadFile(path).value(), std::string("a\0b", 3));
  EXPECT_FALSE(std::filesystem::exists(path.string() + ".partial"));
}

TEST(Files, ReadingSaysWhatIsWrong) {
  EXPECT_EQ(ReadFile("/nonexistent/x").error().code, ErrorCode::kNotFound);
  const std::filesystem::path path = std::filesystem::path(testing::TempDir()) / "files_test.big";
  ASSERT_TRUE(WriteFileAtomically(path, "12345"));
  const Result<std::string> read = ReadFile(path, 4);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message.find("has 5 bytes, more than the allowed 4"), std::string::npos);
}

TEST(Files, SafeNamesStayInTheirFolder) {
  EXPECT_TRUE(IsSafeName("resnet50-v1.5_int8"));
  for (const std::string_view name : {"", ".", "..", "a/b", "../a", ".hidden", "a b", "a\n"}) {
    EXPECT_FALSE(IsSafeName(name)) << name;
  }
  EXPECT_TRUE(IsSafeName(std::string(128, 'a')));
  EXPECT_FALSE(IsSafeName(std::string(129, 'a')));
}

}  // namespace
}  // namespace delen
