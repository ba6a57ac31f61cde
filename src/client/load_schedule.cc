#include "client/load_schedule.h"

#include <algorithm>

namespace delen::client {

LoadSchedule::LoadSchedule(const workload::Scenario& scenario)
    : end_(scenario.duration ? TimePoint(*scenario.duration) : TimePoint::Never()),
      requests_left_(scenario.requests) {
  for (std::size_t i = 0; i < scenario.tenants.size(); ++i) {
    Source source{.arrivals = scenario.ArrivalsOf(i)};
    source.next = Draw(source);
    sources_.push_back(std::move(source));
  }
}

std::optional<DueRequest> LoadSchedule::Next() {
  if (requests_left_ && *requests_left_ <= 0) return std::nullopt;
  const auto when = [](const Source& source) { return source.next.value_or(TimePoint::Never()); };
  const auto first = std::ranges::min_element(sources_, {}, when);
  if (first == sources_.end() || !first->next) return std::nullopt;
  const DueRequest request{*first->next, static_cast<std::size_t>(first - sources_.begin()),
                           first->number++};
  first->next = Draw(*first);
  if (requests_left_) --*requests_left_;
  return request;
}

std::optional<TimePoint> LoadSchedule::Draw(Source& source) const {
  const std::optional<TimePoint> next = source.arrivals->Next();
  return next && *next < end_ ? next : std::nullopt;
}

}  // namespace delen::client
