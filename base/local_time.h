// A wall clock's reading in a zone as an instant: for time literals and for data without a zone.
// In: an IANA zone name and local microseconds (as if UTC). Out: microseconds since 1970 UTC. Where the clocks were put
// forward over the reading, the offset before the change holds; where it was shown twice, the first of the two.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace seg::base {

// None: there is no such zone.
std::optional<std::int64_t> instant_of_local(const std::string& zone, std::int64_t local_micros);

}  // namespace seg::base
