#include "frontend/http/request_parser.h"

#include <fmt/format.h>

#include <boost/beast/http/error.hpp>
#include <charconv>
#include <span>
#include <utility>

namespace delen::frontend {
namespace {

bool Equals(std::string_view a, std::string_view b) {
  return boost::beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

std::optional<std::size_t> ParseByteCount(std::string_view text) {
  std::size_t count = 0;
  const char* const last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, count);
  if (failure != std::errc() || end != last) return std::nullopt;
  return count;
}

Method MethodOf(boost::beast::http::verb method) {
  using Verb = boost::beast::http::verb;
  if (method == Verb::get) return Method::kGet;
  if (method == Verb::head) return Method::kHead;
  if (method == Verb::post) return Method::kPost;
  if (method == Verb::put) return Method::kPut;
  if (method == Verb::delete_) return Method::kDelete;
  return Method::kOther;
}

}  // namespace

RequestParser::RequestParser(const RequestReader::Limits& limits) : body_limit_(limits.body_bytes) {
  header_limit(static_cast<std::uint32_t>(limits.header_bytes));
  body_limit(boost::none);  // kept here, where the message can name both sizes
  eager(false);
}

void RequestParser::FinishHead() {
  head_.keep_alive = keep_alive();
  if (const auto length = content_length()) head_.content_length = *length;
  if (!head_.http_1_0 && hosts_ != 1) {
    Refuse(400, fmt::format("request has {} Host headers, expected 1", hosts_));
  }
  if (head_.content_length > body_limit_) RefuseSize(*head_.content_length);
  if (!error_ && (head_.content_length.value_or(0) > 0 || chunked())) {
    body_.emplace(head_.content_length.value_or(0), head_.inference_header.value_or(0));
  }
}

void RequestParser::Refuse(int status, std::string message) {
  if (!error_) error_ = HttpError{status, std::move(message)};
}

void RequestParser::RefuseSize(std::uint64_t size) {
  Refuse(413, fmt::format("request body has {} bytes, the limit is {}", size, body_limit_));
}

void RequestParser::SetExpectation(std::string_view value) {
  if (!Equals(value, "100-continue")) {
    return Refuse(417, fmt::format("Expect is '{:.32}', expected 100-continue", value));
  }
  head_.expects_continue = true;
}

void RequestParser::SetInferenceHeader(std::string_view value) {
  const std::optional<std::size_t> length = ParseByteCount(value);
  if (!length || head_.inference_header.value_or(*length) != *length) {
    return Refuse(400, fmt::format("Inference-Header-Content-Length is '{:.32}', expected one "
                                   "number of bytes",
                                   value));
  }
  head_.inference_header = length;
}

void RequestParser::SetTenant(std::string_view value) {
  if (head_.tenant.value_or(std::string(value)) != value) {
    return Refuse(400, fmt::format("x-delen-tenant is '{:.64}' and '{:.64}', expected one tenant",
                                   *head_.tenant, value));
  }
  head_.tenant = value;
}

void RequestParser::on_request_impl(Verb verb, Text, Text target, int version, Code&) {
  head_.method = MethodOf(verb);
  head_.target.assign(target.data(), target.size());
  head_.http_1_0 = version < 11;
}

void RequestParser::on_field_impl(Field field, Text name, Text text, Code&) {
  if (is_header_done()) return;  // trailers change nothing
  const std::string_view value(text.data(), text.size());
  switch (field) {
    case Field::host: ++hosts_; return;
    case Field::expect: return SetExpectation(value);
    case Field::content_encoding:
      if (Equals(value, "identity")) return;
      return Refuse(415, fmt::format("Content-Encoding is '{:.32}', expected none", value));
    case Field::transfer_encoding:
      if (Equals(value, "chunked")) return;
      return Refuse(501, fmt::format("Transfer-Encoding is '{:.32}', expected chunked", value));
    case Field::unknown:
      if (Equals({name.data(), name.size()}, "Inference-Header-Content-Length")) {
        SetInferenceHeader(value);
      }
      if (Equals({name.data(), name.size()}, "x-delen-tenant")) SetTenant(value);
      return;
    default: return;
  }
}

void RequestParser::on_chunk_header_impl(std::uint64_t size, Text, Code& code) {
  if (size <= body_limit_ - body_->size()) return;
  // A chunk can claim any size: the sum must not wrap.
  RefuseSize(size > UINT64_MAX - body_->size() ? UINT64_MAX : body_->size() + size);
  code = boost::beast::http::error::body_limit;
}

std::size_t RequestParser::on_chunk_body_impl(std::uint64_t, Text text, Code&) {
  body_->Append(std::as_bytes(std::span(text.data(), text.size())));
  return text.size();
}

}  // namespace delen::frontend
