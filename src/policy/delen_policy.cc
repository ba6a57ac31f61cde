#include "policy/delen_policy.h"

#include <algorithm>
#include <cstdint>
#include <optional>

#include "policy/forecast.h"

namespace delen::policy {
namespace {

// What keeps arriving may take this share of the lane's time; the rest is for
// bursts and for what the profile does not know.
constexpr double kSteadyShare = 0.9;

// ... and is not thought of while all that is wanted now could be done in this
// share of the time there is: then the lane would only idle.
constexpr double kShortBacklog = 0.6;

// A bound kept is worth so much accuracy of one answer.
constexpr double kWorthOfABound = 2.0;

// Fewer requests of late are no stream that goes on.
constexpr double kStream = 2.0;

// A batch is made smaller while it is expected to make more requests miss.
constexpr double kFewMisses = 0.01;

// Jobs beyond these are served in their turn, but not planned for.
constexpr std::size_t kMaxClaims = 1024;
using Claims = boost::container::static_vector<Claim, kMaxClaims>;

Claims ClaimsOf(const Queue& queue, const Conditions& conditions) {
  const Jobs jobs = queue.jobs.first(std::min(queue.jobs.size(), kMaxClaims));
  const Boundaries boundaries(jobs);
  Claims claims;
  for (const WaitingJob* job : jobs) {
    claims.push_back(ClaimOf(*job, boundaries.rows(*job), conditions));
  }
  return claims;
}

// The price if there were less time than there is.
double PriceInAHurry(const Queue& queue, Claims claims) {
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Seconds until_due = queue.jobs[i]->due - queue.now;
    claims[i].budget = std::min(claims[i].budget, until_due) * kShortBacklog;
  }
  return PriceOfTime(claims);
}

// The prices that the waiting jobs pay. Whoever is within its share pays for
// what the others must have, not for what they would like.
class Prices {
 public:
  Prices(const Queue& queue, const Claims& claims)
      : queue_(queue), over_share_(PriceOfTime(claims)), within_share_(over_share_) {
    if (queue.jobs.size() > 1) hurried_ = PriceInAHurry(queue, claims);
    if (over_share_ == 0.0) return;
    Claims reduced = claims;
    for (std::size_t i = 0; i < claims.size(); ++i) {
      if (queue.jobs[i]->over_share) reduced[i].steps = {};
      if (queue.jobs[i]->yields) reduced[i].must = Seconds();
    }
    within_share_ = PriceOfTime(reduced);
  }

  double For(const WaitingJob& job) {
    const double price = job.over_share ? over_share_ : within_share_;
    if (hurried_ <= price) return price;
    return std::max(price, std::min(hurried_, SteadyFor(job.tenant)));
  }

 private:
  struct Steady {
    std::uint32_t tenant;
    double price;
  };

  double SteadyFor(std::uint32_t tenant) {
    const auto known = std::ranges::find(steady_, tenant, &Steady::tenant);
    if (known != steady_.end()) return known->price;
    const double price = SteadyPrice(queue_.streams, tenant, queue_.slowdown, kSteadyShare);
    if (steady_.size() < steady_.capacity()) steady_.push_back({tenant, price});
    return price;
  }

  const Queue& queue_;
  double over_share_;
  double within_share_;
  double hurried_ = 0.0;                                // with less time than there is
  boost::container::static_vector<Steady, 16> steady_;  // those asked for, of the first tenants
};

Plan BestAnswer(std::size_t index, const WaitingJob& job) {
  return Answer(index, BestReached(*job.exits, job.reached()));
}

// A batch that could run next, and what is known of it.
struct Unit {
  Batch batch;
  Seconds time;  // by a high quantile
};

Unit UnitOf(const Queue& queue, const Batch& batch) {
  const WaitingJob& first = *queue.jobs[batch[0]];
  const Forecast forecast(*first.exits, RowsOf(queue.jobs, batch), queue.slowdown);
  return {batch, forecast.Time(first.last_reached(), first.last_reached() + 1)};
}

// How many requests of other tenants that will have arrived by then, and cannot
// wait for the end of the unit, are to be expected.
double MissesBehind(const Unit& unit, const Queue& queue) {
  const std::uint32_t tenant = queue.jobs[unit.batch[0]]->tenant;
  double misses = 0.0;
  for (const Stream& stream : queue.streams) {
    if (stream.tenant == tenant || stream.recent_rows < kStream) continue;
    const Seconds deaf = std::max(unit.time - stream.slack, Seconds());
    misses += stream.rows_per_second * deaf.value();
  }
  return misses;
}

// Whether, the unit run first, all who wait for their first answer still get it
// in time, as far as they would without it.
bool BreaksNone(const Unit& unit, Jobs jobs, std::span<const Claim> claims) {
  Seconds without;
  Seconds with = unit.time;
  auto member = unit.batch.begin();
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Seconds must = MustWork(claims[i]);
    without += must;
    const bool is_member = member != unit.batch.end() && *member == i;
    if (is_member) {
      ++member;
    } else {
      with += must;
    }
    const Seconds end = is_member ? unit.time : with;
    const Seconds budget = claims[i].budget;
    if (jobs[i]->reached() == 0 && end > budget && without <= budget) return false;
  }
  return true;
}

// The most urgent job and those at its boundary, as many as pay and as hurt no
// one: neither those who must wait longer for the batch nor its members.
Unit UnitBehindFirst(const Queue& queue, std::span<const Claim> claims) {
  int rows = RowsThatMayJoin(queue.jobs);
  while (true) {
    Unit unit = UnitOf(queue, BatchOf(queue.jobs, queue.jobs[0]->exits->BestBatch(rows)));
    if (unit.batch.size() == 1) return unit;
    if (BreaksNone(unit, queue.jobs, claims) && MissesBehind(unit, queue) <= kFewMisses)
      return unit;
    rows = RowsOf(queue.jobs, unit.batch) - 1;
  }
}

// Whether the unit, which nobody must have, gains less than the bounds are worth
// that it makes others miss.
bool IsWorthLessThanItsMisses(const Unit& unit, const Queue& queue, std::span<const Claim> claims) {
  double gain = 0.0;
  for (const std::size_t i : unit.batch) {
    const WaitingJob& job = *queue.jobs[i];
    if (claims[i].must > Seconds() || claims[i].steps.empty()) return false;
    const core::ExitTable& exits = *job.exits;
    gain += job.rows * (exits.value(claims[i].steps.front().exit) -
                        exits.value(BestReached(exits, job.reached())));
  }
  return gain < kWorthOfABound * MissesBehind(unit, queue);
}

// A job that has an answer and could not hand it out in time any more once the
// unit has run.
std::optional<std::size_t> FirstToExpire(const Unit& unit, Jobs jobs,
                                         std::span<const Claim> claims) {
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const bool may_answer = jobs[i]->reached() > 0 && jobs[i]->stop_rule == nullptr;
    if (may_answer && unit.time > claims[i].budget) return i;
  }
  return std::nullopt;
}

}  // namespace

Plan DelenPolicy::Choose(const Queue& queue) const {
  if (queue.jobs.empty()) return {};
  const Claims claims = ClaimsOf(queue, ConditionsOf(queue));
  Prices prices(queue, claims);
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const WaitingJob& job = *queue.jobs[i];
    const bool is_done = job.reached() > 0 && WorkAt(claims[i], prices.For(job)) == Seconds();
    if (is_done) return BestAnswer(i, job);
  }
  const Unit unit = UnitBehindFirst(queue, claims);
  if (const std::optional<std::size_t> expiring = FirstToExpire(unit, queue.jobs, claims)) {
    return BestAnswer(*expiring, *queue.jobs[*expiring]);
  }
  if (IsWorthLessThanItsMisses(unit, queue, claims)) {
    return BestAnswer(unit.batch[0], *queue.jobs[unit.batch[0]]);
  }
  return Run(queue, unit.batch);
}

Verdict DelenPolicy::Admit(const Queue& queue, const WaitingJob& job) const {
  const Conditions conditions = ConditionsOf(queue);
  if (job.stop_rule != nullptr) return Verdict::kAccept;
  if (!Fits(job, 0, conditions)) return Verdict::kInfeasible;
  const Claims claims = ClaimsOf(queue, conditions);
  const Claim own = ClaimOf(job, job.rows, conditions);
  const Seconds work = MustWork(own);
  Seconds ahead = queue.busy;
  bool is_in = false;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (!is_in && GoesBefore(job, *queue.jobs[i])) {
      if (ahead + work > own.budget) return Verdict::kOverloaded;
      is_in = true;
    }
    const Seconds must = MustWork(claims[i]);
    ahead += must;
    const Seconds budget = claims[i].budget;
    const bool is_pushed_out = ahead <= budget && ahead + work > budget;
    const bool matters = must > Seconds() && queue.jobs[i]->yields == job.yields;
    if (is_in && matters && is_pushed_out) return Verdict::kOverloaded;
  }
  return is_in || ahead + work <= own.budget ? Verdict::kAccept : Verdict::kOverloaded;
}

}  // namespace delen::policy
