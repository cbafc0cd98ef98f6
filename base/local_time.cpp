#include "base/local_time.h"

#include <unicode/basictz.h>
#include <unicode/timezone.h>

#include <memory>

namespace seg::base {

std::optional<std::int64_t> instant_of_local(const std::string& zone, std::int64_t local_micros) {
  const std::unique_ptr<icu::TimeZone> found(icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(zone)));
  const auto* basic = dynamic_cast<const icu::BasicTimeZone*>(found.get());
  if (basic == nullptr || *found == icu::TimeZone::getUnknown()) return std::nullopt;
  const std::int64_t millis = local_micros >= 0 ? local_micros / 1000 : -((-local_micros + 999) / 1000);
  std::int32_t raw = 0;
  std::int32_t saving = 0;
  UErrorCode error = U_ZERO_ERROR;
  basic->getOffsetFromLocal(static_cast<UDate>(millis), UCAL_TZ_LOCAL_FORMER, UCAL_TZ_LOCAL_FORMER, raw, saving, error);
  if (U_FAILURE(error)) return std::nullopt;
  return local_micros - (static_cast<std::int64_t>(raw) + saving) * 1000;
}

}  // namespace seg::base
