#include "base/document/document_reader.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <system_error>
#include <utility>

#include "base/document/decimal.h"

namespace delen {
namespace {

const Document kNoTable{Document::Table{}};

std::string Describe(const Document& document) {
  struct Printer {
    std::string operator()(std::nullptr_t) const { return "null"; }
    std::string operator()(bool value) const { return value ? "true" : "false"; }
    std::string operator()(const Document::Number& value) const { return value.digits; }
    std::string operator()(const std::string& value) const {
      return fmt::format("'{:.64}'", value);
    }
    std::string operator()(const Document::Array&) const { return "an array"; }
    std::string operator()(const Document::Table&) const { return "a table"; }
  };
  return std::visit(Printer{}, document.value);
}

std::string Describe(std::string_view noun, Range range) {
  if (range.high < std::numeric_limits<double>::max()) {
    return fmt::format("{} from {} to {}", noun, range.low, range.high);
  }
  return fmt::format("{} of at least {}", noun, range.low);
}

bool Holds(Range range, double value) { return value >= range.low && value <= range.high; }

}  // namespace

Range AtLeast(double low) { return {low, std::numeric_limits<double>::max()}; }

DocumentReader::DocumentReader(const Document& table, std::string source, std::string path,
                               FirstProblem& problem)
    : table_(&table), source_(std::move(source)), path_(std::move(path)), problem_(&problem) {
  if (!std::holds_alternative<Document::Table>(table.value)) {
    RejectAt({table_, path_.empty() ? "the whole file" : path_}, "a table of keys");
    table_ = &kNoTable;
  }
}

void DocumentReader::AllowKeys(std::initializer_list<std::string_view> known) const {
  for (const DocumentMember& member : std::get<Document::Table>(table_->value)) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    problem_->Report(InvalidArgument("{}: unknown key '{:.64}', expected one of {}", source_,
                                     PathOf(member.name), fmt::join(known, ", ")));
  }
}

bool DocumentReader::Has(std::string_view key) const {
  const auto& members = std::get<Document::Table>(table_->value);
  return std::any_of(members.begin(), members.end(),
                     [&](const DocumentMember& member) { return member.name == key; });
}

double DocumentReader::Number(std::string_view key, Range range, int shift) const {
  return ReadNumber(Find(key), range, shift);
}

std::int64_t DocumentReader::Integer(std::string_view key, Range range) const {
  return ReadInteger(Find(key), range);
}

std::string DocumentReader::Text(std::string_view key) const { return ReadText(Find(key)); }

std::string DocumentReader::TextOrEmpty(std::string_view key) const {
  const Place place = Find(key);
  if (place.value == nullptr) return "";
  const auto* text = std::get_if<std::string>(&place.value->value);
  if (text == nullptr) RejectAt(place, "a string");
  return text == nullptr ? "" : *text;
}

bool DocumentReader::Flag(std::string_view key) const {
  const Place place = Find(key);
  if (place.value == nullptr) return false;
  const auto* flag = std::get_if<bool>(&place.value->value);
  if (flag == nullptr) RejectAt(place, "true or false");
  return flag != nullptr && *flag;
}

std::vector<double> DocumentReader::Numbers(std::string_view key, Range range) const {
  std::vector<double> numbers;
  for (const Place& item : Items(key)) numbers.push_back(ReadNumber(item, range, 0));
  return numbers;
}

std::vector<std::int64_t> DocumentReader::Integers(std::string_view key, Range range) const {
  std::vector<std::int64_t> integers;
  for (const Place& item : Items(key)) integers.push_back(ReadInteger(item, range));
  return integers;
}

std::vector<std::string> DocumentReader::Texts(std::string_view key) const {
  std::vector<std::string> texts;
  for (const Place& item : Items(key)) texts.push_back(ReadText(item));
  return texts;
}

DocumentReader DocumentReader::Table(std::string_view key) const {
  const Place place = Find(key);
  return DocumentReader(place.value == nullptr ? kNoTable : *place.value, source_, place.path,
                        *problem_);
}

std::vector<DocumentReader> DocumentReader::Tables(std::string_view key) const {
  std::vector<DocumentReader> tables;
  for (const Place& item : Items(key)) {
    tables.emplace_back(*item.value, source_, item.path, *problem_);
  }
  return tables;
}

void DocumentReader::Reject(std::string_view key, std::string_view actual,
                            std::string_view expected) const {
  problem_->Report(
      InvalidArgument("{}: '{}' is {}, expected {}", source_, PathOf(key), actual, expected));
}

DocumentReader::Place DocumentReader::Find(std::string_view key) const {
  for (const DocumentMember& member : std::get<Document::Table>(table_->value)) {
    if (member.name == key) return {&member.value, PathOf(key)};
  }
  problem_->Report(InvalidArgument("{}: the key '{}' is missing", source_, PathOf(key)));
  return {nullptr, PathOf(key)};
}

std::vector<DocumentReader::Place> DocumentReader::Items(std::string_view key) const {
  std::vector<Place> items;
  const Place place = Find(key);
  if (place.value == nullptr) return items;
  const auto* array = std::get_if<Document::Array>(&place.value->value);
  if (array == nullptr) {
    RejectAt(place, "an array");
    return items;
  }
  for (std::size_t i = 0; i < array->size(); ++i) {
    items.push_back({&(*array)[i], fmt::format("{}[{}]", place.path, i)});
  }
  return items;
}

double DocumentReader::ReadNumber(const Place& place, Range range, int shift) const {
  if (place.value == nullptr) return 0.0;
  const auto* number = std::get_if<Document::Number>(&place.value->value);
  const std::optional<double> written = number ? ParseDecimal(number->digits) : std::nullopt;
  if (!written || !Holds(range, *written)) {
    RejectAt(place, Describe("a number", range));
    return 0.0;
  }
  return ParseDecimal(number->digits, shift).value_or(0.0);
}

std::int64_t DocumentReader::ReadInteger(const Place& place, Range range) const {
  if (place.value == nullptr) return 0;
  std::int64_t integer = 0;
  bool whole = false;
  if (const auto* number = std::get_if<Document::Number>(&place.value->value)) {
    const char* const end = number->digits.data() + number->digits.size();
    const auto [rest, failure] = std::from_chars(number->digits.data(), end, integer);
    whole = failure == std::errc() && rest == end;
  }
  if (!whole || !Holds(range, static_cast<double>(integer))) {
    RejectAt(place, Describe("a whole number", range));
    return 0;
  }
  return integer;
}

std::string DocumentReader::ReadText(const Place& place) const {
  if (place.value == nullptr) return "";
  const auto* text = std::get_if<std::string>(&place.value->value);
  if (text == nullptr || text->empty()) {
    RejectAt(place, "a string that is not empty");
    return "";
  }
  return *text;
}

void DocumentReader::RejectAt(const Place& place, std::string_view expected) const {
  problem_->Report(InvalidArgument("{}: '{}' is {}, expected {}", source_, place.path,
                                   Describe(*place.value), expected));
}

std::string DocumentReader::PathOf(std::string_view key) const {
  return path_.empty() ? std::string(key) : fmt::format("{}.{}", path_, key);
}

}  // namespace delen
