// Names, paths, literals, quantities.
#pragma once

#include "grammar/terminals.hpp"

namespace seg::grammar {

struct name : name_token {};
struct expected_name : expecting<Expected::name, name> {};
struct number_literal : token<K::kNumberLiteral> {};
struct percent_literal : token<K::kPercentLiteral> {};
struct ordinal_literal : token<K::kOrdinalLiteral> {};
struct time_literal : token<K::kTimeLiteral> {};
struct text_literal : token<K::kTextLiteral> {};
struct yes_literal : token<K::kYes> {};
struct no_literal : token<K::kNo> {};
struct expected_text : expecting<Expected::text, text_literal> {};

// a.b.c
struct path_tail : plus<token<K::kDot>, surely<expected_name>> {};
struct path : seq<name, expecting<Expected::operation, opt<path_tail>>> {};
struct expected_path : expecting<Expected::name, path> {};

// step 1, step 1.amount
struct step_ref : seq<token<K::kStep>, number_literal> {};
struct step_path : seq<step_ref, opt<path_tail>> {};

struct date_literal : token<K::kDateLiteral> {};
struct calendar_name : sor<token<K::kPersian>, token<K::kIslamic>, token<K::kGregorian>> {};
struct calendar_tail : seq<calendar_name> {};
struct date : seq<date_literal, opt<calendar_tail>> {};
struct date_or_time : expecting<Expected::date, sor<time_literal, date>> {};

struct time_unit : time_unit_token {};
struct expected_time_unit : expecting<Expected::unit, time_unit> {};
struct distance_unit : distance_unit_token {};
struct currency_unit : currency_token {};

struct duration_tail : seq<time_unit> {};
struct distance_tail : seq<distance_unit> {};
struct money_tail : seq<currency_unit> {};

// 12, 90 days, 5 km, 500 EUR
struct quantity
    : seq<number_literal, expecting<Expected::operation, opt<sor<duration_tail, distance_tail, money_tail>>>> {};
struct duration : seq<number_literal, expected_time_unit> {};
struct distance : seq<number_literal, distance_unit> {};

// How many: a number or a param's name.
struct count : expecting<Expected::number, sor<number_literal, seq<not_at<at_time_unit>, name>>> {};

}  // namespace seg::grammar
