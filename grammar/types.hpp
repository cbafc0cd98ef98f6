// Types of fields, parameters and functions.
#pragma once

#include "grammar/literals.hpp"

namespace seg::grammar {

struct type;

struct choice_value : sor<text_literal, name> {};
struct choice_values : brackets<comma_list<choice_value>> {};
struct ranked_values : brackets<choice_value, star<token<K::kLess>, choice_value>> {};
struct choice_type : seq<token<K::kChoice>, token<K::kOf>, surely<choice_values>> {};
struct ranked_choice_type : seq<token<K::kRanked>, token<K::kChoice>, surely<token<K::kOf>, ranked_values>> {};
struct list_type : seq<token<K::kList>, token<K::kOf>, surely<type>> {};
struct money_in_type : seq<token<K::kMoney>, token<K::kIn>, surely<currency_unit>> {};
struct money_by_type : seq<token<K::kMoney>, token<K::kBy>, surely<expected_name>> {};
struct of_type : seq<name, token<K::kOf>, surely<type>> {};
struct type_name : sor<token<K::kAny>, name_token> {};
struct type : expecting<Expected::type,
                        deeper<sor<seq<at_token<K::kChoice>, choice_type>,
                                   seq<at_token<K::kRanked>, ranked_choice_type>, seq<at_token<K::kList>, list_type>,
                                   seq<at_token<K::kMoney>, sor<money_in_type, money_by_type>>, of_type, type_name>>> {
};

}  // namespace seg::grammar
