#include "tools/project/read_source.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

#include "base/suggest.h"
#include "base/value.h"
#include "runtime/io/text/time_text.h"
#include "runtime/io/text/zone_offsets.h"

namespace seg::project {
namespace {

using base::Code;

// Units of numeric columns: microseconds for durations, metres for distances.
struct Unit {
  std::string_view name;
  double size;
};
constexpr Unit kUnits[] = {{"microseconds", 1}, {"milliseconds", 1e3}, {"seconds", 1e6}, {"minutes", 60e6},
                           {"hours", 3600e6},   {"days", 86400e6},     {"m", 1},         {"km", 1000},
                           {"miles", 1609.344}};

std::optional<char> one_character(const std::string& setting, const YAML::Node& node, Reading& reading) {
  auto text = reading.scalar(setting, node);
  if (!text) return std::nullopt;
  if (*text == "tab" || *text == "\\t") return '\t';
  if (text->size() == 1) return (*text)[0];
  reading.wrong(setting, "`" + *text + "`", node, "write one character, or `tab`");
  return std::nullopt;
}

void read_columns(const YAML::Node& node, io::Files& files, Reading& reading) {
  files.fields.clear();
  if (!reading.is_map("columns", node)) return;
  for (const auto& entry : node) {
    io::FieldSource field;
    field.field = entry.first.Scalar();
    const YAML::Node& value = entry.second;
    if (!value.IsMap()) {
      if (auto column = reading.scalar("columns." + field.field, value)) field.column = *column;
      files.fields.push_back(std::move(field));
      continue;
    }
    reading.is_map("columns." + field.field, value);
    for (const auto& part : value) {
      const std::string& key = part.first.Scalar();
      auto text = reading.scalar(key, part.second);
      if (!text) continue;
      if (key == "latitude" || key == "lat") {
        field.latitude = *text;
      } else if (key == "longitude" || key == "lon") {
        field.longitude = *text;
      } else if (key == "column") {
        field.column = *text;
      } else if (key == "unit") {
        const auto* unit =
            std::find_if(std::begin(kUnits), std::end(kUnits), [&](const Unit& u) { return u.name == *text; });
        if (unit == std::end(kUnits)) {
          reading.wrong("unit", "`" + *text + "`", part.second,
                        "one of: microseconds, milliseconds, seconds, minutes, hours, days; m, km, miles");
        } else {
          field.unit = unit->size;
        }
      } else {
        reading.unknown(part.first, {"column", "unit", "latitude", "longitude"}, "a column");
      }
    }
    if (field.column.empty() && (field.latitude.empty() || field.longitude.empty())) {
      reading.wrong("columns." + field.field, "this", value,
                    "write the column's name, or `{ latitude: COLUMN, longitude: COLUMN }`");
    }
    files.fields.push_back(std::move(field));
  }
}

// One setting of a set of files; false if it isn't one of theirs.
bool read_file_setting(const std::string& key, const YAML::Node& node, io::Files& files, Reading& reading) {
  if (key == "path") {
    files.paths.clear();
    for (const std::string& path : reading.scalars(key, node)) files.paths.push_back(reading.path(path));
  } else if (key == "format") {
    if (auto text = reading.scalar(key, node)) {
      if (auto format = io::find_format(*text)) {
        files.format = *format;
      } else {
        reading.wrong(key, "`" + *text + "`", node, "one of: parquet, csv, jsonl, arrow");
      }
    }
  } else if (key == "columns") {
    read_columns(node, files, reading);
  } else if (key == "delimiter") {
    files.csv.delimiter = one_character(key, node, reading);
  } else if (key == "quote") {
    if (auto quote = one_character(key, node, reading)) files.csv.quote = *quote;
  } else if (key == "encoding") {
    if (auto text = reading.scalar(key, node)) files.csv.encoding = *text;
  } else if (key == "decimal") {
    if (auto text = reading.scalar(key, node)) {
      if (*text == "," || *text == "comma") {
        files.csv.decimal_comma = true;
      } else if (*text == "." || *text == "point") {
        files.csv.decimal_comma = false;
      } else {
        reading.wrong(key, "`" + *text + "`", node, R"(one of: ".", ",")");
      }
    }
  } else if (key == "header") {
    files.csv.header = reading.flag(key, node);
  } else if (key == "missing") {
    files.csv.null_texts.clear();
    const auto add = [&](const YAML::Node& text) {
      // YAML's own words for nothing are meant as texts here.
      if (text.IsNull()) {
        const std::string_view rest = reading.text.substr(reading.span(text).begin);
        for (const std::string_view word : {"NULL", "Null", "null", "~"}) {
          if (rest.starts_with(word)) files.csv.null_texts.emplace_back(word);
        }
      } else if (auto value = reading.scalar(key, text)) {
        files.csv.null_texts.push_back(std::move(*value));
      }
    };
    if (node.IsSequence()) {
      for (const auto& entry : node) add(entry);
    } else {
      add(node);
    }
  } else if (key == "list_separator") {
    if (auto separator = one_character(key, node, reading)) files.csv.list_separator = *separator;
  } else if (key == "time_zone") {
    if (auto zone = reading.scalar(key, node)) {
      files.time_zone = *zone;
      if (!io::ZoneOffsets::create(*zone)) {
        reading.diagnostics.report(Code::unknown_time_zone, reading.span(node), {*zone})
            .help("zones are called like `Europe/Berlin` or `Asia/Tehran`");
      }
    }
  } else if (key == "date_format" || key == "time_format") {
    std::vector<std::string>& formats = key == "date_format" ? files.date_formats : files.time_formats;
    formats = reading.scalars(key, node);
    for (const std::string& format : formats) {
      if (!io::TimeFormat::create(format)) {
        reading.wrong(key, "`" + format + "`", node, "write it like `dd.MM.yyyy`, `M/d/yy` or `yyyy-MM-dd HH:mm`");
      }
    }
  } else {
    return false;
  }
  return true;
}

void read_joins(const YAML::Node& node, io::SourceSpec& source, Reading& reading) {
  source.joins.clear();
  const auto read_one = [&](const YAML::Node& entry) {
    if (!reading.is_map("join", entry)) return;
    io::Join join;
    for (const auto& part : entry) {
      const std::string& key = part.first.Scalar();
      if (key == "on") {
        if (auto column = reading.scalar(key, part.second)) join.on = *column;
      } else if (!read_file_setting(key, part.second, join.files, reading)) {
        reading.unknown(part.first,
                        {"on", "path", "format", "columns", "delimiter", "quote", "encoding", "decimal", "header",
                         "missing", "date_format", "time_format", "list_separator", "time_zone"},
                        "a join");
      }
    }
    if (join.files.paths.empty()) {
      reading.diagnostics.report(Code::missing_setting, reading.span(entry), {"path"})
          .help("`join: [{ path: FILE, on: COLUMN }]`");
    }
    if (join.on.empty()) {
      reading.diagnostics.report(Code::missing_setting, reading.span(entry), {"on"})
          .help("name the column that holds the subject's key: `on: COLUMN`");
    }
    source.joins.push_back(std::move(join));
  };
  if (node.IsSequence()) {
    for (const auto& entry : node) read_one(entry);
  } else {
    read_one(node);
  }
}

void read_keys(const YAML::Node& node, io::SourceSpec& source, Reading& reading) {
  source.keys.clear();
  for (const std::string& key : reading.scalars("keys", node)) {
    const std::size_t dot = key.find('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == key.size()) {
      reading.wrong("keys", "`" + key + "`", node, "write the table and its field: `keys: [purchase.household]`");
    } else {
      source.keys.push_back({key.substr(0, dot), key.substr(dot + 1)});
    }
  }
}

}  // namespace

base::Span Reading::span(const YAML::Node& node) const {
  const YAML::Mark mark = node.Mark();
  if (mark.is_null() || mark.pos < 0) return {source, 0, 0};
  const auto begin = std::min<std::size_t>(static_cast<std::size_t>(mark.pos), text.size());
  std::size_t length = 1;
  if (node.IsScalar()) {
    length = node.Scalar().size();
    if (begin < text.size() && (text[begin] == '"' || text[begin] == '\'')) length += 2;
  }
  // Not beyond the line: a text in several lines is marked where it begins.
  const std::size_t line_end = std::min(text.find('\n', begin), text.size());
  const std::size_t end = std::min({begin + std::max<std::size_t>(1, length), line_end, text.size()});
  return {source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(std::max(begin, end))};
}

std::string Reading::path(const std::string& written) const {
  if (written.empty() || written[0] == '/' || folder.empty() || folder == ".") return written;
  return folder + (folder.back() == '/' ? "" : "/") + written;
}

void Reading::wrong(const std::string& setting, const std::string& what, const YAML::Node& at,
                    const std::string& help) {
  auto finding = diagnostics.report(Code::wrong_setting, span(at), {setting, what});
  if (!help.empty()) finding.help(help);
}

void Reading::unknown(const YAML::Node& key, std::initializer_list<std::string_view> known, const std::string& where) {
  const std::vector<std::string_view> names(known);
  auto finding = diagnostics.report(Code::unknown_setting, span(key), {key.Scalar()});
  if (const auto near = base::suggest(key.Scalar(), names)) {
    finding.label(span(key), "did you mean `" + *near + "`?");
    finding.fix(span(key), *near);
  }
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : ", ") + std::string(name);
  finding.note("settings of " + where + ": " + list);
}

std::optional<std::string> Reading::scalar(const std::string& setting, const YAML::Node& node) {
  if (node.IsScalar()) return node.Scalar();
  wrong(setting, node.IsNull() ? "empty" : node.IsMap() ? "a map" : "a list", node, "one value belongs here");
  return std::nullopt;
}

std::optional<bool> Reading::flag(const std::string& setting, const YAML::Node& node) {
  auto text = scalar(setting, node);
  if (!text) return std::nullopt;
  if (*text == "yes" || *text == "true" || *text == "on") return true;
  if (*text == "no" || *text == "false" || *text == "off") return false;
  wrong(setting, "`" + *text + "`", node, "one of: yes, no");
  return std::nullopt;
}

std::vector<std::string> Reading::scalars(const std::string& setting, const YAML::Node& node) {
  std::vector<std::string> values;
  if (!node.IsSequence()) {
    if (auto value = scalar(setting, node)) values.push_back(std::move(*value));
    return values;
  }
  for (const auto& entry : node) {
    if (auto value = scalar(setting, entry)) values.push_back(std::move(*value));
  }
  return values;
}

bool Reading::is_map(const std::string& setting, const YAML::Node& node) {
  if (!node.IsMap()) {
    wrong(setting,
          node.IsNull()     ? "empty"
          : node.IsScalar() ? "a single value"
                            : "a list",
          node, "write `" + setting + ": { NAME: VALUE }`");
    return false;
  }
  std::set<std::string> seen;
  for (const auto& entry : node) {
    if (!entry.first.IsScalar()) {
      wrong(setting, "a map with such a key", entry.first, "names are plain words");
      return false;
    }
    if (!seen.insert(entry.first.Scalar()).second) wrong(entry.first.Scalar(), "there twice", entry.first, "");
  }
  return true;
}

void read_source(const std::string& name, const YAML::Node& name_node, const YAML::Node& node, Project& project,
                 Reading& reading) {
  const auto old = std::find_if(project.sources.begin(), project.sources.end(),
                                [&](const io::SourceSpec& source) { return source.table == name; });
  // An environment's source is laid over the general one.
  io::SourceSpec source = old == project.sources.end() ? io::SourceSpec{} : *old;
  source.table = name;
  DatabaseSource database;
  database.table = name;
  database.span = reading.span(name_node);
  if (node.IsScalar() && !node.Scalar().empty()) {  // customer: data/customers.parquet
    source.files.paths = {reading.path(node.Scalar())};
  } else if (node.IsSequence()) {
    read_file_setting("path", node, source.files, reading);
  } else if (reading.is_map("sources." + name, node)) {
    for (const auto& entry : node) {
      const std::string& key = entry.first.Scalar();
      const YAML::Node& value = entry.second;
      if (key == "keys") {
        read_keys(value, source, reading);
      } else if (key == "join") {
        read_joins(value, source, reading);
      } else if (key == "adbc") {
        if (auto text = reading.scalar(key, value)) database.driver = *text;
      } else if (key == "uri") {
        if (auto text = reading.scalar(key, value)) database.uri = *text;
      } else if (key == "table") {
        if (auto text = reading.scalar(key, value)) database.from = *text;
      } else if (!read_file_setting(key, value, source.files, reading)) {
        reading.unknown(
            entry.first,
            {"path", "format", "columns", "delimiter", "quote", "encoding", "decimal", "header", "missing",
             "date_format", "time_format", "list_separator", "time_zone", "keys", "join", "adbc", "uri", "table"},
            "a source");
      }
    }
  } else {
    return;
  }
  if (!database.driver.empty()) {
    project.databases.push_back(std::move(database));
    return;
  }
  if (source.files.paths.empty() && source.keys.empty() && !(node.IsMap() && node["keys"])) {
    reading.diagnostics.report(Code::missing_setting, reading.span(name_node), {"sources." + name + ".path"})
        .help("`" + name + ": { path: FILE }`; a subject without a file of its own has `keys: [EVENT.FIELD]`");
    return;
  }
  if (old != project.sources.end()) {
    *old = std::move(source);
    return;
  }
  project.sources.push_back(std::move(source));
  project.source_spans.push_back(reading.span(name_node));
}

}  // namespace seg::project
