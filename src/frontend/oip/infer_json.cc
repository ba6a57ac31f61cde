#include "frontend/oip/infer_json.h"

#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <utility>

#include "frontend/oip/infer_events.h"
#include "frontend/oip/text_stream.h"

namespace delen::frontend {

Result<InferJson> ParseInferJson(std::string_view text) {
  // NaN and Infinity are no JSON, but Python's json module writes them.
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseNanAndInfFlag |
                              rapidjson::kParseValidateEncodingFlag;
  TextStream stream(text);
  InferEvents events(text, stream);
  rapidjson::Reader reader;
  const rapidjson::ParseResult result = reader.Parse<kFlags>(stream, events);
  if (events.failed()) return events.error();
  if (result.IsError() || stream.Tell() != text.size()) {
    const std::size_t at = result.IsError() ? result.Offset() : stream.Tell();
    const char* const why =
        result.IsError() ? rapidjson::GetParseError_En(result.Code()) : "There is a NUL byte.";
    return InvalidArgument("request is not JSON: {} (byte {} of {})", why, at, text.size());
  }
  return std::move(events).Take();
}

}  // namespace delen::frontend
