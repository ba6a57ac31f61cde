#include "base/document/decimal.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace delen {
namespace {

// Exponents between these are written without an 'e'.
constexpr int kSmallestPlainExponent = -6;
constexpr int kLargestPlainExponent = 15;

std::string Plain(std::string_view digits, int exponent) {
  if (exponent < 0) {
    return "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + std::string(digits);
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return std::string(digits) + std::string(whole - digits.size(), '0');
  return fmt::format("{}.{}", digits.substr(0, whole), digits.substr(whole));
}

}  // namespace

std::string Decimal(double value, int shift) {
  // 1. The shortest digits, as "d.ddde-dd".
  std::array<char, 40> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::abs(value),
                                 std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const std::size_t e = text.find('e');
  std::string digits(1, text[0]);
  if (e > 1) digits += text.substr(2, e - 2);
  int exponent = 0;
  const std::size_t first = text[e + 1] == '+' ? e + 2 : e + 1;
  std::from_chars(text.data() + first, text.data() + text.size(), exponent);

  // 2. The point, moved.
  exponent = value == 0.0 ? 0 : exponent + shift;
  const std::string sign = std::signbit(value) ? "-" : "";
  if (exponent >= kSmallestPlainExponent && exponent <= kLargestPlainExponent) {
    return sign + Plain(digits, exponent);
  }
  const std::string fraction = digits.size() > 1 ? "." + digits.substr(1) : "";
  return fmt::format("{}{}{}e{}", sign, digits[0], fraction, exponent);
}

std::optional<double> ParseDecimal(std::string_view digits, int shift) {
  const std::size_t e = digits.find_first_of("eE");
  int exponent = 0;
  if (e != std::string_view::npos) {
    std::string_view written = digits.substr(e + 1);
    if (!written.empty() && written[0] == '+') written.remove_prefix(1);
    const auto [rest, failure] =
        std::from_chars(written.data(), written.data() + written.size(), exponent);
    if (failure != std::errc() || rest != written.data() + written.size()) return std::nullopt;
    if (std::abs(exponent) > 10'000) return std::nullopt;
  }
  const std::string text = fmt::format("{}e{}", digits.substr(0, e), exponent + shift);
  double number = 0.0;
  const auto [rest, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || rest != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace delen
