// Reads a document strictly: every key is known, present where it must be, and
// holds what is expected. The first problem is kept and later ones dropped, so
// that reading code is a list of fields and one check at the end.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/document/document.h"
#include "base/result.h"

namespace delen {

// The first of the problems reported to it.
class FirstProblem {
 public:
  void Report(Error error) {
    if (!error_) error_ = std::move(error);
  }
  Status status() const { return error_ ? Status(*error_) : Status(); }

 private:
  std::optional<Error> error_;
};

// Numbers from `low` to `high`, both included.
struct Range {
  double low;
  double high;
};
Range AtLeast(double low);
inline constexpr Range kShare{0.0, 1.0};

// Reads one table.
//
// Memory:  points into the document and to the FirstProblem; both must outlive it.
// Errors:  go to the FirstProblem with file, key, actual and expected; the
//          value returned then is a placeholder.
class DocumentReader {
 public:
  // `source` is the file's name, `path` the table's place in it ("" for the root).
  DocumentReader(const Document& table, std::string source, std::string path,
                 FirstProblem& problem);

  // Any other key is a problem; the message lists these.
  void AllowKeys(std::initializer_list<std::string_view> known) const;
  bool Has(std::string_view key) const;

  // The number times ten to the `shift`, which `range` is about as written.
  double Number(std::string_view key, Range range, int shift = 0) const;
  std::int64_t Integer(std::string_view key, Range range) const;
  std::string Text(std::string_view key) const;         // not empty
  std::string TextOrEmpty(std::string_view key) const;  // a string, which may be empty
  bool Flag(std::string_view key) const;
  std::vector<double> Numbers(std::string_view key, Range range) const;
  std::vector<std::int64_t> Integers(std::string_view key, Range range) const;
  std::vector<std::string> Texts(std::string_view key) const;

  DocumentReader Table(std::string_view key) const;
  std::vector<DocumentReader> Tables(std::string_view key) const;  // an array of tables

  // "model.toml: 'output.shape' is ...": reports that the value of `key` is not as expected.
  void Reject(std::string_view key, std::string_view actual, std::string_view expected) const;

 private:
  // A value of this table and its place in the file.
  struct Place {
    const Document* value;  // null when absent, which has been reported
    std::string path;
  };
  Place Find(std::string_view key) const;
  std::vector<Place> Items(std::string_view key) const;

  double ReadNumber(const Place& place, Range range, int shift) const;
  std::int64_t ReadInteger(const Place& place, Range range) const;
  std::string ReadText(const Place& place) const;
  void RejectAt(const Place& place, std::string_view expected) const;
  std::string PathOf(std::string_view key) const;

  const Document* table_;
  std::string source_;
  std::string path_;
  FirstProblem* problem_;
};

}  // namespace delen
