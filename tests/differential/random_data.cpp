#include "tests/differential/random_data.h"

#include <algorithm>
#include <string>
#include <vector>

#include "runtime/vector/column_of_values.h"

namespace seg::differential {
namespace {

using base::Column;
using base::kNone;
using base::Table;
using base::TableKind;
using base::Type;
using base::TypeKind;
using base::Value;

const Type kText = {.kind = TypeKind::kText};
const Type kFoldedText = {.kind = TypeKind::kText, .folded = true};
const Type kNumber = {.kind = TypeKind::kNumber};
const Type kInteger = {.kind = TypeKind::kInteger};
const Type kFlag = {.kind = TypeKind::kFlag};
const Type kDate = {.kind = TypeKind::kDate};
const Type kTime = {.kind = TypeKind::kTime};
const Type kDuration = {.kind = TypeKind::kDuration};
const Type kDistance = {.kind = TypeKind::kDistance};
const Type kVersion = {.kind = TypeKind::kVersion};
const Type kEuro = {.kind = TypeKind::kMoney, .detail = 0};
const Type kTexts = {.kind = TypeKind::kList, .element = TypeKind::kText};
const Type kIntegers = {.kind = TypeKind::kList, .element = TypeKind::kInteger};

Type choice(std::uint32_t set, bool ranked) { return {.kind = TypeKind::kChoice, .ranked = ranked, .detail = set}; }
Type reference(base::TableId table) { return {.kind = TypeKind::kReference, .detail = table}; }

Table make_table(std::string name, TableKind kind, std::vector<Column> columns, std::vector<base::ColumnId> key = {},
                 base::ColumnId owner = kNone, base::ColumnId time = kNone, base::ColumnId zone = kNone) {
  Table table;
  table.name = std::move(name);
  table.kind = kind;
  table.columns = std::move(columns);
  table.key = std::move(key);
  table.owner = owner;
  table.time = time;
  table.zone = zone;
  return table;
}

const std::vector<std::string> kTextDomain = {"Tehran", "tehran", "Tehrán",    "کرج",    "كرج",     "a",       "ab",
                                              "abc",    "Abc",    " spaced  ", "straße", "STRASSE", "zone 12", "12.4"};
const std::vector<std::string> kVersionDomain = {"12.4", "12.10", "12", "12.0", "9.9.9", "12.4b", "012.4", "1"};
const std::vector<std::string> kZoneDomain = {"UTC",           "Asia/Tehran",  "America/New_York",
                                              "Europe/Berlin", "Nowhere/None", "Pacific/Apia"};
const std::vector<double> kNumberDomain = {0, 1, -1, 0.5, 0.1, 2, 3, 10, 1e9, -2.5, 1e19, 9e19, 1.0 / 3, 99.99};
const std::vector<std::int64_t> kIntegerDomain = {0,         1,         -1,           2, 3, 5, 7, 12, 100, -40,
                                                  1'000'000, INT64_MAX, INT64_MIN + 1};

// Codes and choices of any width.
vector::ColumnLayout random_layout(const Type& type, RandomSource& random) {
  const std::vector<vector::Storage> widths = {vector::Storage::kInt8, vector::Storage::kInt16,
                                               vector::Storage::kInt32};
  const auto is_coded = [](TypeKind kind) {
    return kind == TypeKind::kText || kind == TypeKind::kVersion || kind == TypeKind::kChoice;
  };
  vector::ColumnLayout layout;
  if (!is_coded(type.kind) && !(type.kind == TypeKind::kList && is_coded(type.element))) return layout;
  layout.codes = layout.choices = random.pick(widths);
  return layout;
}

std::uint32_t rows_of(TableKind kind, RandomSource& random) {
  const bool large = random.chance(10);
  switch (kind) {
    case TableKind::kSubject: return large ? random.below(300) : random.below(40);
    case TableKind::kEvent:
    case TableKind::kRecords: return large ? random.below(900) : random.below(120);
    case TableKind::kEntity: return random.below(6);
    case TableKind::kLookup: return random.below(8);
    case TableKind::kUnion:
    case TableKind::kGrouped: return 0;
  }
  return 0;
}

}  // namespace

base::Schema differential_schema() {
  base::Schema schema;
  schema.currencies = {"EUR"};
  schema.choices = {{{"female", "male", "other"}, false, "gender"},
                    {{"primary", "secondary", "bachelor", "master"}, true, "education"},
                    {{"web", "shop", "app"}, false, "channel"},
                    {{"cold", "mild", "hot"}, false, "zone"}};
  schema.tables.push_back(
      make_table("account", TableKind::kSubject,
                 {{"id", kInteger}, {"employees", kInteger}, {"industry", kText}, {"founded", kDate}}, {0}));
  schema.tables.push_back(make_table("product", TableKind::kEntity,
                                     {{"id", kInteger}, {"category", kText}, {"launched", kDate}, {"price", kEuro}},
                                     {0}));
  schema.tables.push_back(make_table("customer", TableKind::kSubject,
                                     {{"id", kInteger},
                                      {"account", reference(kAccount)},
                                      {"birth_date", kDate},
                                      {"gender", choice(0, false)},
                                      {"education", choice(1, true)},
                                      {"city", kFoldedText},
                                      {"nick", kText},
                                      {"home", {.kind = TypeKind::kLocation}},
                                      {"interests", kTexts},
                                      {"ratings", kIntegers},
                                      {"consent", kFlag},
                                      {"income", kEuro},
                                      {"weight", kNumber},
                                      {"joined", kTime},
                                      {"app", kVersion},
                                      {"walk", kDistance},
                                      {"slept", kDuration},
                                      {"zone_name", kText}},
                                     {0}, kNone, kNone, 17));
  schema.tables.push_back(make_table("purchase", TableKind::kEvent,
                                     {{"customer", reference(kCustomer)},
                                      {"at", kTime},
                                      {"amount", kEuro},
                                      {"product", reference(kProduct)},
                                      {"channel", choice(2, false)},
                                      {"quantity", kInteger},
                                      {"note", kText},
                                      {"rating", kNumber},
                                      {"basket", kInteger},
                                      {"gift", kFlag}},
                                     {}, 0, 1));
  schema.tables.push_back(make_table("visit", TableKind::kEvent,
                                     {{"customer", reference(kCustomer)},
                                      {"at", kDate},
                                      {"number", kInteger},
                                      {"pages", kInteger},
                                      {"mood", choice(1, true)},
                                      {"stay", kDuration}},
                                     {2}, 0, 1));
  schema.tables.push_back(make_table(
      "call", TableKind::kEvent,
      {{"customer", reference(kCustomer)}, {"at", kTime}, {"note", kFoldedText}, {"length", kInteger}}, {}, 0, 1));
  schema.tables.push_back(make_table(
      "device", TableKind::kRecords,
      {{"customer", reference(kCustomer)}, {"model", kText}, {"os_version", kVersion}, {"bought", kDate}}, {}, 0));
  schema.tables.push_back(make_table("climate", TableKind::kLookup,
                                     {{"city", kFoldedText}, {"zone", choice(3, false)}, {"degrees", kNumber}}, {0}));
  schema.tables.push_back(make_table("contact", TableKind::kUnion,
                                     {{"customer", reference(kCustomer)}, {"at", kTime}, {"note", kText}}, {}, 0, 1));
  schema.tables[kContact].parts = {{kPurchase, kNone, {0, 1, 6}}, {kCall, kNone, {0, 1, 2}}};
  schema.tables.push_back(make_table("basket", TableKind::kGrouped,
                                     {{"customer", reference(kCustomer)},
                                      {"at", kTime},
                                      {"basket", kInteger},
                                      {"amount", kEuro},
                                      {"items", kInteger},
                                      {"best", kNumber}},
                                     {}, 0, 1));
  base::Grouping grouping;
  grouping.base = kPurchase;
  grouping.group_by = {8};
  grouping.num_plain = 3;
  schema.tables[kBasket].group = grouping;
  return schema;
}

base::Binding random_binding(RandomSource& random) {
  base::Binding binding;
  const std::vector<std::int32_t> days = {20'634 /* 2026-06-30 */, 20'512 /* 2026-02-28 */, 19'782 /* 2024-02-29 */,
                                          20'541 /* 2026-03-29 */, 20'395 /* 2025-11-03 */};
  binding.as_of.day = random.chance(70) ? random.pick(days) : static_cast<std::int32_t>(random.between(19'000, 21'000));
  binding.time_zone = random.pick(kZoneDomain);
  if (binding.time_zone == "Nowhere/None") binding.time_zone = "UTC";
  binding.week_starts = static_cast<base::Weekday>(random.below(7));
  if (random.chance(20)) {
    binding.as_of.is_instant = true;
    binding.as_of.instant =
        binding.as_of.day * base::kMicrosPerDay + random.between(0, 86'399) * base::kMicrosPerSecond;
  }
  return binding;
}

Value random_value(const base::Schema& schema, const Type& type, const base::Binding& binding, RandomSource& random) {
  const std::int64_t today = binding.as_of.day;
  const std::vector<std::int64_t> ages = {0, 1, -1, 2, 7, 6, 28, 30, 31, 59, 60, 89, 90, 91, 180, 364, 365, 366, -30};
  const std::int64_t day = today - (random.chance(70) ? random.pick(ages) : random.between(-100, 800));
  switch (type.kind) {
    case TypeKind::kText: return Value::of(random.pick(kTextDomain));
    case TypeKind::kVersion: return Value::of(random.pick(kVersionDomain));
    case TypeKind::kNumber:
      return Value::of(random.chance(60) ? random.pick(kNumberDomain) : random.between(-99, 99) / 8.0);
    case TypeKind::kDistance: return Value::of(static_cast<double>(random.between(0, 20)) * 500);
    case TypeKind::kInteger: return Value::of(random.chance(20) ? random.pick(kIntegerDomain) : random.between(-3, 12));
    case TypeKind::kFlag: return Value::of(random.chance(50));
    case TypeKind::kDate: return Value::of(random.chance(15) ? random.between(-3'000, today + 400) : day);
    case TypeKind::kTime: {
      const std::vector<std::int64_t> seconds = {0, 1, 86'399, 3'600, 43'200, 12'600, 75'600, 79'200, 14'400};
      const std::int64_t second = random.chance(60) ? random.pick(seconds) : random.between(0, 86'399);
      return Value::of(day * base::kMicrosPerDay + second * base::kMicrosPerSecond + (random.chance(5) ? -1 : 0));
    }
    case TypeKind::kDuration: return Value::of(random.between(-5, 50) * base::kMicrosPerHour / 2);
    case TypeKind::kMoney: {
      if (random.chance(3)) return Value::of(random.chance(50) ? INT64_MAX - 5 : INT64_MIN + 5);
      return Value::of(random.between(-20, 400) * 2'500 + (random.chance(30) ? random.between(-3, 3) : 0));
    }
    case TypeKind::kLocation:
      return {
          base::Location{static_cast<double>(random.between(-90, 90)), static_cast<double>(random.between(-180, 180))}};
    case TypeKind::kChoice:
      return Value::of(static_cast<std::int64_t>(random.below(schema.choices[type.detail].values.size())));
    case TypeKind::kList: {
      Value::List list;
      for (std::uint32_t i = random.below(5); i > 0; --i) {
        list.push_back(random_value(schema, {.kind = type.element, .detail = type.detail}, binding, random));
      }
      return {list};
    }
    case TypeKind::kReference: break;
  }
  return Value::missing();
}

vector::Dataset random_dataset(const base::Schema& schema, const base::Binding& binding, RandomSource& random) {
  vector::Dataset dataset;
  dataset.tables.resize(schema.tables.size());
  for (std::size_t t = 0; t < schema.tables.size(); ++t)
    dataset.tables[t].num_rows = rows_of(schema.tables[t].kind, random);
  for (std::size_t t = 0; t < schema.tables.size(); ++t) {
    const Table& table = schema.tables[t];
    const std::uint64_t num_rows = dataset.tables[t].num_rows;
    const bool is_sorted = random.chance(40);
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const Type& type = table.columns[c].type;
      const bool is_key = std::find(table.key.begin(), table.key.end(), c) != table.key.end();
      const std::uint32_t missing =
          is_key || c == table.time ? 0 : random.pick(std::vector<std::uint32_t>{0, 0, 10, 30, 100});
      std::vector<Value> values;
      for (std::uint64_t r = 0; r < num_rows; ++r) {
        if (type.kind == TypeKind::kReference) {
          const std::uint64_t others = dataset.tables[type.detail].num_rows;
          const bool none = others == 0 || (c != table.owner && random.chance(20));
          values.push_back(none ? Value::missing() : Value::of(static_cast<std::int64_t>(random.below(others))));
        } else if (is_key && table.kind == TableKind::kLookup) {  // distinct after folding
          const std::vector<std::string> keys = {"TEHRAN", "کرج", "a", "ab", "abc", " spaced  ", "straße", "12.4"};
          values.push_back(Value::of(keys[r]));
        } else if (is_key) {
          values.push_back(Value::of(static_cast<std::int64_t>((r * 7919 + 13) % 100'003)));
        } else if (c == table.zone) {
          values.push_back(random.chance(30) ? Value::missing() : Value::of(random.pick(kZoneDomain)));
        } else {
          values.push_back(random.chance(missing) ? Value::missing() : random_value(schema, type, binding, random));
        }
      }
      if (c == table.owner && is_sorted) {
        std::sort(values.begin(), values.end(), [](const Value& a, const Value& b) {
          if (a.is_missing() || b.is_missing()) return !a.is_missing() && b.is_missing();
          return a.integer() < b.integer();
        });
      }
      dataset.tables[t].columns.push_back(vector::column_of_values(type, values, random_layout(type, random)));
    }
  }
  return dataset;
}

}  // namespace seg::differential
