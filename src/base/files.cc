#include "base/files.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>

namespace delen {
namespace fs = std::filesystem;

namespace {
constexpr std::size_t kMaxNameBytes = 128;

bool IsNameByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
         c == '_' || c == '-';
}
}  // namespace

Result<std::string> ReadFile(const fs::path& path, std::uintmax_t max_bytes) {
  std::error_code failure;
  const std::uintmax_t size = fs::file_size(path, failure);
  if (failure == std::errc::no_such_file_or_directory) {
    return NotFound("file '{}' does not exist", path.string());
  }
  if (failure) return Internal("cannot read '{}': {}", path.string(), failure.message());
  if (size > max_bytes) {
    return InvalidArgument("file '{}' has {} bytes, more than the allowed {}", path.string(), size,
                           max_bytes);
  }
  std::ifstream in(path, std::ios::binary);
  std::string content(size, '\0');
  if (!in.read(content.data(), static_cast<std::streamsize>(size))) {
    return Internal("cannot read '{}': {}", path.string(), std::strerror(errno));
  }
  return content;
}

Status WriteFileAtomically(const fs::path& path, std::string_view content) {
  const fs::path partial = path.string() + ".partial";
  {
    std::ofstream out(partial, std::ios::binary | std::ios::trunc);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.flush();
    if (!out) return Internal("cannot write '{}': {}", partial.string(), std::strerror(errno));
  }
  std::error_code failure;
  fs::rename(partial, path, failure);
  if (failure) {
    return Internal("cannot rename '{}' to '{}': {}", partial.string(), path.string(),
                    failure.message());
  }
  return {};
}

bool IsSafeName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), IsNameByte);
}

}  // namespace delen
