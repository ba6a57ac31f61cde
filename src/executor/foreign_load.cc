#include "executor/foreign_load.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <utility>

namespace delen::executor {
namespace {

Seconds FromTicks(double ticks) {
  static const auto per_second = static_cast<double>(sysconf(_SC_CLK_TCK));
  return Seconds(ticks / per_second);
}

// "cpu  user nice system idle iowait irq softirq steal guest guest_nice"; guests
// are part of user and nice.
Result<Seconds> BusyOfAll(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string label;
  double user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0;
  in >> label >> user >> nice >> system >> idle >> iowait >> irq >> softirq >> steal;
  if (!in || label != "cpu") {
    return Unavailable("'{}' does not begin with the line 'cpu' and eight numbers", file.string());
  }
  return FromTicks(user + nice + system + irq + softirq + steal);
}

// Fields 14 and 15, counted from behind the name, which may hold anything.
Result<Seconds> BusyOfThisProcess(const std::filesystem::path& file) {
  std::ifstream in(file);
  in.ignore(std::numeric_limits<std::streamsize>::max(), ')');
  std::string skipped;
  for (int field = 3; field < 14; ++field) in >> skipped;
  double user = 0;
  double system = 0;
  in >> user >> system;
  if (!in) return Unavailable("'{}' has no user and system time", file.string());
  return FromTicks(user + system);
}

}  // namespace

Result<double> ForeignLoad::Read(TimePoint now) {
  const Result<Seconds> all = BusyOfAll(root_ / "stat");
  if (!all) return all.error();
  const Result<Seconds> own = BusyOfThisProcess(root_ / "self/stat");
  if (!own) return own.error();
  const Seconds before = std::exchange(foreign_, *all - *own);
  const Seconds passed = now - std::exchange(read_at_, now);
  if (std::exchange(is_first_, false) || passed <= Seconds()) return 0.0;
  return std::max((foreign_ - before) / passed, 0.0);
}

}  // namespace delen::executor
