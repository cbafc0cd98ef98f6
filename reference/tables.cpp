#include "reference/tables.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

namespace seg::reference {
namespace {

using base::Value;

std::int64_t read_integer(const vector::Column& column, std::uint64_t row) {
  switch (column.storage) {
    case vector::Storage::kInt8: return column.as<std::int8_t>()[row];
    case vector::Storage::kInt16: return column.as<std::int16_t>()[row];
    case vector::Storage::kInt32: return column.as<std::int32_t>()[row];
    case vector::Storage::kInt64: return column.as<std::int64_t>()[row];
    case vector::Storage::kRow: return column.as<std::uint32_t>()[row];
    case vector::Storage::kAbsent:
    case vector::Storage::kBits:
    case vector::Storage::kFloat64:
    case vector::Storage::kLocation:
    case vector::Storage::kList: break;
  }
  return 0;
}

// Codes of small dictionaries are stored in few bytes, without a sign.
std::uint32_t read_code(const vector::Column& column, std::uint64_t row) {
  const auto code = read_integer(column, row);
  if (column.storage == vector::Storage::kInt8) return static_cast<std::uint8_t>(code);
  if (column.storage == vector::Storage::kInt16) return static_cast<std::uint16_t>(code);
  return static_cast<std::uint32_t>(code);
}

Value read_value(const vector::Column& column, base::TypeKind kind, base::TypeKind element, std::uint64_t row) {
  if (!column.present(row)) return Value::missing();
  switch (kind) {
    case base::TypeKind::kText:
    case base::TypeKind::kVersion: return Value::of(std::string(column.dictionary->at(read_code(column, row))));
    case base::TypeKind::kChoice: return Value::of(static_cast<std::int64_t>(read_code(column, row)));
    case base::TypeKind::kFlag: return Value::of((column.as<std::uint64_t>()[row / 64] >> (row % 64) & 1) != 0);
    case base::TypeKind::kNumber:
    case base::TypeKind::kDistance: return Value::of(column.as<double>()[row]);
    case base::TypeKind::kInteger:
    case base::TypeKind::kDate:
    case base::TypeKind::kTime:
    case base::TypeKind::kDuration:
    case base::TypeKind::kMoney:
    case base::TypeKind::kReference: return Value::of(read_integer(column, row));
    case base::TypeKind::kLocation: {
      const double* point = column.as<double>() + 2 * row;
      return {base::Location{point[0], point[1]}};
    }
    case base::TypeKind::kList: {
      Value::List list;
      const auto* offsets = column.as<std::uint32_t>();
      for (std::uint32_t i = offsets[row]; i < offsets[row + 1]; ++i) {
        list.push_back(read_value(*column.elements, element, element, i));
      }
      return {list};
    }
  }
  return Value::missing();
}

// Parts of a version: "12.4b" is 12, 4 and then the text "b".
int compare_versions(std::string_view a, std::string_view b) {
  const auto take_part = [](std::string_view& text) {
    const std::string_view part = text.substr(0, text.find('.'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return part;
  };
  while (!a.empty() || !b.empty()) {
    std::string_view left = take_part(a);
    std::string_view right = take_part(b);
    const auto digits = [](std::string_view& part) {
      std::size_t end = 0;
      while (end < part.size() && std::isdigit(static_cast<unsigned char>(part[end])) != 0) ++end;
      std::string_view number = part.substr(0, end);
      part.remove_prefix(end);
      while (!number.empty() && number[0] == '0') number.remove_prefix(1);
      return number;
    };
    const std::string_view n = digits(left);
    const std::string_view m = digits(right);
    if (n.size() != m.size()) return n.size() < m.size() ? -1 : 1;
    if (const int order = n.compare(m); order != 0) return order < 0 ? -1 : 1;
    if (const int order = left.compare(right); order != 0) return order < 0 ? -1 : 1;
  }
  return 0;
}

}  // namespace

std::vector<std::shared_ptr<Rows>> read_tables(const base::Schema& schema, const vector::Dataset& dataset) {
  std::vector<std::shared_ptr<Rows>> tables(schema.tables.size());
  for (std::size_t t = 0; t < schema.tables.size(); ++t) {
    tables[t] = std::make_shared<Rows>();
    const base::Table& table = schema.tables[t];
    const vector::TableData& data = dataset.tables[t];
    for (std::uint64_t r = 0; r < data.num_rows; ++r) {
      Row row;
      for (std::size_t c = 0; c < table.columns.size(); ++c) {
        const base::Type& type = table.columns[c].type;
        row.push_back(c < data.columns.size() ? read_value(data.columns[c], type.kind, type.element, r)
                                              : Value::missing());
      }
      tables[t]->rows.push_back(std::move(row));
    }
  }
  return tables;
}

int compare_values(const Value& a, const Value& b, base::TypeKind kind) {
  if (a.is_missing() || b.is_missing()) return static_cast<int>(b.is_missing()) - static_cast<int>(a.is_missing());
  const auto order = [](const auto& x, const auto& y) { return x < y ? -1 : (y < x ? 1 : 0); };
  if (kind == base::TypeKind::kVersion) return compare_versions(a.text(), b.text());
  if (kind == base::TypeKind::kList) {
    const Value::List& x = a.list();
    const Value::List& y = b.list();
    return x == y ? 0 : (x.size() < y.size() ? -1 : 1);
  }
  switch (a.data.index()) {
    case 1: return order(a.flag(), b.flag());
    case 2: return order(a.integer(), b.integer());
    case 3: return order(a.number(), b.number());
    case 4: return order(a.text().compare(b.text()), 0);
    case 5:
      return a.location().latitude != b.location().latitude ? order(a.location().latitude, b.location().latitude)
                                                            : order(a.location().longitude, b.location().longitude);
    default: return 0;
  }
}

}  // namespace seg::reference
