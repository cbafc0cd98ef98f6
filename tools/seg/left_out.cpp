#include "tools/seg/left_out.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/diagnostic_code.h"
#include "tools/seg/plural.h"
#include "tools/seg/run_table.h"

namespace seg::tool {
namespace {

using base::format_count;
using program::AggFn;
using program::ExprId;
using program::ExprKind;
using program::Fn;

// Those that skip a row whose value is missing. `first` and `last` take it as it is; of a count nothing is hidden.
bool skips_missing(const program::Aggregate& aggregate) {
  switch (aggregate.fn) {
    case AggFn::kSum:
    case AggFn::kAverage:
    case AggFn::kMinimum:
    case AggFn::kMaximum:
    case AggFn::kMedian: return true;
    case AggFn::kCount:
    case AggFn::kExists:
    case AggFn::kDistinct:
    case AggFn::kFirst:
    case AggFn::kLast:
    case AggFn::kMostCommon:
    case AggFn::kStreak:
    case AggFn::kCurrentStreak: return false;
  }
  return false;
}

class Finder {
 public:
  Finder(const program::Program& program, const exec::Results& results)
      : program_(program), seen_(program.exprs.size(), base::kNone), is_metric_(program.exprs.size(), false) {
    for (program::OutputId id = 0; id < program.outputs.size(); ++id) {
      const program::Output& output = program.outputs[id];
      const bool has_value = output.kind == program::OutputKind::kMetric || output.kind == program::OutputKind::kScore;
      if (has_value && results.outputs[id].is_wanted && output.root != base::kNone) is_metric_[output.root] = true;
    }
  }

  using Field = std::pair<base::TableId, base::ColumnId>;
  std::map<Field, std::vector<program::OutputId>> fields;

  void look_at(program::OutputId output) {
    output_ = output;
    walk(program_.outputs[output].root);
    for (const program::Tier& tier : program_.outputs[output].tiers) walk(tier.condition);
  }

 private:
  void walk(ExprId id) {
    std::vector<ExprId> stack{id};
    while (!stack.empty()) {
      const ExprId at = stack.back();
      stack.pop_back();
      if (at == base::kNone || seen_[at] == output_) continue;
      if (is_metric_[at] && at != program_.outputs[output_].root) continue;  // it says so itself
      seen_[at] = output_;
      const program::Expr& expr = program_.expr(at);
      if (expr.kind == ExprKind::kAggregate) {
        const program::Aggregate& aggregate = program_.aggregates[expr.a];
        stack.push_back(aggregate.filter);
        stack.push_back(aggregate.value);
        if (aggregate.value != base::kNone && skips_missing(aggregate)) find_fields(aggregate.value);
      } else if (expr.kind != ExprKind::kTier && expr.kind != ExprKind::kMember) {
        for (const ExprId arg : program_.args_of(at)) stack.push_back(arg);
      }
    }
  }

  // Fields of the row itself whose missing value makes this value missing.
  void find_fields(ExprId id) {
    const program::Expr& expr = program_.expr(id);
    switch (expr.kind) {
      case ExprKind::kField:
      case ExprKind::kFollow: {
        std::vector<program::OutputId>& used_in = fields[{expr.frame, expr.a}];
        if (used_in.empty() || used_in.back() != output_) used_in.push_back(output_);
        for (const ExprId inner : program_.args_of(id)) find_fields(inner);  // what is read through a reference
        break;
      }
      case ExprKind::kCall:
        if (expr.fn == Fn::coalesce || expr.fn == Fn::is_missing || expr.fn == Fn::is_known) break;
        for (const ExprId arg : program_.args_of(id)) find_fields(arg);
        break;
      default: break;
    }
  }

  const program::Program& program_;
  program::OutputId output_ = 0;
  std::vector<program::OutputId> seen_;  // by expression: the last output that looked at it
  std::vector<bool> is_metric_;
};

}  // namespace

std::vector<LeftOut> find_left_out(const program::Program& program, const vector::Dataset& dataset,
                                   const exec::Results& results) {
  Finder finder(program, results);
  for (const program::OutputId output : outputs_as_written(program)) {
    if (results.outputs[output].is_wanted) finder.look_at(output);
  }
  std::vector<LeftOut> all;
  for (auto& [field, used_in] : finder.fields) {
    if (field.first >= dataset.tables.size()) continue;
    const vector::TableData& table = dataset.tables[field.first];
    // Tables that a run derives are not in the data; their parts are.
    if (field.second >= table.columns.size() || table.num_rows == 0) continue;
    const vector::Column& column = table.columns[field.second];
    if (column.storage == vector::Storage::kAbsent || column.num_missing == 0) continue;
    all.push_back({field.first, field.second, column.num_missing, table.num_rows, std::move(used_in)});
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const LeftOut& a, const LeftOut& b) { return a.used_in.size() > b.used_in.size(); });
  return all;
}

std::string left_out_text(const program::Program& program, const LeftOut& left_out) {
  constexpr std::size_t kMostNames = 3;
  const base::Table& table = program.schema.tables[left_out.table];
  std::string text = format_count(static_cast<std::int64_t>(left_out.num_missing)) + " of " +
                     format_count(static_cast<std::int64_t>(left_out.num_rows)) + " " + plural_of(table.name) +
                     (left_out.num_missing == 1 ? " has no " : " have no ") + table.columns[left_out.column].name +
                     ": ";
  for (std::size_t i = 0; i < left_out.used_in.size() && i < kMostNames; ++i) {
    text += (i == 0 ? "" : ", ") + program.outputs[left_out.used_in[i]].name;
  }
  if (left_out.used_in.size() > kMostNames) {
    text += " and " + std::to_string(left_out.used_in.size() - kMostNames) + " more";
  }
  return text;
}

}  // namespace seg::tool
