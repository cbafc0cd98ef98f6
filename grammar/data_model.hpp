// Declarations of the data: entities, subjects, events, records, lookups, zones, named selections of events.
#pragma once

#include "grammar/expressions.hpp"
#include "grammar/types.hpp"

namespace seg::grammar {

// ---- what declarations share ----
struct title : text_literal {};
struct of_subject : seq<token<K::kOf>, surely<expected_path>> {};
struct declared_name : surely<expected_name> {};
struct property : seq<name, expecting<Expected::value, default_expression>> {};
// `=` of a declaration: the line may be broken before and after it.
struct becomes : seq<surely<broken<K::kEquals>>, may_break> {};

// ---- fields ----
struct modifier : sor<token<K::kPersonal>, token<K::kSensitive>, token<K::kFolded>, token<K::kRequired>, token<K::kKey>,
                      seq<token<K::kTime>, token<K::kZone>>, seq<token<K::kLabel>, surely<expected_text>>> {};
struct field : seq<opt<token<K::kKey>, at_name>, name, token<K::kColon>, surely<type, star<modifier>>> {};
struct history : seq<token<K::kHistory>, token<K::kFrom>, surely<expected_name, token<K::kTo>, expected_name>> {};
struct field_item : expecting<Expected::field, sor<field, history, seq<not_at<at_token<K::kKey>>, property>>> {};
struct fields : block<field_item> {};

struct entity : seq<token<K::kEntity>, declared_name, opt<title>, surely<fields>> {};
struct subject : seq<token<K::kSubject>, declared_name, opt<title>, surely<fields>> {};
struct event : seq<token<K::kEvent>, declared_name, surely<of_subject, opt<title>, fields>> {};
struct records : seq<token<K::kRecords>, declared_name, surely<of_subject, opt<title>, fields>> {};
struct lookup : seq<token<K::kLookup>, declared_name, opt<title>, surely<fields>> {};
struct zones : seq<token<K::kZones>, declared_name, surely<token<K::kFrom>, expected_text>> {};

// ---- named selections ----
struct events_head : seq<token<K::kEvents>, name, opt<title>, broken<K::kEquals>, may_break> {};
struct aggregate_field : seq<name, token<K::kColon>, surely<expression>> {};
struct events_grouped
    : seq<events_head, path, broken<K::kGrouped>,
          surely<token<K::kBy>, open_comma_list<expected_path>, block<expecting<Expected::field, aggregate_field>>>> {};
struct events_union : seq<events_head, open_comma_list<path>, at_item_end<false>> {};
// A name alone is a union of one; its clauses may stand on the next line.
struct events_select
    : seq<events_head,
          sor<seq<path, at_broken<K::kWhere, K::kWith, K::kAt, K::kWithin, K::kOver, K::kThen>, select_tails>,
              seq<path, at_token<K::kExactly>, select_tails>, seq<at_token<K::kLeftParen>, selection>>> {};
struct events : seq<at_token<K::kEvents>, surely<sor<events_grouped, events_select, events_union>>> {};

}  // namespace seg::grammar
