// What a pass gives: members, tiers, values, counts of unknown and overflowed rows, and columns for later passes.
#include "compiler/bytecode/lowering.h"

namespace seg::bytecode {

using base::TypeKind;
using program::AggFn;
using program::Expr;
using program::ExprId;
using program::ExprKind;
using program::Fn;

namespace {

const char* name_of(AggFn fn) {
  switch (fn) {
    case AggFn::kCount: return "count";
    case AggFn::kExists: return "did";
    case AggFn::kSum: return "sum";
    case AggFn::kAverage: return "average";
    case AggFn::kMinimum: return "minimum";
    case AggFn::kMaximum: return "maximum";
    case AggFn::kMedian: return "median";
    case AggFn::kDistinct: return "distinct";
    case AggFn::kFirst: return "first";
    case AggFn::kLast: return "last";
    case AggFn::kMostCommon: return "most common";
    case AggFn::kStreak: return "streak";
    case AggFn::kCurrentStreak: return "current streak";
  }
  return "";
}

// What a person calls it: customer.income, average(purchase.amount).
std::string readable(const program::Program& program, ExprId id) {
  const Expr& e = program.expr(id);
  const auto& tables = program.schema.tables;
  switch (e.kind) {
    case ExprKind::kField: return tables[e.frame].name + "." + tables[e.frame].columns[e.a].name;
    case ExprKind::kFollow: {
      const ExprId inner = program.args[e.first_arg];
      std::string rest = readable(program, inner);
      const std::string prefix = tables[program.expr(inner).frame].name + ".";
      if (rest.starts_with(prefix)) rest.erase(0, prefix.size());
      return tables[e.frame].name + "." + tables[e.frame].columns[e.a].name + "." + rest;
    }
    case ExprKind::kLookup: return tables[e.a].name + "." + tables[e.a].columns[e.b].name;
    case ExprKind::kAggregate: {
      const program::Aggregate& a = program.aggregates[e.a];
      const bool has_value = a.value != base::kNone;
      const std::string& rows = program.row_name(e.a);
      std::string value = a.value_is_gap ? rows + ".gap" : has_value ? readable(program, a.value) : rows;
      if (const std::string prefix = tables[a.child].name + "."; has_value && value.starts_with(prefix)) {
        value.replace(0, prefix.size(), rows + ".");
      }
      if (has_value && program.expr(a.value).kind == ExprKind::kSequence) return value;
      return std::string(name_of(a.fn)) + "(" + value + ")";
    }
    case ExprKind::kTier:
    case ExprKind::kState: return program.outputs[e.a].name;
    case ExprKind::kPopulation: {
      const program::Population& p = program.populations[e.a];
      const std::string value = readable(program, program.population_args(id).value);
      switch (p.fn) {
        case program::PopulationFn::kTile: return "tile of " + value;
        case program::PopulationFn::kPercentile: return "percentile(" + value + ")";
        case program::PopulationFn::kRank: return "rank(" + value + ")";
        case program::PopulationFn::kFigure: return std::string(name_of(p.figure)) + "(" + value + " across …)";
        case program::PopulationFn::kQuantile: return "quantile(" + value + " across …)";
        case program::PopulationFn::kDeviation: return "deviation(" + value + " across …)";
        case program::PopulationFn::kTop:
        case program::PopulationFn::kBottom: break;
      }
      return value;
    }
    case ExprKind::kParam: return program.params[e.a].name;
    case ExprKind::kCall: {
      const std::vector<ExprId> args = program.args_of(id);
      for (ExprId arg : args) {
        if (program.expr(arg).frame != base::kNone) return readable(program, arg);
      }
      return program::fn_name(e.fn);
    }
    case ExprKind::kSequence: {
      const program::Sequence& s = program.sequences[e.a];
      return "time from " + tables[s.first.child].name + " to " + tables[s.steps[0].rows.child].name;
    }
    case ExprKind::kStepOne: return "step 1 of " + readable(program, program.args[e.first_arg]);
    case ExprKind::kLiteral:
    case ExprKind::kAsOfDay:
    case ExprKind::kInWindow:
    case ExprKind::kRecursInWindow:
    case ExprKind::kMember: break;
  }
  return "a value";
}

}  // namespace

// Every input of a condition that can be missing, for the counts of unknown rows.
void Lowering::missing_sources(program::OutputId output, NodeId holds, NodeId fails) {
  std::vector<std::pair<std::string, NodeId>> sources;
  std::unordered_map<ExprId, bool> seen;
  const auto add = [&](ExprId id, NodeId is_known, const std::string& name) {
    if (nodes_.is_ones(is_known)) return;
    const auto metric = shared_.metric_of.find(id);
    sources.emplace_back(metric == shared_.metric_of.end() ? name : program_.outputs[metric->second].name, is_known);
  };
  std::vector<ExprId> stack = {program_.outputs[output].root};
  while (!stack.empty()) {
    const ExprId id = stack.back();
    stack.pop_back();
    if (!seen.emplace(id, true).second) continue;
    const Expr& e = program_.expr(id);
    switch (e.kind) {
      case ExprKind::kSequence:
      case ExprKind::kStepOne:  // of events: never of a root
      case ExprKind::kAsOfDay:
      case ExprKind::kMember:
      case ExprKind::kState: break;
      case ExprKind::kLiteral:
      case ExprKind::kField:
      case ExprKind::kFollow:
      case ExprKind::kLookup:
      case ExprKind::kParam:
      case ExprKind::kTier: add(id, known(id, 0), readable(program_, id)); break;
      case ExprKind::kPopulation:
        if (type(id).kind != TypeKind::kFlag) add(id, known(id, 0), readable(program_, id));
        break;
      case ExprKind::kAggregate:  // a sum can only be too large
        if (program_.aggregates[e.a].fn != AggFn::kSum) add(id, known(id, 0), readable(program_, id));
        break;
      case ExprKind::kCall: {
        if (e.fn == Fn::is_true || e.fn == Fn::is_known || e.fn == Fn::is_missing) break;
        const std::vector<ExprId> args = program_.args_of(id);
        if (e.fn == Fn::divide) {
          const NodeId by_zero = nodes_.both(args_known(id, 0), divisor_is_zero(id, 0));
          add(id, nodes_.negation(by_zero), "division by 0 (" + readable(program_, args[1]) + ")");
        }
        const bool is_text_fn = e.fn == Fn::lower || e.fn == Fn::trim || e.fn == Fn::fold;
        if (is_text_fn && e.type.kind == TypeKind::kText) {
          const NodeId emptied = nodes_.without(known(args[0], 0), mask(Op::not_negative, 0, {value(id, 0)}));
          add(id, nodes_.negation(emptied),
              std::string(program::fn_name(e.fn)) + "(" + readable(program_, args[0]) + ")");
        }
        stack.insert(stack.end(), args.rbegin(), args.rend());
        break;
      }
      case ExprKind::kInWindow:
      case ExprKind::kRecursInWindow: stack.push_back(program_.args[e.first_arg]); break;
    }
  }
  const NodeId overflowed = overflow(program_.outputs[output].root, 0);
  if (!nodes_.is_zero(overflowed)) sources.emplace_back("a figure too large", nodes_.negation(overflowed));
  for (const auto& [name, is_known] : sources) {
    if (shared_.module.missing_sources.size() >= kAbsent) break;  // the rest stays without a reason
    const auto source = static_cast<std::uint32_t>(shared_.module.missing_sources.size());
    shared_.module.missing_sources.push_back({.output = output, .name = name});
    nodes_.effect(Op::emit_missing, {source, holds, fails, is_known});
  }
}

void Lowering::emit_output(program::OutputId id) {
  const program::Output& output = program_.outputs[id];
  const ExprId root = output.root;
  const TypeKind kind = type(root).kind;
  if (output.kind == program::OutputKind::kSegment) {
    const NodeId holds = is_true(root, 0);
    const NodeId fails = is_false(root, 0);
    nodes_.effect(Op::emit_segment, {id, holds, fails});
    missing_sources(id, holds, fails);
  } else if (kind == TypeKind::kFlag) {
    nodes_.effect(Op::emit_flag, {id, is_true(root, 0), is_false(root, 0)});
  } else if (kind == TypeKind::kList || kind == TypeKind::kLocation) {  // has no register: missing everywhere
    nodes_.effect(Op::emit_flag, {id, nodes_.zero(0), nodes_.zero(0)});
  } else {
    const RegType reg = reg_type_of(type(root));
    const NodeId is_known = known(root, 0);
    nodes_.effect(Op::emit_value, {id, value(root, 0), is_known}, tag_of(reg));
    if (kind == TypeKind::kText || kind == TypeKind::kVersion) {
      shared_.module.outputs[id].dictionary = shared_.dictionary_of(root);
    }
    NodeId outside = nodes_.zero(0);
    NodeId comparable = kNoNode;
    if (output.at_least) {
      const NodeId below = raw_less(root, *output.at_least, 0, comparable);
      outside = nodes_.both(below, comparable);
    }
    if (output.at_most) {
      const NodeId above = raw_less(*output.at_most, root, 0, comparable);
      outside = nodes_.either(outside, nodes_.both(above, comparable));
    }
    if (!nodes_.is_zero(outside)) nodes_.effect(Op::emit_outside, {id, outside});
  }
  if (const NodeId overflowed = overflow(root, 0); !nodes_.is_zero(overflowed)) {
    nodes_.effect(Op::emit_overflow, {id, overflowed});
  }
}

void Lowering::keep(const KeptRequest& request) {
  if (request.grouping != base::kNone) {
    const base::Grouping& group = *program_.schema.tables[request.grouping].group;
    NodeId rows = existing(group.base, 0);
    if (request.expr != base::kNone) rows = nodes_.both(rows, is_true(request.expr, 0));
    nodes_.effect(Op::keep_bits, {rows, request.column});
    return;
  }
  if (request.is_as_of_day) {
    const NodeId day = nodes_.add(Op::as_of_day, 0, RegType::kI32, {zone(0)});
    nodes_.effect(Op::keep, {day, request.column}, tag_of(RegType::kI32));
    return;
  }
  if (request.facet != Facet::kValue) {
    nodes_.effect(Op::keep_bits, {facet(request.expr, request.facet, 0), request.column});
    return;
  }
  const RegType reg = reg_type_of(type(request.expr));
  nodes_.effect(Op::keep, {value(request.expr, 0), request.column}, tag_of(reg));
}

}  // namespace seg::bytecode
