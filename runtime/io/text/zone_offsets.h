// Local times of one time zone to instants and back, fast enough for every row.
// In: an IANA name. Out: a table of the zone's offsets from 1900 to 2100, made once through ICU. Used by the loader for
// times without a zone, dates and as-of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace seg::io {

class ZoneOffsets {
 public:
  ZoneOffsets();  // UTC
  // None if there is no such zone.
  static std::optional<ZoneOffsets> create(const std::string& name);

  bool is_utc() const { return starts_.size() == 1 && offsets_[0] == 0; }

  // `local`: microseconds since 1970-01-01T00:00 on the local clock. A time that the clock skips (spring) is as much
  // later as the gap is long; of two that it shows twice (autumn) the first is meant.
  std::int64_t to_utc(std::int64_t local) const;
  std::int64_t to_local(std::int64_t instant) const;

 private:
  std::vector<std::int64_t> starts_;        // instants from which an offset holds; the first is the beginning of time
  std::vector<std::int64_t> local_starts_;  // the local times from which it is used by to_utc
  std::vector<std::int64_t> offsets_;       // microseconds east of UTC
};

}  // namespace seg::io
