#include "tests/unit/exec/world.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <memory>

#include "compiler/bytecode/compile.h"
#include "runtime/bytecode/serialise.h"
#include "runtime/bytecode/verify.h"
#include "runtime/kernels/calendar.h"
#include "runtime/vector/column_of_values.h"

namespace seg::test {

using vector::Column;
using vector::Storage;

std::int32_t day(int year, int month, int day_of_month) { return kernels::day_of_civil(year, month, day_of_month); }

namespace {

base::Column make_column(const char* name, const Type& type) {
  base::Column column;
  column.name = name;
  column.type = type;
  return column;
}

Type reference(base::TableId table) { return {.kind = TypeKind::kReference, .detail = table}; }

// Slots of missing rows hold something odd, as real sources may.
Column make_data(const Type& type, const std::vector<Value>& values) {
  return vector::column_of_values(type, values,
                                  {.codes = Storage::kInt8, .choices = Storage::kInt16, .has_odd_gaps = true});
}

}  // namespace

World::World() {
  base::Schema& schema = program.schema;
  schema.currencies = {"EUR"};
  schema.choices = {{.values = {"low", "mid", "high"}, .ranked = true, .name = "level"}};
  const Type folded = {.kind = TypeKind::kText, .folded = true};
  const auto table = [&](const char* name, base::TableKind kind,
                         const std::vector<base::Column>& columns) -> base::Table& {
    base::Table t;
    t.name = name;
    t.kind = kind;
    t.columns = columns;
    schema.tables.push_back(t);
    return schema.tables.back();
  };
  schema.tables.reserve(16);
  table("customer", base::TableKind::kSubject,
        {make_column("id", kInteger), make_column("name", kText), make_column("city", kText),
         make_column("nick", folded), make_column("age", kInteger), make_column("score", kNumber),
         make_column("income", kMoney), make_column("vip", kFlag), make_column("born", kDate),
         make_column("joined", kTime), make_column("stay", kDuration), make_column("walk", kDistance),
         make_column("app", kVersion), make_column("level", kLevel), make_column("tags", kTexts),
         make_column("sizes", kIntegers), make_column("friend", reference(kCustomer)), make_column("zone", kText)})
      .key = {0};
  base::Table& order =
      table("order", base::TableKind::kEvent,
            {make_column("customer", reference(kCustomer)), make_column("at", kTime), make_column("amount", kMoney),
             make_column("count", kInteger), make_column("weight", kNumber),
             make_column("product", reference(kProduct)), make_column("channel", kText), make_column("gift", kFlag),
             make_column("basket", kInteger), make_column("took", kDuration), make_column("level", kLevel),
             make_column("app", kVersion), make_column("due", kDate)});
  order.owner = 0;
  order.time = 1;
  table("product", base::TableKind::kEntity,
        {make_column("id", kInteger), make_column("kind", kText), make_column("price", kMoney)})
      .key = {0};
  base::Table& call = table("call", base::TableKind::kEvent,
                            {make_column("customer", reference(kCustomer)), make_column("on", kDate),
                             make_column("number", kInteger), make_column("topic", kText)});
  call.owner = 0;
  call.time = 1;
  call.key = {2};
  table("note", base::TableKind::kRecords, {make_column("customer", reference(kCustomer)), make_column("text", kText)})
      .owner = 0;
  table("climate", base::TableKind::kLookup,
        {make_column("city", kText), make_column("zone", kText), make_column("warmth", kNumber)})
      .key = {0};
  base::Table& contact =
      table("contact", base::TableKind::kUnion,
            {make_column("customer", reference(kCustomer)), make_column("at", kTime), make_column("channel", kText)});
  contact.owner = 0;
  contact.time = 1;
  contact.parts = {{.table = kOrder, .filter = base::kNone, .columns = {0, 1, 6}},
                   {.table = kOrder, .filter = base::kNone, .columns = {0, 1, base::kNone}}};
  base::Table& basket =
      table("basket", base::TableKind::kGrouped,
            {make_column("customer", reference(kCustomer)), make_column("at", kTime), make_column("basket", kInteger)});
  basket.owner = 0;
  basket.time = 1;
  basket.group = base::Grouping{.base = kOrder, .filter = base::kNone, .group_by = {8}, .num_plain = 3, .computed = {}};
  binding.as_of.day = day(2026, 6, 30);
  rows_.resize(schema.tables.size());
}

base::ColumnId World::column(base::TableId table, const std::string& name) const {
  const auto& columns = program.schema.tables[table].columns;
  for (base::ColumnId c = 0; c < columns.size(); ++c) {
    if (columns[c].name == name) return c;
  }
  FAIL("no column " << name);
  return 0;
}

void World::row(base::TableId table, const std::vector<std::pair<const char*, Value>>& values) {
  std::vector<Value> row(program.schema.tables[table].columns.size());
  for (const auto& [name, value] : values) row[column(table, name)] = value;
  rows_[table].push_back(row);
}

void World::load() {
  dataset.tables.clear();
  for (base::TableId t = 0; t < program.schema.tables.size(); ++t) {
    const base::Table& table = program.schema.tables[t];
    vector::TableData data;
    data.num_rows = rows_[t].size();
    const bool is_derived = table.kind == base::TableKind::kUnion || table.kind == base::TableKind::kGrouped;
    for (base::ColumnId c = 0; c < table.columns.size() && !is_derived; ++c) {
      std::vector<Value> values;
      for (const auto& row : rows_[t]) values.push_back(row[c]);
      data.columns.push_back(make_data(table.columns[c].type, values));
    }
    dataset.tables.push_back(data);
  }
}

ExprId World::field(base::TableId table, const std::string& name) { return program.field(table, column(table, name)); }

ExprId World::follow(base::TableId table, const std::string& reference, ExprId inner) {
  return program.follow(table, column(table, reference), inner);
}

ExprId World::aggregate(AggFn fn, const Type& type, const Of& of) {
  program::Aggregate aggregate{.fn = fn, .frame = of.frame, .child = of.child, .filter = of.filter, .value = of.value};
  const std::string reference = of.reference;
  aggregate.child_ref = reference.empty()      ? program::kWholeTable
                        : reference == "group" ? program::kGroupRef
                                               : column(of.child, reference);
  if (of.window) aggregate.window = program.window(*of.window);
  aggregate.value_is_gap = of.gap;
  return program.aggregate(aggregate, type);
}

program::OutputId World::segment(const std::string& name, ExprId root, base::TableId frame) {
  program::Output output;
  output.name = name;
  output.frame = frame;
  output.root = root;
  output.type = kFlag;
  program.outputs.push_back(output);
  return static_cast<program::OutputId>(program.outputs.size() - 1);
}

program::OutputId World::metric(const std::string& name, ExprId root, base::TableId frame) {
  const program::OutputId id = segment(name, root, frame);
  program.outputs[id].kind = program::OutputKind::kMetric;
  program.outputs[id].type = program.expr(root).type;
  return id;
}

program::OutputId World::partition(const std::string& name, const std::vector<ExprId>& conditions, bool otherwise,
                                   bool ranked) {
  program::Output output;
  output.kind = program::OutputKind::kPartition;
  output.name = name;
  output.frame = kCustomer;
  output.ranked = ranked;
  base::ChoiceSet choices{.values = {}, .ranked = ranked, .name = name};
  const auto num_tiers = static_cast<std::uint32_t>(conditions.size() + (otherwise ? 1 : 0));
  for (std::uint32_t i = 0; i < num_tiers; ++i) {
    program::Tier tier;
    tier.name = "t" + std::to_string(i);
    tier.condition = i < conditions.size() ? conditions[i] : base::kNone;
    tier.choice = i;
    output.tiers.push_back(tier);
    choices.values.push_back(tier.name);
  }
  output.type = {
      .kind = TypeKind::kChoice, .ranked = ranked, .detail = static_cast<std::uint32_t>(program.schema.choices.size())};
  program.schema.choices.push_back(choices);
  program.outputs.push_back(output);
  const auto id = static_cast<program::OutputId>(program.outputs.size() - 1);
  program.outputs[id].root = program.tier(id);
  return id;
}

exec::Results World::run(const exec::RunOptions& options) {
  const bytecode::Module compiled = bytecode::compile(program, {});
  const std::vector<std::string> problems = bytecode::verify(compiled);
  REQUIRE_MESSAGE(problems.empty(), (problems.empty() ? "" : problems[0]));
  const base::Result<bytecode::Module> module = bytecode::deserialise(bytecode::serialise(compiled), "test");
  REQUIRE(module.ok());
  base::Result<exec::Results> results = exec::run(*module, dataset, binding, options);
  REQUIRE_MESSAGE(results.ok(), (results.ok() ? "" : results.status().to_string()));
  return std::move(*results);
}

Value World::value_of(const exec::OutputResult& result, const Type& type, std::uint64_t row) const {
  const Column& column = result.values;
  if (!column.present(row)) return Value::missing();
  switch (bytecode::reg_type_of(type)) {
    case bytecode::RegType::kMask: return Value::of((column.as<std::uint64_t>()[row / 64] >> (row % 64) & 1) != 0);
    case bytecode::RegType::kI64: return Value::of(column.as<std::int64_t>()[row]);
    case bytecode::RegType::kF64: return Value::of(column.as<double>()[row]);
    case bytecode::RegType::kI32: break;
  }
  const std::int32_t code = column.as<std::int32_t>()[row];
  if (column.dictionary) return Value::of(std::string(column.dictionary->at(static_cast<std::uint32_t>(code))));
  return Value::of(std::int64_t{code});
}

std::vector<Value> World::values(ExprId root, base::TableId frame) {
  const std::vector<program::Output> before = program.outputs;
  const program::OutputId id = metric("value", root, frame);
  std::vector<Value> first;
  for (std::uint32_t batch : {0U, 1U, 2U, 7U, 1000U}) {
    exec::RunOptions options;
    options.morsel_rows = batch;
    options.num_threads = batch == 2 ? 3 : 1;
    options.outputs = {id};
    const exec::Results results = run(options);
    std::vector<Value> values;
    for (std::uint64_t r = 0; r < results.outputs[id].num_rows; ++r) {
      values.push_back(value_of(results.outputs[id], program.expr(root).type, r));
    }
    if (batch == 0) {
      first = values;
    } else {
      CHECK_MESSAGE(show(values) == show(first), "batches of " << batch);
    }
  }
  program.outputs = before;
  return first;
}

std::string show(const std::vector<Value>& values) {
  std::string out;
  for (const Value& value : values) {
    if (!out.empty()) out += ", ";
    switch (value.data.index()) {
      case 1: out += value.flag() ? "yes" : "no"; break;
      case 2: out += std::to_string(value.integer()); break;
      case 3: {
        char text[40];
        std::snprintf(text, sizeof text, "%.15g", value.number());
        out += text;
        break;
      }
      case 4: out += '"' + value.text() + '"'; break;
      default: out += "-"; break;
    }
  }
  return out;
}

}  // namespace seg::test
