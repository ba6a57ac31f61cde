#include "importer/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

namespace delen::importer {

Result<MappedFile> MappedFile::Open(const std::filesystem::path& path) {
  std::error_code failure;
  if (!std::filesystem::is_regular_file(path, failure)) {
    return NotFound("file '{}' does not exist or is no regular file", path.string());
  }
  const auto size = static_cast<std::size_t>(std::filesystem::file_size(path, failure));
  if (failure) return Internal("cannot read '{}': {}", path.string(), failure.message());
  if (size == 0) return MappedFile(std::span<const std::byte>());

  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return Internal("cannot read '{}': {}", path.string(), std::strerror(errno));
  void* const memory = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file, 0);
  const int map_errno = errno;
  close(file);
  if (memory == MAP_FAILED) {
    return Internal("cannot map '{}': {}", path.string(), std::strerror(map_errno));
  }
  return MappedFile({static_cast<const std::byte*>(memory), size});
}

MappedFile::MappedFile(MappedFile&& other) noexcept : bytes_(std::exchange(other.bytes_, {})) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  return *this;
}

MappedFile::~MappedFile() {
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

}  // namespace delen::importer
