// The tables that rules speak about: subjects, entities, events, records, lookups, and those derived from them.
// Out of the checker (from schema.seg); in to the loader of data, the bytecode and the reference interpreter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/type.h"

namespace seg::base {

using TableId = std::uint32_t;
using ColumnId = std::uint32_t;  // position in Table::columns
inline constexpr std::uint32_t kNone = 0xFFFFFFFF;

enum class TableKind : std::uint8_t {
  kSubject,  // what segments are made of
  kEntity,   // referred to by others: product, account
  kEvent,    // many per owner, with a time
  kRecords,  // many per owner, without a time
  kLookup,   // reference table, read by key: climate[city]
  kUnion,    // several event tables as one: the fields they share        (derived)
  kGrouped,  // one event of several rows: lines with one basket_id       (derived)
};
enum class Privacy : std::uint8_t { kPlain, kPersonal, kSensitive };

struct Column {
  std::string name;
  Type type;
  bool required = false;
  Privacy privacy = Privacy::kPlain;
  std::string label = {};
  ColumnId currency_column = kNone;  // money whose currency another (text) column of this table names
};

// One part of a union: rows of `table` for which `filter` (an expression id of the program, kNone: all) is true.
// `columns[i]` is the part's column that feeds the union's column i.
struct UnionPart {
  TableId table = kNone;
  std::uint32_t filter = kNone;
  std::vector<ColumnId> columns;
};

// One row for each distinct (owner, group_by values) of `base` rows for which `filter` is true and whose owner and
// group_by values are all known; rows at or after the end of as-of do not exist and are left out. Columns of a grouped
// table: first the owner, then `at` (the earliest of the rows), then the group_by columns, then the computed ones:
// `computed[i]` is an Aggregate expression (frame: the grouped table; child: base; child_ref: kGroupRef) for
// columns[num_plain + i].
struct Grouping {
  TableId base = kNone;
  std::uint32_t filter = kNone;
  std::vector<ColumnId> group_by;  // columns of base
  std::uint32_t num_plain = 0;
  std::vector<std::uint32_t> computed;
};

struct Table {
  std::string name;
  TableKind kind = TableKind::kSubject;
  std::vector<Column> columns;
  std::vector<ColumnId> key;  // one or several columns; empty: rows have no key
  ColumnId owner = kNone;     // event, records: the reference column of `of customer`
  ColumnId time = kNone;  // event: its time column, of type time or date (a date is the local midnight that begins it)
  ColumnId zone = kNone;  // subject: text column with each row's time zone; missing or unknown name: the project's
  std::vector<UnionPart> parts;   // kUnion
  std::optional<Grouping> group;  // kGrouped
};

struct Schema {
  std::vector<Table> tables;
  std::vector<ChoiceSet> choices;
  std::vector<std::string> currencies;  // ISO 4217
};

}  // namespace seg::base
