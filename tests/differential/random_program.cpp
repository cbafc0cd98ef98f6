#include "tests/differential/random_program.h"

#include <utility>
#include <vector>

#include "base/fold.h"
#include "program/sticky.h"
#include "tests/differential/random_data.h"

namespace seg::differential {
namespace {

using base::kNone;
using base::TableId;
using base::TimeUnit;
using base::Type;
using base::TypeKind;
using base::Value;
using base::Window;
using base::WindowKind;
using program::AggFn;
using program::Aggregate;
using program::ExprId;
using program::Fn;
using program::Program;

const Type kFlag = {.kind = TypeKind::kFlag};
const Type kInteger = {.kind = TypeKind::kInteger};
const Type kNumber = {.kind = TypeKind::kNumber};
const Type kText = {.kind = TypeKind::kText};
const Type kDate = {.kind = TypeKind::kDate};
const Type kTime = {.kind = TypeKind::kTime};
const Type kDuration = {.kind = TypeKind::kDuration};
const Type kEuro = {.kind = TypeKind::kMoney, .detail = 0};
const Type kDistance = {.kind = TypeKind::kDistance};

class Generator {
 public:
  Generator(Program& program, const base::Binding& binding, RandomSource& random, std::vector<NamedExpr>& named)
      : program_(program), binding_(binding), random_(random), named_(named) {}

  ExprId any(const Type& type, TableId frame, int depth) {
    if (depth <= 0 || random_.chance(15)) return leaf(type, frame);
    if (random_.chance(10) && is_compared(frame)) {
      const ExprId compared = population(type, frame, depth);
      if (compared != kNone) return compared;
    }
    if (random_.chance(8)) {
      return program_.call(Fn::if_then_else, type,
                           {flag(frame, depth - 1), any(type, frame, depth - 1), any(type, frame, depth - 1)});
    }
    if (random_.chance(8))
      return program_.call(Fn::coalesce, type, {any(type, frame, depth - 1), any(type, frame, depth - 1)});
    switch (type.kind) {
      case TypeKind::kFlag: return flag(frame, depth);
      case TypeKind::kInteger: return integer(frame, depth);
      case TypeKind::kNumber: return number(frame, depth);
      case TypeKind::kMoney:
      case TypeKind::kDuration:
      case TypeKind::kDistance: return quantity(type, frame, depth);
      case TypeKind::kText: return text(type, frame, depth);
      case TypeKind::kDate: return date(frame, depth);
      case TypeKind::kTime: return time(frame, depth);
      case TypeKind::kVersion:
      case TypeKind::kChoice: return aggregate_or_leaf(type, frame, depth);
      case TypeKind::kLocation:
      case TypeKind::kReference:
      case TypeKind::kList: return leaf(type, frame);
    }
    return leaf(type, frame);
  }

  ExprId flag(TableId frame, int depth) {
    if (depth <= 0) return leaf(kFlag, frame);
    if (random_.chance(5) && is_compared(frame)) return population(kFlag, frame, depth);
    switch (random_.below(16)) {
      case 0: return program_.call(Fn::logical_not, kFlag, {flag(frame, depth - 1)});
      case 1: return program_.call(Fn::logical_and, kFlag, several(frame, depth));
      case 2: return program_.call(Fn::logical_or, kFlag, several(frame, depth));
      case 3: {
        std::vector<ExprId> args = several(frame, depth);
        args.insert(args.begin(),
                    literal(kInteger, Value::of(random_.between(0, static_cast<std::int64_t>(args.size()) + 1))));
        return program_.call(random_.pick(std::vector<Fn>{Fn::at_least, Fn::at_most, Fn::exactly}), kFlag, args);
      }
      case 4:
        return program_.call(random_.pick(std::vector<Fn>{Fn::is_missing, Fn::is_known}), kFlag,
                             {any(any_type(frame), frame, depth - 1)});
      case 5: return program_.call(Fn::is_true, kFlag, {flag(frame, depth - 1)});
      case 6: {
        const bool dated = random_.chance(50);
        return program_.in_window(any(dated ? kDate : kTime, frame, depth - 1), window(!dated));
      }
      case 7:
        return random_.chance(40) ? program_.recurs_in_window(any(kDate, frame, depth - 1), window(false))
                                  : exists(frame, depth);
      case 8: return text_test(frame, depth);
      case 9: return list_test(frame, depth);
      case 10: return member(frame, depth);
      case 11: return random_.chance(30) ? regularity(frame, depth) : exists(frame, depth);
      case 12: return exists(frame, depth);
      default: return compare(frame, depth);
    }
  }

  static bool is_compared(TableId frame) { return frame == kCustomer || frame == kAccount; }

  // A rank or a figure of that type, or kNone.
  ExprId population(const Type& type, TableId frame, int depth) {
    using program::PopulationFn;
    depth = depth > 3 ? 2 : depth - 1;
    const bool is_exact = type.kind == TypeKind::kMoney || type.kind == TypeKind::kDuration;
    std::vector<PopulationFn> fns;
    std::vector<AggFn> figures = {AggFn::kMinimum, AggFn::kMaximum};
    Type value = random_.pick(std::vector<Type>{kInteger, kInteger, kNumber, kEuro, kDate, kDuration, kTime});
    if (type.kind == TypeKind::kFlag) {
      fns = {PopulationFn::kTop, PopulationFn::kBottom};
    } else if (type == kInteger) {
      fns = {PopulationFn::kTile, PopulationFn::kRank, PopulationFn::kFigure, PopulationFn::kFigure,
             PopulationFn::kQuantile};
      figures.insert(figures.end(), {AggFn::kCount, AggFn::kSum});
    } else if (type == kNumber) {
      fns = {PopulationFn::kPercentile, PopulationFn::kFigure, PopulationFn::kFigure, PopulationFn::kQuantile,
             PopulationFn::kDeviation};
      figures.insert(figures.end(), {AggFn::kAverage, AggFn::kMedian, AggFn::kSum});
    } else if (is_exact) {
      fns = {PopulationFn::kFigure, PopulationFn::kQuantile, PopulationFn::kDeviation};
      figures.insert(figures.end(), {AggFn::kAverage, AggFn::kMedian, AggFn::kSum});
    } else if (type.kind == TypeKind::kDate || type.kind == TypeKind::kTime ||
               (type.kind == TypeKind::kChoice && type.ranked)) {
      fns = {PopulationFn::kFigure, PopulationFn::kQuantile};
    } else {
      return kNone;
    }
    program::Population population{.fn = random_.pick(fns)};
    const bool is_figure = population.fn == PopulationFn::kFigure || population.fn == PopulationFn::kQuantile ||
                           population.fn == PopulationFn::kDeviation;
    if (population.fn == PopulationFn::kFigure) population.figure = random_.pick(figures);
    const bool counts = population.fn == PopulationFn::kFigure && population.figure == AggFn::kCount;
    if (is_figure && !counts) value = type;
    const bool to_number = population.fn == PopulationFn::kDeviation || population.figure == AggFn::kAverage ||
                           population.figure == AggFn::kMedian;
    if (is_figure && to_number && type == kNumber && random_.chance(50)) value = kInteger;
    program::PopulationArgs args;
    args.value = any(value, frame, depth);
    const std::vector<double> shares = {0, 0.1, 0.25, 1.0 / 3, 0.5, 0.9, 1, 1.5};
    const Value share = Value::of(random_.pick(shares));
    if (population.fn == PopulationFn::kTile) args.n = literal(kInteger, Value::of(random_.between(0, 20)));
    if (population.fn == PopulationFn::kQuantile) args.n = literal(kNumber, share);
    if (type.kind == TypeKind::kFlag) {
      args.n = random_.chance(50)                               ? literal(kNumber, share)
               : !program_.params.empty() && random_.chance(30) ? program_.param(0)
                                                                : literal(kInteger, Value::of(random_.between(0, 12)));
      if (random_.chance(40)) {
        args.ties = any(random_.pick(std::vector<Type>{kInteger, kDate, kNumber, kTime}), frame, depth - 1);
        population.ties_highest_first = random_.chance(50);
      }
    }
    if (random_.chance(30)) args.among = flag(frame, depth - 1);
    for (std::uint32_t n = random_.below(3); n > 0; --n) {
      const Type key = any_type(frame);
      if (key.kind == TypeKind::kList || key.kind == TypeKind::kLocation || key.kind == TypeKind::kVersion) continue;
      args.per.push_back(fold_if(key, any(key, frame, depth - 1)));
    }
    return program_.population(frame, population, args, type);
  }

  // A few lines that feed the derived tables of the schema.
  void derive_tables() {
    base::Schema& schema = program_.schema;
    if (random_.chance(50)) schema.tables[kContact].parts[0].filter = flag(kPurchase, 1);
    if (random_.chance(30)) schema.tables[kBasket].group->filter = flag(kPurchase, 1);
    const auto grouped = [&](AggFn fn, ExprId value, const Type& type) {
      const Aggregate aggregate = {
          .fn = fn, .frame = kBasket, .child = kPurchase, .child_ref = program::kGroupRef, .value = value};
      return program_.aggregate(aggregate, type);
    };
    const ExprId amount = program_.field(kPurchase, 2);
    const ExprId rating = program_.field(kPurchase, 7);
    schema.tables[kBasket].group->computed = {grouped(AggFn::kSum, amount, kEuro),
                                              grouped(AggFn::kCount, kNone, kInteger),
                                              grouped(AggFn::kMaximum, rating, kNumber)};
  }

  Type any_type(TableId frame) {
    const auto& columns = program_.schema.tables[frame].columns;
    for (;;) {
      const Type& type = random_.pick(columns).type;
      if (type.kind != TypeKind::kReference) return type;
    }
  }

 private:
  ExprId literal(const Type& type, const Value& value) { return program_.literal(type, value); }

  ExprId random_literal(Type type) {
    Value value = random_value(program_.schema, type, binding_, random_);
    if (type.folded && type.kind == TypeKind::kText) value = Value::of(base::fold(value.text()));
    return literal(type, value);
  }

  std::vector<ExprId> several(TableId frame, int depth) {
    std::vector<ExprId> args;
    for (std::uint32_t n = 1 + random_.below(4); n > 0; --n) args.push_back(flag(frame, depth - 1));
    return args;
  }

  // A field of the frame, or of a row that it refers to, or a literal.
  ExprId leaf(const Type& type, TableId frame) {
    std::vector<ExprId> fields;
    collect_fields(type, frame, 2, fields);
    if (type.kind == TypeKind::kDate && random_.chance(5)) return program_.as_of_day();
    if (type.kind == TypeKind::kChoice && type.detail == 3 && (frame == kCustomer) && random_.chance(70))
      return climate(1, frame);
    if (type == kNumber && frame == kCustomer && random_.chance(10)) return climate(2, frame);
    if (type.kind == TypeKind::kInteger && !program_.params.empty() && random_.chance(5)) return program_.param(0);
    if (!fields.empty() && random_.chance(85)) return random_.pick(fields);
    return random_literal(type);
  }

  ExprId climate(base::ColumnId column, TableId frame) {
    const ExprId city = program_.field(frame, 5);
    return program_.lookup(frame, kClimate, column, {city});
  }

  void collect_fields(const Type& type, TableId frame, int steps, std::vector<ExprId>& fields) {
    const auto& columns = program_.schema.tables[frame].columns;
    for (base::ColumnId c = 0; c < columns.size(); ++c) {
      if (columns[c].type == type) fields.push_back(program_.field(frame, c));
      if (columns[c].type.kind != TypeKind::kReference || steps == 0) continue;
      std::vector<ExprId> inner;
      collect_fields(type, columns[c].type.detail, steps - 1, inner);
      for (ExprId e : inner) fields.push_back(program_.follow(frame, c, e));
    }
  }

  ExprId integer(TableId frame, int depth) {
    const auto sub = [&](const Type& type) { return any(type, frame, depth - 1); };
    switch (random_.below(12)) {
      case 0:
        return program_.call(random_.pick(std::vector<Fn>{Fn::add, Fn::subtract, Fn::multiply}), kInteger,
                             {sub(kInteger), sub(kInteger)});
      case 1: return program_.call(random_.pick(std::vector<Fn>{Fn::negate, Fn::abs}), kInteger, {sub(kInteger)});
      case 2:
        return program_.call(random_.pick(std::vector<Fn>{Fn::min_of, Fn::max_of}), kInteger,
                             {sub(kInteger), sub(kInteger), sub(kInteger)});
      case 3:
        return program_.call(
            random_.pick(std::vector<Fn>{Fn::years_since, Fn::months_since, Fn::weeks_since, Fn::days_since,
                                         Fn::days_until, Fn::year_of, Fn::month_of, Fn::day_of, Fn::weekday_of}),
            kInteger, {sub(kDate)});
      case 4: return program_.call(random_.pick(std::vector<Fn>{Fn::hours_since, Fn::hour_of}), kInteger, {sub(kTime)});
      case 5: return program_.call(Fn::days_between, kInteger, {sub(kDate), sub(kDate)});
      case 6: return program_.call(Fn::length, kInteger, {sub(kText)});
      case 7: {
        if (frame != kCustomer) return aggregate_or_leaf(kInteger, frame, depth);
        return program_.call(Fn::list_size, kInteger, {program_.field(frame, random_.chance(50) ? 8 : 9)});
      }
      default: return aggregate_or_leaf(kInteger, frame, depth);
    }
  }

  ExprId number(TableId frame, int depth) {
    const auto sub = [&](const Type& type) { return any(type, frame, depth - 1); };
    switch (random_.below(12)) {
      case 0:
      case 1:
        return program_.call(random_.pick(std::vector<Fn>{Fn::add, Fn::subtract, Fn::multiply, Fn::divide}), kNumber,
                             {sub(kNumber), sub(kNumber)});
      case 2: return program_.call(Fn::to_number, kNumber, {sub(kInteger)});
      case 3:
        return program_.call(random_.pick(std::vector<Fn>{Fn::negate, Fn::abs, Fn::floor, Fn::ceil}), kNumber,
                             {sub(kNumber)});
      case 4: {
        const Type type = random_.pick(std::vector<Type>{kInteger, kEuro, kDuration, kDistance});
        return program_.call(Fn::divide, kNumber, {sub(type), sub(type)});
      }
      case 5:
        return program_.call(Fn::round, kNumber, {sub(kNumber), literal(kInteger, Value::of(random_.between(-1, 3)))});
      case 6:
        return program_.call(random_.pick(std::vector<Fn>{Fn::min_of, Fn::max_of}), kNumber,
                             {sub(kNumber), sub(kNumber)});
      case 7: return program_.call(Fn::points_when, kNumber, {flag(frame, depth - 1), random_literal(kNumber)});
      case 8: {
        const Value cap =
            random_.chance(50) ? Value::of(static_cast<double>(random_.between(1, 20))) : Value::missing();
        return program_.call(Fn::points_per, kNumber, {sub(kNumber), random_literal(kNumber), literal(kNumber, cap)});
      }
      default: return aggregate_or_leaf(kNumber, frame, depth);
    }
  }

  ExprId quantity(const Type& type, TableId frame, int depth) {
    const auto sub = [&](const Type& of) { return any(of, frame, depth - 1); };
    switch (random_.below(8)) {
      case 0: return program_.call(random_.pick(std::vector<Fn>{Fn::add, Fn::subtract}), type, {sub(type), sub(type)});
      case 1:
        return program_.call(random_.pick(std::vector<Fn>{Fn::multiply, Fn::divide}), type, {sub(type), sub(kNumber)});
      case 2: return program_.call(random_.pick(std::vector<Fn>{Fn::negate, Fn::abs}), type, {sub(type)});
      case 3:
        if (type.kind == TypeKind::kMoney) {
          return program_.call(Fn::round, type, {sub(type), literal(kInteger, Value::of(random_.between(-1, 3)))});
        }
        if (type.kind == TypeKind::kDuration)
          return program_.call(Fn::duration_between, type, {sub(kTime), sub(kTime)});
        return program_.call(Fn::max_of, type, {sub(type), sub(type)});
      case 4:
        if (type.kind == TypeKind::kMoney)
          return program_.call(random_.chance(50) ? Fn::floor : Fn::ceil, type, {sub(type)});
        return program_.call(Fn::min_of, type, {sub(type), sub(type)});
      default: return aggregate_or_leaf(type, frame, depth);
    }
  }

  ExprId text(const Type& type, TableId frame, int depth) {
    if (type.folded) {
      return random_.chance(50) ? program_.call(Fn::fold, type, {any(kText, frame, depth - 1)})
                                : aggregate_or_leaf(type, frame, depth);
    }
    if (random_.chance(40)) {
      return program_.call(random_.pick(std::vector<Fn>{Fn::lower, Fn::trim}), type, {any(type, frame, depth - 1)});
    }
    return aggregate_or_leaf(type, frame, depth);
  }

  ExprId date(TableId frame, int depth) {
    const ExprId day = any(kDate, frame, depth - 1);
    switch (random_.below(5)) {
      case 0: return program_.call(Fn::date_of, kDate, {any(kTime, frame, depth - 1)});
      case 1: return program_.call(Fn::add_days, kDate, {day, literal(kInteger, Value::of(random_.between(-40, 40)))});
      case 2:
        return program_.call(Fn::add_months, kDate, {day, literal(kInteger, Value::of(random_.between(-14, 14)))});
      case 3:
        return program_.call(Fn::calendar_unit_of, kDate, {day, literal(kInteger, Value::of(random_.between(2, 5)))});
      default: return aggregate_or_leaf(kDate, frame, depth);
    }
  }

  ExprId time(TableId frame, int depth) {
    switch (random_.below(4)) {
      case 0: return program_.call(Fn::start_of_day, kTime, {any(kDate, frame, depth - 1)});
      case 1: return program_.call(Fn::add_duration, kTime, {any(kTime, frame, depth - 1), random_literal(kDuration)});
      default: return aggregate_or_leaf(kTime, frame, depth);
    }
  }

  ExprId compare(TableId frame, int depth) {
    Type type =
        random_.chance(50) ? random_.pick(std::vector<Type>{kInteger, kNumber, kEuro, kDate, kTime}) : any_type(frame);
    if (type.kind == TypeKind::kList || type.kind == TypeKind::kLocation) type = kInteger;
    const ExprId left = fold_if(type, any(type, frame, depth - 1));
    if (random_.chance(25)) {
      Value::List list;
      for (std::uint32_t n = random_.below(4); n > 0; --n) {
        Value value = random_value(program_.schema, type, binding_, random_);
        list.push_back(type.folded ? Value::of(base::fold(value.text())) : value);
      }
      return program_.call(Fn::in_list, kFlag,
                           {left, literal({.kind = TypeKind::kList,
                                           .element = type.kind,
                                           .ranked = type.ranked,
                                           .folded = type.folded,
                                           .detail = type.detail},
                                          {list})});
    }
    const ExprId right = random_.chance(60) ? random_literal(type) : fold_if(type, any(type, frame, depth - 1));
    const bool ordered = type.kind != TypeKind::kFlag && (type.kind != TypeKind::kChoice || type.ranked);
    const std::vector<Fn> all = {Fn::eq, Fn::ne, Fn::lt, Fn::le, Fn::gt, Fn::ge};
    return program_.call(all[random_.below(ordered ? 6 : 2)], kFlag, {left, right});
  }

  ExprId fold_if(const Type& type, ExprId e) {
    return type.kind == TypeKind::kText && type.folded ? program_.call(Fn::fold, type, {e}) : e;
  }

  ExprId text_test(TableId frame, int depth) {
    const ExprId subject = any(kText, frame, depth - 1);
    if (random_.chance(25)) {
      const std::vector<std::string> patterns = {"^a", "b+c", "[0-9]+", "(?i)TEHRAN", "^$", "ک|ß"};
      return program_.call(Fn::matches, kFlag, {subject, literal(kText, Value::of(random_.pick(patterns)))});
    }
    const std::vector<std::string> parts = {"a", "ab", "c", "ehr", "12", "ر", " ", "STRASSE"};
    const ExprId part =
        random_.chance(80) ? literal(kText, Value::of(random_.pick(parts))) : any(kText, frame, depth - 1);
    return program_.call(random_.pick(std::vector<Fn>{Fn::contains, Fn::starts_with, Fn::ends_with}), kFlag,
                         {subject, part});
  }

  ExprId list_test(TableId frame, int depth) {
    if (frame != kCustomer) return compare(frame, depth);
    const bool texts = random_.chance(60);
    const Type list_type = {.kind = TypeKind::kList, .element = texts ? TypeKind::kText : TypeKind::kInteger};
    const Type type = texts ? kText : kInteger;
    ExprId list = program_.field(frame, texts ? 8 : 9);
    if (texts && random_.chance(40)) {
      list = program_.call(random_.pick(std::vector<Fn>{Fn::lower, Fn::trim, Fn::fold}), list_type, {list});
    }
    if (random_.chance(50)) {
      const ExprId element = random_.chance(70) ? random_literal(type) : any(type, frame, depth - 1);
      return program_.call(Fn::list_contains, kFlag, {list, element});
    }
    Value::List elements;
    for (std::uint32_t n = random_.below(3); n > 0; --n)
      elements.push_back(random_value(program_.schema, type, binding_, random_));
    return program_.call(random_.chance(50) ? Fn::list_contains_any : Fn::list_contains_all, kFlag,
                         {list, literal(list_type, {elements})});
  }

  // Segments made before this one; inside a `where`, those of the owner.
  ExprId member(TableId frame, int depth) {
    std::vector<ExprId> members;
    for (program::OutputId o = 0; o < program_.outputs.size(); ++o) {
      const program::Output& output = program_.outputs[o];
      if (output.frame != frame) continue;
      if (output.kind == program::OutputKind::kSegment) members.push_back(program_.member(o));
      if (output.kind == program::OutputKind::kPartition) {
        const ExprId tier = program_.tier(o);
        const Fn fn = output.ranked ? random_.pick(std::vector<Fn>{Fn::ge, Fn::eq, Fn::lt}) : Fn::eq;
        const std::uint32_t choice = random_.below(program_.schema.choices[output.type.detail].values.size());
        members.push_back(program_.call(fn, kFlag, {tier, literal(output.type, Value::of(std::int64_t{choice}))}));
      }
    }
    return members.empty() ? compare(frame, depth) : random_.pick(members);
  }

  struct Children {
    TableId child;
    base::ColumnId ref;
  };

  std::vector<Children> children_of(TableId frame) {
    switch (frame) {
      case kCustomer: {
        std::vector<Children> all = {{kPurchase, 0}, {kPurchase, 0}, {kVisit, 0}, {kCall, 0},
                                     {kDevice, 0},   {kContact, 0},  {kBasket, 0}};
        if (random_.chance(10))
          all.push_back({random_.pick(std::vector<TableId>{kProduct, kDevice, kAccount}), program::kWholeTable});
        return all;
      }
      case kAccount: return {{kCustomer, 1}};
      default: return {};
    }
  }

  Aggregate selection(TableId frame, int depth) {
    const Children children = random_.pick(children_of(frame));
    Aggregate aggregate = {.frame = frame, .child = children.child, .child_ref = children.ref};
    if (random_.chance(60)) aggregate.filter = flag(children.child, depth - 1 > 2 ? 2 : depth - 1);
    if (random_.chance(8)) {
      const base::ColumnId ref = children.ref;
      if (ref != program::kWholeTable) {  // a field or a metric of the owner beside the child's
        const ExprId owner = flag(frame, depth > 2 ? 1 : 0);
        aggregate.filter = program_.follow(children.child, ref, owner);
        if (program_.expr(aggregate.filter).frame == kNone) aggregate.filter = kNone;
      }
    }
    const bool has_time = program_.schema.tables[children.child].time != kNone;
    if (has_time && random_.chance(65)) aggregate.window = program_.window(window(true));
    return aggregate;
  }

  // A customer's events, one step after another.
  program::Sequence sequence(int depth) {
    const auto rows = [&] {
      const TableId child = random_.pick(std::vector<TableId>{kPurchase, kPurchase, kVisit, kCall, kContact, kBasket});
      Aggregate aggregate = {.frame = kCustomer, .child = child, .child_ref = 0};
      if (random_.chance(40)) aggregate.filter = flag(child, depth > 2 ? 1 : 0);
      return aggregate;
    };
    program::Sequence out;
    out.first = rows();
    if (random_.chance(30)) out.first.window = program_.window(window(true));
    const bool has_only_dates = random_.chance(12);
    if (has_only_dates) out.first = {.frame = kCustomer, .child = kVisit, .child_ref = 0};
    TableId before = out.first.child;
    for (std::uint32_t n = 1 + random_.below(random_.chance(75) ? 2 : 4); n > 0; --n) {
      program::SequenceStep step;
      step.rows = has_only_dates ? out.first : rows();
      step.negated = random_.chance(30);
      step.or_with = random_.chance(20);
      if (!step.negated) step.rows.window = out.first.window;
      if (random_.chance(65)) step.gap = gap();
      for (std::uint32_t ties = random_.chance(25) ? 1 + random_.below(2) : 0; ties > 0; --ties) {
        const Type type = random_.pick(std::vector<Type>{kInteger, kText, kEuro, kDate, kFlag, kNumber});
        step.ties.push_back(leaf(type, step.rows.child));
        step.ties_before.push_back(leaf(type, before));
      }
      if (random_.chance(20)) {
        const Type type = random_.pick(std::vector<Type>{kInteger, kText, kEuro, kDate, kTime, kNumber, kFlag});
        const ExprId own = any(type, step.rows.child, depth > 2 ? 1 : 0);
        const ExprId of_first = program_.step_one(step.rows.child, any(type, out.first.child, depth > 2 ? 1 : 0));
        const bool ordered = type.kind != TypeKind::kFlag;
        const std::vector<Fn> fns = {Fn::eq, Fn::ne, Fn::lt, Fn::le, Fn::gt, Fn::ge};
        const ExprId compared = program_.call(fns[random_.below(ordered ? 6 : 2)], kFlag, {own, of_first});
        step.rows.filter = step.rows.filter == kNone
                               ? compared
                               : program_.call(random_.chance(60) ? Fn::logical_and : Fn::logical_or, kFlag,
                                               {step.rows.filter, compared});
      }
      if (!step.negated) before = step.rows.child;
      out.steps.push_back(std::move(step));
    }
    return out;
  }

  ExprId gap() {
    const std::vector<std::int64_t> gaps = {1,
                                            base::kMicrosPerHour,
                                            6 * base::kMicrosPerHour,
                                            base::kMicrosPerDay,
                                            3 * base::kMicrosPerDay,
                                            40 * base::kMicrosPerDay,
                                            400 * base::kMicrosPerDay};
    return literal(kDuration, Value::of(random_.pick(gaps)));
  }

  ExprId of_sequence(AggFn fn, const Type& type, int depth) {
    program::Sequence steps = sequence(depth);
    Aggregate aggregate = steps.first;
    aggregate.fn = fn;
    aggregate.filter = program_.sequence(std::move(steps));
    return program_.aggregate(aggregate, type);
  }

  ExprId time_from_to(int depth) {
    program::Sequence steps = sequence(depth);
    steps.steps.resize(1);
    steps.steps[0].negated = false;
    steps.elapsed = true;
    Aggregate aggregate = steps.first;
    aggregate.fn = random_.pick(std::vector<AggFn>{AggFn::kLast, AggFn::kLast, AggFn::kMinimum, AggFn::kSum});
    aggregate.value = program_.sequence(std::move(steps));
    aggregate.filter = program_.call(Fn::is_known, kFlag, {aggregate.value});
    return program_.aggregate(aggregate, kDuration);
  }

  ExprId exists(TableId frame, int depth) {
    if (children_of(frame).empty()) return compare(frame, depth);
    if (frame == kCustomer && random_.chance(45)) return of_sequence(AggFn::kExists, kFlag, depth);
    Aggregate aggregate = selection(frame, depth);
    aggregate.fn = AggFn::kExists;
    return program_.aggregate(aggregate, kFlag);
  }

  // So many of several periods: the same aggregate in one window after another, counted like a block.
  ExprId regularity(TableId frame, int depth) {
    if (children_of(frame).empty()) return compare(frame, depth);
    Aggregate aggregate = selection(frame, depth);
    if (program_.schema.tables[aggregate.child].time == kNone) return exists(frame, depth);
    aggregate.fn = random_.pick(std::vector<AggFn>{AggFn::kExists, AggFn::kCount, AggFn::kAverage});
    const bool is_mean = aggregate.fn == AggFn::kAverage;  // missing in a period without events: unknown
    if (is_mean) aggregate.value = any(kInteger, aggregate.child, 1);
    const Type type = is_mean ? kNumber : aggregate.fn == AggFn::kCount ? kInteger : kFlag;
    const ExprId limit = is_mean ? literal(kNumber, Value::of(1.5)) : literal(kInteger, Value::of(std::int64_t{2}));
    Window period = window(true);
    period.kind = random_.chance(50) ? WindowKind::kLastFull : WindowKind::kAgo;
    const std::int64_t num_periods = random_.between(1, 6);
    std::vector<ExprId> args = {literal(kInteger, Value::of(random_.between(0, num_periods + 1)))};
    for (period.n = 1; period.n <= num_periods; ++period.n) {
      period.m = period.n - 1;
      aggregate.window = program_.window(period);
      const ExprId figure = program_.aggregate(aggregate, type);
      args.push_back(type == kFlag ? figure : program_.call(Fn::ge, kFlag, {figure, limit}));
    }
    const Fn fn = random_.pick(std::vector<Fn>{Fn::at_least, Fn::at_most, Fn::exactly, Fn::logical_and});
    if (fn == Fn::logical_and) args.erase(args.begin());
    const ExprId all = program_.call(fn, kFlag, args);
    named_.push_back(
        {fn == Fn::logical_and ? "regularity: each of" : std::string("regularity: ") + program::fn_name(fn), all});
    return all;
  }

  ExprId aggregate_or_leaf(const Type& type, TableId frame, int depth) {
    if (children_of(frame).empty() || random_.chance(30)) return leaf(type, frame);
    if (frame == kCustomer && type == kInteger && random_.chance(15)) return of_sequence(AggFn::kCount, type, depth);
    if (frame == kCustomer && type == kDuration && random_.chance(30)) return time_from_to(depth);
    Aggregate aggregate = selection(frame, depth);
    const bool has_time = program_.schema.tables[aggregate.child].time != kNone;
    const bool numeric = type.kind == TypeKind::kInteger || type.kind == TypeKind::kNumber ||
                         type.kind == TypeKind::kMoney || type.kind == TypeKind::kDuration ||
                         type.kind == TypeKind::kDistance;
    const bool ordered = type.kind != TypeKind::kChoice || type.ranked;
    std::vector<AggFn> fns = {AggFn::kMostCommon};
    if (has_time) fns.insert(fns.end(), {AggFn::kFirst, AggFn::kLast, AggFn::kFirst, AggFn::kLast});
    if (ordered && type.kind != TypeKind::kFlag) fns.insert(fns.end(), {AggFn::kMinimum, AggFn::kMaximum});
    if (type.kind == TypeKind::kInteger)
      fns.insert(fns.end(), {AggFn::kCount, AggFn::kDistinct, AggFn::kCount, AggFn::kDistinct});
    if (type.kind == TypeKind::kInteger)
      fns.insert(fns.end(), {AggFn::kStreak, AggFn::kCurrentStreak, AggFn::kCurrentStreak});
    if (numeric) fns.push_back(AggFn::kSum);
    if (numeric && type.kind != TypeKind::kInteger) fns.insert(fns.end(), {AggFn::kAverage, AggFn::kMedian});
    aggregate.fn = random_.pick(fns);
    const bool is_streak = aggregate.fn == AggFn::kStreak || aggregate.fn == AggFn::kCurrentStreak;
    if (has_time && !is_streak && random_.chance(12) && (type == kNumber || type == kInteger) &&
        aggregate.fn != AggFn::kFirst && aggregate.fn != AggFn::kLast) {
      const bool to_number = aggregate.fn == AggFn::kAverage || aggregate.fn == AggFn::kMedian;
      if (to_number == (type == kNumber)) {
        aggregate.value_is_gap = true;
        return program_.aggregate(aggregate, type);
      }
    }
    if (aggregate.fn == AggFn::kCount && random_.chance(70)) return program_.aggregate(aggregate, type);
    Type value = type;
    if (is_streak) {
      value = kDate;
      aggregate.unit = static_cast<TimeUnit>(random_.between(1, 5));
    }
    if (aggregate.fn == AggFn::kCount || aggregate.fn == AggFn::kDistinct) value = any_type(aggregate.child);
    while (value.kind == TypeKind::kList || value.kind == TypeKind::kLocation) value = any_type(aggregate.child);
    if ((aggregate.fn == AggFn::kAverage || aggregate.fn == AggFn::kMedian) && type == kNumber && random_.chance(50))
      value = kInteger;
    aggregate.value = any(value, aggregate.child, depth > 2 ? 1 : 0);
    return program_.aggregate(aggregate, type);
  }

  Window window(bool hours) {
    Window out;
    out.kind = random_.pick(std::vector<WindowKind>{
        WindowKind::kAllTime, WindowKind::kLast, WindowKind::kLast, WindowKind::kLast, WindowKind::kPrevious,
        WindowKind::kAgo, WindowKind::kLastFull, WindowKind::kThis, WindowKind::kNext, WindowKind::kBetween});
    const std::vector<TimeUnit> units = {TimeUnit::kHour,  TimeUnit::kDay,     TimeUnit::kDay, TimeUnit::kWeek,
                                         TimeUnit::kMonth, TimeUnit::kQuarter, TimeUnit::kYear};
    out.unit = units[(hours ? 0 : 1) + random_.below(hours ? units.size() : units.size() - 1)];
    out.n = random_.pick(std::vector<std::int64_t>{1, 2, 3, 6, 7, 12, 30, 60, 90, 365});
    out.m = random_.between(0, out.n - 1);
    if (out.kind == WindowKind::kThis || out.kind == WindowKind::kAllTime || out.kind == WindowKind::kBetween)
      out.n = out.m = 0;
    if (out.kind != WindowKind::kAgo && out.kind != WindowKind::kLastFull) out.m = 0;
    if (out.kind == WindowKind::kAllTime || out.kind == WindowKind::kBetween) out.unit = TimeUnit::kDay;
    if (out.kind == WindowKind::kBetween) {
      out.from_day = binding_.as_of.day - static_cast<std::int32_t>(random_.between(0, 400));
      out.to_day = out.from_day + static_cast<std::int32_t>(random_.between(0, 200));
    }
    return out;
  }

  Program& program_;
  const base::Binding& binding_;
  RandomSource& random_;
  std::vector<NamedExpr>& named_;
};

void add_partition(Program& program, Generator& generator, TableId frame, int depth, RandomSource& random) {
  program::Output output;
  output.kind = program::OutputKind::kPartition;
  output.name = "p" + std::to_string(program.outputs.size());
  output.frame = frame;
  output.ranked = random.chance(50);
  const std::uint32_t num_tiers = 1 + random.below(4);
  base::ChoiceSet choices;
  choices.ranked = output.ranked;
  for (std::uint32_t i = 0; i < num_tiers; ++i) {
    program::Tier tier;
    tier.name = "t" + std::to_string(i);
    tier.condition = i + 1 == num_tiers && random.chance(60) ? base::kNone : generator.flag(frame, depth);
    tier.choice = output.ranked ? num_tiers - 1 - i : i;
    output.tiers.push_back(tier);
    choices.values.push_back("t" + std::to_string(output.ranked ? num_tiers - 1 - i : i));
  }
  output.type = {.kind = TypeKind::kChoice,
                 .ranked = output.ranked,
                 .detail = static_cast<std::uint32_t>(program.schema.choices.size())};
  program.schema.choices.push_back(choices);
  program.outputs.push_back(output);
  program.outputs.back().root = program.tier(static_cast<program::OutputId>(program.outputs.size() - 1));
}

// Its fold begins where the checker says, or on a day not too long before the as-of: it takes many runs.
void add_sticky(Program& program, Generator& generator, const base::Binding& binding, TableId frame, int depth,
                RandomSource& random) {
  program::Output output;
  output.name = "s" + std::to_string(program.outputs.size());
  output.frame = frame;
  output.type = kFlag;
  program::Sticky sticky;
  sticky.cadence.unit = random.pick(std::vector<TimeUnit>{TimeUnit::kDay, TimeUnit::kWeek, TimeUnit::kWeek,
                                                          TimeUnit::kMonth, TimeUnit::kQuarter, TimeUnit::kYear});
  sticky.cadence.count =
      random.pick(std::vector<std::int64_t>{1, 1, 2, 3, 5}) * (sticky.cadence.unit == TimeUnit::kDay ? 7 : 1);
  sticky.enter = generator.flag(frame, depth);
  sticky.leave = generator.flag(frame, depth);
  if (random.chance(30)) {
    sticky.stay = program.literal(kDuration, Value::of(random.between(1, 400) * base::kMicrosPerDay / 4));
  }
  const ExprId since = program.literal(kDate, Value::of(binding.as_of.day - random.between(0, 400)));
  const ExprId first = random.chance(85) ? program::first_day(program, sticky.enter, sticky.leave) : base::kNone;
  sticky.start = first == base::kNone ? since : program.call(Fn::max_of, kDate, {first, since});
  output.sticky = sticky;
  program.outputs.push_back(output);
  program.outputs.back().root = program.state(static_cast<program::OutputId>(program.outputs.size() - 1));
}

}  // namespace

Program random_program(const base::Binding& binding, RandomSource& random, std::vector<NamedExpr>& named) {
  Program program;
  program.schema = differential_schema();
  if (random.chance(50)) {
    program.params.push_back(
        {.name = "limit", .type = kInteger, .value = Value::of(random.between(0, 9)), .doc = "", .span = {}});
  }
  Generator generator(program, binding, random, named);
  generator.derive_tables();
  const int depth = static_cast<int>(random.between(1, 4));
  for (std::uint32_t n = 1 + random.below(6); n > 0; --n) {
    const TableId frame = random.chance(80) ? kCustomer : kAccount;
    if (random.chance(10)) {
      add_sticky(program, generator, binding, frame, depth > 3 ? 3 : depth, random);
      continue;
    }
    const std::uint32_t kind = random.below(4);
    if (kind == 0) {
      add_partition(program, generator, frame, depth, random);
      continue;
    }
    program::Output output;
    output.name = "o" + std::to_string(program.outputs.size());
    output.frame = frame;
    if (kind == 1) {
      Type type = generator.any_type(frame);
      while (type.kind == TypeKind::kList || type.kind == TypeKind::kLocation) type = generator.any_type(frame);
      output.kind = program::OutputKind::kMetric;
      output.root = generator.any(type, frame, depth);
      output.type = type;
    } else {
      output.root = generator.flag(frame, depth);
      output.type = kFlag;
    }
    program.outputs.push_back(output);
  }
  return program;
}

}  // namespace seg::differential
