#include <arrow/type.h>

#include <algorithm>

#include "base/suggest.h"
#include "runtime/io/table_load.h"

namespace seg::io {
namespace {

using base::TypeKind;

// The column called so, or kNoColumn. Folder columns stand behind those of the file.
std::uint32_t find_column(const FileLoad& file, const std::string& name) {
  const auto& columns = file.raw->columns();
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name) return i;
  }
  for (std::uint32_t i = 0; i < file.partitions.size(); ++i) {
    if (file.partitions[i].first == name) return kPartition + i;
  }
  return kNoColumn;
}

// What a field may be called in a file when seg.yaml says nothing.
std::vector<std::string> default_names(const FieldLoad& field) {
  if (field.target != base::kNone) return {field.name, field.name + "_id"};
  return {field.name};
}

constexpr std::pair<const char*, const char*> kLocationNames[] = {
    {".latitude", ".longitude"}, {"_latitude", "_longitude"}, {"_lat", "_lon"}, {"_lat", "_lng"}};

ColumnUse find_field(const FileLoad& file, const FieldLoad& field) {
  ColumnUse use;
  if (field.source != nullptr) {
    const FieldSource& source = *field.source;
    if (source.column.empty()) {
      use.first = find_column(file, source.latitude);
      use.second = find_column(file, source.longitude);
      if (use.second == kNoColumn) use.first = kNoColumn;
    } else {
      use.first = find_column(file, source.column);
    }
    return use;
  }
  for (const std::string& name : default_names(field)) {
    if (use.first == kNoColumn) use.first = find_column(file, name);
  }
  if (use.first == kNoColumn && field.type.kind == TypeKind::kLocation) {
    for (const auto& [latitude, longitude] : kLocationNames) {
      use.first = find_column(file, field.name + latitude);
      use.second = find_column(file, field.name + longitude);
      if (use.first != kNoColumn && use.second != kNoColumn) return use;
    }
    use = {};
  }
  return use;
}

// The names that were looked for and not found.
std::vector<std::string> wanted_names(const FileLoad& file, const FieldLoad& field) {
  if (field.source == nullptr) return {field.name};
  if (!field.source->column.empty()) return {field.source->column};
  std::vector<std::string> names;
  for (const std::string& name : {field.source->latitude, field.source->longitude}) {
    if (find_column(file, name) == kNoColumn) names.push_back(name);
  }
  return names;
}

void report_missing(const TableLoad& load, const FileLoad& file, const FieldLoad& field,
                    base::DiagnosticList& diagnostics) {
  std::vector<std::string> names;
  for (const RawColumn& column : file.raw->columns()) names.push_back(column.name);
  for (const auto& partition : file.partitions) names.push_back(partition.first);
  for (const std::string& wanted : wanted_names(file, field)) {
    auto finding = diagnostics.report(base::Code::missing_column, {load.name, wanted});
    finding.data(file.raw->path(), 0, wanted);
    std::string list;
    for (std::size_t i = 0; i < names.size() && i < 20; ++i) list += (i == 0 ? "" : ", ") + names[i];
    if (names.size() > 20) list += ", … (" + std::to_string(names.size()) + " in all)";
    finding.note(names.empty() ? "the file has no columns" : "the file has: " + list);
    if (const auto near = base::suggest(wanted, names)) {
      finding.help("did you mean `" + *near + "`?");
    } else if (field.source == nullptr) {
      finding.help("say in seg.yaml which column it is: `columns: { " + field.name + ": NAME }`");
    }
  }
}

std::string type_words(const base::Type& type) {
  std::string words(base::type_keyword(type.kind));
  if (type.kind == TypeKind::kList) words += " of " + std::string(base::type_keyword(type.element));
  return words;
}

}  // namespace

bool has_field(const TableLoad& load, const FieldLoad& field) {
  if (field.source != nullptr) return true;
  return std::any_of(load.loads.begin(), load.loads.end(),
                     [&](const FileLoad& file) { return find_field(file, field).first != kNoColumn; });
}

bool resolve_columns(TableLoad& load, const base::Schema&, base::DiagnosticList& diagnostics) {
  bool is_fine = true;
  for (FileLoad& file : load.loads) file.uses.assign(load.fields.size(), {});
  for (std::size_t f = 0; f < load.fields.size(); ++f) {
    FieldLoad& field = load.fields[f];
    std::size_t num_found = 0;
    for (FileLoad& file : load.loads) {
      ColumnUse use = find_field(file, field);
      if (use.first == kNoColumn && file.raw->may_have_more_columns()) {
        // Only the whole file shows which fields its records have.
        if (field.source != nullptr && field.source->column.empty()) {
          const std::uint32_t latitude = find_column(file, field.source->latitude);
          const std::uint32_t longitude = find_column(file, field.source->longitude);
          use.first = latitude != kNoColumn ? latitude : file.raw->add_column(field.source->latitude);
          use.second = longitude != kNoColumn ? longitude : file.raw->add_column(field.source->longitude);
        } else {
          use.first = file.raw->add_column(field.source != nullptr ? field.source->column : field.name);
        }
      }
      file.uses[f] = use;
      file.readings[f].decimal_comma = file.raw->decimal_comma(use.first);
      if (use.first != kNoColumn) ++num_found;
      const auto& columns = file.raw->columns();
      if (use.first < columns.size() &&
          std::count_if(
              columns.begin(), columns.end(),
              [&](const RawColumn& other) { return other.name == columns[use.first].name; }) > 1) {
        diagnostics.report(base::Code::duplicate_column, {file.raw->path(), columns[use.first].name})
            .data(file.raw->path(), 0, columns[use.first].name)
            .help("give the columns different names");
        is_fine = false;
      }
    }
    if (load.loads.empty()) continue;
    const bool must_be_everywhere = field.is_key || field.is_owner || field.is_time;
    if (num_found == 0 || (must_be_everywhere && num_found < load.loads.size())) {
      for (const FileLoad& file : load.loads) {
        if (file.uses[f].first != kNoColumn) continue;
        report_missing(load, file, field, diagnostics);
        break;  // one of many files is enough
      }
      is_fine = false;
      continue;
    }
    for (const FileLoad& file : load.loads) {
      if (file.uses[f].first != kNoColumn) continue;
      const std::string wanted = wanted_names(file, field).front();
      diagnostics.report(base::Code::column_missing_in_file, {file.raw->path(), wanted, load.name})
          .data(file.raw->path(), 0, wanted)
          .note("its rows have no `" + field.name + "`");
    }
    for (FileLoad& file : load.loads) {
      for (const std::uint32_t column : {file.uses[f].first, file.uses[f].second}) {
        if (column >= file.raw->columns().size()) continue;
        FieldReading reading = file.readings[f];
        if (file.uses[f].second != kNoColumn) reading.type.kind = TypeKind::kNumber;
        const RawColumn& raw = file.raw->columns()[column];
        const std::string problem = conversion_problem(*raw.type, reading);
        if (problem.empty()) continue;
        auto finding = diagnostics.report(base::Code::column_type, {raw.name, problem, type_words(reading.type)});
        finding.data(file.raw->path(), 0, raw.name);
        finding.help("change the type of `" + field.name + "` in the schema, or take another column in seg.yaml");
        is_fine = false;
        break;
      }
    }
  }
  return is_fine;
}

bool check_unseen_columns(const TableLoad& load, base::DiagnosticList& diagnostics) {
  bool is_fine = true;
  for (std::size_t f = 0; f < load.fields.size(); ++f) {
    const FileLoad* unseen = nullptr;
    bool is_seen = load.loads.empty();
    for (const FileLoad& file : load.loads) {
      const std::uint32_t column = file.uses[f].first;
      const bool has_rows = !file.raw->chunks().empty();
      if (column >= file.raw->columns().size() || !has_rows || file.raw->has_seen(column)) {
        is_seen = true;
      } else {
        unseen = &file;
      }
    }
    if (is_seen || unseen == nullptr) continue;
    report_missing(load, *unseen, load.fields[f], diagnostics);
    is_fine = false;
  }
  return is_fine;
}

}  // namespace seg::io
