// The whole grammar: a file is declarations.
#pragma once

#include "grammar/definitions.hpp"

namespace seg::grammar {

struct declaration : expecting<Expected::declaration,
                               sor<segment, metric, seq<at_token<K::kPartition, K::kRanked, K::kDisjoint>, partition>,
                                   test, param, seq<at_token<K::kList>, sor<list_file, list_values>>, define, score,
                                   segments_for_each, events, event, entity, subject, records, lookup, zones, use,
                                   module, requires_item, occasion, model, persona, plan, function>> {};
struct file : seq<items<BlockKind::file, declaration>, may_break, eof> {};

}  // namespace seg::grammar
