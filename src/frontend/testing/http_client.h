// A client of plain blocking sockets: it sends exactly the bytes it is given.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace delen::frontend::testing {

struct HttpReply {
  int status = 0;  // 0: the connection ended before a whole reply
  std::string head;
  std::string body;

  // The value of a header, or "".
  std::string Header(std::string_view name) const {
    const std::string line = "\r\n" + std::string(name) + ": ";
    const std::size_t at = head.find(line);
    if (at == std::string::npos) return "";
    const std::size_t from = at + line.size();
    return head.substr(from, head.find("\r\n", from) - from);
  }
};

class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const int one = 1;
    const timeval patience{10, 0};  // a test that waits longer has failed
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    connected_ =
        ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }
  ~HttpClient() { Hangup(); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  bool connected() const { return connected_; }

  // False when the peer no longer takes all of it.
  bool Send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  // The next reply. That to HEAD has no body, whatever its length says.
  HttpReply Receive(bool to_head_request = false) {
    HttpReply reply;
    std::size_t end = 0;
    while ((end = received_.find("\r\n\r\n")) == std::string::npos) {
      if (!ReceiveSome()) return {};
    }
    reply.head = received_.substr(0, end + 2);
    received_.erase(0, end + 4);
    const auto length = static_cast<std::size_t>(
        std::strtoull(reply.Header("Content-Length").c_str(), nullptr, 10));
    const std::size_t expected = to_head_request ? 0 : length;
    while (received_.size() < expected) {
      if (!ReceiveSome()) return {};
    }
    reply.body = received_.substr(0, expected);
    received_.erase(0, expected);
    reply.status = std::atoi(reply.head.c_str() + std::string_view("HTTP/1.1 ").size());
    return reply;
  }

  HttpReply Exchange(std::string_view request) { return Send(request) ? Receive() : HttpReply{}; }

  // Whether the peer closes, now or soon, without another byte.
  bool SeesEnd() { return received_.empty() && !ReceiveSome() && ended_; }

  void ShutdownSend() { ::shutdown(socket_, SHUT_WR); }
  void Hangup() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }
  // As Hangup(), but the peer sees a reset.
  void Reset() {
    const linger now{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
    Hangup();
  }

 private:
  bool ReceiveSome() {
    char bytes[64 << 10];
    const auto count = ::recv(socket_, bytes, sizeof(bytes), 0);
    ended_ = count == 0;
    if (count <= 0) return false;
    received_.append(bytes, static_cast<std::size_t>(count));
    return true;
  }

  int socket_ = -1;
  bool connected_ = false;
  bool ended_ = false;
  std::string received_;
};

}  // namespace delen::frontend::testing
