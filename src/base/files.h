// Whole files in and out of memory, and names that stay inside their folder.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"

namespace delen {

// Errors: kNotFound when the file does not exist, kInvalidArgument when it is
//         larger than `max_bytes`, kInternal when it cannot be read.
Result<std::string> ReadFile(const std::filesystem::path& path,
                             std::uintmax_t max_bytes = std::uintmax_t{1} << 30);

// Writes beside the target and renames over it: a reader sees the old content
// or the new, never a half.
Status WriteFileAtomically(const std::filesystem::path& path, std::string_view content);

// True for a plain name that can be joined to a folder without leaving it:
// letters, digits, '.', '_', '-', no leading '.', at most 128 bytes.
bool IsSafeName(std::string_view name);

}  // namespace delen
