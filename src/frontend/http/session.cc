#include "frontend/http/session.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <exception>
#include <utility>
#include <variant>

#include "frontend/oip/infer_request.h"
#include "frontend/oip/infer_response.h"

namespace delen::frontend {

namespace asio = boost::asio;

namespace {

constexpr std::string_view kContinueLine = "HTTP/1.1 100 Continue\r\n\r\n";
constexpr std::size_t kSmallestBuffer = 16 << 10;

RequestReader::Limits LimitsOf(const HttpOptions& options) {
  return {options.max_header_bytes, options.max_body_bytes};
}

HttpResponse MadeBy(const SlowResponse& make) {
  try {
    return make();
  } catch (const std::exception&) {
    return ErrorResponse(503, "the server is out of memory");
  }
}

}  // namespace

// Keeps the server's loop alive, and running, until it was called back and let
// go of. The members' order matters: the guard goes first.
struct Session::Answer {
  using Guard = asio::executor_work_guard<asio::io_context::executor_type>;

  std::shared_ptr<ServerState> server;
  std::shared_ptr<Session> session;
  Guard guard{server->context.get_executor()};

  template <class Made>  // a Result<core::Response> or an HttpResponse
  void operator()(Made result) {
    asio::post(server->context, [self = std::move(session), r = std::move(result)]() mutable {
      self->Guarded([&] { self->OnAnswer(std::move(r)); });
    });
    guard.reset();
  }
};

// A handler that runs out of memory ends its own connection and no other.
template <class Handler>
void Session::Guarded(Handler handler) {
  try {
    handler();
  } catch (const std::exception&) {
    Close();
  }
}

Session::Session(std::shared_ptr<ServerState> server, Socket socket)
    : server_(std::move(server)),
      socket_(std::move(socket)),
      buffer_(std::max(kSmallestBuffer, server_->options.max_header_bytes)),
      reader_(LimitsOf(server_->options)) {
  server_->sessions.insert(this);
}

Session::~Session() { Close(); }

void Session::Start() { BecomeIdle(); }

void Session::TurnAway() {
  Refuse(503, fmt::format("the server has {} connections, the limit is {}",
                          server_->sessions.size(), options().max_connections));
}

void Session::CheckTimeouts(TimePoint now) {
  if (now < deadline_) return;
  switch (phase_) {
    case Phase::kHead:
      Refuse(408, fmt::format("request head was not complete after {} s",
                              options().header_timeout.value()));
      return;
    case Phase::kBody:
      Refuse(408, fmt::format("request body was not complete in time, {} bytes came",
                              reader_.body_received()));
      return;
    default: Close();
  }
}

void Session::Drain() {
  keep_alive_ = false;
  if (phase_ == Phase::kIdle) Close();
}

void Session::Close() {
  if (phase_ == Phase::kClosed) return;
  phase_ = Phase::kClosed;
  deadline_ = TimePoint::Never();
  if (running_) server_->service.Cancel(*running_);
  running_.reset();
  ChargeBody(0);
  ErrorCode ignored;
  socket_.close(ignored);
  server_->sessions.erase(this);
  if (server_->session_closed) server_->session_closed();
}

// ---- Reading ----

void Session::StartRead() {
  if (read_pending_ || end_of_stream_ || phase_ == Phase::kClosed) return;
  // 1. The rest of a body goes where it will be used.
  std::span<std::byte> space;
  if (phase_ == Phase::kBody && buffer_.empty()) space = reader_.BodySpace();
  const bool into_body = !space.empty();
  // 2. Anything else goes behind what is unread.
  if (!into_body) space = buffer_.Space();
  if (space.empty()) return;  // enough is waiting; read on when some of it was used
  read_pending_ = true;
  socket_.async_read_some(
      asio::buffer(space.data(), space.size()),
      [self = shared_from_this(), into_body](ErrorCode code, std::size_t count) {
        self->Guarded([&] { self->OnRead(code, count, into_body); });
      });
}

void Session::OnRead(ErrorCode code, std::size_t count, bool into_body) {
  read_pending_ = false;
  if (phase_ == Phase::kClosed) return;
  if (code) return OnEndOfStream(code);
  if (phase_ == Phase::kLingering) return StartRead();  // what comes now is thrown away
  if (!into_body) buffer_.Commit(count, Now());
  // A timeout may have ended the body while it was read.
  if (into_body && phase_ == Phase::kBody) reader_.BodyArrived(count);
  Advance();
}

void Session::OnEndOfStream(ErrorCode code) {
  end_of_stream_ = true;
  const bool orderly = code == asio::error::eof;
  if (orderly && (phase_ == Phase::kHead || phase_ == Phase::kBody)) {
    return Refuse(400, fmt::format("connection ended within a request, after {} bytes of its body",
                                   reader_.body_received()));
  }
  // What was asked for before is still sent; the peer may have closed only its side.
  if (orderly && phase_ == Phase::kWriting) {
    keep_alive_ = false;
    return;
  }
  Close();
}

// Goes as far as the bytes at hand allow.
void Session::Advance() {
  if (phase_ == Phase::kIdle) BeginRequest();
  while (phase_ == Phase::kHead || phase_ == Phase::kBody) {
    const RequestReader::State before = reader_.state();
    buffer_.Consume(reader_.Feed(buffer_.unread()));
    if (reader_.state() == RequestReader::State::kFailed) {
      return Refuse(reader_.error().status, reader_.error().message);
    }
    if (!ChargeBody(reader_.body_received())) {
      return Refuse(503, fmt::format("the server holds more than {} bytes of requests",
                                     options().max_buffered_bytes));
    }
    if (reader_.state() == RequestReader::State::kDone) return Dispatch();
    if (reader_.state() == before) break;
    OnHead();
  }
  StartRead();
}

void Session::BeginRequest() {
  // Some clients send an empty line after a body (RFC 9112, section 2.2).
  const auto is_line_end = [](std::byte b) { return b == std::byte{'\r'} || b == std::byte{'\n'}; };
  while (!buffer_.empty() && is_line_end(buffer_.unread().front())) buffer_.Consume(1);
  if (buffer_.empty()) return;
  phase_ = Phase::kHead;
  arrival_ = buffer_.unread_since();
  deadline_ = Now() + options().header_timeout;
}

void Session::OnHead() {
  phase_ = Phase::kBody;
  const RequestHead& head = reader_.head();
  const auto announced = static_cast<double>(head.content_length.value_or(0));
  deadline_ = Now() + options().body_timeout + Seconds(announced / options().min_body_rate);
  if (head.expects_continue && !head.http_1_0 && buffer_.empty()) SendContinue();
}

void Session::SendContinue() {
  phase_ = Phase::kContinue;
  asio::async_write(socket_, asio::buffer(kContinueLine),
                    [self = shared_from_this()](ErrorCode code, std::size_t) {
                      self->Guarded([&] { self->OnContinueWritten(code); });
                    });
}

void Session::OnContinueWritten(ErrorCode code) {
  if (phase_ != Phase::kContinue) return;
  if (code) return Close();
  phase_ = Phase::kBody;
  Advance();
}

// Counts this body as `bytes` long; false when all together are too long.
bool Session::ChargeBody(std::size_t bytes) {
  server_->buffered_bytes += bytes - charged_;
  charged_ = bytes;
  return bytes == 0 || server_->buffered_bytes <= options().max_buffered_bytes;
}

// ---- Answering ----

void Session::Dispatch() {
  const RequestHead& head = reader_.head();
  keep_alive_ = head.keep_alive && !server_->draining && !end_of_stream_;
  auto outcome = server_->endpoints.Handle(head, reader_.TakeBody(), server_->ready());
  if (auto* call = std::get_if<InferCall>(&outcome)) return Submit(std::move(*call));
  if (auto* make = std::get_if<SlowResponse>(&outcome)) return MakeAside(std::move(*make));
  response_ = std::get<HttpResponse>(std::move(outcome));
  response_.head_only = head.method == Method::kHead;
  Respond();
}

void Session::Submit(InferCall call) {
  phase_ = Phase::kRunning;
  deadline_ = TimePoint::Never();
  client_id_ = std::move(call.id);
  binary_output_ = call.binary_output;
  call.request.arrival = arrival_;
  running_ = server_->service.Submit(std::move(call.request), Answer{server_, shared_from_this()});
  StartRead();
}

// Has a response made that may take time, while others are served.
void Session::MakeAside(SlowResponse make) {
  phase_ = Phase::kRunning;
  deadline_ = TimePoint::Never();
  asio::post(*server_->aside,
             [make = std::move(make), answer = Answer{server_, shared_from_this()}]() mutable {
               answer(MadeBy(make));
             });
  StartRead();
}

void Session::OnAnswer(HttpResponse response) {
  if (phase_ != Phase::kRunning) return;  // the client is gone
  response_ = std::move(response);
  Respond();
}

void Session::OnAnswer(Result<core::Response> answer) {
  running_.reset();
  if (phase_ != Phase::kRunning) return;  // the client is gone
  if (!answer) {
    response_ = ErrorResponse(answer.error());
    return Respond();
  }
  response_.status = 200;
  response_.content_type = kJsonContent;
  response_.extra.clear();
  response_.head_only = false;
  response_.body.clear();
  AppendInferResponse(response_.body, *answer, client_id_, binary_output_);
  response_.tail.reset();
  if (binary_output_) response_.tail = std::move(answer->output);
  device_ = answer->account.device;
  Respond();
}

void Session::Refuse(int status, std::string_view message) {
  keep_alive_ = false;  // what follows on this connection cannot be trusted
  response_ = ErrorResponse(status, message);
  Respond();
}

void Session::Respond() {
  phase_ = Phase::kWriting;
  deadline_ = Now() + options().write_timeout;
  keep_alive_ = keep_alive_ && !server_->draining;
  const bool old = reader_.head().http_1_0;
  head_.clear();
  AppendHead(head_, response_,
             !keep_alive_ ? Connection::kClose
                          : (old ? Connection::kSaysKeepAlive : Connection::kKeepAlive));
  std::array<asio::const_buffer, 3> parts = {asio::buffer(head_)};
  if (!response_.head_only) {
    parts[1] = asio::buffer(response_.body);
    if (response_.tail) {
      parts[2] = asio::buffer(response_.tail->bytes.data(), response_.tail->bytes.size());
    }
  }
  asio::async_write(socket_, parts, [self = shared_from_this()](ErrorCode code, std::size_t) {
    self->Guarded([&] { self->OnWritten(code); });
  });
}

void Session::OnWritten(ErrorCode code) {
  if (phase_ == Phase::kClosed) return;
  if (code) return Close();
  const std::optional<Seconds> device = std::exchange(device_, std::nullopt);
  response_.tail.reset();
  if (device && options().observer) options().observer({arrival_, Now(), *device});
  if (!keep_alive_) return Linger();
  BecomeIdle();
}

void Session::BecomeIdle() {
  phase_ = Phase::kIdle;
  deadline_ = Now() + options().idle_timeout;
  ChargeBody(0);
  reader_.Reset();
  Advance();
}

// Closing at once would throw away a response the peer has not read yet, if it
// is still sending: so say that no more comes and wait until it closes.
void Session::Linger() {
  if (end_of_stream_) return Close();
  ErrorCode ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
  phase_ = Phase::kLingering;
  deadline_ = Now() + options().linger_timeout;
  buffer_.Consume(buffer_.unread().size());
  StartRead();
}

}  // namespace delen::frontend
