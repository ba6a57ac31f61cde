// A folder that is filled out of sight and appears under its name complete, or
// not at all.
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.h"

namespace delen::importer {

// Memory:  removes what is left of its folder when it goes, and the parent if it
//          made it and published nothing.
// Threads: not thread-safe; two processes may stage in one parent.
class StagingFolder {
 public:
  // A new hidden folder in `parent`, which is created if missing.
  // Errors: kInternal, with the system's reason.
  static Result<StagingFolder> Create(const std::filesystem::path& parent, std::string_view label);

  StagingFolder(StagingFolder&& other) noexcept;
  StagingFolder& operator=(StagingFolder&& other) = delete;
  ~StagingFolder();

  const std::filesystem::path& path() const { return path_; }

  // Renames `part`, this folder or one below it, to `target`.
  // Errors: kInvalidArgument when `target` exists by now, kInternal with the
  //         system's reason.
  Status Publish(const std::filesystem::path& part, const std::filesystem::path& target);

 private:
  StagingFolder(std::filesystem::path path, bool parent_is_new)
      : path_(std::move(path)), parent_is_new_(parent_is_new) {}

  std::filesystem::path path_;
  bool parent_is_new_;
  bool is_published_ = false;
};

}  // namespace delen::importer
