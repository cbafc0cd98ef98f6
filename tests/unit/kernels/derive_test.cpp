#include "runtime/events/derive.h"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

using namespace seg;
using base::TypeKind;

namespace {

template <class T>
vector::Column column_of(vector::Storage storage, std::vector<T> values) {
  auto owner = std::make_shared<std::vector<T>>(std::move(values));
  vector::Column column;
  column.storage = storage;
  column.num_rows = owner->size();
  column.data = owner->data();
  column.owner = owner;
  return column;
}

vector::Column texts(std::vector<std::uint8_t> codes, const std::vector<std::string>& words) {
  vector::Column column = column_of(vector::Storage::kInt8, std::move(codes));
  auto dictionary = std::make_shared<vector::Dictionary>();
  for (const std::string& word : words) dictionary->append(word);
  column.dictionary = dictionary;
  return column;
}

base::Table event(const std::string& name, std::vector<base::Column> columns) {
  base::Table table;
  table.name = name;
  table.kind = base::TableKind::kEvent;
  table.columns = std::move(columns);
  table.owner = 0;
  table.time = 1;
  return table;
}

const base::Type kOwner = {.kind = TypeKind::kReference, .detail = 0};

struct Case {
  base::Schema schema;
  vector::Dataset data;
};

// customer, visit(at, note), call(at, note), contact = visit, call; line(at, basket), basket = line grouped by basket
Case make_case() {
  Case c;
  base::Table customer;
  customer.name = "customer";
  c.schema.tables = {
      customer,
      event("visit", {{"customer", kOwner}, {"at", {.kind = TypeKind::kTime}}, {"note", {.kind = TypeKind::kText}}}),
      event("call", {{"customer", kOwner}, {"at", {.kind = TypeKind::kTime}}, {"note", {.kind = TypeKind::kText}}}),
      event("contact", {{"customer", kOwner}, {"at", {.kind = TypeKind::kTime}}, {"note", {.kind = TypeKind::kText}}}),
      event("line",
            {{"customer", kOwner}, {"at", {.kind = TypeKind::kTime}}, {"basket", {.kind = TypeKind::kInteger}}}),
      event("basket",
            {{"customer", kOwner}, {"at", {.kind = TypeKind::kTime}}, {"basket", {.kind = TypeKind::kInteger}}})};
  c.schema.tables[3].parts = {{1, base::kNone, {0, 1, 2}}, {2, base::kNone, {0, 1, base::kNone}}};
  base::Grouping group;
  group.base = 4;
  group.group_by = {2};
  group.num_plain = 3;
  c.schema.tables[5].group = group;
  c.data.tables.resize(6);
  c.data.tables[0].num_rows = 3;
  c.data.tables[1] = {2,
                      {column_of<std::uint32_t>(vector::Storage::kRow, {2, 0}),
                       column_of<std::int64_t>(vector::Storage::kInt64, {10, 20}), texts({1, 0}, {"b", "a"})}};
  c.data.tables[2] = {2,
                      {column_of<std::uint32_t>(vector::Storage::kRow, {1, vector::kNoRow}),
                       column_of<std::int64_t>(vector::Storage::kInt64, {30, 40}), texts({0, 1}, {"a", "c"})}};
  c.data.tables[4] = {5,
                      {column_of<std::uint32_t>(vector::Storage::kRow, {0, 1, 0, vector::kNoRow, 0}),
                       column_of<std::int64_t>(vector::Storage::kInt64, {50, 60, 40, 10, 70}),
                       column_of<std::int64_t>(vector::Storage::kInt64, {7, 7, 7, 7, 8})}};
  return c;
}

}  // namespace

TEST_CASE("a union holds the rows of all parts, with missing where a part lacks the field") {
  const Case c = make_case();
  auto result = events::derive_union(c.schema, 3, c.data, {nullptr, nullptr}, {true, true, true});
  REQUIRE(result.ok());
  const vector::TableData& table = result.value();
  REQUIRE(table.num_rows == 4);
  CHECK(table.columns[0].as<std::uint32_t>()[2] == 1);
  CHECK_FALSE(table.columns[0].present(3));
  CHECK(table.columns[1].as<std::int64_t>()[3] == 40);
  CHECK(table.columns[2].dictionary->at(static_cast<std::uint32_t>(table.columns[2].as<std::int32_t>()[0])) == "a");
  CHECK_FALSE(table.columns[2].present(2));
}

TEST_CASE("texts of a union's parts share one dictionary") {
  Case c = make_case();
  c.schema.tables[3].parts[1].columns[2] = 2;
  auto result = events::derive_union(c.schema, 3, c.data, {nullptr, nullptr}, {false, false, true});
  REQUIRE(result.ok());
  const vector::Column& notes = result.value().columns[2];
  CHECK(notes.dictionary->size() == 3);
  CHECK(notes.as<std::int32_t>()[0] == notes.as<std::int32_t>()[2]);  // "a" of both
  CHECK(result.value().columns[0].storage == vector::Storage::kAbsent);
}

TEST_CASE("a part's filter leaves rows out") {
  const Case c = make_case();
  const std::uint64_t second = 2;
  auto result = events::derive_union(c.schema, 3, c.data, {&second, nullptr}, {true, true, false});
  REQUIRE(result.ok());
  CHECK(result.value().num_rows == 3);
  CHECK(result.value().columns[1].as<std::int64_t>()[0] == 20);
}

TEST_CASE("rows of one owner and one key are one event, at the earliest of their times") {
  const Case c = make_case();
  auto result = events::derive_grouped(c.schema, 5, c.data, nullptr, {true, true, true});
  REQUIRE(result.ok());
  const events::Grouped& grouped = result.value();
  REQUIRE(grouped.table.num_rows == 3);
  CHECK(grouped.group_of == std::vector<std::uint32_t>{0, 1, 0, vector::kNoRow, 2});
  CHECK(grouped.table.columns[1].as<std::int64_t>()[0] == 40);
  CHECK(grouped.table.columns[2].as<std::int64_t>()[2] == 8);
  CHECK(grouped.table.columns[0].as<std::uint32_t>()[1] == 1);
}

TEST_CASE("rows that are not kept make no group") {
  const Case c = make_case();
  const std::uint64_t kept = 0b10010;
  auto result = events::derive_grouped(c.schema, 5, c.data, &kept, {true, true, true});
  REQUIRE(result.ok());
  CHECK(result.value().table.num_rows == 2);
  CHECK(result.value().group_of[0] == vector::kNoRow);
}

TEST_CASE("no rows, no groups") {
  Case c = make_case();
  c.data.tables[4].num_rows = 0;
  auto result = events::derive_grouped(c.schema, 5, c.data, nullptr, {true, true, true});
  REQUIRE(result.ok());
  CHECK(result.value().table.num_rows == 0);
}
