// Days, zones and windows of the reference interpreter, straight from base/window.h. Calendar by <chrono>, zones by
// ICU.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/binding.h"
#include "base/cadence.h"
#include "base/window.h"

namespace seg::reference {

// One time zone and what as-of means in it.
class LocalCalendar {
 public:
  // An unknown name is the project's zone (and UTC if that is unknown too).
  LocalCalendar(const std::string& zone, const base::Binding& binding);
  ~LocalCalendar();

  std::int32_t day_of(std::int64_t instant) const;   // local day of an instant
  std::int64_t start_of(std::int32_t day) const;     // first instant of a local day
  std::int32_t hour_of(std::int64_t instant) const;  // 0 to 23
  std::int32_t as_of_day() const { return as_of_day_; }
  std::int64_t as_of_end() const { return as_of_end_; }  // events at or after it do not exist

  bool day_inside(std::int32_t day, const base::Window& window) const;
  // Is a yearly return of the day (in a later year; 29 Feb is 28 Feb in years without one) inside?
  bool recurs_inside(std::int32_t day, const base::Window& window) const;
  bool instant_inside(std::int64_t instant, const base::Window& window) const;
  // The first day of the cadence that is not before `day`; whether a local day ends by the as-of.
  std::int64_t cadence_day(std::int64_t day, const base::Cadence& cadence) const;
  bool is_over(std::int64_t day) const;
  // First day of the calendar unit that the day lies in.
  std::int32_t unit_start(std::int32_t day, base::TimeUnit unit) const;

 private:
  struct Days {
    std::int64_t first, end;
  };
  Days days_of(const base::Window& window) const;
  std::int64_t hour_floor(std::int64_t instant) const;
  std::int64_t offset_at(std::int64_t instant) const;

  struct Zone;
  std::unique_ptr<Zone> zone_;
  base::Weekday week_starts_;
  bool is_instant_;
  std::int32_t as_of_day_;
  std::int64_t as_of_end_;
};

std::int32_t add_units(std::int32_t day, std::int64_t n, base::TimeUnit unit);  // n may be negative; not for hours
std::int64_t completed_months(std::int32_t from, std::int32_t to);              // floor, negative where to < from
std::int64_t floor_div(std::int64_t a, std::int64_t b);

}  // namespace seg::reference
