// HTTP's words for what went wrong.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace delen::frontend {

// A request that HTTP itself refuses, before any endpoint is asked.
struct HttpError {
  int status = 400;
  std::string message;
};

// The one table from error codes to status codes (docs/protocol.md).
int HttpStatus(ErrorCode code);

// "Not Found" for 404; "" for a status that this server does not use.
std::string_view ReasonPhrase(int status);

// {"error": "..."}
std::string ErrorJson(std::string_view message);

}  // namespace delen::frontend
