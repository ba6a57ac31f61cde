#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/document/document.h"

namespace delen {
namespace {

using nlohmann::json;

// Builds the tree from the parser's events; the stack of open values replaces
// recursion.
class TreeBuilder {
 public:
  bool null() { return Put(Document{nullptr}); }
  bool boolean(bool value) { return Put(Document{value}); }
  bool number_integer(json::number_integer_t value) { return PutNumber(fmt::format("{}", value)); }
  bool number_unsigned(json::number_unsigned_t value) {
    return PutNumber(fmt::format("{}", value));
  }
  bool number_float(json::number_float_t, const std::string& digits) { return PutNumber(digits); }
  bool string(std::string& text) { return Put(Document{std::move(text)}); }
  bool binary(json::binary_t&) { return Fail("binary values are not JSON"); }

  bool start_object(std::size_t) { return Open(Document{Document::Table{}}); }
  bool start_array(std::size_t) { return Open(Document{Document::Array{}}); }
  bool end_object() { return Close(); }
  bool end_array() { return Close(); }

  bool key(std::string& name) {
    const auto& table = std::get<Document::Table>(open_.back().value);
    const auto same = [&](const DocumentMember& member) { return member.name == name; };
    if (std::any_of(table.begin(), table.end(), same)) {
      return Fail(fmt::format("the name '{:.64}' appears twice in one object", name));
    }
    keys_.back() = std::move(name);
    return true;
  }

  bool parse_error(std::size_t, const std::string&, const json::exception& error) {
    return Fail(error.what());
  }

  Document& root() { return root_; }
  const std::string& problem() const { return problem_; }

 private:
  bool PutNumber(std::string digits) { return Put(Document{Document::Number{std::move(digits)}}); }

  bool Put(Document value) {
    if (open_.empty()) {
      root_ = std::move(value);
      return true;
    }
    if (auto* array = std::get_if<Document::Array>(&open_.back().value)) {
      array->push_back(std::move(value));
    } else {
      std::get<Document::Table>(open_.back().value)
          .push_back({std::move(keys_.back()), std::move(value)});
    }
    return true;
  }

  bool Open(Document container) {
    if (static_cast<int>(open_.size()) == kMaxDocumentDepth) {
      return Fail(fmt::format("values nest deeper than {}", kMaxDocumentDepth));
    }
    open_.push_back(std::move(container));
    keys_.emplace_back();
    return true;
  }

  bool Close() {
    Document done = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    return Put(std::move(done));
  }

  bool Fail(std::string_view problem) {
    if (problem_.empty()) problem_ = problem;
    return false;
  }

  Document root_;
  std::vector<Document> open_;
  std::vector<std::string> keys_;  // the name that waits for its value, per open table
  std::string problem_;
};

}  // namespace

Result<Document> ParseJson(std::string_view text, std::string_view source) {
  TreeBuilder builder;
  if (!json::sax_parse(text, &builder)) {
    return InvalidArgument("{}: not valid JSON: {}", source, builder.problem());
  }
  return std::move(builder.root());
}

}  // namespace delen
