#include "frontend/oip/json_text.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstddef>
#include <iterator>

namespace delen::frontend {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

// Bytes of the well-formed UTF-8 character that `text` begins with, else 0
// (Unicode 15, table 3-7).
std::size_t CharacterLength(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
  const bool surrogate = lead == 0xED && byte(1) > 0x9F;
  const bool too_high = lead == 0xF4 && byte(1) > 0x8F;
  return overlong || surrogate || too_high ? 0 : length;
}

void AppendEscaped(std::string& out, char c) {
  switch (c) {
    case '"': out += "\\\""; return;
    case '\\': out += "\\\\"; return;
    case '\n': out += "\\n"; return;
    case '\r': out += "\\r"; return;
    case '\t': out += "\\t"; return;
    default: fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned char>(c));
  }
}

template <class Number>
void AppendDigits(std::string& out, Number value) {
  char digits[32];
  const auto [end, failure] = std::to_chars(std::begin(digits), std::end(digits), value);
  static_cast<void>(failure);  // the longest double has 24 characters
  out.append(digits, end);
}

template <class Float>
void AppendFloat(std::string& out, Float value) {
  if (!std::isfinite(value)) {
    out += "null";
  } else if (value == 0 && std::signbit(value)) {
    out += "-0.0";  // "-0" is the integer 0 to many readers
  } else {
    AppendDigits(out, value);
  }
}

}  // namespace

void AppendJsonString(std::string& out, std::string_view text) {
  out += '"';
  while (!text.empty()) {
    const char c = text.front();
    const std::size_t length = CharacterLength(text);
    if (length == 0) {
      out += "\\ufffd";
    } else if (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20) {
      AppendEscaped(out, c);
    } else {
      out.append(text.substr(0, length));
    }
    text.remove_prefix(length == 0 ? 1 : length);
  }
  out += '"';
}

void AppendJsonNumber(std::string& out, float value) { AppendFloat(out, value); }
void AppendJsonNumber(std::string& out, double value) { AppendFloat(out, value); }
void AppendJsonNumber(std::string& out, std::int64_t value) { AppendDigits(out, value); }
void AppendJsonNumber(std::string& out, std::uint64_t value) { AppendDigits(out, value); }

}  // namespace delen::frontend
