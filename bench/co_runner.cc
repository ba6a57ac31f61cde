#include "co_runner.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

extern char** environ;

namespace delen::bench {
namespace {

constexpr const char* kProgram = "stress-ng";

// Starts the program in a process group of its own, its output thrown away.
Result<pid_t> Spawn(const std::vector<std::string>& arguments) {
  std::vector<char*> argv = {const_cast<char*>(kProgram)};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  for (const int output : {STDOUT_FILENO, STDERR_FILENO}) {
    posix_spawn_file_actions_addopen(&files, output, "/dev/null", O_WRONLY, 0);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t pid = 0;
  const int failure = posix_spawnp(&pid, kProgram, &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  if (failure != 0) return Unavailable("cannot start '{}': {}", kProgram, std::strerror(failure));
  return pid;
}

int WaitFor(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) == -1 && errno == EINTR) {
  }
  return status;
}

}  // namespace

Result<CoRunner> CoRunner::Start(const std::vector<std::string>& arguments) {
  const Result<pid_t> pid = Spawn(arguments);
  if (!pid) return pid.error();
  return CoRunner(*pid);
}

CoRunner::CoRunner(CoRunner&& other) noexcept : pid_(std::exchange(other.pid_, 0)) {}

CoRunner::~CoRunner() {
  if (pid_ == 0) return;
  kill(-pid_, SIGTERM);
  WaitFor(pid_);
}

bool HasCoRunner() {
  const Result<pid_t> pid = Spawn({"--version"});
  return pid && WaitFor(*pid) == 0;
}

}  // namespace delen::bench
