// From expressions to nodes of one pass. In: the program, the pools, the stages; what the pass must emit and keep. Out:
// the pass's frames, registers and code; requests for what earlier passes must keep.
//
// Every expression has facets, each lowered only when something asks for it: a flag is a mask of the rows where it is
// true and one of those where it is false; any other value is a register and a mask of the rows where it is known.
// Overflow is a facet of its own, for the counts.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/bytecode/nodes.h"
#include "compiler/bytecode/pools.h"
#include "compiler/bytecode/stages.h"
#include "program/program.h"
#include "runtime/bytecode/module.h"

namespace seg::bytecode {

enum class Facet : std::uint8_t { kValue, kKnown, kTrue, kFalse, kOverflow };

// Columns that passes keep for later ones. Later passes are lowered first, so that all requests for a pass are there
// when its turn comes.
struct KeptRequest {
  program::ExprId expr = base::kNone;  // kNone: a row of a grouped table's base that counts (grouping `table`)
  Facet facet = Facet::kValue;
  base::TableId grouping = base::kNone;
  std::uint32_t column = 0;
  bool is_as_of_day = false;  // of each row
};
using PassKey = std::pair<std::uint32_t, base::TableId>;  // stage, root table (kNone: the single row)

// A population's column that a later pass reads.
struct PopulationRequest {
  std::uint32_t result = base::kNone, known = base::kNone, overflow = base::kNone;
};

struct Shared {
  const program::Program& program;
  Module& module;
  Pools pools;
  Stages stages;
  std::map<PassKey, std::vector<KeptRequest>> kept;
  std::map<std::pair<program::ExprId, Facet>, std::uint32_t> kept_columns;
  std::map<std::uint32_t, std::map<program::ExprId, PopulationRequest>> populations;  // by stage
  std::unordered_map<program::ExprId, bool> can_overflow;
  std::unordered_map<program::ExprId, std::uint32_t> dictionaries;
  std::unordered_map<program::ExprId, program::OutputId> metric_of;  // by root

  // The column in which the fold keeps who is in a sticky segment (module.stickies has it).
  std::uint32_t state_of(program::OutputId sticky) const;
  // The kept column with this facet of an expression, evaluated for the rows of its own table (or the single row).
  std::uint32_t keep(program::ExprId id, Facet facet);
  // The same for every row of a table, of an expression that may be a constant.
  std::uint32_t keep_rows(program::ExprId id, Facet facet, base::TableId table);
  // The column that a population's step writes.
  std::uint32_t keep_population(program::ExprId id, Facet facet);
  // The dictionary of a text's codes: the same wherever it is evaluated.
  std::uint32_t dictionary_of(program::ExprId id);
  bool overflows(program::ExprId id);
};

// A text as codes of some dictionary.
struct TextNodes {
  NodeId codes = kNoNode;
  NodeId known = kNoNode;
  std::uint32_t dictionary = base::kNone;
};
// A list: the row of a column that holds it, and the map its elements go through.
struct ListNodes {
  NodeId rows = kNoNode;
  std::uint32_t column = base::kNone;
  std::uint32_t elements = base::kNone;  // texts: their dictionary after the map
  std::uint32_t code_map = base::kNone;  // kNone: as they are
  NodeId known = kNoNode;
};

// Those that are to be made after the passes of a stage, and what earlier passes must keep for them: populations.cpp.
void add_populations(Shared& shared, std::uint32_t stage, std::vector<Step>& steps);

class Lowering {
 public:
  Lowering(Shared& shared, base::TableId root, Pass& pass);

  void emit_output(program::OutputId id);
  void keep(const KeptRequest& request);

 private:
  NodeId facet(program::ExprId id, Facet facet, FrameId frame);
  NodeId value(program::ExprId id, FrameId f) { return facet(id, Facet::kValue, f); }
  NodeId known(program::ExprId id, FrameId f) { return facet(id, Facet::kKnown, f); }
  NodeId is_true(program::ExprId id, FrameId f) { return facet(id, Facet::kTrue, f); }
  NodeId is_false(program::ExprId id, FrameId f) { return facet(id, Facet::kFalse, f); }
  NodeId overflow(program::ExprId id, FrameId f) { return facet(id, Facet::kOverflow, f); }
  NodeId compute(program::ExprId id, Facet facet, FrameId frame);

  // lowering.cpp: leaves
  NodeId lower_constant(program::ExprId id, Facet facet, FrameId f);
  NodeId lower_field(program::ExprId id, Facet facet, FrameId f);
  NodeId lower_follow(program::ExprId id, Facet facet, FrameId f);
  NodeId lower_lookup(program::ExprId id, Facet facet, FrameId f);
  NodeId lower_tier(program::ExprId id, Facet facet, FrameId f);
  NodeId lower_population(program::ExprId id, Facet facet, FrameId f);
  NodeId kept(program::ExprId id, Facet facet, FrameId f);
  NodeId load(std::uint32_t column, const base::Type& type, FrameId f);
  NodeId gather(NodeId rows, std::uint32_t column, const base::Type& type, Facet facet, FrameId f);
  NodeId spread(program::ExprId id, Facet facet, FrameId f);
  NodeId zone(FrameId f);  // kNoNode: every row has the project's
  // Of an expression's rows; what has no rows is in the project's zone.
  NodeId zone_of(program::ExprId id, FrameId f) { return program_.expr(id).frame == base::kNone ? kNoNode : zone(f); }
  NodeId as_of_day_of(program::ExprId id, FrameId f) {
    return nodes_.add(Op::as_of_day, f, RegType::kI32, {zone_of(id, f)});
  }

  // lower_call.cpp: values
  NodeId call_value(program::ExprId id, FrameId f);
  NodeId call_known(program::ExprId id, FrameId f);
  NodeId call_overflow(program::ExprId id, FrameId f);
  NodeId raw_overflow(program::ExprId id, FrameId f);  // of the call itself
  NodeId args_known(program::ExprId id, FrameId f);
  NodeId divisor_is_zero(program::ExprId id, FrameId f);
  bool is_division(program::ExprId id) const;

  // lower_condition.cpp: flags
  NodeId condition(program::ExprId id, bool wanted, FrameId f);
  NodeId comparison(program::ExprId id, bool wanted, FrameId f);
  NodeId at_least(const std::vector<program::ExprId>& args, std::int64_t n, bool wanted, FrameId f);
  NodeId raw_equal(program::ExprId a, program::ExprId b, FrameId f, NodeId& known);
  NodeId raw_less(program::ExprId a, program::ExprId b, FrameId f, NodeId& known);
  NodeId settle(NodeId raw, NodeId known, bool wanted);  // raw holds | known and does not

  // lower_text.cpp: texts, versions, lists
  TextNodes text(program::ExprId id, FrameId f);  // folded, if its type says so
  TextNodes ordered(const TextNodes& text, bool is_version);
  NodeId text_predicate(PredicateKind kind, program::ExprId a, program::ExprId b, FrameId f, NodeId& known);
  ListNodes list(program::ExprId id, FrameId f, NodeId rows);
  NodeId list_condition(program::ExprId id, FrameId f, NodeId& known);
  NodeId mapped(program::ExprId id, const TextNodes& text, std::uint32_t to);

  // lower_aggregate.cpp
  NodeId aggregate(program::ExprId id, Facet facet, FrameId f);
  FrameId child_frame(base::TableId child, base::ColumnId reference, base::ColumnId via = base::kNone);
  NodeId selected(const program::Aggregate& aggregate, FrameId child);
  NodeId existing(base::TableId table, FrameId f);  // rows before the end of as-of
  NodeId picked(const program::Aggregate& aggregate, FrameId child, NodeId selected);
  std::vector<NodeId> time_and_key(base::TableId table, FrameId f);

  // lower_sequence.cpp
  NodeId sequence(const program::Sequence& sequence, Facet facet, FrameId f);
  NodeId moment(base::TableId table, bool in_days, FrameId f);
  void tie(program::ExprId own, FrameId own_frame, program::ExprId before, FrameId before_frame,
           std::vector<NodeId>& own_keys, std::vector<NodeId>& before_keys);

  // lower_output.cpp
  void missing_sources(program::OutputId output, NodeId is_true, NodeId is_false);

  const base::Type& type(program::ExprId id) const { return shared_.program.expr(id).type; }
  bool is_constant(program::ExprId id) const {
    const auto kind = shared_.program.expr(id).kind;
    return kind == program::ExprKind::kLiteral || kind == program::ExprKind::kParam;
  }
  NodeId mask(Op op, FrameId f, std::initializer_list<std::uint32_t> inputs, std::uint8_t tag = 0) {
    return nodes_.add(op, f, RegType::kMask, inputs, tag);
  }
  static std::uint8_t tag_of(RegType type) { return static_cast<std::uint8_t>(type); }
  NodeId integer(std::int64_t value, FrameId f);
  NodeId number(double value, FrameId f);

  Shared& shared_;
  const program::Program& program_;
  Pools& pools_;
  Pass& pass_;
  Nodes nodes_;
  std::unordered_map<std::uint64_t, NodeId> memo_;

 public:
  void finish() { schedule(nodes_, pass_); }
};

}  // namespace seg::bytecode
