// Periods: what `over`, `within` and `during` take.
#pragma once

#include "grammar/literals.hpp"

namespace seg::grammar {

struct sum;

// `this persian month`: a name before a unit is a calendar.
struct calendar_before_unit : seq<not_at<at_time_unit>, name, at_time_unit> {};
struct counted_units : seq<count, opt<token<K::kFull>>, opt<calendar_before_unit>, expected_time_unit> {};

struct last_period : seq<token<K::kLast>, counted_units> {};
struct last_named_period : seq<token<K::kLast>, count, not_at<at_unit_word>, name> {};
struct previous_period : seq<token<K::kPrevious>, counted_units> {};
struct next_period : seq<token<K::kNext>, counted_units> {};
struct this_period : seq<token<K::kThis>, opt<calendar_before_unit>, expected_time_unit> {};
// 45 to 15 days ago
struct ago_period : seq<count, token<K::kTo>, count, expected_time_unit, token<K::kAgo>> {};
struct first_after_period : seq<token<K::kFirst>, count, expected_time_unit, token<K::kAfter>, sum> {};
struct dates_period : seq<sor<time_literal, date>, token<K::kTo>, date_or_time> {};
struct named_period : seq<path> {};

// Those that begin with words or shapes of their own; a name could be any value.
struct plain_period
    : sor<seq<at_token<K::kLast>, sor<last_period, last_named_period>>, seq<at_token<K::kPrevious>, previous_period>,
          seq<at_token<K::kNext>, next_period>, seq<at_token<K::kThis>, this_period>,
          seq<at_token<K::kFirst>, first_after_period>, seq<at_token<K::kDateLiteral, K::kTimeLiteral>, dates_period>,
          seq<at_token<K::kNumberLiteral>, ago_period>> {};
struct period : expecting<Expected::period, sor<plain_period, named_period>> {};

}  // namespace seg::grammar
