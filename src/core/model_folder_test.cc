#include "core/model_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "base/files.h"

namespace delen::core {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

ModelSpec TwoExits(const std::string& name) {
  return {.name = name,
          .inputs = {{"x", DataType::kFp32, {-1, 4}}},
          .output = {"output", DataType::kFp32, {-1, 2}},
          .exits = {"e0", "e1"},
          .scores = ScoreKind::kLogits,
          .labels = {},
          .preprocessing = {}};
}

// A models folder of its own, removed at the end.
class ModelFolder : public ::testing::Test {
 protected:
  ModelFolder()
      : models_(fs::temp_directory_path() /
                fmt::format("delen_model_folder_{}_{}", getpid(),
                            ::testing::UnitTest::GetInstance()->current_test_info()->name())) {
    fs::create_directories(models_);
  }
  ~ModelFolder() override { fs::remove_all(models_); }

  void Write(const fs::path& path, std::string_view text) {
    fs::create_directories((models_ / path).parent_path());
    ASSERT_TRUE(WriteFileAtomically(models_ / path, text));
  }
  void WriteVersion(const std::string& name, const std::string& version, double flops = 10) {
    Write(fs::path(name) / "model.toml", FormatModelSpec(TwoExits(name)));
    Profile profile;
    profile.stage_flops = {flops, 20};
    Write(fs::path(name) / version / "profile.json", FormatProfile(profile));
    Write(fs::path(name) / version / "stage_0.onnx", "");
    Write(fs::path(name) / version / "stage_1.onnx", "");
  }
  std::string ErrorOf(std::string_view name, int version = 0) {
    const Result<ModelVersion> model = OpenModelVersion(models_, name, version);
    return model ? "no error" : model.error().message;
  }

  fs::path models_;
};

TEST_F(ModelFolder, ListsModelsByTheirSpecificationSorted) {
  WriteVersion("zebra", "1");
  WriteVersion("ant", "1");
  Write("no_model/readme.txt", "");
  Write(".import-ant/model.toml", "");
  Write("stray.txt", "");
  const Result<std::vector<std::string>> names = ListModels(models_);
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, ElementsAre("ant", "zebra"));
  EXPECT_EQ(ListModels(models_ / "absent").error().code, ErrorCode::kNotFound);
}

TEST_F(ModelFolder, ListsVersionsByNumber) {
  for (const char* name : {"10", "9", "1", "01", "0", "-3", "2x", "notes", "99999999999"}) {
    fs::create_directories(models_ / "m" / name);
  }
  Write("m/7", "a file, not a folder");
  const Result<std::vector<int>> versions = ListVersions(models_ / "m");
  ASSERT_TRUE(versions);
  EXPECT_THAT(*versions, ElementsAre(1, 9, 10));
}

TEST_F(ModelFolder, OpensTheNewestVersionOrTheOneAskedFor) {
  WriteVersion("m", "2", 2);
  WriteVersion("m", "10", 10);
  const Result<ModelVersion> newest = OpenModelVersion(models_, "m");
  ASSERT_TRUE(newest) << newest.error().message;
  EXPECT_EQ(newest->version, 10);
  EXPECT_EQ(newest->folder, models_ / "m" / "10");
  EXPECT_EQ(newest->spec, TwoExits("m"));
  EXPECT_EQ(newest->profile.stage_flops.front(), 10);
  const Result<ModelVersion> second = OpenModelVersion(models_, "m", 2);
  ASSERT_TRUE(second);
  EXPECT_EQ(second->version, 2);
}

TEST_F(ModelFolder, SaysWhatIsNotThere) {
  WriteVersion("m", "2");
  EXPECT_EQ(OpenModelVersion(models_, "absent").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(OpenModelVersion(models_, "m", 3).error().code, ErrorCode::kNotFound);
  EXPECT_EQ(ErrorOf("m", 3), "model 'm' has no version 3, only 2");
  fs::remove_all(models_ / "m" / "2");
  EXPECT_EQ(ErrorOf("m"), "model 'm' has no versions");
}

TEST_F(ModelFolder, NamesCannotLeaveTheFolder) {
  for (const char* name : {"../m", "a/b", "..", "", ".hidden", "/etc"}) {
    const Result<ModelVersion> model = OpenModelVersion(models_, name);
    ASSERT_FALSE(model) << name;
    EXPECT_EQ(model.error().code, ErrorCode::kInvalidArgument) << name;
  }
}

TEST_F(ModelFolder, FilesMustAgree) {
  WriteVersion("m", "1");
  fs::remove(models_ / "m/1/stage_1.onnx");
  EXPECT_THAT(ErrorOf("m"), HasSubstr("stage_1.onnx' is missing: the model has 2 exits"));

  Profile one_stage;
  one_stage.stage_flops = {1};
  Write("m/1/profile.json", FormatProfile(one_stage));
  EXPECT_THAT(ErrorOf("m"), HasSubstr("'stage_flops' has 1 numbers, expected 2, one per exit"));

  Write("m/model.toml", FormatModelSpec(TwoExits("other")));
  EXPECT_THAT(ErrorOf("m"), HasSubstr("'name' is 'other', expected 'm', its folder's name"));
}

}  // namespace
}  // namespace delen::core
