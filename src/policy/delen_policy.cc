#include "policy/delen_policy.h"

#include <algorithm>
#include <cstdint>

namespace delen::policy {
namespace {

// What keeps arriving may take this share of the lane's time; the rest is for
// bursts and for what the profile does not know.
constexpr double kSteadyShare = 0.9;

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

// The prices that the waiting jobs pay. Whoever is within its share does not pay
// for those who are not.
class Prices {
 public:
  Prices(const Queue& queue, std::span<const Claim> claims) : queue_(queue) {
    const auto within = std::ranges::find_if(queue.jobs.first(claims.size()),
                                             [](const WaitingJob* job) { return job->over_share; });
    const auto count = static_cast<std::size_t>(within - queue.jobs.begin());
    within_share_ = PriceOfTime(claims.first(count));
    over_share_ = count == claims.size() ? within_share_ : PriceOfTime(claims);
  }

  double For(const WaitingJob& job) {
    const double price = job.over_share ? over_share_ : within_share_;
    // With nobody else waiting, the lane would only idle.
    return queue_.jobs.size() < 2 ? price : std::max(price, SteadyFor(job.tenant));
  }

 private:
  double SteadyFor(std::uint32_t tenant) {
    if (tenant_ != tenant) {
      tenant_ = tenant;
      steady_ = SteadyPrice(queue_.streams, tenant, queue_.slowdown, kSteadyShare);
    }
    return steady_;
  }

  const Queue& queue_;
  double within_share_ = 0.0;
  double over_share_ = 0.0;
  std::uint32_t tenant_ = UINT32_MAX;  // whose steady price was asked for last
  double steady_ = 0.0;
};

// Whether running `batch` first breaks no budget that would otherwise be kept.
bool BreaksNone(std::span<const Claim> claims, const Batch& batch, Seconds batch_time) {
  Seconds without;
  Seconds with = batch_time;
  auto member = batch.begin();
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const Seconds must = claims[i].must * claims[i].scale;
    without += must;
    const bool is_member = member != batch.end() && *member == i;
    if (is_member) {
      ++member;
    } else {
      with += must;
    }
    const Seconds end = is_member ? batch_time : with;
    if (must > Seconds() && end > claims[i].budget && without <= claims[i].budget) return false;
  }
  return true;
}

// The most urgent job and those at its boundary, as many as pay and as hurt no
// one: neither those who must wait longer for the batch nor its members.
Batch BatchBehindFirst(const Queue& queue, std::span<const Claim> claims) {
  const WaitingJob& first = *queue.jobs[0];
  int rows = RowsThatMayJoin(queue.jobs);
  while (true) {
    const Batch batch = BatchOf(queue.jobs, first.exits->BestBatch(rows));
    if (batch.size() == 1) return batch;
    rows = RowsOf(queue.jobs, batch);
    const core::ExitTable::Costs costs = first.exits->CostsFor(rows);
    const std::vector<Seconds>& sums = costs.sums->p95;
    const Seconds stage = sums[first.reached() + 1] - sums[first.reached()];
    if (BreaksNone(claims, batch, stage * (costs.factor * queue.slowdown))) return batch;
    --rows;
  }
}

}  // namespace

Plan DelenPolicy::Choose(const Queue& queue) const {
  if (queue.jobs.empty()) return {};
  const Claims claims = ClaimsOf(queue, ConditionsOf(queue));
  Prices prices(queue, claims);
  for (std::size_t i = 0; i < claims.size(); ++i) {
    const WaitingJob& job = *queue.jobs[i];
    if (job.reached() > 0 && WorkAt(claims[i], prices.For(job)) == Seconds()) {
      return Answer(i, BestReached(*job.exits, job.reached()));
    }
  }
  return Run(queue, BatchBehindFirst(queue, claims));
}

Verdict DelenPolicy::Admit(const Queue& queue, const WaitingJob& job) const {
  const Conditions conditions = ConditionsOf(queue);
  if (job.stop_rule != nullptr) return Verdict::kAccept;
  if (!Fits(job, 0, conditions)) return Verdict::kInfeasible;
  const Claims claims = ClaimsOf(queue, conditions);
  const Claim own = ClaimOf(job, job.rows, conditions);
  const Seconds work = own.must * own.scale;
  Seconds ahead = queue.busy;
  bool is_in = false;
  for (std::size_t i = 0; i < claims.size(); ++i) {
    if (!is_in && GoesBefore(job, *queue.jobs[i])) {
      if (ahead + work > own.budget) return Verdict::kOverloaded;
      is_in = true;
    }
    const Seconds must = claims[i].must * claims[i].scale;
    ahead += must;
    const Seconds budget = claims[i].budget;
    const bool is_pushed_out = ahead <= budget && ahead + work > budget;
    if (is_in && must > Seconds() && is_pushed_out) return Verdict::kOverloaded;
  }
  return is_in || ahead + work <= own.budget ? Verdict::kAccept : Verdict::kOverloaded;
}

}  // namespace delen::policy
