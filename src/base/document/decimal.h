// Decimal numbers as text, exact in both directions: the shortest digits that
// read back as the same double, and units changed by moving the point.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace delen {

// The shortest text for `value` times ten to the `shift`: Decimal(0.0042, 3)
// is "4.2". `value` is finite.
std::string Decimal(double value, int shift = 0);

// The double nearest to `digits` times ten to the `shift`; nothing when the
// text is no number or too large for a double.
std::optional<double> ParseDecimal(std::string_view digits, int shift = 0);

}  // namespace delen
