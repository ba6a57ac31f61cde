#include "importer/staging_folder.h"

#include <unistd.h>

#include <system_error>
#include <utility>

namespace delen::importer {
namespace fs = std::filesystem;

Result<StagingFolder> StagingFolder::Create(const fs::path& parent, std::string_view label) {
  std::error_code failure;
  const bool parent_is_new = fs::create_directories(parent, failure);
  if (failure) return Internal("cannot create '{}': {}", parent.string(), failure.message());
  constexpr int kTries = 1000;
  for (int i = 0; i < kTries; ++i) {
    const fs::path path = parent / fmt::format(".{}-{}-{}", label, getpid(), i);
    if (fs::create_directory(path, failure)) return StagingFolder(path, parent_is_new);
    if (failure) return Internal("cannot create '{}': {}", path.string(), failure.message());
  }
  return Internal("cannot find a free name in '{}'", parent.string());
}

StagingFolder::StagingFolder(StagingFolder&& other) noexcept
    : path_(std::exchange(other.path_, {})),
      parent_is_new_(other.parent_is_new_),
      is_published_(other.is_published_) {}

StagingFolder::~StagingFolder() {
  if (path_.empty()) return;
  std::error_code ignored;
  fs::remove_all(path_, ignored);
  // Only when empty: somebody else may use it by now.
  if (parent_is_new_ && !is_published_) fs::remove(path_.parent_path(), ignored);
}

Status StagingFolder::Publish(const fs::path& part, const fs::path& target) {
  std::error_code failure;
  if (fs::exists(fs::symlink_status(target, failure))) {
    return InvalidArgument("'{}' exists already", target.string());
  }
  fs::rename(part, target, failure);
  if (failure) {
    return Internal("cannot rename '{}' to '{}': {}", part.string(), target.string(),
                    failure.message());
  }
  is_published_ = true;
  return {};
}

}  // namespace delen::importer
