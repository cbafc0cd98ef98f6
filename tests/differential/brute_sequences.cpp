// Sequences against brute force: on random small histories the VM and the reference interpreter find the same first
// events, and the same durations, as a search that tries every choice of events, one per step, and only then looks at
// the clauses. It shares nothing with either but the random input.
//
//   seg_brute_sequences --histories 100000 --seed 1
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/bytecode/compile.h"
#include "program/program.h"
#include "reference/interpreter.h"
#include "runtime/bytecode/verify.h"
#include "runtime/exec/run.h"
#include "tests/differential/random_source.h"

namespace {

using namespace seg;
using base::kNone;
using base::TypeKind;
using base::Value;
using differential::RandomSource;
using program::Fn;

const base::Type kFlag{.kind = TypeKind::kFlag};
const base::Type kInteger{.kind = TypeKind::kInteger};
const base::Type kDuration{.kind = TypeKind::kDuration};

enum Tables : base::TableId { kCustomer, kLook, kBuy, kNumTables };
enum Columns : base::ColumnId { kOwner, kAt, kBasket, kSize };

struct Event {
  std::uint32_t customer = 0;
  std::int64_t at = 0;                 // hours, or days
  std::optional<std::int64_t> basket;  // ties
  std::optional<std::int64_t> size;    // filters
};

struct Step {
  base::TableId table = kLook;
  bool negated = false, or_with = false, tied = false, tied_twice = false, tied_to_first = false,
       larger_than_first = false;
  std::optional<std::int64_t> gap;       // in the unit of time
  std::optional<std::int64_t> at_least;  // size
};

struct Case {
  bool in_days = false;
  std::int64_t as_of = 0;  // events at or after it do not exist; days: the last one
  std::optional<std::int64_t> first_at_least;
  base::TableId first = kLook;
  std::vector<Step> steps;
  std::uint32_t num_customers = 0;
  std::vector<Event> events[kNumTables];
};

Case random_case(RandomSource& random) {
  Case c;
  c.in_days = random.chance(25);
  c.as_of = random.between(6, 14);
  const auto threshold = [&]() -> std::optional<std::int64_t> {
    if (random.chance(55)) return std::nullopt;
    return random.between(1, 3);
  };
  c.first_at_least = threshold();
  c.first = random.chance(50) ? kLook : kBuy;
  for (std::uint32_t n = 1 + random.below(4); n > 0; --n) {
    Step step;
    step.table = random.chance(50) ? kLook : kBuy;
    step.negated = random.chance(35);
    step.or_with = random.chance(25);
    step.tied = random.chance(25);
    step.tied_twice = step.tied && random.chance(40);
    step.tied_to_first = random.chance(12);
    step.larger_than_first = random.chance(15);
    if (random.chance(60)) step.gap = random.between(1, 5);
    step.at_least = threshold();
    c.steps.push_back(step);
  }
  c.num_customers = 40;
  for (base::TableId table : {kLook, kBuy}) {
    for (std::uint32_t customer = 0; customer < c.num_customers; ++customer) {
      for (std::uint32_t n = random.below(6); n > 0; --n) {
        Event event;
        event.customer = customer;
        event.at = random.between(0, 12);
        if (random.chance(85)) event.basket = random.between(1, 2);
        if (random.chance(85)) event.size = random.between(0, 3);
        c.events[table].push_back(event);
      }
    }
    for (std::size_t i = c.events[table].size(); i > 1; --i) {  // customers' events lie in any order
      std::swap(c.events[table][i - 1], c.events[table][random.below(i)]);
    }
  }
  return c;
}

// ---- brute force ----------------------------------------------------------------------------------------------------

bool exists(const Case& c, const Event& event) { return c.in_days ? event.at <= c.as_of : event.at < c.as_of; }

bool passes(const std::optional<std::int64_t>& at_least, const Event& event) {
  return !at_least || (event.size && *event.size >= *at_least);
}

// Does the event meet the step's clauses, after this one before it?
bool meets(const Case& c, const Step& step, const Event& event, const Event& before, const Event& first) {
  const std::int64_t after = event.at - before.at;
  if (!exists(c, event) || !passes(step.at_least, event) || (step.gap && after > *step.gap)) return false;
  if (step.or_with ? after < 0 : after <= 0) return false;
  if (step.tied && !(event.basket && before.basket && *event.basket == *before.basket)) return false;
  if (step.tied_twice && !(event.size && before.size && *event.size == *before.size)) return false;
  if (step.tied_to_first && !(event.basket && first.basket && *event.basket == *first.basket)) return false;
  return !step.larger_than_first || (event.size && first.size && *event.size > *first.size);
}

// Whether one choice, an event for each step that is not negated, meets every clause.
bool holds(const Case& c, const std::vector<const Event*>& choice) {
  const Event& first = *choice[0];
  if (!exists(c, first) || !passes(c.first_at_least, first)) return false;
  std::size_t at = 0;
  for (std::size_t s = 0; s < c.steps.size(); ++s) {
    const Step& step = c.steps[s];
    const Event& before = *choice[at];
    if (!step.negated) {
      if (!meets(c, step, *choice[++at], before, first)) return false;
      continue;
    }
    const Event* next = at + 1 < choice.size() ? choice[at + 1] : nullptr;
    for (const Event& event : c.events[step.table]) {
      if (event.customer != first.customer || (next != nullptr && event.at >= next->at)) continue;
      if (meets(c, step, event, before, first)) return false;
    }
    if (next == nullptr && step.gap && before.at + *step.gap > c.as_of) return false;
  }
  return true;
}

// Tries all choices for the steps from here on; the time of the second event of the best one.
std::optional<std::int64_t> best(const Case& c, std::vector<const Event*>& choice, std::size_t num_positive) {
  if (choice.size() == num_positive) {
    if (!holds(c, choice)) return std::nullopt;
    return choice[choice.size() > 1 ? 1 : 0]->at;
  }
  std::size_t at = 0;
  std::optional<std::int64_t> found;
  for (const Step& step : c.steps) {
    if (step.negated || ++at != choice.size()) continue;
    for (const Event& event : c.events[step.table]) {
      if (event.customer != choice[0]->customer) continue;
      choice.push_back(&event);
      const auto inner = best(c, choice, num_positive);
      choice.pop_back();
      if (inner && (!found || *inner < *found)) found = inner;
    }
  }
  return found;
}

// ---- the same as a program and data ---------------------------------------------------------------------------------

base::Schema make_schema(bool in_days) {
  base::Schema schema;
  base::Table customer;
  customer.name = "customer";
  customer.kind = base::TableKind::kSubject;
  customer.columns.push_back({.name = "id", .type = kInteger});
  customer.key = {0};
  schema.tables.push_back(customer);
  for (const char* name : {"look", "buy"}) {
    base::Table table;
    table.name = name;
    table.kind = base::TableKind::kEvent;
    table.owner = kOwner;
    table.time = kAt;
    table.columns.push_back({.name = "customer", .type = {.kind = TypeKind::kReference, .detail = kCustomer}});
    table.columns.push_back({.name = "at", .type = {.kind = in_days ? TypeKind::kDate : TypeKind::kTime}});
    table.columns.push_back({.name = "basket", .type = kInteger});
    table.columns.push_back({.name = "size", .type = kInteger});
    schema.tables.push_back(table);
  }
  return schema;
}

std::int64_t unit(const Case& c) { return c.in_days ? base::kMicrosPerDay : base::kMicrosPerHour; }

program::Sequence make_sequence(const Case& c, program::Program& program) {
  const auto rows = [&](base::TableId table, const std::optional<std::int64_t>& at_least) {
    program::Aggregate aggregate{.frame = kCustomer, .child = table, .child_ref = kOwner};
    if (at_least) {
      aggregate.filter =
          program.call(Fn::ge, kFlag, {program.field(table, kSize), program.literal(kInteger, Value::of(*at_least))});
    }
    return aggregate;
  };
  program::Sequence sequence;
  sequence.first = rows(c.first, c.first_at_least);
  base::TableId before = c.first;
  for (const Step& from : c.steps) {
    program::SequenceStep step{
        .rows = rows(from.table, from.at_least), .negated = from.negated, .or_with = from.or_with};
    const auto also = [&](program::ExprId condition) {
      step.rows.filter =
          step.rows.filter == kNone ? condition : program.call(Fn::logical_and, kFlag, {step.rows.filter, condition});
    };
    const std::int64_t rest = c.in_days ? base::kMicrosPerDay - 1 : 0;  // among dates only whole days count
    if (from.gap) step.gap = program.literal(kDuration, Value::of(*from.gap * unit(c) + rest));
    if (from.tied) {
      step.ties = {program.field(from.table, kBasket)};
      step.ties_before = {program.field(before, kBasket)};
      if (from.tied_twice) {
        step.ties.push_back(program.field(from.table, kSize));
        step.ties_before.push_back(program.field(before, kSize));
      }
    }
    const auto of_first = [&](base::ColumnId column) {
      return program.step_one(from.table, program.field(c.first, column));
    };
    if (from.tied_to_first) {
      also(program.call(Fn::eq, kFlag, {program.field(from.table, kBasket), of_first(kBasket)}));
    }
    if (from.larger_than_first) {
      also(program.call(Fn::gt, kFlag, {program.field(from.table, kSize), of_first(kSize)}));
    }
    if (!from.negated) before = from.table;
    sequence.steps.push_back(std::move(step));
  }
  return sequence;
}

template <class T>
vector::Column column(vector::Storage storage, const std::vector<Event>& events, auto value) {
  struct Memory {
    std::vector<T> values;
    std::vector<std::uint64_t> valid;
  };
  auto memory = std::make_shared<Memory>();
  memory->valid.assign(events.size() / 64 + 1, 0);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::optional<std::int64_t> v = value(events[i]);
    memory->values.push_back(static_cast<T>(v.value_or(1)));
    if (v) memory->valid[i / 64] |= 1ULL << i % 64;
  }
  vector::Column out;
  out.storage = storage;
  out.num_rows = events.size();
  out.data = memory->values.data();
  out.valid = memory->valid.data();
  out.owner = memory;
  return out;
}

vector::Dataset make_dataset(const Case& c) {
  vector::Dataset dataset;
  dataset.tables.resize(kNumTables);
  std::vector<Event> customers(c.num_customers);
  dataset.tables[kCustomer].num_rows = c.num_customers;
  dataset.tables[kCustomer].columns = {column<std::int64_t>(
      vector::Storage::kInt64, customers, [](const Event&) { return std::optional<std::int64_t>(1); })};
  for (base::TableId table : {kLook, kBuy}) {
    const std::vector<Event>& events = c.events[table];
    const auto at = [&](const Event& e) { return std::optional(c.in_days ? e.at : e.at * base::kMicrosPerHour); };
    vector::TableData& data = dataset.tables[table];
    data.num_rows = events.size();
    data.columns.push_back(column<std::uint32_t>(
        vector::Storage::kRow, events, [](const Event& e) { return std::optional<std::int64_t>(e.customer); }));
    data.columns.push_back(c.in_days ? column<std::int32_t>(vector::Storage::kInt32, events, at)
                                     : column<std::int64_t>(vector::Storage::kInt64, events, at));
    data.columns.push_back(
        column<std::int64_t>(vector::Storage::kInt64, events, [](const Event& e) { return e.basket; }));
    data.columns.push_back(
        column<std::int64_t>(vector::Storage::kInt64, events, [](const Event& e) { return e.size; }));
  }
  return dataset;
}

struct Tally {
  std::uint64_t histories = 0, begun = 0, not_begun = 0;
};

std::optional<std::string> run_case(std::uint64_t seed, std::map<std::string, std::uint64_t>& seen, Tally& tally) {
  RandomSource random(seed);
  const Case c = random_case(random);
  program::Program program;
  program.schema = make_schema(c.in_days);
  program::Sequence sequence = make_sequence(c, program);
  const bool times_it = c.steps.size() == 1 && !c.steps[0].negated;
  const auto output = [&](const char* name, program::ExprId root, const base::Type& type) {
    program::Output out;
    out.kind = program::OutputKind::kMetric;
    out.name = name;
    out.frame = kCustomer;
    out.root = root;
    out.type = type;
    program.outputs.push_back(std::move(out));
  };
  program::Aggregate counted = sequence.first;
  counted.filter = program.sequence(sequence);
  output("count", program.aggregate(counted, kInteger), kInteger);
  if (times_it) {
    sequence.elapsed = true;
    counted.fn = program::AggFn::kSum;
    counted.value = program.sequence(sequence);
    counted.filter = program.call(Fn::is_known, kFlag, {counted.value});
    output("elapsed", program.aggregate(counted, kDuration), kDuration);
  }
  base::Binding binding;
  binding.as_of = {
      .is_instant = !c.in_days, .day = static_cast<std::int32_t>(c.as_of), .instant = c.as_of * base::kMicrosPerHour};
  const vector::Dataset dataset = make_dataset(c);
  const bytecode::Module module = bytecode::compile(program, {});
  if (const auto problems = bytecode::verify(module); !problems.empty()) return problems.front();
  exec::RunOptions options;
  options.morsel_rows = random.pick(std::vector<std::uint64_t>{1, 3, 64, 0});
  const auto results = exec::run(module, dataset, binding, options);
  if (!results.ok()) return results.status().message();
  reference::Interpreter interpreter(program, dataset, binding);

  std::size_t num_positive = 1;
  for (const Step& step : c.steps) num_positive += step.negated ? 0 : 1;
  std::vector<std::int64_t> wanted[2] = {std::vector<std::int64_t>(c.num_customers),
                                         std::vector<std::int64_t>(c.num_customers)};
  for (const Event& first : c.events[c.first]) {
    std::vector<const Event*> choice = {&first};
    const auto next = best(c, choice, num_positive);
    ++(next ? tally.begun : tally.not_begun);
    if (!next) continue;
    ++wanted[0][first.customer];
    wanted[1][first.customer] += (*next - first.at) * unit(c);
  }
  tally.histories += c.num_customers;
  seen["of dates"] += c.in_days ? 1 : 0;
  seen["timed"] += times_it ? 1 : 0;
  seen["of " + std::to_string(c.steps.size() + 1) + " steps"] += 1;
  for (std::size_t s = 0; s < c.steps.size(); ++s) {
    const Step& step = c.steps[s];
    seen[step.negated ? (s + 1 == c.steps.size() ? "negated last step" : "negated step") : "step"] += 1;
    seen["or with"] += step.or_with ? 1 : 0;
    seen["within a gap"] += step.gap ? 1 : 0;
    seen["tied to the step before"] += step.tied ? 1 : 0;
    seen["tied to step 1"] += step.tied_to_first ? 1 : 0;
    seen["compared with step 1"] += step.larger_than_first ? 1 : 0;
  }
  for (std::size_t o = 0; o < program.outputs.size(); ++o) {
    for (std::uint32_t row = 0; row < c.num_customers; ++row) {
      const std::int64_t of_vm = results.value().outputs[o].values.as<std::int64_t>()[row];
      const std::int64_t of_reference = interpreter.evaluate(program.outputs[o].root, row).integer();
      if (of_vm == wanted[o][row] && of_reference == wanted[o][row]) continue;
      return program.outputs[o].name + " of customer " + std::to_string(row) + ": brute force " +
             std::to_string(wanted[o][row]) + ", VM " + std::to_string(of_vm) + ", reference " +
             std::to_string(of_reference) + "\n" + program::print(program);
    }
  }
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t histories = 4000;
  std::uint64_t seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (std::strcmp(argv[i], "--histories") == 0) histories = std::strtoull(argv[i + 1], nullptr, 10);
    if (std::strcmp(argv[i], "--seed") == 0) seed = std::strtoull(argv[i + 1], nullptr, 10);
  }
  std::map<std::string, std::uint64_t> seen;
  Tally tally;
  std::uint64_t num_failed = 0;
  for (std::uint64_t number = 0; tally.histories < histories && num_failed < 5; ++number) {
    if (const auto failure = run_case(seed * 1'000'003 + number, seen, tally)) {
      std::printf("case %llu: %s\n", static_cast<unsigned long long>(number), failure->c_str());
      ++num_failed;
    }
  }
  for (const auto& [name, count] : seen)
    std::printf("%10llu  %s\n", static_cast<unsigned long long>(count), name.c_str());
  std::printf("%llu histories; of their first events %llu begin a sequence, %llu do not; %llu cases differ\n",
              static_cast<unsigned long long>(tally.histories), static_cast<unsigned long long>(tally.begun),
              static_cast<unsigned long long>(tally.not_begun), static_cast<unsigned long long>(num_failed));
  return num_failed == 0 ? 0 : 1;
}
