// What a name means. The checker collects every declaration of every file as a `Symbol` first, and then checks each
// when something asks for it: asking for a metric that has not been checked checks it (see check_symbol() in
// context.h).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/schema.h"
#include "base/source.h"
#include "base/type.h"
#include "base/value.h"
#include "compiler/syntax/tree.h"
#include "program/program.h"

namespace seg::check {

using base::kNone;
using base::TableId;
using program::ExprId;
using syntax::NodeId;
using SymbolId = std::uint32_t;
using ModuleId = std::uint32_t;  // kProjectModule: the project's own rules
using FileId = std::uint32_t;
inline constexpr ModuleId kProjectModule = 0;

enum class SymbolKind : std::uint8_t {
  kTable,      // subject, entity, event, records, lookup; a union or grouping of events. -> table
  kSelection,  // events x = purchase where … -> table, value: the filter (kNone: all rows), in the table's frame
  kMetric,     // -> value, type, frame, output
  kScore,      // -> value, type, frame, output
  kSegments,   // `segments x for each …`: the name of several; each of them is a kSegment with a value of its own
  kSegment,    // -> output, frame: program.member(output)
  kPartition,  // -> output, frame, type (its choice): program.tier(output)
  kParam,      // -> param, type: program.param(param)
  kList,       // -> items, type of an element (text stands for a choice's values too)
  kDefine,     // -> nothing: inlined where it is used, from file and node
  kNotYet,     // a declaration that this version refuses (it was reported): every use of it is poison
};

// "metric", "event", … with its article for S2005: "a metric".
std::string symbol_noun(SymbolKind kind);

enum class CheckState : std::uint8_t { kUnchecked, kActive, kGood, kBad };

struct ListItem {
  base::Value value;
  base::Span span;
};

struct Symbol {
  SymbolKind kind = SymbolKind::kNotYet;
  std::string name;
  ModuleId module = kProjectModule;
  FileId file = 0;
  NodeId node = syntax::kNoNode;  // the declaration
  base::Span span;                // of its name
  bool has_bad_property = false;  // a misspelt one may be the one that is missing
  CheckState state = CheckState::kUnchecked;
  std::uint32_t num_uses = 0;

  TableId table = kNone;
  TableId frame = kNone;  // whose rows a metric, score, segment, partition is for
  ExprId value = kNone;
  base::Type type;
  program::OutputId output = kNone;
  std::uint32_t param = kNone;
  std::vector<ListItem> items;

  SymbolId generated_by = kNone;  // kSegment: the kSegments it comes from,
  std::uint32_t each_index = 0;
  std::string each_text;    // … the text of its entry, and its entry: `value` and `type` before it is checked
  bool has_failed = false;  // kSegments: one of its segments was erroneous, the others are not reported again
};

}  // namespace seg::check
