// Errors as values: what every function that can fail hands back across a room
// border. Member names are those of std::expected, which C++20 lacks.
#pragma once

#include <fmt/format.h>

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/units.h"

namespace delen {

// A closed set: frontends map each code to one HTTP and one gRPC status.
enum class ErrorCode {
  kInvalidArgument,   // the caller's input is wrong; sending it again is useless
  kNotFound,          // no such model, version, file
  kPermissionDenied,  // not for this caller
  kInfeasible,        // the bounds cannot be met and the caller asked to be told
  kOverloaded,        // a queue or quota is full; try again later
  kDeadlineExceeded,  // gave up waiting (never: "a bound was missed", which is data)
  kCancelled,         // the caller went away
  kUnsupported,       // valid, but not something this server does
  kUnavailable,       // shutting down, or not ready yet
  kInternal,          // our fault or the runtime's
};

std::string_view Name(ErrorCode code);

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  // one sentence, naming the actual and the expected value
  std::optional<Seconds> retry_after = std::nullopt;  // when trying again may help, if known
};

template <class... Args>
Error MakeError(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
  return Error{code, fmt::format(format, std::forward<Args>(args)...)};
}
template <class... Args>
Error InvalidArgument(fmt::format_string<Args...> format, Args&&... args) {
  return MakeError(ErrorCode::kInvalidArgument, format, std::forward<Args>(args)...);
}
template <class... Args>
Error NotFound(fmt::format_string<Args...> format, Args&&... args) {
  return MakeError(ErrorCode::kNotFound, format, std::forward<Args>(args)...);
}
template <class... Args>
Error Unsupported(fmt::format_string<Args...> format, Args&&... args) {
  return MakeError(ErrorCode::kUnsupported, format, std::forward<Args>(args)...);
}
template <class... Args>
Error Unavailable(fmt::format_string<Args...> format, Args&&... args) {
  return MakeError(ErrorCode::kUnavailable, format, std::forward<Args>(args)...);
}
template <class... Args>
Error Internal(fmt::format_string<Args...> format, Args&&... args) {
  return MakeError(ErrorCode::kInternal, format, std::forward<Args>(args)...);
}

// `error` with "`context`: " put before its message, for the reader who needs
// to know which file or field it was about.
Error WithContext(std::string_view context, Error error);

// Either a T or an Error.
//
// Errors: calling value() on an error, or error() on a value, is a bug and
//         aborts in debug builds.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(*explicit*)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(*explicit*)

  bool has_value() const { return state_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & { return Checked(); }
  const T& value() const& { return const_cast<Result*>(this)->Checked(); }
  T&& value() && { return std::move(Checked()); }
  T& operator*() & { return Checked(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(Checked()); }
  T* operator->() { return &Checked(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& {
    assert(!has_value());
    return std::get<1>(state_);
  }
  Error&& error() && {
    assert(!has_value());
    return std::get<1>(std::move(state_));
  }

 private:
  T& Checked() {
    assert(has_value());
    return std::get<0>(state_);
  }

  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(*explicit*)

  bool has_value() const { return !error_.has_value(); }
  explicit operator bool() const { return has_value(); }

  const Error& error() const& {
    assert(error_.has_value());
    return *error_;
  }
  Error&& error() && {
    assert(error_.has_value());
    return *std::move(error_);
  }

 private:
  std::optional<Error> error_;
};

using Status = Result<void>;

}  // namespace delen
