// A `delen serve` of one's own, as a child process: for the demo and for
// end-to-end tests.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace delen::apps {

// Threads: not thread-safe.
class ServerProcess {
 public:
  // Starts `program serve arguments...` and waits until it listens.
  // Errors: kUnavailable when it ends before it listens; why stands on stderr.
  static Result<ServerProcess> Start(const std::string& program,
                                     const std::vector<std::string>& arguments);
  ServerProcess(ServerProcess&& other) noexcept;
  ServerProcess& operator=(ServerProcess&&) = delete;
  // Stops the process if it still runs.
  ~ServerProcess();

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }

  // Asks it to end (SIGTERM), waits, and returns its exit code; 128 plus the
  // signal's number when a signal ended it.
  int Stop();

 private:
  ServerProcess(pid_t pid, std::uint16_t port) : pid_(pid), port_(port) {}

  pid_t pid_ = 0;  // 0: not running
  std::uint16_t port_ = 0;
};

// Runs `program arguments...` with this process's own output and returns its
// exit code.
// Errors: kUnavailable when it cannot be started.
Result<int> RunProgram(const std::string& program, const std::vector<std::string>& arguments);

// The path of the program that is running.
std::string OwnProgram();

}  // namespace delen::apps
