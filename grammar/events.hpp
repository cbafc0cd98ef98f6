// Event phrases: selections of events with their clauses, sequences, conditions over events.
#pragma once

#include "grammar/periods.hpp"

namespace seg::grammar {

struct expression;
struct postfix;
struct argument;

// (call where length > 8): also the brackets of any expression.
struct paren : parens<argument> {};
struct event_ref : expecting<Expected::event, sor<seq<at_token<K::kLeftParen>, paren>, path>> {};

// ---- clauses ----
struct where : seq<broken<K::kWhere>, surely<expression>> {};
struct with_same : seq<broken<K::kWith>, token<K::kSame>, surely<expected_path, opt<token<K::kAs>, step_ref>>> {};
struct times : sor<seq<broken<K::kAt>, sor<token<K::kLeast>, token<K::kMost>>, count, token<K::kTimes>>,
                   seq<token<K::kExactly>, count, token<K::kTimes>>> {};
struct within_gap : seq<broken<K::kWithin>, expecting<Expected::duration, sor<duration, path>>,
                        opt<token<K::kAfter>, surely<postfix>>> {};
struct over : seq<broken<K::kOver>, surely<period>> {};

struct select_clauses : plus<sor<where, with_same, times, within_gap>> {};
struct over_tail : seq<over> {};

// A then B then not C over last 30 days
struct then_step
    : seq<then_is_free, broken<K::kThen>,
          surely<opt<token<K::kOr>, token<K::kWith>>, opt<token<K::kNot>>, event_ref, opt<select_clauses>>> {};
struct sequence_tail : seq<plus<then_step>, opt<over>> {};

struct select_tails : expecting<Expected::clause, opt<select_clauses>, opt<sor<sequence_tail, over_tail>>> {};
struct selection : seq<event_ref, select_tails> {};

// ---- what stands in a call's brackets ----
struct everyone : token<K::kEveryone> {};
struct in_population : seq<opt<token<K::kSegment>, at_name>, path> {};
struct population : expecting<Expected::population, sor<everyone, in_population>> {};
struct per : seq<token<K::kPer>, surely<sor<parens<comma_list<expression>>, postfix>>> {};
struct among : seq<broken<K::kAmong>, surely<population>> {};

struct out_of_tail : seq<token<K::kOut>, token<K::kOf>, surely<selection>> {};
struct by_tail : seq<broken<K::kBy>, expected_time_unit> {};
struct across_tail : seq<broken<K::kAcross>, surely<population, opt<per>>> {};

// ---- conditions and values ----
struct did : seq<token<K::kDid>, surely<opt<token<K::kNot>>, selection>> {};
struct at_event : sor<at_name, at_token<K::kLeftParen>> {};
// `no` alone is a value.
struct quantified : sor<seq<token<K::kAny>, selection>, seq<token<K::kEvery>, surely<selection>>,
                        seq<token<K::kNo>, at_event, selection>> {};
struct first_within : seq<token<K::kFirst>, at_name, path, broken<K::kWithin>, period> {};

struct since_event
    : seq<time_unit, token<K::kSince>, sor<token<K::kFirst>, token<K::kLast>>, at_event, surely<event_ref>> {};
struct since : seq<time_unit, token<K::kSince>, surely<postfix>> {};
struct until : seq<time_unit, token<K::kUntil>, surely<postfix>> {};
struct time_from_to : seq<token<K::kTime>, token<K::kFrom>, surely<event_ref, token<K::kTo>, event_ref>> {};

// in each of last 6 full months (did visit)
struct regularity : seq<token<K::kIn>,
                        sor<seq<token<K::kEach>, token<K::kOf>>,
                            seq<token<K::kAt>, sor<token<K::kLeast>, token<K::kMost>>, count, token<K::kOf>>,
                            seq<token<K::kExactly>, count, token<K::kOf>>>,
                        surely<period, parens<expression>>> {};

}  // namespace seg::grammar
