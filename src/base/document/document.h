// A configuration file as a tree, whatever syntax it was written in. Numbers
// keep the digits they were written with, so that a unit can be changed (ms to
// s) without rounding twice.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"

namespace delen {

struct DocumentMember;

struct Document {
  struct Number {
    std::string digits;  // as in the file: "4.20", "1e-3"
  };
  using Array = std::vector<Document>;
  using Table = std::vector<DocumentMember>;  // in the file's order, names unique

  std::variant<std::nullptr_t, bool, Number, std::string, Array, Table> value;
};

struct DocumentMember {
  std::string name;
  Document value;
};

// Values nest at most this deep in either syntax.
inline constexpr int kMaxDocumentDepth = 16;

// `source` names the file in messages.
// Errors: kInvalidArgument with the line where the syntax is wrong, a name
//         appears twice in one table, or values nest too deep.
Result<Document> ParseJson(std::string_view text, std::string_view source);
Result<Document> ParseToml(std::string_view text, std::string_view source);

}  // namespace delen
