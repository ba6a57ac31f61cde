// A RapidJSON input stream over a string_view. RapidJSON's own stream for
// strings runs over the terminating '\0' when a character is cut short there.
#pragma once

#include <rapidjson/stream.h>

#include <cstddef>
#include <string_view>

namespace delen::frontend {

class TextStream {
 public:
  using Ch = char;

  explicit TextStream(std::string_view text)
      : begin_(text.data()), next_(text.data()), end_(text.data() + text.size()) {}

  // '\0' at the end, however often it is asked for.
  char Peek() const { return next_ == end_ ? '\0' : *next_; }
  char Take() { return next_ == end_ ? '\0' : *next_++; }
  std::size_t Tell() const { return static_cast<std::size_t>(next_ - begin_); }

  // For parsing in place, which nobody asks of this stream.
  char* PutBegin() { return nullptr; }
  void Put(char) {}
  std::size_t PutEnd(char*) { return 0; }

 private:
  const char* begin_;
  const char* next_;
  const char* end_;
};

}  // namespace delen::frontend

// Lets the parser keep the position in registers.
template <>
struct rapidjson::StreamTraits<delen::frontend::TextStream> {
  enum { copyOptimization = 1 };  // NOLINT(readability-identifier-naming): RapidJSON's name
};
