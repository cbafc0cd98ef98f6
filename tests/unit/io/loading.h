// Small tables for the tests of sources and sinks: a folder of files, a schema in a few words, what was loaded as text.
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.h"
#include "base/schema.h"
#include "runtime/io/source.h"
#include "runtime/io/value_format.h"

namespace seg::io::testing {

class Folder {
 public:
  Folder() {
    static int counter = 0;
    path_ = std::filesystem::temp_directory_path() /
            ("seg_io_" + std::to_string(::getpid()) + "_" + std::to_string(counter++));
    std::filesystem::create_directories(path_);
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string path(const std::string& name = "") const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return path(name);
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path path_;
};

inline base::Type type(base::TypeKind kind, std::uint32_t detail = base::kNoDetail) {
  base::Type made;
  made.kind = kind;
  made.detail = detail;
  return made;
}
inline base::Type list_of(base::TypeKind element, std::uint32_t detail = base::kNoDetail) {
  base::Type made = type(base::TypeKind::kList, detail);
  made.element = element;
  return made;
}

// A schema under construction: tables by kind, fields by type; the first field of a subject or entity is its key, of
// an event its owner and then its time.
struct Model {
  base::Schema schema;
  LoadRequest request;

  base::Table& add(const std::string& name, base::TableKind kind,
                   const std::vector<std::pair<std::string, base::Type>>& fields) {
    base::Table table;
    table.name = name;
    table.kind = kind;
    for (const auto& [field, field_type] : fields) {
      base::Column column;
      column.name = field;
      column.type = field_type;
      table.columns.push_back(column);
    }
    if (kind == base::TableKind::kEvent || kind == base::TableKind::kRecords) {
      table.owner = 0;
      if (kind == base::TableKind::kEvent) table.time = 1;
    } else {
      table.key = {0};
    }
    schema.tables.push_back(std::move(table));
    return schema.tables.back();
  }
  base::Table& subject(const std::vector<std::pair<std::string, base::Type>>& fields) {
    return add("customer", base::TableKind::kSubject, fields);
  }
  base::Type choice(const std::vector<std::string>& values, const std::string& name) {
    schema.choices.push_back({values, false, name});
    return type(base::TypeKind::kChoice, static_cast<std::uint32_t>(schema.choices.size() - 1));
  }
  SourceSpec& source(const std::string& table, const std::string& path) {
    SourceSpec spec;
    spec.table = table;
    if (!path.empty()) spec.files.paths = {path};
    request.sources.push_back(std::move(spec));
    return request.sources.back();
  }
};

struct Loaded {
  std::optional<LoadedData> data;
  base::DiagnosticList diagnostics;
  base::Schema schema;

  explicit Loaded(Model& model) : schema(model.schema) {
    model.request.schema = &model.schema;
    if (model.request.num_threads == 1) model.request.num_threads = 2;
    data = load(model.request, diagnostics);
  }

  // One value as CSV would show it; "-" if it is missing. References show the row.
  std::string cell(std::size_t table, std::size_t column, std::uint64_t row) const {
    const vector::Column& values = data->dataset.tables[table].columns[column];
    if (!values.present(row)) return "-";
    if (values.storage == vector::Storage::kRow) return "#" + std::to_string(values.as<std::uint32_t>()[row]);
    const base::Type& about = schema.tables[table].columns[column].type;
    const bool has_choice = about.kind == base::TypeKind::kChoice ||
                            (about.kind == base::TypeKind::kList && about.element == base::TypeKind::kChoice);
    ValueColumn value{&values, about, has_choice ? &schema.choices[about.detail].values : nullptr, nullptr};
    std::string text;
    append_value(value, row, text);
    return text;
  }
  std::string column(std::size_t table, std::size_t column_id) const {
    std::string text;
    for (std::uint64_t row = 0; row < data->dataset.tables[table].num_rows; ++row) {
      text += (row == 0 ? "" : " ; ") + cell(table, column_id, row);
    }
    return text;
  }
  std::uint64_t num_rows(std::size_t table) const { return data->dataset.tables[table].num_rows; }

  // "S6105 orders.csv 3 at: this value …" of each finding, with notes and help behind bars.
  std::string findings() const {
    std::string text;
    for (const base::Diagnostic& found : diagnostics.items()) {
      text += base::info(found.code).id;
      if (found.data) {
        text += " " + std::filesystem::path(found.data->path).filename().string();
        if (found.data->row != 0) text += " row " + std::to_string(found.data->row);
        if (found.data->line != 0) text += " line " + std::to_string(found.data->line);
        if (!found.data->column.empty()) text += " " + found.data->column;
      }
      text += ": " + found.message;
      for (const std::string& note : found.notes) text += " | " + note;
      for (const std::string& help : found.help) text += " | " + help;
      text += "\n";
    }
    return text;
  }
  bool says(const std::string& part) const { return findings().find(part) != std::string::npos; }
};

}  // namespace seg::io::testing
