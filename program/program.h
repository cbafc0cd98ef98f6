// The typed, resolved program: everything that is asked for in one run, after checking and before any engine.
// Out of compiler/check (and compiler/optimize); in to compiler/bytecode, compiler/sql, compiler/analyze and
// reference/.
//
// Expressions are a hash-consed DAG in one vector: equal expressions have one id, arguments stand before their users.
// Each has a frame: the table whose rows it is evaluated for (kNone: a constant). A metric that another rule uses is
// simply its expression id. Nothing here knows as-of, zone or param values: they come with base::Binding.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/binding.h"
#include "base/cadence.h"
#include "base/schema.h"
#include "base/source.h"
#include "base/type.h"
#include "base/value.h"
#include "base/window.h"

namespace seg::program {

using base::ColumnId;
using base::kNone;
using base::TableId;
using ExprId = std::uint32_t;
using OutputId = std::uint32_t;
using WindowId = std::uint32_t;

enum class Fn : std::uint8_t {
#define SEG_FN(name, arity, missing, doc) name,
#include "program/functions.def"
#undef SEG_FN
};

enum class ExprKind : std::uint8_t {
  kLiteral,  // a: index into values
  kParam,    // a: index into params
  kAsOfDay,  // the as-of day, a date in the project's zone (frame kNone)
  kField,    // a: column of the frame's table
  kFollow,  // a: reference column of the frame's table; args[0]: an expression of the table it refers to. Missing where
            // the reference is.
  kLookup,  // a: lookup table; b: its column; args: one per key column, frame's own. Missing where no row has the key.
  kCall,    // fn(args)
  kInWindow,        // a: window; args[0]: a date or time. -> flag, unknown where that is missing
  kRecursInWindow,  // a: window; args[0]: a date d. -> flag, unknown where d is missing: a day of a later year than
                    // d's, with d's month and day (29 Feb is 28 Feb in years without one), lies in the window
                    // (birthdays)
  kAggregate,       // a: index into aggregates (its expressions belong to the child's frame, they are not args)
  kSequence,  // a: index into sequences; frame: the table of their first step (its expressions are no args). -> flag,
              // never unknown: the row is a first step that begins one; or, elapsed, a duration, missing where it
              // begins none
  kStepOne,   // args[0]: an expression of the first step's table, read in a later step's filter (whose table the frame
              // is)
  kMember,    // a: output, a segment of this frame. -> flag, never unknown: its condition is true
  kTier,      // a: output, a partition of this frame. -> its choice: the first tier whose condition is true; missing if
              // none
  kState,  // a: output, a sticky segment of this frame. -> flag, never unknown: whether the row is in it as of the run
  kPopulation,  // a: index into populations; args: see PopulationArgs
};

struct Expr {
  ExprKind kind = ExprKind::kLiteral;
  Fn fn = Fn::eq;
  base::Type type;
  TableId frame = kNone;
  std::uint32_t a = kNone;
  std::uint32_t b = kNone;
  std::uint32_t first_arg = 0;  // into Program::args
  std::uint32_t num_args = 0;
};

// What an aggregate makes of the selected child rows. Selected: owned by the row (child_ref is that row), filter true
// (unknown does not count), time inside the window and before the end of as-of. A row whose value is missing is
// skipped, except by count, exists, first, last.
enum class AggFn : std::uint8_t {
  kCount,    // -> integer, 0 of none. value kNone: rows; else rows with a known value
  kExists,   // -> flag, false of none. No value.
  kSum,      // integer (128-bit, overflow missing), money, duration, number (billionths, see language.md 8): 0 of none
  kAverage,  // integer, number -> number: sum / n; money, duration: exact sum / n rounded half away from zero. Missing
             // of none, as all below
  kMinimum,  // ordered types, text too (by code points), not flag
  kMaximum,
  kMedian,  // middle value; of an even number the mean of the two: integer, number -> number ((a + b) / 2 in binary64);
            // money, duration rounded half away
  kDistinct,  // -> integer, 0 of none: different known values (folded text: after fold)
  kFirst,  // the value (may be missing) of the earliest row by time, then key; without a key the smallest value of the
           // earliest ones (missing only if all of them are)
  kLast,   // the value of the latest; without a key the greatest of the latest ones
  kMostCommon,  // the most frequent known value; of equally frequent ones the smallest (text by code points, choice by
                // index, no before yes)
  kStreak,  // -> integer, 0 of none: the value is a date; the most calendar units one after another that each hold one
  kCurrentStreak,  // -> integer, 0 of none: the same of the run that ends with the as-of day's unit or the one before
                   // it
};

inline constexpr ColumnId kGroupRef =
    0xFFFFFFFE;  // the child rows that were grouped into the frame's row (frame: a kGrouped table)
inline constexpr ColumnId kWholeTable = 0xFFFFFFFD;  // all rows of the child, whatever the frame's row

struct Aggregate {
  AggFn fn = AggFn::kCount;
  TableId frame = kNone;
  TableId child = kNone;
  ColumnId child_ref = kNone;  // reference column of `child` to `frame`, or kGroupRef, kWholeTable
  ExprId filter = kNone;       // flag in the child's frame; kNone: every row
  WindowId window = kNone;     // over the child's time, kNone: all time up to as-of (tables without time: none)
  ExprId value = kNone;        // in the child's frame
  bool value_is_gap =
      false;  // value: whole days since the frame row's selected child before it (date_of each, in order of time; equal
              // times: 0); missing for the first -> integer. `value` is kNone then.

  base::TimeUnit unit = base::TimeUnit::kDay;  // of streaks: kDay to kYear

  friend bool operator==(const Aggregate&, const Aggregate&) = default;
};

// One step of a sequence after the first. `rows`: as of an aggregate (frame, child, child_ref, filter, window); fn and
// value say nothing. The step before it: the last one before it that is not negated.
struct SequenceStep {
  Aggregate rows;
  bool negated = false;           // no such row before the next step, or, as the last one, before its gap has passed
  bool or_with = false;           // at the same instant too
  ExprId gap = kNone;             // constant duration: at most so long after the step before; kNone: any time
  std::vector<ExprId> ties = {};  // in the step's frame; each equals …
  std::vector<ExprId> ties_before = {};  // … this one in the frame of the step before; missing: no tie

  friend bool operator==(const SequenceStep&, const SequenceStep&) = default;
};

// For each row of `first` that is selected: is there a row for every step that is not negated, each after the one
// before, so that all clauses hold? Everything belongs to one row of first.frame. Times are instants, and days where
// all steps have a date only (then a gap counts whole days, and as-of is the as-of day).
struct Sequence {
  Aggregate first;
  std::vector<SequenceStep> steps;
  bool elapsed = false;      // of one step: the duration to the earliest such row
  bool in_days = false;      // every step has a date
  bool reads_first = false;  // a filter has a kStepOne

  friend bool operator==(const Sequence&, const Sequence&) = default;
};

// A row against the population: all rows of its table whose value is known, whose group is (`per`: every part of it),
// and for which `among` is true; with `per`, those of the row's own group. Equal values are never told apart, but by
// `ties`. Below, `lower` and `higher` are how many of the population's n values are, strictly.
enum class PopulationFn : std::uint8_t {
  // Of a row that is itself in the population; missing (kTop, kBottom: false) for others.
  kTile,        // -> integer: 1 + floor(tiles * lower / n); `n` < 1: missing
  kPercentile,  // -> number: lower / (n - 1), 0 if there is but one
  kRank,        // -> integer: 1 + higher
  kTop,         // -> flag, never unknown: higher < `n`; or, where `n` is a share (a number): higher < share * n, the
                // share counted in whole billionths. With `ties`, those of equal value that come before count as higher
  kBottom,      // the same from the lowest
  // The population's own figure, for every row whose group is known. Of none: missing, but 0 for count and sum
  kFigure,     // AggFn: count, sum, average, minimum, maximum, median, as an aggregate's
  kQuantile,   // -> the value's type: the smallest value such that at least the share `n` of them are it or lower; 0:
               // the smallest of all; `n` outside 0 to 1: missing
  kDeviation,  // -> number (integer, number), money, duration: sqrt(n * sum(v * v) - sum(v) * sum(v)) / n over the
               // whole
               // numbers v that sums count (billionths of a number): exact up to the root, which is binary64's. Money
               // and durations rounded half away. Overflow as in sums
};

struct Population {
  PopulationFn fn = PopulationFn::kTile;
  AggFn figure = AggFn::kCount;  // kFigure only
  bool has_among = false;
  bool has_ties = false;
  bool ties_highest_first = false;
  bool has_n = false;
  friend bool operator==(const Population&, const Population&) = default;
};

// Its arguments, in this order among Expr's args; all but `n` (a constant) may be of the frame or constants.
struct PopulationArgs {
  ExprId value = kNone;
  ExprId among = kNone;     // flag
  ExprId ties = kNone;      // whose missing values come last
  ExprId n = kNone;         // tiles, how many or which share, which quantile
  std::vector<ExprId> per;  // one group for each combination of known values
};

// One clause of a rule as the user wrote it, for explanations, test failures, coverage and waterfalls.
struct Clause {
  base::Span span;
  ExprId expr = kNone;
  std::vector<std::uint32_t> children;  // clause ids
};

// `expect size between 0.1% and 5%`: what every run has to find of a segment or of one tier.
struct Guard {
  base::Span span;
  std::uint32_t tier = kNone;  // index into Output::tiers; kNone: the segment itself, or no tier
  bool is_share = false;       // of everyone of the subject; else how many
  double least = 0;            // infinite: no limit
  double most = 0;
  bool above_least = false, below_most = false;  // the limit itself is not allowed
};

enum class OutputKind : std::uint8_t { kSegment, kPartition, kMetric, kScore };

struct Tier {
  std::string name;
  std::string title;
  ExprId condition = kNone;  // kNone: otherwise
  std::uint32_t choice = 0;  // index in the partition's choice set (ranked: from lowest to highest)
  std::uint32_t clause = kNone;
};

// A fold over cadence days: on each from `start` on that is over by the as-of, those outside for whom `enter` is true
// as of that day come in, and of those inside the ones for whom `leave` is true go, if they have stayed long enough.
struct Sticky {
  base::Cadence cadence;
  ExprId enter = kNone;
  ExprId leave = kNone;
  ExprId start = kNone;  // date; missing: never in
  ExprId stay = kNone;   // duration, a literal or a param: nobody leaves before; kNone: none
};

struct Output {
  OutputKind kind = OutputKind::kSegment;
  std::string name;
  std::string module;  // "rfm" for one that came from `use rfm`; empty: the project's own
  std::string title, description, owner, purpose, doc;
  std::vector<std::string> tags;
  base::Span span;  // of the name
  TableId frame = kNone;
  ExprId root = kNone;  // segment: condition; metric, score: value; partition: the kTier expression
  std::uint32_t clause = kNone;
  std::vector<Tier> tiers;  // partition, in order of trial
  base::Type type;          // partition: its choice; metric, score: of the value
  bool ranked = false, disjoint = false;
  std::optional<ExprId> at_least, at_most;  // metric ... between A and B
  std::optional<Sticky> sticky;             // a segment whose root is kState
  std::vector<Guard> guards;
  std::string group;           // one of `segments GROUP for each …`,
  std::uint32_t in_group = 0;  // … and its place among them
};

struct Param {
  std::string name;
  base::Type type;
  base::Value value;  // default
  std::string doc;
  base::Span span;
};

struct TestRow {
  TableId table = kNone;
  std::string name;                                      // `customer ana {…}`, else empty
  std::vector<std::pair<ColumnId, base::Value>> values;  // a reference column's value: index of a row in TestCase::rows
  std::uint32_t owner_row = kNone;                       // events, records: index in TestCase::rows of their owner
  base::Span span;
};

struct Expectation {
  base::Span span;
  std::uint32_t row = kNone;  // subject row in TestCase::rows
  ExprId condition = kNone;   // must be true
  std::uint32_t clause = kNone;
};

struct TestCase {
  std::string name;
  base::Span span;
  base::AsOf as_of;
  std::vector<TestRow> rows;
  std::vector<Expectation> expectations;
  std::vector<std::pair<std::uint32_t, base::Value>> params;  // index in Program::params and its value in this test
};

class Program {
 public:
  base::Schema schema;
  std::vector<base::Value> values;
  std::vector<base::Window> windows;
  std::vector<Param> params;
  std::vector<Aggregate> aggregates;
  std::vector<std::string> row_names;  // by aggregate: what its rule calls the rows, for messages; see row_name()
  std::vector<Sequence> sequences;
  std::vector<Population> populations;
  std::vector<Expr> exprs;
  std::vector<ExprId> args;
  std::vector<Clause> clauses;
  std::vector<Output> outputs;
  std::vector<TestCase> tests;

  const Expr& expr(ExprId id) const { return exprs[id]; }
  std::vector<ExprId> args_of(ExprId id) const;
  PopulationArgs population_args(ExprId id) const;  // of a kPopulation

  // Builders: return the id of the equal expression if there is one. They check invariants (types, frames) with
  // assertions and abort on a violation; users' mistakes were reported before.
  ExprId literal(base::Type type, const base::Value& value);
  ExprId param(std::uint32_t param_id);
  ExprId as_of_day();
  ExprId field(TableId table, ColumnId column);
  ExprId follow(TableId table, ColumnId reference, ExprId inner);
  ExprId lookup(TableId frame, TableId table, ColumnId column, const std::vector<ExprId>& keys);
  ExprId call(Fn fn, base::Type type, const std::vector<ExprId>& args);
  ExprId in_window(ExprId value, const base::Window& window);
  ExprId recurs_in_window(ExprId date, const base::Window& window);
  ExprId aggregate(const Aggregate& aggregate, base::Type type);
  // What rules call the rows of an aggregate: `big_purchase` for a selection of purchases. The first name stays.
  void name_rows(ExprId aggregate, const std::string& name);
  const std::string& row_name(std::uint32_t aggregate) const;
  ExprId sequence(Sequence sequence);  // in_days and reads_first are worked out
  ExprId step_one(TableId frame, ExprId inner);
  ExprId population(TableId frame, const Population& population, const PopulationArgs& args, base::Type type);
  ExprId population_with(ExprId id, const std::vector<ExprId>& args);  // the same of other args
  ExprId member(OutputId output);
  ExprId tier(OutputId output);
  ExprId state(OutputId output);
  WindowId window(const base::Window& window);

  // The frame shared by args (kNone if all are constants). Aborts if two differ.
  TableId common_frame(const std::vector<ExprId>& args) const;
  // Every expression that a sequence names, whatever its frame.
  static std::vector<ExprId> parts_of(const Sequence& sequence);
  bool reads_step_one(ExprId id) const;

 private:
  ExprId intern(const Expr& expr, const std::vector<ExprId>& args);
  std::unordered_multimap<std::uint64_t, ExprId> index_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> value_index_;
  std::unordered_multimap<std::uint64_t, WindowId> window_index_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> aggregate_index_;
  std::unordered_multimap<std::uint64_t, std::uint32_t> sequence_index_;
};

// The name of a function as functions.def spells it, and its arity (-1: any number).
const char* fn_name(Fn fn);
int fn_arity(Fn fn);
inline constexpr int kNumFns = 0
#define SEG_FN(name, arity, missing, doc) +1
#include "program/functions.def"
#undef SEG_FN
    ;

// The program as readable text, one expression a line: for tests and bug reports.
std::string print(const Program& program);
// One expression with everything below it on one line: `ge(count of purchase by customer over last 3 month, 2)`.
std::string print(const Program& program, ExprId expr);
std::string print(const base::Window& window);

}  // namespace seg::program
