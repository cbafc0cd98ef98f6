#include "runtime/io/text/zone_offsets.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>
#include <unicode/tztrans.h>

#include <algorithm>
#include <limits>
#include <memory>

namespace seg::io {
namespace {

constexpr std::int64_t kMicrosPerMilli = 1'000;
constexpr double kFrom = -2208988800000.0;  // 1900-01-01, milliseconds
constexpr double kTo = 4102444800000.0;     // 2100-01-01

}  // namespace

ZoneOffsets::ZoneOffsets()
    : starts_{std::numeric_limits<std::int64_t>::min()},
      local_starts_{std::numeric_limits<std::int64_t>::min()},
      offsets_{0} {}

std::optional<ZoneOffsets> ZoneOffsets::create(const std::string& name) {
  if (name == "UTC" || name == "Etc/UTC") return ZoneOffsets();
  const std::unique_ptr<icu::TimeZone> zone(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(name)));
  if (zone == nullptr || *zone == icu::TimeZone::getUnknown()) return std::nullopt;
  const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(zone.get());
  if (basic == nullptr) return std::nullopt;

  ZoneOffsets table;
  std::int32_t raw = 0, dst = 0;
  UErrorCode error = U_ZERO_ERROR;
  zone->getOffset(kFrom, false, raw, dst, error);
  if (U_FAILURE(error)) return std::nullopt;
  table.offsets_[0] = (raw + dst) * kMicrosPerMilli;

  icu::TimeZoneTransition transition;
  double at = kFrom;
  while (basic->getNextTransition(at, false, transition) && transition.getTime() < kTo) {
    at = transition.getTime();
    zone->getOffset(at, false, raw, dst, error);
    if (U_FAILURE(error)) return std::nullopt;
    const std::int64_t offset = (raw + dst) * kMicrosPerMilli;
    const std::int64_t before = table.offsets_.back();
    if (offset == before) continue;
    const auto instant = static_cast<std::int64_t>(at) * kMicrosPerMilli;
    table.starts_.push_back(instant);
    // Until then the old offset is used. Forward: the skipped hour still has the old offset, so that it comes out as
    // much later. Back: the hour shown twice has the old one too, that is, its first showing.
    table.local_starts_.push_back(instant + std::max(offset, before));
    table.offsets_.push_back(offset);
  }
  return table;
}

std::int64_t ZoneOffsets::to_utc(std::int64_t local) const {
  if (starts_.size() == 1) return local - offsets_[0];
  const auto next = std::upper_bound(local_starts_.begin(), local_starts_.end(), local);
  return local - offsets_[static_cast<std::size_t>(next - local_starts_.begin() - 1)];
}

std::int64_t ZoneOffsets::to_local(std::int64_t instant) const {
  if (starts_.size() == 1) return instant + offsets_[0];
  const auto next = std::upper_bound(starts_.begin(), starts_.end(), instant);
  return instant + offsets_[static_cast<std::size_t>(next - starts_.begin() - 1)];
}

}  // namespace seg::io
