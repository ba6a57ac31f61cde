// The parser asserts on some malformed input that it handles well afterwards, and
// assumes the same where NDEBUG is set. Neither is wanted of a parser.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expr) static_cast<void>(0)
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/document/document.h"

namespace delen {
namespace {

// The parser's trees are freed recursively, one level per dot of a dotted key,
// so a hostile line of dots would exhaust the stack. No key needs more.
constexpr std::ptrdiff_t kMaxDotsPerLine = 32;

Status CheckDots(std::string_view text, std::string_view source) {
  int line_number = 1;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    const auto dots = std::count(line.begin(), line.end(), '.');
    if (dots > kMaxDotsPerLine) {
      return InvalidArgument("{}:{}: {} dots in one line, at most {} are allowed", source,
                             line_number, dots, kMaxDotsPerLine);
    }
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    ++line_number;
  }
  return {};
}

std::string Digits(double value) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  return std::string(buffer, end);
}

Result<Document> Convert(const toml::node& node, std::string_view source, int depth);

Result<Document> ConvertTable(const toml::table& table, std::string_view source, int depth) {
  Document::Table members;
  for (const auto& [key, node] : table) {
    Result<Document> value = Convert(node, source, depth + 1);
    if (!value) return value;
    members.push_back({std::string(key.str()), *std::move(value)});
  }
  return Document{std::move(members)};
}

Result<Document> ConvertArray(const toml::array& array, std::string_view source, int depth) {
  Document::Array items;
  for (const toml::node& node : array) {
    Result<Document> value = Convert(node, source, depth + 1);
    if (!value) return value;
    items.push_back(*std::move(value));
  }
  return Document{std::move(items)};
}

Result<Document> Convert(const toml::node& node, std::string_view source, int depth) {
  const auto line = node.source().begin.line;
  if (depth > kMaxDocumentDepth) {
    return InvalidArgument("{}:{}: values nest deeper than {}", source, line, kMaxDocumentDepth);
  }
  if (const auto* table = node.as_table()) return ConvertTable(*table, source, depth);
  if (const auto* array = node.as_array()) return ConvertArray(*array, source, depth);
  if (const auto* text = node.as_string()) return Document{text->get()};
  if (const auto* integer = node.as_integer()) {
    return Document{Document::Number{fmt::format("{}", integer->get())}};
  }
  if (const auto* number = node.as_floating_point()) {
    return Document{Document::Number{Digits(number->get())}};
  }
  if (const auto* boolean = node.as_boolean()) return Document{boolean->get()};
  return InvalidArgument("{}:{}: dates and times are not used here", source, line);
}

}  // namespace

Result<Document> ParseToml(std::string_view text, std::string_view source) {
  if (const Status dots = CheckDots(text, source); !dots) return dots.error();
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    return InvalidArgument("{}:{}: not valid TOML: {}", source, parsed.error().source().begin.line,
                           parsed.error().description());
  }
  return Convert(parsed.table(), source, 0);
}

}  // namespace delen
