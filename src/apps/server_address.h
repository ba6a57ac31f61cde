// Where a server is, as written on the command line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace delen::apps {

struct ServerAddress {
  std::string address;  // an IP address
  std::uint16_t port = 0;
};

// "ADDRESS:PORT"; "localhost" stands for 127.0.0.1.
// Errors: kInvalidArgument when there is no port from 1 to 65535.
Result<ServerAddress> ParseServerAddress(std::string_view text);

}  // namespace delen::apps
