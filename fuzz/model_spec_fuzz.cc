// Any text as model.toml: read or refused, and what is read is written and read
// back the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "core/model_folder.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using delen::core::FormatModelSpec;
  using delen::core::ParseModelSpec;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto spec = ParseModelSpec(text, "model.toml");
  if (!spec) return 0;
  const auto back = ParseModelSpec(FormatModelSpec(*spec), "model.toml");
  if (!back || *back != *spec) std::abort();
  return 0;
}
