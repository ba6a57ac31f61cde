// The `parameters` object of the Open Inference Protocol: names to plain
// values, on requests and on responses alike.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace delen::core {

using ParameterValue = std::variant<bool, std::int64_t, double, std::string>;
// In the order sent; a handful, so a list is the fastest map.
using Parameters = std::vector<std::pair<std::string, ParameterValue>>;

// Null when absent; the last one where a name was sent twice.
const ParameterValue* Find(const Parameters& parameters, std::string_view name);

// The value as a finite number. Strings that spell a number count, because
// headers and some clients can send nothing else.
// Errors: kInvalidArgument, naming the parameter and what it held.
Result<double> AsNumber(std::string_view name, const ParameterValue& value);

// Errors: kInvalidArgument when the value is not a string.
Result<std::string_view> AsText(std::string_view name, const ParameterValue& value);

// The value as a person would type it, for messages.
std::string ToString(const ParameterValue& value);

}  // namespace delen::core
