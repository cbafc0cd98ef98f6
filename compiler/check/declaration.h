// The checks of declarations, one for each kind of symbol; names.cpp calls them when something asks for the symbol.
// Each fills its symbol and the program; false: it is erroneous, and that has been reported.
#pragma once

#include <functional>
#include <string_view>

#include "compiler/check/context.h"

namespace seg::check {

// Checks what has not been checked, whatever kind it is; false as use_symbol(), without counting a use.
bool check_symbol(Context& context, SymbolId symbol, base::Span use);
bool check_declaration(Context& context, SymbolId symbol);  // by kind; each below

bool check_events_select(Context& context, SymbolId symbol);
bool check_events_union(Context& context, SymbolId symbol);
bool check_events_grouped(Context& context, SymbolId symbol);
bool check_param(Context& context, SymbolId symbol);
bool check_list(Context& context, SymbolId symbol);
bool check_metric(Context& context, SymbolId symbol);
bool check_score(Context& context, SymbolId symbol);
bool check_segment(Context& context, SymbolId symbol);
bool check_partition(Context& context, SymbolId symbol);  // with tiers, by a grid, by value
// A segment's `every … enter when … leave when …`; `output` has its properties.
bool check_sticky(Context& context, Symbol& symbol, const Scope& scope, NodeId node, program::Output output);

// ---- steps of check(), in their order -------------------------------------------------------------------------------

// Loads the modules that files use, parses them, and the functions of the standard library. Fills files, modules.
void load_modules(Context& context);
// Makes a symbol of every declaration; duplicates and declarations that this version refuses are reported.
void collect_symbols(Context& context);
// Fills program.schema from the subjects, entities, events, records and lookups.
void check_schema(Context& context);
// Reports values given for params that are nowhere declared.
void check_param_overrides(Context& context);
// Resolves `with` and `requires` of modules.
void bind_modules(Context& context);
// Makes the segments of `segments … for each …`.
void generate_segments(Context& context);
void check_tests(Context& context);
// The entries of a list as written, `[…]`: words are texts. False: some are erroneous, which was reported.
bool read_list(Context& context, const Scope& scope, NodeId list, std::vector<ListItem>& items, base::Type& type);
// Reports what only the shape of a tree shows: `and` beside `or`.
void check_shapes(Context& context);
// Warnings about rules that are right but may not mean what their author thinks.
void lint(Context& context);

// ---- shared by declarations -----------------------------------------------------------------------------------------

// `of customer` of a declaration, or the only subject. kNone: it was reported.
TableId frame_of(Context& context, const Symbol& symbol);
// Adds an output with what every rule has: names, span, doc, title of the head.
program::OutputId add_output(Context& context, Symbol& symbol, program::OutputKind kind, program::Output output);
// The VALUE of `segments NAME for each VALUE in LIST`.
std::string each_name(const syntax::Tree& tree, NodeId segments);
// The `expect` items of a segment or partition: what a run has to find of its size. False: one is no such thing.
bool read_guards(Context& context, const Symbol& symbol, program::Output& output);
// A clause as it was written, with those below it.
std::uint32_t add_clause(Context& context, base::Span span, ExprId expr, std::vector<std::uint32_t> children = {});
// The properties of a block (title "…", owner "…"). Unknown and repeated ones are reported.
void read_properties(Context& context, Symbol& symbol, program::Output& output);
// One clear message for what the language has but this version refuses.
void not_yet(Context& context, base::Code code, base::Span span, std::string_view construct);
// The title in a declaration's head (`metric x "Title" = …`), or empty.
std::string head_title(const syntax::Tree& tree, NodeId declaration);
// Errors about tiers that overlap in a disjoint partition or leave someone out where there is no `otherwise`; warnings
// about cells of a grid that are never reached. True: nothing that keeps the partition from being used.
struct TierSource {
  ExprId condition = kNone;
  std::size_t tier = 0;  // of the output
  base::Span span;       // the condition as written
};
bool check_tiers(Context& context, const Symbol& symbol, const program::Output& output,
                 const std::vector<TierSource>& sources, const std::vector<ExprId>& sides, bool has_otherwise);
// True if the expression can be missing (a flag: unknown) for some row.
bool can_be_missing(const program::Program& program, ExprId expr);

}  // namespace seg::check
