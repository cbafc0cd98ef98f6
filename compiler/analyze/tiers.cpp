#include "compiler/analyze/tiers.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <set>
#include <unordered_map>

namespace seg::analyze {
namespace {

using base::Int128;
using base::TypeKind;
using base::Value;
using program::Expr;
using program::ExprId;
using program::ExprKind;
using program::Fn;
using program::Program;

constexpr std::size_t kMostSteps = 20'000'000;  // nodes times cells: a fraction of a second
constexpr std::size_t kMostHoles = 64;
constexpr std::size_t kMostOverlaps = 1'000;
constexpr std::size_t kMostSpread = 4'096;  // cells tried to see that a value does not matter

enum Truth : std::uint8_t { kNo, kUnknown, kYes };
Truth truth(bool yes) { return yes ? kYes : kNo; }

// ---- the values of one side of the comparisons ----------------------------------------------------------------------

struct Axis {
  ExprId subject = base::kNone;
  std::vector<Value> constants;
  std::vector<Value> values;  // one for each piece between the constants; missing last
};

// How far from a constant an example lies, so that it reads well: a euro, a day, a kilometre.
std::int64_t step_of(TypeKind kind) {
  if (kind == TypeKind::kMoney) return base::kMoneyScale;
  return kind == TypeKind::kDuration || kind == TypeKind::kTime ? base::kMicrosPerDay : 1;
}

std::vector<Value> whole_pieces(const Axis& axis, const Bounds& bounds, TypeKind kind) {
  constexpr Int128 kLowest = std::numeric_limits<std::int64_t>::min();
  constexpr Int128 kHighest = std::numeric_limits<std::int64_t>::max();
  const Int128 least = bounds.least ? Int128{bounds.least->integer()} : kLowest;
  const Int128 greatest = bounds.greatest ? Int128{bounds.greatest->integer()} : kHighest;
  const Int128 step = step_of(kind);
  std::vector<Value> values;
  const auto add = [&](Int128 value) { values.push_back(Value::of(static_cast<std::int64_t>(value))); };
  const auto gap = [&](Int128 first, Int128 last) {
    const Int128 from = std::max(first, least);
    const Int128 to = std::min(last, greatest);
    if (from > to) return;
    if (from == kLowest && to == kHighest) return add(0);
    if (from == kLowest) return add(std::max(kLowest, to + 1 - step));
    add(from > least && from - 1 + step <= to ? from - 1 + step : from);
  };
  Int128 start = kLowest;
  for (const Value& constant : axis.constants) {
    const Int128 cut = constant.integer();
    gap(start, cut - 1);
    if (cut >= least && cut <= greatest) add(cut);
    start = cut + 1;
  }
  gap(start, kHighest);
  return values;
}

std::vector<Value> number_pieces(const Axis& axis, const Bounds& bounds, TypeKind kind) {
  constexpr double kEndless = std::numeric_limits<double>::infinity();
  const double least = bounds.least ? bounds.least->number() : -kEndless;
  const double greatest = bounds.greatest ? bounds.greatest->number() : kEndless;
  const double step = kind == TypeKind::kDistance ? 1000 : 1;
  std::vector<Value> values;
  // Between two constants, neither of them included; the bounds are.
  const auto gap = [&](double after, double before) {
    const double first = after < least ? least : std::nextafter(after, kEndless);
    const double last = before > greatest ? greatest : std::nextafter(before, -kEndless);
    if (!(first <= last)) return;
    const bool is_open_below = after == -kEndless && least == -kEndless;
    const bool is_open_above = before == kEndless && greatest == kEndless;
    double value = first;
    if (is_open_below) {
      value = is_open_above ? 0 : std::min(before - step, last);
    } else if (after >= least) {
      value = std::floor(after) + step;
      if (!(value > after && value <= last)) value = after + (std::min(before, greatest) - after) / 2;
      if (!(value > after && value <= last)) value = first;
    }
    values.push_back(Value::of(value));
  };
  double start = -kEndless;
  for (const Value& constant : axis.constants) {
    const double cut = constant.number();
    gap(start, cut);
    if (cut >= least && cut <= greatest) values.push_back(constant);
    start = cut;
  }
  gap(start, kEndless);
  return values;
}

std::vector<Value> pieces(const Program& program, const Axis& axis) {
  const base::Type& type = program.expr(axis.subject).type;
  std::vector<Value> values;
  switch (type.kind) {
    case TypeKind::kFlag: return {Value::of(false), Value::of(true)};
    case TypeKind::kChoice:
      for (std::size_t i = 0; i < program.schema.choices[type.detail].values.size(); ++i)
        values.push_back(Value::of(static_cast<std::int64_t>(i)));
      return values;
    case TypeKind::kText: {
      values = axis.constants;
      std::string other = "…";  // a text that none of them is
      while (std::find(values.begin(), values.end(), Value::of(other)) != values.end()) other += "…";
      values.push_back(Value::of(other));
      return values;
    }
    case TypeKind::kNumber:
    case TypeKind::kDistance: return number_pieces(axis, bounds_of(program, axis.subject), type.kind);
    case TypeKind::kInteger:
    case TypeKind::kMoney:
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kDuration: return whole_pieces(axis, bounds_of(program, axis.subject), type.kind);
    case TypeKind::kVersion:
    case TypeKind::kLocation:
    case TypeKind::kList:
    case TypeKind::kReference: return {Value::of(std::string("…"))};  // asked only whether it is there
  }
  return values;
}

// ---- conditions -----------------------------------------------------------------------------------------------------

enum class Op : std::uint8_t { kConstant, kLeaf, kNot, kAnd, kOr, kIsTrue, kIsMissing, kIf, kCoalesce, kCount };

struct Node {
  Op op = Op::kConstant;
  Truth constant = kNo;
  std::vector<std::uint32_t> args;  // nodes before this one
  // A leaf: what it says of a value of its axis.
  std::uint32_t axis = 0;
  ExprId expr = base::kNone;
  Fn fn = Fn::eq;
  Value right;
  std::vector<Truth> truths;         // by value of the axis
  std::int64_t least = 0, most = 0;  // kCount: so many of args
};

class Prover {
 public:
  Prover(const Program& program, const TierQuestion& question) : program_(program), question_(question) {}

  TierProof prove() {
    for (const ExprId condition : question_.conditions) roots_.push_back(compile(condition));
    std::size_t steps = std::max<std::size_t>(1, nodes_.size());
    for (Axis& axis : axes_) {
      std::sort(axis.constants.begin(), axis.constants.end(), is_less);
      const auto same = [](const Value& a, const Value& b) { return !is_less(a, b) && !is_less(b, a); };
      axis.constants.erase(std::unique(axis.constants.begin(), axis.constants.end(), same), axis.constants.end());
      axis.values = pieces(program_, axis);
      if (question_.can_be_missing(axis.subject)) axis.values.push_back(Value::missing());
      if (axis.values.empty() || steps > kMostSteps / axis.values.size()) return {};
      steps *= axis.values.size();
    }
    for (Node& node : nodes_) tabulate(node);
    state_.resize(nodes_.size());
    proof_.is_decided = true;
    proof_.is_reached.assign(roots_.size(), false);
    for (const Axis& axis : axes_) proof_.subjects.push_back(axis.subject);
    std::vector<std::size_t> cell(axes_.size(), 0);
    do look_at(cell);
    while (next(cell));
    for (std::vector<std::size_t>& hole : holes_with_missing_) {
      if (holes_.size() < kMostHoles) holes_.push_back(std::move(hole));
    }
    const auto is_hole = [&](const std::vector<std::size_t>& at) {
      evaluate(at);
      return std::none_of(roots_.begin(), roots_.end(), [&](std::uint32_t root) { return state_[root] == kYes; });
    };
    for (std::size_t i = 0; i < holes_.size(); ++i) proof_.holes.push_back(describe(holes_[i], is_hole, i == 0));
    return std::move(proof_);
  }

 private:
  // ---- compiling ----

  std::uint32_t add(Node node) {
    nodes_.push_back(std::move(node));
    return static_cast<std::uint32_t>(nodes_.size() - 1);
  }

  std::uint32_t axis_of(ExprId subject) {
    const auto [entry, is_new] = axis_by_subject_.emplace(subject, axes_.size());
    if (is_new) axes_.push_back({.subject = subject});
    return static_cast<std::uint32_t>(entry->second);
  }

  const Value* constant(ExprId id) const {
    const Expr& e = program_.expr(id);
    if (e.kind == ExprKind::kLiteral) return &program_.values[e.a];
    return e.kind == ExprKind::kParam ? &program_.params[e.a].value : nullptr;
  }

  std::uint32_t opaque(ExprId id) { return add({.op = Op::kLeaf, .axis = axis_of(id), .expr = id, .fn = Fn::is_true}); }

  static bool has_pieces(TypeKind kind, Fn fn) {
    switch (kind) {
      case TypeKind::kText: return fn == Fn::eq || fn == Fn::ne || fn == Fn::in_list;
      case TypeKind::kVersion:
      case TypeKind::kLocation:
      case TypeKind::kList:
      case TypeKind::kReference: return false;
      default: return true;
    }
  }

  static Fn mirrored(Fn fn) {
    switch (fn) {
      case Fn::lt: return Fn::gt;
      case Fn::le: return Fn::ge;
      case Fn::gt: return Fn::lt;
      case Fn::ge: return Fn::le;
      default: return fn;
    }
  }

  std::uint32_t compile_comparison(ExprId id, Fn fn) {
    std::vector<ExprId> args = program_.args_of(id);
    if (constant(args[1]) == nullptr && fn != Fn::in_list) {
      std::swap(args[0], args[1]);
      fn = mirrored(fn);
    }
    const Value* right = constant(args[1]);
    if (right == nullptr || right->is_missing()) return opaque(id);
    ExprId subject = args[0];
    if (const Value* left = constant(subject)) {
      if (left->is_missing()) return add({.constant = kUnknown});
      return add({.constant = compare(*left, fn, *right)});
    }
    if (!has_pieces(program_.expr(subject).type.kind, fn)) return opaque(id);
    Node node{.op = Op::kLeaf, .expr = id, .fn = fn, .right = *right};
    const Expr& e = program_.expr(subject);
    // A whole number beside a number with decimals is compared as a number; its own pieces are fewer.
    if (e.kind == ExprKind::kCall && e.fn == Fn::to_number && fn != Fn::in_list && std::fabs(right->number()) < 9e15) {
      subject = program_.args_of(subject)[0];
      const double limit = right->number();
      const bool is_whole = limit == std::floor(limit);
      if (!is_whole && (fn == Fn::eq || fn == Fn::ne)) {
        return add({.op = Op::kLeaf, .constant = truth(fn == Fn::ne), .axis = axis_of(subject), .fn = Fn::is_known});
      }
      const bool rounds_up = fn == Fn::ge || fn == Fn::lt;
      node.right = Value::of(static_cast<std::int64_t>(rounds_up ? std::ceil(limit) : std::floor(limit)));
    }
    node.axis = axis_of(subject);
    std::vector<Value>& constants = axes_[node.axis].constants;
    if (fn == Fn::in_list) {
      constants.insert(constants.end(), right->list().begin(), right->list().end());
    } else {
      constants.push_back(node.right);
    }
    return add(std::move(node));
  }

  std::uint32_t compile(ExprId id) {
    if (const auto it = node_of_.find(id); it != node_of_.end()) return it->second;
    const std::uint32_t node = compile_new(id);
    node_of_.emplace(id, node);
    return node;
  }

  std::uint32_t compile_new(ExprId id) {
    const Expr e = program_.expr(id);
    if (const Value* value = constant(id))
      return add({.constant = value->is_missing() ? kUnknown : truth(value->flag())});
    if (e.kind != ExprKind::kCall) return opaque(id);
    const std::vector<ExprId> args = program_.args_of(id);
    const auto of = [&](Op op, std::size_t from = 0) {
      Node node{.op = op};
      for (std::size_t i = from; i < args.size(); ++i) node.args.push_back(compile(args[i]));
      return node;
    };
    switch (e.fn) {
      case Fn::eq:
      case Fn::ne:
      case Fn::lt:
      case Fn::le:
      case Fn::gt:
      case Fn::ge:
      case Fn::in_list: return compile_comparison(id, e.fn);
      case Fn::logical_not: return add(of(Op::kNot));
      case Fn::logical_and: return add(of(Op::kAnd));
      case Fn::logical_or: return add(of(Op::kOr));
      case Fn::is_true: return add(of(Op::kIsTrue));
      case Fn::if_then_else: return add(of(Op::kIf));
      case Fn::coalesce: return add(of(Op::kCoalesce));
      case Fn::at_least:
      case Fn::at_most:
      case Fn::exactly: {
        const Value* count = constant(args[0]);
        if (count == nullptr) return opaque(id);
        Node node = of(Op::kCount, 1);
        node.least = e.fn == Fn::at_most ? 0 : count->integer();
        node.most = e.fn == Fn::at_least ? static_cast<std::int64_t>(args.size()) : count->integer();
        return add(std::move(node));
      }
      case Fn::is_missing:
      case Fn::is_known: {
        const bool is_flag = program_.expr(args[0]).type.kind == TypeKind::kFlag;
        std::uint32_t node = 0;
        if (is_flag || constant(args[0]) != nullptr) {
          if (!is_flag) return add({.constant = truth(constant(args[0])->is_missing() == (e.fn == Fn::is_missing))});
          node = add(of(Op::kIsMissing));
        } else {
          ExprId subject = args[0];
          const Expr& inner = program_.expr(subject);
          if (inner.kind == ExprKind::kCall && inner.fn == Fn::to_number) subject = program_.args_of(subject)[0];
          node = add({.op = Op::kLeaf, .axis = axis_of(subject), .expr = id, .fn = Fn::is_missing});
        }
        return e.fn == Fn::is_missing ? node : add({.op = Op::kNot, .args = {node}});
      }
      default: return opaque(id);
    }
  }

  // ---- evaluating ----

  static Truth compare(const Value& left, Fn fn, const Value& right) {
    switch (fn) {
      case Fn::eq: return truth(!is_less(left, right) && !is_less(right, left));
      case Fn::ne: return truth(is_less(left, right) || is_less(right, left));
      case Fn::lt: return truth(is_less(left, right));
      case Fn::le: return truth(!is_less(right, left));
      case Fn::gt: return truth(is_less(right, left));
      case Fn::ge: return truth(!is_less(left, right));
      case Fn::in_list:
        return truth(std::any_of(right.list().begin(), right.list().end(),
                                 [&](const Value& item) { return compare(left, Fn::eq, item) == kYes; }));
      default: return kUnknown;
    }
  }

  void tabulate(Node& node) const {
    if (node.op != Op::kLeaf) return;
    for (const Value& value : axes_[node.axis].values) {
      if (node.fn == Fn::is_missing) {
        node.truths.push_back(truth(value.is_missing()));
      } else if (value.is_missing()) {
        node.truths.push_back(kUnknown);
      } else if (node.fn == Fn::is_known) {
        node.truths.push_back(node.constant);
      } else {
        node.truths.push_back(node.fn == Fn::is_true ? truth(value.flag()) : compare(value, node.fn, node.right));
      }
    }
  }

  Truth value_of(const Node& node, const std::vector<std::size_t>& cell) const {
    const auto arg = [&](std::size_t i) { return state_[node.args[i]]; };
    switch (node.op) {
      case Op::kConstant: return node.constant;
      case Op::kLeaf: return node.truths[cell[node.axis]];
      case Op::kNot: return static_cast<Truth>(kYes - arg(0));
      case Op::kIsTrue: return truth(arg(0) == kYes);
      case Op::kIsMissing: return truth(arg(0) == kUnknown);
      case Op::kIf: return arg(0) == kUnknown ? kUnknown : arg(0) == kYes ? arg(1) : arg(2);
      case Op::kCoalesce: return arg(0) == kUnknown ? arg(1) : arg(0);
      case Op::kAnd:
      case Op::kOr: {
        Truth result = arg(0);
        for (const std::uint32_t id : node.args)
          result = node.op == Op::kAnd ? std::min(result, state_[id]) : std::max(result, state_[id]);
        return result;
      }
      case Op::kCount: {
        std::int64_t num_yes = 0;
        std::int64_t num_unknown = 0;
        for (const std::uint32_t id : node.args) {
          num_yes += state_[id] == kYes ? 1 : 0;
          num_unknown += state_[id] == kUnknown ? 1 : 0;
        }
        if (num_yes > node.most || num_yes + num_unknown < node.least) return kNo;
        return num_yes >= node.least && num_yes + num_unknown <= node.most ? kYes : kUnknown;
      }
    }
    return kUnknown;
  }

  void evaluate(const std::vector<std::size_t>& cell) {
    for (std::size_t i = 0; i < nodes_.size(); ++i) state_[i] = value_of(nodes_[i], cell);
  }

  // The next cell, the last side fastest.
  bool next(std::vector<std::size_t>& cell) const {
    for (std::size_t i = cell.size(); i-- > 0;) {
      if (++cell[i] < axes_[i].values.size()) return true;
      cell[i] = 0;
    }
    return false;
  }

  void look_at(const std::vector<std::size_t>& cell) {
    evaluate(cell);
    std::vector<std::size_t> in;
    for (std::size_t i = 0; i < roots_.size(); ++i) {
      if (state_[roots_[i]] == kYes) in.push_back(i);
    }
    if (in.empty()) {
      ++proof_.num_holes;
      bool has_missing = false;
      for (std::size_t i = 0; i < cell.size(); ++i) has_missing = has_missing || axes_[i].values[cell[i]].is_missing();
      std::vector<std::vector<std::size_t>>& list = has_missing ? holes_with_missing_ : holes_;
      if (list.size() < kMostHoles) list.push_back(cell);
      return;
    }
    proof_.is_reached[in.front()] = true;
    if (!question_.wants_overlaps || in.size() < 2) return;
    for (std::size_t i = 0; i < in.size(); ++i) {
      for (std::size_t j = i + 1; j < in.size() && overlapping_.size() < kMostOverlaps; ++j) {
        if (group(in[i]) == group(in[j]) || !overlapping_.emplace(group(in[i]), group(in[j])).second) continue;
        const auto is_both = [&](const std::vector<std::size_t>& at) {
          evaluate(at);
          return state_[roots_[in[i]]] == kYes && state_[roots_[in[j]]] == kYes;
        };
        proof_.overlaps.push_back({in[i], in[j], describe(cell, is_both, true)});
      }
    }
    evaluate(cell);
  }

  std::size_t group(std::size_t condition) const {
    return question_.groups.empty() ? condition : question_.groups[condition];
  }

  // The cell without the values that don't matter for what holds there.
  template <class Holds>
  Cell describe(const std::vector<std::size_t>& cell, Holds holds, bool drops) {
    std::vector<std::size_t> free;
    std::size_t num_cells = 1;
    for (std::size_t i = axes_.size(); drops && i-- > 0;) {
      if (num_cells * axes_[i].values.size() > kMostSpread) break;
      free.push_back(i);
      std::vector<std::size_t> at = cell;
      for (const std::size_t axis : free) at[axis] = 0;
      bool matters = false;
      for (bool more = true; more && !matters;) {
        matters = !holds(at);
        more = false;
        for (const std::size_t axis : free) {
          if (++at[axis] < axes_[axis].values.size()) {
            more = true;
            break;
          }
          at[axis] = 0;
        }
      }
      if (matters) {
        free.pop_back();
      } else {
        num_cells *= axes_[i].values.size();
      }
    }
    Cell out;
    out.matters.assign(axes_.size(), true);
    for (const std::size_t axis : free) out.matters[axis] = false;
    for (std::size_t i = 0; i < axes_.size(); ++i) out.values.push_back(axes_[i].values[cell[i]]);
    out.certain = question_.independent || can_exist(out);
    return out;
  }

  // ---- whether such a customer can exist ----

  bool can_exist(const Cell& cell) const {
    std::size_t num_fields = 0;
    std::size_t num_others = 0;
    bool is_plain = true;
    for (std::size_t i = 0; i < axes_.size(); ++i) {
      if (!cell.matters[i]) continue;
      const bool is_field = program_.expr(axes_[i].subject).kind == ExprKind::kField;
      (is_field ? num_fields : num_others) += 1;
      is_plain = is_plain && (is_field || takes_any_value(axes_[i].subject));
    }
    return is_plain && (num_others == 0 || num_others + num_fields == 1);
  }

  // Nothing is computed of it that would leave some values out.
  bool takes_any_value(ExprId id) const {
    const Expr& e = program_.expr(id);
    switch (e.kind) {
      case ExprKind::kField:
      case ExprKind::kFollow:
      case ExprKind::kAggregate:
      case ExprKind::kMember:
      case ExprKind::kTier: return true;
      case ExprKind::kInWindow: return program_.expr(program_.args_of(id)[0]).kind == ExprKind::kField;
      case ExprKind::kCall: break;
      default: return false;
    }
    switch (e.fn) {
      case Fn::years_since:
      case Fn::months_since:
      case Fn::weeks_since:
      case Fn::days_since:
      case Fn::hours_since:
      case Fn::days_until:
      case Fn::date_of:
      case Fn::month_of:
      case Fn::weekday_of:
      case Fn::contains:
      case Fn::starts_with:
      case Fn::ends_with:
      case Fn::matches:
      case Fn::fold: return takes_any_value(program_.args_of(id)[0]);
      default: return false;
    }
  }

  const Program& program_;
  const TierQuestion& question_;
  std::vector<Axis> axes_;
  std::unordered_map<ExprId, std::size_t> axis_by_subject_;
  std::vector<Node> nodes_;
  std::unordered_map<ExprId, std::uint32_t> node_of_;
  std::vector<std::uint32_t> roots_;
  std::vector<Truth> state_;
  std::vector<std::vector<std::size_t>> holes_, holes_with_missing_;
  std::set<std::pair<std::size_t, std::size_t>> overlapping_;
  TierProof proof_;
};

}  // namespace

TierProof prove_tiers(const Program& program, const TierQuestion& question) {
  return Prover(program, question).prove();
}

}  // namespace seg::analyze
