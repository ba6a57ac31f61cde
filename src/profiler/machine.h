// Which machine figures were measured on.
#pragma once

#include <filesystem>
#include <string>

#include "core/profile.h"

namespace delen::profiler {

// `runtime` names the inference library, as backend::RuntimeVersion() does.
// `proc` is where Linux shows the processor; without it the name stays empty.
core::Machine DescribeMachine(std::string runtime, const std::filesystem::path& proc = "/proc");

}  // namespace delen::profiler
