#include "client/load_connection.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/http/read.hpp>
#include <chrono>
#include <cstdint>
#include <utility>

#include "client/infer_message.h"

namespace delen::client {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

constexpr std::uint64_t kMaxReplyBytes = std::uint64_t{1} << 30;

std::string_view View(beast::string_view text) { return {text.data(), text.size()}; }

}  // namespace

void LoadConnection::Exchange(const WireRequest& request, Done done) {
  request_ = request;
  done_ = std::move(done);
  kept_ = open_;
  parser_.reset();
  if (!open_) return Open();
  Arm();
  Write();
}

void LoadConnection::Arm() {
  stream_->expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(
      std::chrono::duration<double>(patience_.value())));
}

void LoadConnection::Open() {
  stream_.emplace(context_);
  buffer_.clear();
  Arm();
  stream_->async_connect(server_, [this](Code code) {
    if (code) return OnFailure("connect", code);
    open_ = true;
    stream_->socket().set_option(asio::ip::tcp::no_delay(true), code);
    Write();
  });
}

void LoadConnection::Write() {
  const std::array<asio::const_buffer, 2> parts = {
      asio::const_buffer(request_.head.data(), request_.head.size()),
      asio::const_buffer(request_.body.data(), request_.body.size())};
  asio::async_write(*stream_, parts, [this](Code code, std::size_t) {
    if (code) return OnFailure("send", code);
    Read();
  });
}

void LoadConnection::Read() {
  parser_.emplace();
  parser_->body_limit(kMaxReplyBytes);
  http::async_read(*stream_, buffer_, *parser_, [this](Code code, std::size_t) {
    if (code) return OnFailure("receive", code);
    Deliver();
  });
}

void LoadConnection::Deliver() {
  const auto& reply = parser_->get();
  open_ = reply.keep_alive();
  if (!open_) stream_->close();
  Finish(WireReply{static_cast<int>(reply.result_int()), View(reply[kHeaderLength]), reply.body()});
}

void LoadConnection::OnFailure(std::string_view doing, Code code) {
  const bool answer_begun = parser_ && parser_->got_some();
  const bool stale = kept_ && !answer_begun && code != beast::error::timeout;
  open_ = false;
  kept_ = false;
  if (stale) return Open();
  if (code == beast::error::timeout) {
    return Finish(
        MakeError(ErrorCode::kDeadlineExceeded, "no {} within {} s", doing, patience_.value()));
  }
  Finish(Unavailable("cannot {}: {}", doing, code.message()));
}

void LoadConnection::Finish(const Result<WireReply>& reply) {
  const Done done = std::exchange(done_, nullptr);
  done(reply);
}

}  // namespace delen::client
