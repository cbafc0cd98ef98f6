#include <arrow/array.h>
#include <arrow/chunked_array.h>
#include <arrow/scalar.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/atomic_file.h"
#include "base/suggest.h"
#include "runtime/io/table_load.h"

namespace seg::io {
namespace {

using base::Code;

// How many rows with one problem in one column are shown one by one.
constexpr std::size_t kNumShown = 3;
constexpr std::size_t kNumValuesShown = 5;

std::string type_phrase(const FieldLoad& field) {
  base::TypeKind kind = field.reading_type.kind;
  if (kind == base::TypeKind::kList) kind = field.reading_type.element;
  switch (kind) {
    case base::TypeKind::kText: return "a text";
    case base::TypeKind::kNumber: return "a number";
    case base::TypeKind::kInteger: return "a whole number";
    case base::TypeKind::kFlag: return "yes or no";
    case base::TypeKind::kDate: return "a date";
    case base::TypeKind::kTime: return "a time";
    case base::TypeKind::kDuration: return "a duration";
    case base::TypeKind::kDistance: return "a distance";
    case base::TypeKind::kMoney: return "an amount of money";
    case base::TypeKind::kLocation: return "a place (latitude, longitude)";
    case base::TypeKind::kVersion: return "a version";
    case base::TypeKind::kChoice: return "a value of the choice";
    case base::TypeKind::kList: return "a list";
    case base::TypeKind::kReference: return "a key";
  }
  return "a value";
}

base::Args args_of(const TableLoad& load, const base::Schema& schema, const BadRow& bad) {
  const FieldLoad* field = bad.field == kNoField ? nullptr : &load.fields[bad.field];
  switch (bad.code) {
    case Code::value_not_parsed:
    case Code::value_out_of_range: return {type_phrase(*field)};
    case Code::value_not_in_choice:
      return {field->choice->name.empty() ? load.name + "." + field->name : field->choice->name};
    case Code::required_missing: return {field->name};
    case Code::unknown_owner: return {schema.tables[field->target].name};
    default: return {};
  }
}

// The column of the file, as the user knows it.
std::string column_name(const TableLoad& load, const BadRow& bad, std::uint32_t file) {
  if (bad.field == kNoField) return {};
  if (file >= load.loads.size() || bad.field >= load.loads[file].uses.size()) return load.fields[bad.field].name;
  const FileLoad& from = load.loads[file];
  const ColumnUse use = from.uses[bad.field];
  if (use.first < from.raw->columns().size()) return from.raw->columns()[use.first].name;
  return load.fields[bad.field].name;
}

void add_way_out(base::DiagnosticBuilder& finding, const TableLoad& load, const BadRow& bad) {
  switch (bad.code) {
    case Code::time_not_parsed:
      finding.help(
          "if all times are written so: `date_format: dd.MM.yyyy` or `time_format: …` at the source in seg.yaml");
      break;
    case Code::value_not_parsed:
      if (!load.loads.empty() && load.loads[0].raw->is_untyped()) {
        finding.help(
            "texts that stand for nothing are listed in seg.yaml: `missing: [\"n/a\"]`; decimals with a comma: "
            "`decimal: \",\"`");
      }
      break;
    case Code::value_not_in_choice: finding.help("add it to the choice in the schema, or mend the data"); break;
    case Code::unknown_owner: finding.note("the row belongs to nobody, so no rule can count it"); break;
    case Code::duplicate_key: finding.note("a key names one row; which of them is meant can't be known"); break;
    default: break;
  }
}

void report_choice_values(const TableLoad& load, const base::Schema& schema, const std::vector<const BadRow*>& rows,
                          base::DiagnosticList& diagnostics) {
  const FieldLoad& field = load.fields[rows[0]->field];
  std::map<std::string, std::pair<std::size_t, const BadRow*>> values;  // how often, where first
  for (const BadRow* bad : rows) {
    std::string value(field.slices[bad->chunk].unknown.dictionary().at(bad->text));
    auto [found, is_new] = values.try_emplace(std::move(value), 0, bad);
    ++found->second.first;
  }
  std::vector<std::pair<std::string, std::pair<std::size_t, const BadRow*>>> most(values.begin(), values.end());
  std::stable_sort(most.begin(), most.end(),
                   [](const auto& a, const auto& b) { return a.second.first > b.second.first; });
  for (std::size_t i = 0; i < most.size() && i < kNumValuesShown; ++i) {
    const auto& [value, seen] = most[i];
    const RowPlace place = place_of(load, seen.second->row);
    auto finding = diagnostics.report(Code::value_not_in_choice, args_of(load, schema, *seen.second));
    finding.data(path_of(load, place.file), static_cast<std::int64_t>(place.row),
                 column_name(load, *seen.second, place.file), static_cast<std::int64_t>(place.line));
    const std::string count =
        base::format_count(static_cast<std::int64_t>(seen.first)) + (seen.first == 1 ? " row" : " rows");
    finding.note(field.may_show_values ? count + " with `" + value + "`" : count + " with this value");
    std::string allowed;
    for (std::size_t v = 0; v < field.choice->values.size() && v < 12; ++v) {
      allowed += (v == 0 ? "" : ", ") + field.choice->values[v];
    }
    if (field.choice->values.size() > 12) allowed += ", …";
    finding.note("its values are: " + allowed);
    if (const auto near = field.may_show_values ? base::suggest(value, field.choice->values) : std::nullopt) {
      finding.help("did you mean `" + *near + "`?");
    }
    add_way_out(finding, load, *seen.second);
    if (i + 1 == kNumValuesShown && most.size() > kNumValuesShown) {
      finding.note("and " + base::format_count(static_cast<std::int64_t>(most.size() - kNumValuesShown)) +
                   " other values");
    }
  }
}

// Bad rows by problem and field, in the order of their codes.
std::map<std::pair<Code, std::uint32_t>, std::vector<const BadRow*>> by_problem(const TableLoad& load) {
  std::map<std::pair<Code, std::uint32_t>, std::vector<const BadRow*>> groups;
  for (const BadRow& bad : load.bad) groups[{bad.code, bad.field}].push_back(&bad);
  return groups;
}

void report_as_errors(const TableLoad& load, const base::Schema& schema, base::DiagnosticList& diagnostics) {
  for (const FileLoad& file : load.loads) {
    std::map<Code, std::size_t> shown;
    for (const RejectedRow& rejected : file.raw->rejected()) {
      if (++shown[rejected.code] > kNumShown) continue;
      auto finding = diagnostics.report(rejected.code, rejected.args);
      finding.data(file.raw->path(), static_cast<std::int64_t>(rejected.row), {},
                   static_cast<std::int64_t>(rejected.line));
      const auto total = std::count_if(file.raw->rejected().begin(), file.raw->rejected().end(),
                                       [&](const RejectedRow& other) { return other.code == rejected.code; });
      if (shown[rejected.code] == kNumShown && static_cast<std::size_t>(total) > kNumShown) {
        finding.note(base::format_count(total) + " rows of this file have this problem");
      }
      if (rejected.code == Code::wrong_number_of_fields) {
        finding.help("a value that contains the separator stands between quotes");
      }
    }
  }
  for (const auto& [problem, rows] : by_problem(load)) {
    if (problem.first == Code::value_not_in_choice) {
      report_choice_values(load, schema, rows, diagnostics);
      continue;
    }
    for (std::size_t i = 0; i < rows.size() && i < kNumShown; ++i) {
      const RowPlace place = place_of(load, rows[i]->row);
      auto finding = diagnostics.report(problem.first, args_of(load, schema, *rows[i]));
      finding.data(path_of(load, place.file), static_cast<std::int64_t>(place.row),
                   column_name(load, *rows[i], place.file), static_cast<std::int64_t>(place.line));
      if (i != 0 && i + 1 != kNumShown) continue;
      if (i == 0) add_way_out(finding, load, *rows[i]);
      if (i + 1 == kNumShown && rows.size() > kNumShown) {
        finding.note(base::format_count(static_cast<std::int64_t>(rows.size())) + " rows of `" + load.name +
                     "` have this problem");
      }
    }
  }
}

void report_as_skipped(const TableLoad& load, const base::Schema& schema, OnBadRow on_bad_row,
                       base::DiagnosticList& diagnostics) {
  TableCounts counts;
  count_bad_rows(load, counts);
  if (counts.num_rows_skipped == 0) return;
  auto finding = diagnostics.report(Code::rows_skipped, {counts.num_rows_skipped, load.name});
  const auto rows_text = [](std::size_t n) {
    return base::format_count(static_cast<std::int64_t>(n)) + (n == 1 ? " row" : " rows");
  };
  for (const FileLoad& file : load.loads) {
    std::map<Code, std::pair<std::size_t, const RejectedRow*>> groups;
    for (const RejectedRow& rejected : file.raw->rejected()) {
      auto& group = groups[rejected.code];
      if (group.first++ == 0) group.second = &rejected;
    }
    for (const auto& [code, group] : groups) {
      finding.note(std::string(base::info(code).id) + " " +
                   base::format_message(base::info(code).message, group.second->args) + ": " + rows_text(group.first) +
                   ", the first is row " + std::to_string(group.second->row) + " of " + file.raw->path());
    }
  }
  for (const auto& [problem, rows] : by_problem(load)) {
    const RowPlace place = place_of(load, rows[0]->row);
    const std::string column = column_name(load, *rows[0], place.file);
    finding.note(std::string(base::info(problem.first).id) + " " +
                 base::format_message(base::info(problem.first).message, args_of(load, schema, *rows[0])) + ": " +
                 rows_text(rows.size()) + ", the first is row " + std::to_string(place.row) + " of " +
                 path_of(load, place.file) + (column.empty() ? "" : ", column `" + column + "`"));
  }
  if (on_bad_row == OnBadRow::kSkip) finding.help("`--quarantine FILE` keeps them in a file");
}

nlohmann::json cell_of(const arrow::ChunkedArray& column, std::int64_t row) {
  const auto scalar = column.GetScalar(row);
  if (!scalar.ok() || !(*scalar)->is_valid) return nullptr;
  return (*scalar)->ToString();
}

std::string dump(const nlohmann::json& object) {
  return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

base::Status quarantine_load(const TableLoad& load, base::AtomicFile& out) {
  // What the format itself refused goes as it stands.
  for (const FileLoad& file : load.loads) {
    for (const RejectedRow& rejected : file.raw->rejected()) {
      const nlohmann::json object = {
          {"source", load.name},
          {"file", file.raw->path()},
          {"row", rejected.row},
          {"code", base::info(rejected.code).id},
          {"problem", base::format_message(base::info(rejected.code).message, rejected.args)},
          {"text", rejected.text}};
      SEG_RETURN_IF_FAILED(out.write(dump(object)));
    }
  }
  // The other rows are read again, all their columns now.
  std::size_t next = 0;
  for (std::uint32_t f = 0; f < load.loads.size() && next < load.bad.size(); ++f) {
    RawFilePtr raw;
    for (const ChunkLoad& chunk : load.chunks) {
      if (chunk.file != f) continue;
      if (next >= load.bad.size() || load.bad[next].row >= chunk.at + chunk.num_rows) continue;
      if (raw == nullptr) {
        auto opened = open_raw_file(load.loads[f].raw->path(), load.files->format, load.files->csv);
        if (!opened.ok()) return std::move(opened).status();
        raw = std::move(opened).value();
        std::vector<std::uint32_t> all(raw->columns().size());
        for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
        SEG_RETURN_IF_FAILED(raw->prepare(all, 1));
      }
      std::vector<std::shared_ptr<arrow::ChunkedArray>> columns;
      for (std::uint32_t i = 0; i < raw->columns().size(); ++i) {
        auto column = raw->read(chunk.chunk, i);
        if (!column.ok()) return std::move(column).status();
        columns.push_back(std::move(column).value());
      }
      while (next < load.bad.size() && load.bad[next].row < chunk.at + chunk.num_rows) {
        const BadRow& bad = load.bad[next];
        const RowPlace place = place_of(load, bad.row);
        nlohmann::json object = {{"source", load.name},
                                 {"file", raw->path()},
                                 {"row", place.row},
                                 {"code", base::info(bad.code).id},
                                 {"problem", base::info(bad.code).title}};
        if (bad.field != kNoField) object["column"] = column_name(load, bad, f);
        nlohmann::json& values = object["values"] = nlohmann::json::object();
        for (std::uint32_t i = 0; i < columns.size(); ++i) {
          values[raw->columns()[i].name] = cell_of(*columns[i], static_cast<std::int64_t>(bad.row - chunk.at));
        }
        SEG_RETURN_IF_FAILED(out.write(dump(object)));
        const std::uint32_t row = bad.row;
        while (next < load.bad.size() && load.bad[next].row == row) ++next;  // its first problem stands for it
      }
    }
  }
  return {};
}

}  // namespace

std::string path_of(const TableLoad& load, std::uint32_t file) {
  return file < load.loads.size() ? load.loads[file].raw->path() : load.name;
}

RowPlace place_of(const TableLoad& load, std::uint32_t row) {
  const auto after = std::upper_bound(load.chunks.begin(), load.chunks.end(), std::uint64_t{row},
                                      [](std::uint64_t at, const ChunkLoad& chunk) { return at < chunk.at; });
  if (after == load.chunks.begin()) return {};
  const ChunkLoad& chunk = *(after - 1);
  const RawFile& raw = *load.loads[chunk.file].raw;
  const RawChunk& from = raw.chunks()[chunk.chunk];
  const std::uint64_t in_chunk = row - chunk.at;
  const std::uint64_t number = from.row_numbers.empty() ? from.first_row + in_chunk + 1 : from.row_numbers[in_chunk];
  return {chunk.file, number, raw.line_of(chunk.chunk, in_chunk)};
}

void sort_bad_rows(TableLoad& load) {
  std::stable_sort(load.bad.begin(), load.bad.end(), [](const BadRow& a, const BadRow& b) {
    return std::tie(a.row, a.field, a.code) < std::tie(b.row, b.field, b.code);
  });
}

void count_bad_rows(const TableLoad& load, TableCounts& counts) {
  std::map<Code, std::uint64_t> by_code;
  for (const auto& [code, count] : counts.skipped) by_code[code] += count;
  for (const FileLoad& file : load.loads) {
    for (const RejectedRow& rejected : file.raw->rejected()) ++by_code[rejected.code];
    counts.num_rows_skipped += file.raw->rejected().size();
  }
  for (std::size_t i = 0; i < load.bad.size(); ++i) {
    if (i != 0 && load.bad[i].row == load.bad[i - 1].row) continue;
    ++by_code[load.bad[i].code];
    ++counts.num_rows_skipped;
  }
  counts.skipped.assign(by_code.begin(), by_code.end());
}

void report_bad_rows(const TableLoad& load, const base::Schema& schema, OnBadRow on_bad_row,
                     base::DiagnosticList& diagnostics) {
  if (on_bad_row == OnBadRow::kFail) {
    report_as_errors(load, schema, diagnostics);
  } else {
    report_as_skipped(load, schema, on_bad_row, diagnostics);
  }
}

base::Status write_quarantine(const std::string& path, const std::vector<const TableLoad*>& loads) {
  auto file = base::AtomicFile::create(path);
  if (!file.ok()) return std::move(file).status();
  for (const TableLoad* load : loads) SEG_RETURN_IF_FAILED(quarantine_load(*load, *file));
  return file->commit();
}

}  // namespace seg::io
