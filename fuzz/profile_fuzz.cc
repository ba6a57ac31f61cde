// Any text as profile.json: read or refused, and what is read is written and
// read back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/model_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using delen::core::FormatProfile;
  using delen::core::ParseProfile;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto profile = ParseProfile(text, "profile.json");
  if (!profile) return 0;
  const auto back = ParseProfile(FormatProfile(*profile), "profile.json");
  if (!back || *back != *profile) std::abort();
  return 0;
}
