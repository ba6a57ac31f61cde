#include "frontend/http/http_server.h"

#include <algorithm>
#include <boost/asio/error.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <exception>
#include <future>
#include <thread>
#include <utility>
#include <vector>

#include "frontend/http/server_state.h"
#include "frontend/http/session.h"

namespace delen::frontend {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using Code = boost::system::error_code;
using std::chrono::duration;
using std::chrono::duration_cast;

constexpr std::size_t kTurnedAwayAtOnce = 64;  // connections that only hear 503
constexpr Seconds kAcceptPause{0.1};           // after the system refused one

auto ToDuration(Seconds time) {
  return duration_cast<asio::steady_timer::duration>(duration<double>(time.value()));
}

// How often connections are looked over. No timeout is kept more exactly.
Seconds SweepPeriod(const HttpOptions& options) {
  const Seconds shortest =
      std::min({options.header_timeout, options.body_timeout, options.idle_timeout,
                options.write_timeout, options.linger_timeout});
  return std::clamp(shortest / 4.0, Seconds(0.005), Seconds(1.0));
}

Error CannotListen(const HttpOptions& options, const Code& code) {
  if (code == asio::error::address_in_use) {
    return Unavailable(
        "cannot listen on {}:{}: the port is in use; stop the program that has it or choose "
        "another port",
        options.address, options.port);
  }
  return Unavailable("cannot listen on {}:{}: {}", options.address, options.port, code.message());
}

}  // namespace

class HttpServer::Impl {
 public:
  explicit Impl(std::shared_ptr<ServerState> state)
      : state_(std::move(state)), acceptor_(state_->context), timer_(state_->context) {
    state_->aside = &aside_;
  }
  ~Impl();

  Status Listen();
  void Run();
  bool Drain(Seconds patience);

  std::uint16_t port() const { return port_; }

 private:
  void Accept();
  void OnAccept(const Code& code, tcp::socket socket);
  void StartSession(tcp::socket socket);
  void AcceptLater();
  void OnSessionClosed();
  void Sweep();
  void StopAccepting();

  // On the server's thread.
  const std::shared_ptr<ServerState> state_;
  asio::thread_pool aside_{1};  // before it goes, the server's thread has got all it waits for
  tcp::acceptor acceptor_;
  asio::steady_timer timer_;
  bool accepting_ = false;
  bool sweeping_ = false;
  bool drained_told_ = false;

  asio::executor_work_guard<asio::io_context::executor_type> guard_{state_->context.get_executor()};
  std::uint16_t port_ = 0;
  std::thread thread_;

  std::promise<void> drained_;  // kept by the server's thread
  const std::shared_future<void> when_drained_{drained_.get_future()};
};

Status HttpServer::Impl::Listen() {
  const HttpOptions& options = state_->options;
  Code code;
  const auto address = asio::ip::make_address(options.address, code);
  if (code) {
    return InvalidArgument("cannot listen on '{}': expected an IP address such as 127.0.0.1",
                           options.address);
  }
  const tcp::endpoint endpoint(address, options.port);
  acceptor_.open(endpoint.protocol(), code);
  if (!code) acceptor_.set_option(tcp::acceptor::reuse_address(true), code);
  if (!code) acceptor_.bind(endpoint, code);
  if (!code) acceptor_.listen(asio::socket_base::max_listen_connections, code);
  if (code) return CannotListen(options, code);
  port_ = acceptor_.local_endpoint().port();
  return {};
}

void HttpServer::Impl::Run() {
  state_->session_closed = [this] { OnSessionClosed(); };
  Accept();
  thread_ = std::thread([this] { state_->context.run(); });
}

HttpServer::Impl::~Impl() {
  if (!thread_.joinable()) return;
  asio::post(state_->context, [this] {
    state_->draining = true;
    StopAccepting();
    const std::vector<Session*> sessions(state_->sessions.begin(), state_->sessions.end());
    for (Session* session : sessions) session->Close();
    timer_.cancel();
    guard_.reset();  // run() returns when the last callback of the service is through
  });
  thread_.join();
}

bool HttpServer::Impl::Drain(Seconds patience) {
  asio::post(state_->context, [this] {
    state_->draining = true;
    StopAccepting();
    const std::vector<Session*> sessions(state_->sessions.begin(), state_->sessions.end());
    for (Session* session : sessions) session->Drain();
    OnSessionClosed();
  });
  return when_drained_.wait_for(ToDuration(patience)) == std::future_status::ready;
}

void HttpServer::Impl::StopAccepting() {
  Code ignored;
  acceptor_.close(ignored);
}

// One accept is pending while there is room for what it brings.
void HttpServer::Impl::Accept() {
  const std::size_t most = state_->options.max_connections + kTurnedAwayAtOnce;
  if (accepting_ || !acceptor_.is_open() || state_->sessions.size() >= most) return;
  accepting_ = true;
  acceptor_.async_accept([this](const Code& code, tcp::socket socket) {
    accepting_ = false;
    OnAccept(code, std::move(socket));
  });
}

void HttpServer::Impl::OnAccept(const Code& code, tcp::socket socket) {
  if (!acceptor_.is_open()) return;
  if (code) return AcceptLater();  // out of file descriptors, most likely
  try {
    StartSession(std::move(socket));
  } catch (const std::exception&) {
    return AcceptLater();  // out of memory
  }
  Accept();
}

void HttpServer::Impl::StartSession(tcp::socket socket) {
  Code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  const auto session = std::make_shared<Session>(state_, std::move(socket));
  if (state_->sessions.size() > state_->options.max_connections) {
    session->TurnAway();
  } else {
    session->Start();
  }
  if (!sweeping_) Sweep();
}

void HttpServer::Impl::AcceptLater() {
  auto pause = std::make_shared<asio::steady_timer>(state_->context, ToDuration(kAcceptPause));
  pause->async_wait([this, pause](const Code&) { Accept(); });
}

void HttpServer::Impl::OnSessionClosed() {
  Accept();
  if (!state_->draining || !state_->sessions.empty()) return;
  if (!std::exchange(drained_told_, true)) drained_.set_value();
}

// One timer for all connections, and none while there are none: a request does
// not pay for a timer of its own.
void HttpServer::Impl::Sweep() {
  sweeping_ = !state_->sessions.empty();
  if (!sweeping_) return;
  timer_.expires_after(ToDuration(SweepPeriod(state_->options)));
  timer_.async_wait([this](const Code& code) {
    if (code) return;
    const TimePoint now = state_->clock.Now();
    const std::vector<Session*> sessions(state_->sessions.begin(), state_->sessions.end());
    for (Session* session : sessions) session->CheckTimeouts(now);
    Sweep();
  });
}

Result<std::unique_ptr<HttpServer>> HttpServer::Start(HttpOptions options,
                                                      admission::InferenceService& service,
                                                      const core::ModelCatalog& catalog,
                                                      const Clock& clock,
                                                      tenants::TenantRegistry* tenants) {
  auto impl = std::make_unique<Impl>(
      std::make_shared<ServerState>(std::move(options), service, catalog, clock, tenants));
  const Status listening = impl->Listen();
  if (!listening) return listening.error();
  impl->Run();
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return impl_->port(); }

bool HttpServer::Drain(Seconds patience) { return impl_->Drain(patience); }

}  // namespace delen::frontend
