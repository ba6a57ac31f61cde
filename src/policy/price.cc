#include "policy/price.h"

#include <algorithm>
#include <boost/container/static_vector.hpp>
#include <cmath>
#include <limits>

namespace delen::policy {
namespace {

using Step = core::ExitTable::Step;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The distinct prices at which a decision changes, rising: the densities of all
// steps. Of very many, only the first are told apart.
class Levels {
 public:
  void Add(std::span<const Step> steps) {
    for (const Step& step : steps) Add(step.density);
  }

  // The lowest price above a level at which `holds`, which must be true of all
  // prices above one for which it is true; infinite when of none.
  template <class Predicate>
  double Lowest(Predicate holds) const {
    const auto found = std::partition_point(densities_.begin(), densities_.end(),
                                            [&](double level) { return !holds(Above(level)); });
    return found == densities_.end() ? kInfinity : Above(*found);
  }

 private:
  static double Above(double level) { return std::nextafter(level, kInfinity); }

  void Add(double density) {
    const auto at = std::lower_bound(densities_.begin(), densities_.end(), density);
    const bool known = at != densities_.end() && *at == density;
    if (known || density == kInfinity || densities_.size() == densities_.capacity()) return;
    densities_.insert(at, density);
  }

  boost::container::static_vector<double, 64> densities_;
};

bool AllKeepTheirBudgets(std::span<const Claim> claims, double price) {
  Seconds total;
  for (const Claim& claim : claims) {
    const Seconds work = WorkAt(claim, price);
    total += work;
    if (work > Seconds(0.0) && total > claim.budget) return false;
  }
  return true;
}

double LoadOf(const Stream& stream, double slowdown, double price) {
  const std::size_t count = StepsWorth(stream.steps, price);
  if (count == 0) return 0.0;
  const Seconds row = stream.steps[count - 1].time * (stream.share * slowdown);
  return stream.rows_per_second * row.value();
}

// The lane's share that a tenant's streams take at a price.
double LoadOf(std::span<const Stream> streams, std::uint32_t tenant, double slowdown,
              double price) {
  double load = 0.0;
  for (const Stream& stream : streams) {
    if (stream.tenant == tenant) load += LoadOf(stream, slowdown, price);
  }
  return load;
}

// One tenant's part of `share`: what the others do not use of theirs is its too.
double PartOf(std::span<const Stream> streams, std::uint32_t tenant, double slowdown,
              double share) {
  struct Tenant {
    std::uint32_t index;
    double weight;
    double wants;
  };
  boost::container::static_vector<Tenant, 64> tenants;
  double weights = 0.0;
  for (const Stream& stream : streams) {
    const auto known = std::ranges::find(tenants, stream.tenant, &Tenant::index);
    const double wants = LoadOf(stream, slowdown, 0.0);
    if (known != tenants.end()) {
      known->wants += wants;
    } else if (tenants.size() < tenants.capacity()) {
      tenants.push_back({stream.tenant, stream.weight, wants});
      weights += stream.weight;
    }
  }
  double left = share;
  for (const Tenant& other : tenants) {
    if (other.index != tenant) left -= std::min(other.wants, share * other.weight / weights);
  }
  return left;
}

}  // namespace

std::size_t StepsWorth(std::span<const Step> steps, double price) {
  std::size_t count = 0;
  while (count < steps.size() && steps[count].density >= price) ++count;
  return count;
}

Seconds WorkAt(const Claim& claim, double price) {
  const std::size_t count = StepsWorth(claim.steps, price);
  const Seconds wanted = count == 0 ? Seconds() : claim.steps[count - 1].time;
  return std::max(claim.must, wanted) * claim.scale;
}

double PriceOfTime(std::span<const Claim> claims) {
  if (AllKeepTheirBudgets(claims, 0.0)) return 0.0;
  Levels levels;
  for (const Claim& claim : claims) levels.Add(claim.steps);
  return levels.Lowest([&](double price) { return AllKeepTheirBudgets(claims, price); });
}

double SteadyPrice(std::span<const Stream> streams, std::uint32_t tenant, double slowdown,
                   double share) {
  const double part = PartOf(streams, tenant, slowdown, share);
  const auto fits = [&](double price) { return LoadOf(streams, tenant, slowdown, price) <= part; };
  if (fits(0.0)) return 0.0;
  Levels levels;
  for (const Stream& stream : streams) {
    if (stream.tenant == tenant) levels.Add(stream.steps);
  }
  return levels.Lowest(fits);
}

}  // namespace delen::policy
