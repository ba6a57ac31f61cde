// The few JSON pieces that answers are made of, appended to a string.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace delen::frontend {

// A quoted JSON string. Bytes that are not valid UTF-8 become U+FFFD, so that
// the result is valid whatever a client put into a name.
void AppendJsonString(std::string& out, std::string_view text);

// Digits that read back as the same value, as few as possible. A number that is
// not finite has no spelling in JSON and becomes null.
void AppendJsonNumber(std::string& out, float value);
void AppendJsonNumber(std::string& out, double value);
void AppendJsonNumber(std::string& out, std::int64_t value);
void AppendJsonNumber(std::string& out, std::uint64_t value);

}  // namespace delen::frontend
