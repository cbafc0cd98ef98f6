// Where an expression stands: which rows it is about and which names it sees. In: the declaration being checked. Out:
// read by the checks of expressions (compiler/check/expression.h), which make inner scopes for `where`, for elements of
// `any … where`, and for the bodies of defines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/window.h"
#include "compiler/check/symbol.h"

namespace seg::check {

// What became of an expression. `expr` kNone: poison, the cause has been reported and nothing more is said about it.
struct Checked {
  ExprId expr = kNone;
  base::Type type;
  std::uint32_t clause = kNone;  // conditions: its clause of program.clauses, kNone for other values

  bool ok() const { return expr != kNone; }
};

struct Scope;

// An argument of the define whose body is checked, already checked where the define is used. One that names events
// (`is_rows`) has no value: `node` in `scope` is what to select.
struct Argument {
  std::string name;
  Checked value;
  bool is_rows = false;
  const Scope* scope = nullptr;
  NodeId node = syntax::kNoNode;
};

// `where currency of amount is CHF`: what a money column whose currency another column names is known to be there.
struct KnownCurrency {
  base::ColumnId column = kNone;
  std::uint32_t currency = 0;
};

// `in each of last 6 months (…)`: the period that the condition in the brackets is asked of.
struct EachPeriod {
  base::Window window;
  bool is_read = false;  // by an event phrase of the condition
};

struct Scope {
  ModuleId module = kProjectModule;
  FileId file = 0;        // whose tree the node ids belong to
  TableId frame = kNone;  // kNone: constants only (params, lists)

  // Inside `where` of an event: the scope of the phrase, and the reference column of `frame` that leads to its frame.
  // A name that the event does not have is looked up there and reached by program.follow(frame, owner_ref, …).
  // kWholeTable or kGroupRef: nothing of the outer frame can be reached.
  const Scope* outer = nullptr;
  base::ColumnId owner_ref = kNone;

  // Sequences: the row of their first step, `step 1.amount`, in the `where` of a later one; and, where such a step is
  // opened, what becomes that of its rows. Both null: there is no step before.
  const Scope* first_step = nullptr;
  const Scope* opens_step_after = nullptr;

  const std::vector<Argument>* arguments = nullptr;              // of the define whose body this is
  const std::vector<KnownCurrency>* known_currencies = nullptr;  // of this frame's columns

  EachPeriod* each = nullptr;  // inside the brackets of a regularity: every event phrase there is about this period

  // A test's expectation about one of several rows: `ana in segment x`, `ana.spend > 3`: this name is the frame's row.
  std::string_view row_name;
};

// What the place wants: bare words become values of a choice, `[ ]` gets its element type. No conversion is promised
// but that of literals: the caller still looks at the type.
struct Expected {
  bool has_type = false;
  base::Type type;

  static Expected nothing() { return {}; }
  static Expected of(base::Type type) { return {.has_type = true, .type = type}; }
};

}  // namespace seg::check
