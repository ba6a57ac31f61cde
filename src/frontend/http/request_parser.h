// Beast's parser of HTTP/1.x requests, keeping of a request what this server
// looks at. For request_reader.cc alone, which hides it: Beast compiles slowly.
#pragma once

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "frontend/http/body_buffer.h"
#include "frontend/http/request_reader.h"

namespace delen::frontend {

class RequestParser final : public boost::beast::http::basic_parser<true> {
 public:
  explicit RequestParser(const RequestReader::Limits& limits);

  RequestHead& head() { return head_; }
  std::optional<BodyBuffer>& body() { return body_; }   // empty: the request has none
  std::optional<HttpError>& error() { return error_; }  // instead of Beast's, where it says more

  // What the fields say only together; to be called once the head is complete.
  void FinishHead();

 private:
  using Code = boost::system::error_code;
  using Text = boost::beast::string_view;
  using Verb = boost::beast::http::verb;
  using Field = boost::beast::http::field;

  void Refuse(int status, std::string message);
  void RefuseSize(std::uint64_t size);
  void SetExpectation(std::string_view value);
  void SetInferenceHeader(std::string_view value);
  void SetTenant(std::string_view value);

  // Beast calls these.
  void on_request_impl(Verb verb, Text, Text target, int version, Code&) override;
  void on_field_impl(Field field, Text name, Text text, Code&) override;
  void on_chunk_header_impl(std::uint64_t size, Text, Code& code) override;
  std::size_t on_chunk_body_impl(std::uint64_t, Text text, Code&) override;
  std::size_t on_body_impl(Text text, Code&) override { return text.size(); }
  void on_body_init_impl(const boost::optional<std::uint64_t>&, Code&) override {}
  void on_header_impl(Code&) override {}
  void on_finish_impl(Code&) override {}
  void on_response_impl(int, Text, int, Code&) override {}  // this parses requests

  const std::size_t body_limit_;
  RequestHead head_;
  int hosts_ = 0;
  std::optional<BodyBuffer> body_;
  std::optional<HttpError> error_;
};

}  // namespace delen::frontend
