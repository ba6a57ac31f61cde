#include "apps/serve_command.h"

#include <fmt/core.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <memory>
#include <optional>
#include <string>

#include "apps/server.h"
#include "base/clock.h"
#include "base/files.h"

namespace delen::apps {
namespace {

// What the command line says; it goes before the configuration file.
struct ServeFlags {
  std::string config_file;
  std::optional<std::string> models;
  std::optional<std::string> listen;
  std::optional<std::uint16_t> http_port;
  std::optional<int> threads;
};

Result<ServeConfig> ConfigOf(const ServeFlags& flags) {
  ServeConfig config;
  if (!flags.config_file.empty()) {
    const Result<std::string> text = ReadFile(flags.config_file);
    if (!text) return text.error();
    Result<ServeConfig> parsed = ParseServeConfig(*text, flags.config_file);
    if (!parsed) return parsed;
    config = *std::move(parsed);
  }
  if (flags.models) config.models = *flags.models;
  if (flags.listen) config.http.address = *flags.listen;
  if (flags.http_port) config.http.port = *flags.http_port;
  if (flags.threads) config.threads = *flags.threads;
  return config;
}

// Standard output says where the server listens and nothing else; whoever reads
// it may stop reading then.
void LogToStandardError() {
  spdlog::set_default_logger(spdlog::stderr_color_mt("delen"));
  std::signal(SIGPIPE, SIG_IGN);
}

// The signals that end the server, blocked in every thread so that one can wait
// for them.
sigset_t BlockStopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  return signals;
}

Status Serve(const ServeFlags& flags) {
  LogToStandardError();
  const sigset_t stop_signals = BlockStopSignals();
  const Result<ServeConfig> config = ConfigOf(flags);
  if (!config) return config.error();
  const SteadyClock clock;
  const Result<std::unique_ptr<Server>> server = Server::Start(*config, clock);
  if (!server) return server.error();
  fmt::print("listening on http://{}:{}\n", config->http.address, (*server)->port());
  std::fflush(stdout);

  int signal = 0;
  sigwait(&stop_signals, &signal);
  spdlog::info("{}: letting running requests finish", signal == SIGTERM ? "SIGTERM" : "SIGINT");
  if (!(*server)->Drain()) spdlog::warn("some requests took too long and were dropped");
  return {};
}

}  // namespace

void AddServeCommand(CLI::App& app, int& exit_code) {
  auto flags = std::make_shared<ServeFlags>();
  CLI::App* command = app.add_subcommand("serve", "Serve the models of a folder over HTTP");
  command->add_option("--config", flags->config_file, "Configuration file (docs/delen.toml)");
  command->add_option("--models", flags->models, "Folder of models (default: models)");
  command->add_option("--listen", flags->listen, "IP address to listen on (default: 127.0.0.1)");
  command->add_option("--http-port", flags->http_port, "Port; 0 for any free one (default: 8000)");
  command->add_option("--threads", flags->threads,
                      "Threads per stage (default: what the profile says is quickest)");
  command->footer("Example:\n  delen serve --models models --http-port 8000");
  command->callback([flags, &exit_code] {
    const Status served = Serve(*flags);
    if (served) return;
    fmt::print(stderr, "delen serve: {}\n", served.error().message);
    exit_code = 1;
  });
}

}  // namespace delen::apps
