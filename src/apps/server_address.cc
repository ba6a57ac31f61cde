#include "apps/server_address.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace delen::apps {

Result<ServerAddress> ParseServerAddress(std::string_view text) {
  const std::size_t colon = std::min(text.rfind(':'), text.size());
  const std::string_view digits = text.substr(std::min(colon + 1, text.size()));
  const char* const last = digits.data() + digits.size();
  ServerAddress server{.address = std::string(text.substr(0, colon))};
  const auto [end, failure] = std::from_chars(digits.data(), last, server.port);
  if (failure != std::errc() || end != last || server.port == 0) {
    return InvalidArgument("the server is '{}', expected ADDRESS:PORT", text);
  }
  if (server.address == "localhost") server.address = "127.0.0.1";
  return server;
}

}  // namespace delen::apps
