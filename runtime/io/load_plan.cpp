#include "runtime/io/loader.h"

#include <algorithm>

#include "base/suggest.h"

namespace seg::io {

using base::Code;
using base::TableId;
using base::TableKind;
using base::TypeKind;

bool Loader::is_stored(TableId table) const {
  const TableKind kind = schema_.tables[table].kind;
  return kind != TableKind::kUnion && kind != TableKind::kGrouped;
}

bool Loader::is_wanted(TableId table, base::ColumnId column) const {
  const base::Table& about = schema_.tables[table];
  if (std::find(about.key.begin(), about.key.end(), column) != about.key.end()) {
    // An event's key only orders events at one instant; the others' are what references look for.
    if (about.kind != TableKind::kEvent && about.kind != TableKind::kRecords) return true;
  }
  if (column == about.owner || column == about.time || column == about.zone) return true;
  if (request_.tables.empty()) return true;
  const TableRequest& wanted = request_.tables[table];
  return wanted.columns.empty() || (column < wanted.columns.size() && wanted.columns[column]);
}

const SourceSpec* Loader::source_of(TableId table) const {
  for (const SourceSpec& source : request_.sources) {
    if (source.table == schema_.tables[table].name) return &source;
  }
  return nullptr;
}

const ZoneOffsets* Loader::zone_of(const std::string& name) {
  if (const auto found = zones_.find(name); found != zones_.end()) return &found->second;
  auto zone = ZoneOffsets::create(name);
  if (!zone) {
    diagnostics_.report(Code::unknown_time_zone, {name}).help("zones are called like `Europe/Berlin` or `Asia/Tehran`");
    zone = ZoneOffsets();
  }
  return &zones_.emplace(name, std::move(*zone)).first->second;
}

FieldLoad Loader::make_field(const base::Table& table, base::ColumnId column) {
  const base::Column& about = table.columns[column];
  FieldLoad field;
  field.name = about.name;
  field.type = field.reading_type = about.type;
  field.column = column;
  field.is_required = about.required;
  field.is_key = std::find(table.key.begin(), table.key.end(), column) != table.key.end() &&
                 table.kind != TableKind::kEvent && table.kind != TableKind::kRecords;
  field.is_owner = column == table.owner;
  field.is_time = column == table.time;
  field.may_show_values = about.privacy == base::Privacy::kPlain || request_.show_personal;
  const bool is_list = about.type.kind == TypeKind::kList;
  const TypeKind kind = is_list ? about.type.element : about.type.kind;
  if (kind == TypeKind::kReference && !is_list) {
    field.target = about.type.detail;
    const base::Table& target = schema_.tables[field.target];
    if (target.key.size() == 1) {
      field.reading_type = target.columns[target.key[0]].type;
    } else {
      diagnostics_.report(Code::compound_reference, {table.name + "." + about.name, target.name})
          .note("such references can't be read yet")
          .help("give `" + target.name + "` one key field");
      is_fine_ = false;
      field.reading_type.kind = TypeKind::kInteger;
    }
  }
  if (kind == TypeKind::kChoice) {
    field.choice = &schema_.choices[about.type.detail];
    field.choice_values = std::make_unique<TextIndex>();
    for (const std::string& value : field.choice->values) field.choice_values->add(value);
  }
  return field;
}

void Loader::map_fields(TableLoad& load) {
  for (FieldLoad& field : load.fields) {
    for (const FieldSource& source : load.files->fields) {
      if (source.field == field.name) field.source = &source;
    }
  }
}

void Loader::check_mapped_fields(const base::Table& table, const Files& files) {
  std::vector<std::string> names;
  for (const base::Column& column : table.columns) names.push_back(column.name);
  for (const FieldSource& source : files.fields) {
    if (std::find(names.begin(), names.end(), source.field) != names.end()) continue;
    auto finding = diagnostics_.report(Code::unknown_mapped_field, {table.name, source.field});
    if (const auto near = base::suggest(source.field, names)) finding.help("did you mean `" + *near + "`?");
    is_fine_ = false;
  }
}

void Loader::set_formats(TableLoad& load) {
  load.zone = zone_of(load.files->time_zone.empty() ? request_.time_zone : load.files->time_zone);
  for (const auto* patterns : {&load.files->time_formats, &load.files->date_formats}) {
    for (const std::string& pattern : *patterns) {
      if (auto format = TimeFormat::create(pattern)) {
        load.formats.push_back(std::move(*format));
      } else {
        diagnostics_
            .report(Code::wrong_setting,
                    {patterns == &load.files->date_formats ? "date_format" : "time_format", pattern})
            .help("a format is written like `dd.MM.yyyy` or `M/d/yy HH:mm`");
        is_fine_ = false;
      }
    }
  }
}

bool Loader::gives_keys(TableId table, const std::string& field) const {
  for (TableId subject = 0; subject < schema_.tables.size(); ++subject) {
    const SourceSpec* source = is_stored(subject) && is_read(subject) ? source_of(subject) : nullptr;
    if (source == nullptr) continue;
    for (const KeySource& key : source->keys) {
      if (key.table == schema_.tables[table].name && (field.empty() || key.field == field)) return true;
    }
  }
  return false;
}

bool Loader::plan() {
  main_.assign(schema_.tables.size(), nullptr);
  for (TableId table = 0; table < schema_.tables.size(); ++table) {
    const bool is_for_keys = !is_read(table) && gives_keys(table, {});
    if (!is_stored(table) || (!is_read(table) && !is_for_keys)) continue;
    const base::Table& about = schema_.tables[table];
    const SourceSpec* source = source_of(table);
    if (source == nullptr) {
      diagnostics_.report(Code::missing_source, {about.name})
          .help("say where it lies in seg.yaml: `sources: { " + about.name + ": { path: FILE } }`");
      is_fine_ = false;
      continue;
    }
    TableLoad& load = loads_.emplace_back();
    load.table = table;
    load.name = about.name;
    load.files = &source->files;
    load.is_for_keys = is_for_keys;
    if (!is_for_keys) {
      main_[table] = &load;
      sources_[table] = source;
    }
    check_mapped_fields(about, source->files);
    for (const Join& join : source->joins) check_mapped_fields(about, join.files);
    for (base::ColumnId column = 0; column < about.columns.size(); ++column) {
      const bool wanted = is_for_keys ? gives_keys(table, about.columns[column].name) : is_wanted(table, column);
      if (wanted) load.fields.push_back(make_field(about, column));
    }
    map_fields(load);
    set_formats(load);
  }
  return is_fine_;
}

}  // namespace seg::io
