#include "compiler/check/check.h"

#include <algorithm>

#include "compiler/analyze/report_conditions.h"
#include "compiler/check/declaration.h"
#include "compiler/check/suppress.h"

namespace seg::check {
namespace {

// Checks every symbol, what it names before itself: a chain of thousands of rules that use each other is walked here
// and not on the program's stack. Names that mean something else (fields) only make the order stricter than needed.
class Walk {
 public:
  explicit Walk(Context& context) : context_(context), seen_(context.symbols.size(), false) {}

  void check_all() {
    for (SymbolId id = 0; id < seen_.size(); ++id) check_from(id);
  }

 private:
  struct Step {
    SymbolId symbol;
    std::vector<SymbolId> named;
    std::size_t next = 0;
  };

  std::vector<SymbolId> named_by(SymbolId id) {
    const Symbol& symbol = context_.symbols[id];
    std::vector<SymbolId> named;
    if (symbol.node == syntax::kNoNode) return named;
    const syntax::Tree& tree = context_.tree(symbol.file);
    const Module& module = context_.modules[symbol.module];
    std::vector<NodeId> open{symbol.node};
    while (!open.empty()) {
      const NodeId node = open.back();
      open.pop_back();
      if (tree.is(node, syntax::NodeKind::kName)) {
        const auto it = module.own.find(tree.name(node));
        if (it != module.own.end() && it->second != id) named.push_back(it->second);
        continue;
      }
      for (NodeId child : tree.children(node)) open.push_back(child);
    }
    return named;
  }

  void check_from(SymbolId first) {
    if (seen_[first]) return;
    std::vector<Step> steps;
    const auto enter = [&](SymbolId id) {
      seen_[id] = true;
      steps.push_back({.symbol = id, .named = named_by(id)});
    };
    enter(first);
    while (!steps.empty()) {
      Step& step = steps.back();
      if (step.next < step.named.size()) {
        const SymbolId id = step.named[step.next++];
        if (id < seen_.size() && !seen_[id]) enter(id);
        continue;
      }
      check_symbol(context_, step.symbol, context_.symbols[step.symbol].span);
      steps.pop_back();
    }
  }

  Context& context_;
  std::vector<bool> seen_;
};

}  // namespace

CheckResult check(const CheckInput& input, base::SourceSet& sources, base::DiagnosticList& diagnostics) {
  Context context(input, sources, diagnostics);
  load_modules(context);
  collect_symbols(context);
  check_schema(context);
  check_param_overrides(context);
  bind_modules(context);
  generate_segments(context);
  Walk(context).check_all();
  check_tests(context);
  check_shapes(context);
  lint(context);
  if (!diagnostics.has_errors()) {
    analyze::report_conditions(
        context.program, [&](ExprId expr) { return can_be_missing(context.program, expr); }, diagnostics);
  }
  suppress(context);
  diagnostics.sort();
  return {.program = std::move(context.program), .ok = !diagnostics.has_errors()};
}

}  // namespace seg::check
