// One connection: reads a request, has it answered, writes the response, and
// again.
//
//   idle -> head -> [continue] -> body -> running -> writing -> idle
//                                                      `-> lingering -> closed
//
// A read is pending in all phases while there is room for what it brings: so
// pipelined requests are taken in early, and a client that hangs up is noticed
// while its request runs, which cancels it.
//
// Threads: everything happens on the server's thread. The service calls back
//          from any; that call posts.
// Memory:  lives as long as a handler or the service's callback holds it.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/units.h"
#include "core/request.h"
#include "frontend/http/http_response.h"
#include "frontend/http/read_buffer.h"
#include "frontend/http/request_reader.h"
#include "frontend/http/server_state.h"

namespace delen::frontend {

class Session : public std::enable_shared_from_this<Session> {
 public:
  using Socket = boost::asio::ip::tcp::socket;

  Session(std::shared_ptr<ServerState> server, Socket socket);
  ~Session();

  // Begins to serve.
  void Start();
  // Answers 503 without reading, and closes.
  void TurnAway();

  // Ends what has taken too long.
  void CheckTimeouts(TimePoint now);
  // Closes once the request being read or answered is through.
  void Drain();
  // Closes now and cancels what runs.
  void Close();

 private:
  enum class Phase { kIdle, kHead, kContinue, kBody, kRunning, kWriting, kLingering, kClosed };
  using ErrorCode = boost::system::error_code;

  // Reading.
  void StartRead();
  void OnRead(ErrorCode code, std::size_t count, bool into_body);
  void OnEndOfStream(ErrorCode code);
  void Advance();
  void BeginRequest();
  void OnHead();
  void SendContinue();
  void OnContinueWritten(ErrorCode code);
  bool ChargeBody(std::size_t bytes);

  // Answering.
  void Dispatch();
  void Submit(InferCall call);
  void OnAnswer(Result<core::Response> answer);
  void MakeAside(SlowResponse make);
  void OnAnswer(HttpResponse response);
  void Refuse(int status, std::string_view message);
  void Respond();
  void OnWritten(ErrorCode code);
  void BecomeIdle();
  void Linger();

  template <class Handler>
  void Guarded(Handler handler);
  TimePoint Now() const { return server_->clock.Now(); }
  const HttpOptions& options() const { return server_->options; }

  struct Answer;  // called back by whoever makes the answer, on any thread

  const std::shared_ptr<ServerState> server_;
  Socket socket_;
  Phase phase_ = Phase::kIdle;
  TimePoint deadline_ = TimePoint::Never();  // of this phase

  ReadBuffer buffer_;
  RequestReader reader_;
  std::size_t charged_ = 0;  // of this body, in the server's buffered_bytes
  bool read_pending_ = false;
  bool end_of_stream_ = false;

  TimePoint arrival_;  // of the request in hand
  bool keep_alive_ = true;
  std::optional<core::RequestId> running_;
  std::string client_id_;
  bool binary_output_ = false;
  std::optional<Seconds> device_;  // set while an infer response is written
  HttpResponse response_;
  std::string head_;
};

}  // namespace delen::frontend
