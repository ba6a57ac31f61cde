// A file's bytes in the address space, read as they are touched.
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "base/result.h"

namespace delen::importer {

// Memory:  bytes() stays valid as long as the object that was opened.
// Errors:  Open gives kNotFound when there is no such regular file, kInternal
//          when it cannot be mapped. A file shortened while mapped ends the
//          program when read: do not import a file that is being written.
class MappedFile {
 public:
  static Result<MappedFile> Open(const std::filesystem::path& path);

  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  explicit MappedFile(std::span<const std::byte> bytes) : bytes_(bytes) {}

  std::span<const std::byte> bytes_;
};

}  // namespace delen::importer
