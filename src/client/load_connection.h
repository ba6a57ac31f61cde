// One keep-alive connection of the load generator: asynchronous, one exchange at
// a time.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <string_view>

#include "base/result.h"
#include "base/units.h"

namespace delen::client {

// A request as bytes, in two parts that follow each other.
struct WireRequest {
  std::string_view head;
  std::span<const std::byte> body;
};

struct WireReply {
  int status = 0;
  std::string_view head_length;  // the header kHeaderLength; empty when absent
  std::string_view body;
};

// Threads: everything happens in the thread that runs the context.
// Memory:  must outlive that run.
class LoadConnection {
 public:
  // What it is given lives until it returns or begins another exchange.
  using Done = std::function<void(const Result<WireReply>&)>;

  LoadConnection(boost::asio::io_context& context, const boost::asio::ip::tcp::endpoint& server,
                 Seconds patience)
      : context_(context), server_(server), patience_(patience) {}

  // Whether the next exchange need not open it.
  bool is_open() const { return open_; }

  // Sends `request`, whose bytes live until `done` was called. A kept connection
  // that the server closed meanwhile is opened anew, once.
  // Errors: kUnavailable when the server cannot be reached or goes away,
  //         kDeadlineExceeded when it takes longer than the patience given.
  void Exchange(const WireRequest& request, Done done);

 private:
  using Code = boost::system::error_code;
  using Parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

  void Arm();
  void Open();
  void Write();
  void Read();
  void Deliver();
  void OnFailure(std::string_view doing, Code code);
  void Finish(const Result<WireReply>& reply);

  boost::asio::io_context& context_;
  boost::asio::ip::tcp::endpoint server_;
  Seconds patience_;
  bool open_ = false;
  bool kept_ = false;  // open since before this exchange
  std::optional<boost::beast::tcp_stream> stream_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  WireRequest request_;
  Done done_;
};

}  // namespace delen::client
