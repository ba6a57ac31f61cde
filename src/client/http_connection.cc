#include "client/http_connection.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>

namespace delen::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using boost::system::error_code;

std::string_view HttpReply::header(std::string_view name) const {
  const auto found = std::find_if(headers.begin(), headers.end(), [&](const auto& entry) {
    return beast::iequals({entry.first.data(), entry.first.size()}, {name.data(), name.size()});
  });
  return found == headers.end() ? std::string_view() : std::string_view(found->second);
}

// A blocking face over Beast's asynchronous calls, which alone know timeouts.
class HttpConnection::Impl {
 public:
  Impl(const std::string& address, Seconds patience)
      : host_(address), patience_(patience), stream_(context_) {}

  Status Connect(std::uint16_t port) {
    error_code failure;
    const asio::ip::address address = asio::ip::make_address(host_, failure);
    if (failure) return InvalidArgument("'{}' is no IP address", host_);
    Arm();
    Await(
        [&](auto done) {
          stream_.async_connect(asio::ip::tcp::endpoint(address, port), std::move(done));
        },
        failure);
    if (failure) return Broken("connect", failure);
    stream_.socket().set_option(asio::ip::tcp::no_delay(true), failure);
    return {};
  }

  Result<HttpReply> Exchange(http::request<http::string_body> request) {
    request.set(http::field::host, host_);
    request.prepare_payload();
    error_code failure;
    Arm();
    Await([&](auto done) { http::async_write(stream_, request, std::move(done)); }, failure);
    if (failure) return Broken("send", failure);
    http::response_parser<http::string_body> parser;
    parser.body_limit(std::uint64_t{1} << 30);
    Await([&](auto done) { http::async_read(stream_, buffer_, parser, std::move(done)); }, failure);
    if (failure) return Broken("receive", failure);
    HttpReply reply;
    reply.status = static_cast<int>(parser.get().result_int());
    for (const auto& field : parser.get()) {
      reply.headers.emplace_back(field.name_string(), field.value());
    }
    reply.body = std::move(parser.get().body());
    return reply;
  }

 private:
  void Arm() {
    stream_.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
        std::chrono::duration<double>(patience_.value())));
  }

  // Starts one asynchronous call and runs it to its end.
  template <class Start>
  void Await(Start start, error_code& failure) {
    start([&](error_code result, auto&&...) { failure = result; });
    context_.restart();
    context_.run();
  }

  Error Broken(std::string_view doing, const error_code& failure) const {
    if (failure == beast::error::timeout) {
      return MakeError(ErrorCode::kDeadlineExceeded, "no {} within {} s", doing, patience_.value());
    }
    return Unavailable("cannot {}: {}", doing, failure.message());
  }

  std::string host_;
  Seconds patience_;
  asio::io_context context_{1};
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
};

HttpConnection::HttpConnection(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpConnection::HttpConnection(HttpConnection&&) noexcept = default;
HttpConnection& HttpConnection::operator=(HttpConnection&&) noexcept = default;
HttpConnection::~HttpConnection() = default;

Result<HttpConnection> HttpConnection::Connect(const std::string& address, std::uint16_t port,
                                               Seconds patience) {
  auto impl = std::make_unique<Impl>(address, patience);
  if (Status connected = impl->Connect(port); !connected) return std::move(connected).error();
  return HttpConnection(std::move(impl));
}

Result<HttpReply> HttpConnection::Get(const std::string& path) {
  return impl_->Exchange({http::verb::get, path, 11});
}

Result<HttpReply> HttpConnection::Post(const std::string& path, const HttpHeaders& headers,
                                       std::string body) {
  http::request<http::string_body> request(http::verb::post, path, 11, std::move(body));
  for (const auto& [name, value] : headers) request.set(name, value);
  return impl_->Exchange(std::move(request));
}

Result<HttpReply> HttpConnection::Put(const std::string& path, std::string body) {
  return impl_->Exchange({http::verb::put, path, 11, std::move(body)});
}

Result<HttpReply> HttpConnection::Delete(const std::string& path) {
  return impl_->Exchange({http::verb::delete_, path, 11});
}

}  // namespace delen::client
