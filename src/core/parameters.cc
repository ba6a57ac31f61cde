#include "core/parameters.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace delen::core {
namespace {

std::optional<double> ParseWholeNumber(const std::string& text) {
  double number = 0.0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc() || rest != end) return std::nullopt;
  return number;
}

std::optional<double> NumberIn(const ParameterValue& value) {
  if (const auto* number = std::get_if<double>(&value)) return *number;
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return static_cast<double>(*integer);
  if (const auto* text = std::get_if<std::string>(&value)) return ParseWholeNumber(*text);
  return std::nullopt;
}

}  // namespace

const ParameterValue* Find(const Parameters& parameters, std::string_view name) {
  const auto found = std::find_if(parameters.rbegin(), parameters.rend(),
                                  [&](const auto& entry) { return entry.first == name; });
  return found == parameters.rend() ? nullptr : &found->second;
}

Result<double> AsNumber(std::string_view name, const ParameterValue& value) {
  const std::optional<double> number = NumberIn(value);
  if (!number || !std::isfinite(*number)) {
    return InvalidArgument("parameter '{}' is {}, expected a finite number", name, ToString(value));
  }
  return *number;
}

Result<std::string_view> AsText(std::string_view name, const ParameterValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return std::string_view(*text);
  return InvalidArgument("parameter '{}' is {}, expected a string", name, ToString(value));
}

std::string ToString(const ParameterValue& value) {
  struct Printer {
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(std::int64_t v) const { return fmt::format("{}", v); }
    std::string operator()(double v) const { return fmt::format("{}", v); }
    std::string operator()(const std::string& v) const { return fmt::format("'{:.64}'", v); }
  };
  return std::visit(Printer{}, value);
}

}  // namespace delen::core
