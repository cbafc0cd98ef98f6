// The state of one check and the seam of its parts: declarations (schema, modules, symbols, rules, tests) on one side,
// expressions on the other. Everything is found by name on demand: use_symbol() checks what it names first, so files
// and declarations may come in any order, and a cycle is found where it closes.
//
// In: check.h fills it from CheckInput. Out: `program` and `diagnostics`, moved into the CheckResult.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "compiler/check/scope.h"
#include "compiler/check/symbol.h"
#include "compiler/syntax/tree.h"
#include "program/program.h"

namespace seg::check {

struct CheckInput;  // check.h

struct File {
  base::SourceId source = base::kNoSource;
  ModuleId module = kProjectModule;
  const syntax::Tree* tree = nullptr;
  bool has_errors = false;  // of syntax: lints about what is missing keep quiet
};

// `use X [with …] [as …]`, seen from the module that says it.
struct Import {
  std::string alias;  // the module's name: `rfm.r`
  ModuleId module = kNone;
  bool is_open = true;  // names are seen without the alias too (no `as`)
};

// A module with one set of bindings; the project's rules are one module over all their files.
struct Module {
  std::string name;  // "rfm"; "" for the project
  std::vector<FileId> files;
  std::vector<Import> imports;
  bool has_lost_names = false;  // a `use` failed: a name that is unknown may be one of that module's
  std::unordered_map<std::string, SymbolId> own;
  std::unordered_map<std::string, SymbolId> bound;  // `with purchase = order`
  // `with purchase.amount = order.total`: the field of a table as this module calls it.
  std::map<std::pair<TableId, std::string>, ExprId> bound_fields;
};

// A `use` whose bindings and requirements are looked at once the schema is known.
struct Use {
  ModuleId user = kProjectModule;
  FileId file = 0;
  NodeId node = syntax::kNoNode;
  ModuleId module = kNone;
};

struct FunctionDeclaration {
  FileId file = 0;
  NodeId node = syntax::kNoNode;
};

struct Context {
  Context(const CheckInput& check_input, base::SourceSet& source_set, base::DiagnosticList& list)
      : input(check_input), sources(source_set), diagnostics(list) {}

  const CheckInput& input;
  base::SourceSet& sources;
  base::DiagnosticList& diagnostics;
  program::Program program;

  std::deque<File> files;
  std::deque<Module> modules;
  std::deque<Symbol> symbols;
  std::unordered_map<std::string, SymbolId> tables;  // every table of the schema and every `events`, by name
  std::unordered_map<std::string, std::vector<FunctionDeclaration>> functions;  // stdlib, by name, all overloads
  std::set<std::pair<TableId, base::ColumnId>> bad_columns;                     // whose declaration is erroneous
  std::vector<Use> uses;
  std::unordered_map<ExprId, base::Span> said;  // where an expression was first written: messages quote it
  bool reported_no_subject = false;
  bool reported_depth = false;
  std::size_t inline_depth = 0;        // defines in the bodies of defines right now
  std::size_t num_inlined = 0;         // bodies of defines put in place so far: definitions of definitions can explode
  std::deque<syntax::Tree> own_trees;  // of modules, functions, overrides of params
  std::vector<SymbolId> active;        // being checked, outermost first: cycles

  const syntax::Tree& tree(const Scope& scope) const { return *files[scope.file].tree; }
  const syntax::Tree& tree(FileId file) const { return *files[file].tree; }
  base::Schema& schema() { return program.schema; }
  const base::Table& table(TableId id) const { return program.schema.tables[id]; }

  base::DiagnosticBuilder report(base::Code code, base::Span span, const base::Args& args = {}) {
    return diagnostics.report(code, span, args);
  }
};

// ---- names ----------------------------------------------------------------------------------------------------------

// The symbol that a name means in a module: its own, what `with` bound, what it uses, then the tables. Or kNone.
// Two open modules that both have it: S2003 is reported and `ambiguous` set.
struct Found {
  SymbolId symbol = kNone;
  std::size_t num_names = 0;  // how many names of the path it took: `rfm.r` takes two
  bool ambiguous = false;
};
Found find_symbol(Context& context, ModuleId module, std::string_view name, base::Span span);
Found find_symbol(Context& context, ModuleId module, std::span<const std::string> path, base::Span span);

// Marks the symbol as used and checks it if nothing has yet. False: it is erroneous or part of a cycle, which has been
// reported: the caller's result is poison.
bool use_symbol(Context& context, SymbolId symbol, base::Span use);

// For the body of a define while it is inlined: false (S2004 reported) if it is being inlined already.
bool enter_define(Context& context, SymbolId define, base::Span use);
void leave_define(Context& context);

// The column of a table, or what the module's `with` bound the name to: an expression in the table's frame. kNone: its
// declaration is erroneous, which has been reported: poison.
std::optional<ExprId> find_field(Context& context, ModuleId module, TableId table, std::string_view name);

// Names for suggestions: fields of a table; symbols that a module sees, of some kinds (all of them: empty).
std::vector<std::string> field_names(const Context& context, TableId table);
std::vector<std::string> symbol_names(const Context& context, ModuleId module, std::span<const SymbolKind> kinds = {});

// What an unknown name may have meant in a module that is used: `abroad` of one used `as regions` is "regions.abroad";
// `regions.abrod` is near to that. Else empty.
std::string name_in_module(const Context& context, ModuleId module, std::span<const std::string> path);

// An event (or records, entity, subject) named by a name or the first names of a path: its rows of `filter`. kSelection
// and kTable both end here. None: not the name of one; nothing is reported unless the symbol itself is bad (`is_bad`).
struct NamedRows {
  TableId table = kNone;
  ExprId filter = kNone;
  std::size_t num_names = 0;
  bool is_bad = false;
};
std::optional<NamedRows> find_rows(Context& context, ModuleId module, std::span<const std::string> path,
                                   base::Span span);

// The column of `child` that refers to `frame` (its owner first), or kWholeTable if it has none.
base::ColumnId reference_to(const Context& context, TableId child, TableId frame);

// The names of a kName or kPath; `num_names` of find_symbol() counts into these.
std::vector<std::string> path_names(const syntax::Tree& tree, NodeId node);

// An expression of some frame as seen from `scope`: as it is, or followed from inside a `where` out to its owner's
// frame. None: the scope does not reach that frame.
std::optional<ExprId> reach(Context& context, const Scope& scope, ExprId expr);

// ---- reporting ------------------------------------------------------------------------------------------------------

// "a metric", "text", "an amount of money in EUR": how messages call a type.
std::string type_phrase(const base::Schema& schema, const base::Type& type);

// "an event", "a metric": what a name stands for, for S2005.
std::string noun_of(const Context& context, const Symbol& symbol);

// The currency's index in schema.currencies, added if it is an ISO 4217 code; none if it is not.
std::optional<std::uint32_t> currency_index(base::Schema& schema, std::string_view code);

}  // namespace seg::check
