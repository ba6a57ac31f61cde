#include "apps/demo/server_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <utility>

extern char** environ;

namespace delen::apps {
namespace {

constexpr int kKeepStdout = -1;

// Starts a program, its standard output going to `stdout_to` unless that is
// kKeepStdout.
Result<pid_t> Spawn(const std::string& program, const std::vector<std::string>& arguments,
                    int stdout_to) {
  std::vector<char*> argv = {const_cast<char*>(program.c_str())};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  if (stdout_to != kKeepStdout) posix_spawn_file_actions_adddup2(&files, stdout_to, STDOUT_FILENO);
  pid_t pid = 0;
  const int failure = posix_spawn(&pid, program.c_str(), &files, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  if (failure != 0) return Unavailable("cannot start '{}': {}", program, std::strerror(failure));
  return pid;
}

int WaitFor(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) == -1 && errno == EINTR) {
  }
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

// The port in the line "listening on http://ADDRESS:PORT" that `fd` will say;
// 0 when it closes without one.
std::uint16_t ReadPort(int fd) {
  const std::unique_ptr<FILE, int (*)(FILE*)> in(fdopen(fd, "r"), &fclose);
  char line[256];
  while (in != nullptr && std::fgets(line, sizeof line, in.get()) != nullptr) {
    const std::string_view text(line);
    const std::size_t colon = text.rfind(':');
    if (!text.starts_with("listening on") || colon == std::string_view::npos) continue;
    std::uint16_t port = 0;
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), port);
    return port;
  }
  return 0;
}

}  // namespace

Result<ServerProcess> ServerProcess::Start(const std::string& program,
                                           const std::vector<std::string>& arguments) {
  int pipe_ends[2];
  if (pipe2(pipe_ends, O_CLOEXEC) != 0) {
    return Unavailable("cannot make a pipe: {}", std::strerror(errno));
  }
  std::vector<std::string> all = {"serve"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  const Result<pid_t> pid = Spawn(program, all, pipe_ends[1]);
  close(pipe_ends[1]);
  if (!pid) {
    close(pipe_ends[0]);
    return pid.error();
  }
  ServerProcess process(*pid, ReadPort(pipe_ends[0]));
  if (process.port_ == 0) {
    return Unavailable("the server ended before it listened; the lines above say why");
  }
  return process;
}

ServerProcess::ServerProcess(ServerProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)), port_(other.port_) {}

ServerProcess::~ServerProcess() { Stop(); }

int ServerProcess::Stop() {
  if (pid_ == 0) return 0;
  kill(pid_, SIGTERM);
  return WaitFor(std::exchange(pid_, 0));
}

Result<int> RunProgram(const std::string& program, const std::vector<std::string>& arguments) {
  const Result<pid_t> pid = Spawn(program, arguments, kKeepStdout);
  if (!pid) return pid.error();
  return WaitFor(*pid);
}

std::string OwnProgram() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

}  // namespace delen::apps
