#include "tools/init/propose.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "runtime/io/value_format.h"
#include "tools/init/guess.h"
#include "tools/init/profile.h"
#include "tools/init/relate.h"

namespace seg::init {
namespace {

namespace fs = std::filesystem;
using base::TableKind;
using base::TypeKind;

constexpr std::size_t kMaxChoice = 24;

std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + "\"";
}

// A value of a choice as the language writes it: bare where it is a word.
std::string choice_value(const std::string& value) {
  const bool is_word =
      !value.empty() &&
      std::all_of(value.begin(), value.end(),
                  [](char c) {
                    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
                  }) &&
      !(value[0] >= '0' && value[0] <= '9') && to_identifier(value).find("_field") == std::string::npos;
  return is_word ? value : quoted(value);
}

struct Field {
  std::string name;
  std::string type;  // as the schema writes it
  std::string comment;
  TypeKind kind = TypeKind::kText;
  bool is_reference = false;
  std::string column;               // of the file
  std::string latitude, longitude;  // of a place
  std::string first_value;          // of a choice
};

struct Table {
  const TablePlan* plan = nullptr;
  const FileProfile* file = nullptr;  // null: assembled
  const FileProfile* join = nullptr;
  std::vector<Field> fields;
  std::set<std::string> null_texts, date_formats, time_formats;
};

class Proposer {
 public:
  Proposer(const std::vector<FileProfile>& files, const ProposeOptions& options)
      : files_(files), options_(options), relations_(relate(files)) {}

  std::optional<Proposal> run() {
    if (relations_.tables.empty()) return std::nullopt;
    for (const TablePlan& plan : relations_.tables) tables_.push_back(make_table(plan));
    for (const std::uint32_t unused : relations_.unused) {
      remark("`" + files_[unused].name + "` is left out: it names no " + relations_.tables[0].name +
             ", and nothing refers to a key of it");
    }
    proposal_.schema = schema_text();
    proposal_.project = project_text();
    proposal_.rules = rules_text();
    return std::move(proposal_);
  }

 private:
  void remark(std::string text) { proposal_.remarks.push_back(std::move(text)); }
  std::string place(const FileProfile& file, const ColumnProfile& column) const {
    return "`" + column.name + "` of " + fs::path(file.path).filename().string();
  }

  // --- fields
  // ----------------------------------------------------------------------------------------------------------

  void set_type(const FileProfile& file, const ColumnProfile& column, Field& field) {
    const std::string name = to_identifier(column.name);
    const std::uint64_t num_known = column.num_rows - column.num_missing;
    field.kind = column.type.kind;
    field.type = std::string(base::type_keyword(column.type.kind));
    const bool is_count =
        has_word(name, "items") || has_word(name, "count") || has_word(name, "quantity") || has_word(name, "qty");
    if ((field.kind == TypeKind::kNumber || field.kind == TypeKind::kInteger) && is_money_name(name) && !is_count) {
      field.kind = TypeKind::kMoney;
      field.type = "money";
    }
    if (field.kind == TypeKind::kList) field.type = "list of text";
    if (field.kind == TypeKind::kText) {
      const bool is_open = has_word(name, "city") || has_word(name, "name") || has_word(name, "id") ||
                           has_word(name, "code") || has_word(name, "zip") ||
                           guess_privacy(column, false) != base::Privacy::kPlain;
      const std::vector<std::string> order =
          column.num_distinct <= kMaxChoice ? guess_order(column.texts) : std::vector<std::string>();
      const bool is_few =
          column.num_distinct >= 2 && column.num_distinct <= kMaxChoice && column.num_distinct * 3 <= num_known;
      if (!order.empty() && !is_open) {
        set_choice(order, " < ", "ranked choice of [", field);
        remark(place(file, column) + ": the order of its values was guessed from what they say");
      } else if (is_few && !is_open) {
        std::vector<std::string> values = column.texts;
        std::sort(values.begin(), values.end());
        set_choice(values, ", ", "choice of [", field);
      }
      if (column.has_leading_zeros)
        remark(place(file, column) + " was read as text, because some of its numbers begin with 0");
    }
    if (column.is_ambiguous)
      remark(place(file, column) + ": day and month could be the other way round; it was taken as " + column.format);
  }

  static void set_choice(const std::vector<std::string>& values, const char* between, const char* begin, Field& field) {
    field.kind = TypeKind::kChoice;
    field.type = begin;
    for (std::size_t i = 0; i < values.size(); ++i) field.type += (i == 0 ? "" : between) + choice_value(values[i]);
    field.type += "]";
    field.first_value = values.back();
  }

  static void add_field(Table& table, Field field) {
    const std::string name = field.name;
    for (int i = 2; std::any_of(table.fields.begin(), table.fields.end(),
                                [&](const Field& other) { return other.name == field.name; });
         ++i) {
      field.name = name + "_" + std::to_string(i);
    }
    table.fields.push_back(std::move(field));
  }

  Table make_table(const TablePlan& plan) {
    Table table;
    table.plan = &plan;
    if (plan.file != kNobody) table.file = &files_[plan.file];
    if (plan.join != kNobody) table.join = &files_[plan.join];
    const FileProfile* file = table.file != nullptr ? table.file : table.join;
    if (file == nullptr) {  // nothing is known of the subject but its key
      table.fields.push_back({"id", key_type_of_owners(), "", TypeKind::kInteger, false, "", "", "", ""});
      return table;
    }
    const bool is_subject = plan.kind == TableKind::kSubject;
    if (plan.key != kNobody) {
      const ColumnProfile& key = file->columns[plan.key];
      table.fields.push_back(
          {"id", std::string(base::type_keyword(key.type.kind)), "", key.type.kind, false, key.name, "", "", ""});
    }
    if (plan.time != kNobody) {
      const ColumnProfile& time = file->columns[plan.time];
      table.fields.push_back(
          {"at", std::string(base::type_keyword(time.type.kind)), "", time.type.kind, false, time.name, "", "", ""});
      note_texts(time, table);
    }
    const auto [latitude, longitude] = place_columns(*file);
    for (std::uint32_t c = 0; c < file->columns.size(); ++c) {
      const ColumnProfile& column = file->columns[c];
      if (c == plan.key || c == plan.owner || c == plan.time || c == longitude) continue;
      if (!column.is_usable) {
        remark(place(*file, column) + " is left out: no field can hold its type");
        continue;
      }
      if (column.num_missing == column.num_rows && column.num_rows != 0) {
        remark(place(*file, column) + " is left out: it is empty");
        continue;
      }
      Field field;
      field.name = to_identifier(column.name);
      field.column = column.name;
      if (c == latitude) {
        field.name = is_subject ? "home" : "place";
        field.kind = TypeKind::kLocation;
        field.type = "location";
        field.latitude = column.name;
        field.longitude = file->columns[longitude].name;
        field.column.clear();
      } else if (plan.references[c] != kNobody) {
        field.name = field.type = relations_.tables[plan.references[c]].name;
        field.is_reference = true;
      } else {
        set_type(*file, column, field);
        note_texts(column, table);
      }
      const base::Privacy privacy = guess_privacy(column, is_subject);
      if (privacy == base::Privacy::kPersonal) field.comment = "personal";
      if (privacy == base::Privacy::kSensitive) field.comment = "sensitive";
      add_field(table, std::move(field));
    }
    return table;
  }

  static void note_texts(const ColumnProfile& column, Table& table) {
    table.null_texts.insert(column.null_texts.begin(), column.null_texts.end());
    if (column.format.empty()) return;
    (column.type.kind == TypeKind::kDate ? table.date_formats : table.time_formats).insert(column.format);
  }

  static std::pair<std::uint32_t, std::uint32_t> place_columns(const FileProfile& file) {
    std::uint32_t latitude = kNobody, longitude = kNobody;
    for (std::uint32_t c = 0; c < file.columns.size(); ++c) {
      const std::string name = to_identifier(file.columns[c].name);
      if (!file.columns[c].is_usable || file.columns[c].type.kind != TypeKind::kNumber) continue;
      if (has_word(name, "lat") || has_word(name, "latitude")) latitude = c;
      if (has_word(name, "lon") || has_word(name, "lng") || has_word(name, "longitude")) longitude = c;
    }
    if (latitude == kNobody || longitude == kNobody) return {kNobody, kNobody};
    return {latitude, longitude};
  }

  std::string key_type_of_owners() const {
    for (const TablePlan& plan : relations_.tables) {
      if (plan.owner != kNobody)
        return std::string(base::type_keyword(files_[plan.file].columns[plan.owner].type.kind));
    }
    return "integer";
  }

  // --- the texts
  // -------------------------------------------------------------------------------------------------------

  std::string schema_text() const {
    const std::string& subject = relations_.tables[0].name;
    std::string text =
        "# What the data means, as `seg init` read it from the files. Mend it where it guessed wrongly.\n";
    // Entities stand before what refers to them.
    std::vector<const Table*> order;
    for (const Table& table : tables_) {
      if (table.plan->kind == TableKind::kEntity) order.push_back(&table);
    }
    for (const Table& table : tables_) {
      if (table.plan->kind != TableKind::kEntity) order.push_back(&table);
    }
    for (const Table* table : order) {
      const std::string& name = table->plan->name;
      switch (table->plan->kind) {
        case TableKind::kSubject: text += "\nsubject " + name + " {\n"; break;
        case TableKind::kEvent: text += "\nevent " + name + " of " + subject + " {\n"; break;
        case TableKind::kRecords: text += "\nrecords " + name + " of " + subject + " {\n"; break;
        default: text += "\nentity " + name + " {\n"; break;
      }
      for (std::size_t i = 0; i < table->fields.size(); ++i) {
        const Field& field = table->fields[i];
        const bool is_key =
            i == 0 && field.name == "id" && (table->plan->key != kNobody || table->plan->kind == TableKind::kSubject);
        text += std::string("    ") + (is_key ? "key " : "") + field.name + ": " + field.type +
                (field.comment.empty() ? "" : " " + field.comment) + "\n";
      }
      text += "}\n";
    }
    return text;
  }

  static std::string yaml(const std::string& text) {
    const bool is_plain = !text.empty() && text.find_first_of(":#{}[],&*?|<>=!%@`'\"\\\n") == std::string::npos &&
                          text.front() != '-' && text.front() != ' ' && text.back() != ' ' && text != "NULL" &&
                          text != "null" && text != "~" && text != "yes" && text != "no" && text != "on" &&
                          text != "off";
    return is_plain ? text : quoted(text);
  }

  std::string yaml_path(const std::string& path) const {
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error).lexically_normal();
    const fs::path relative = absolute.lexically_relative(fs::absolute(options_.folder, error).lexically_normal());
    const std::string text = relative.string();
    return yaml(text.empty() || text.starts_with("../../..") ? absolute.string() : text);
  }

  // path, columns, formats of one file, each on its line.
  std::string file_settings(const Table& table, const FileProfile& file, const std::string& indent,
                            bool is_join) const {
    std::string text = (is_join ? "" : indent) + std::string("path: ") + yaml_path(file.path) + "\n";
    if (is_join) text += indent + "on: " + yaml(file.columns[table.plan->key].name) + "\n";
    std::string columns;
    const auto add = [&](const std::string& entry) { columns += (columns.empty() ? "" : ", ") + entry; };
    const std::string& subject = relations_.tables[0].name;
    if (table.plan->owner != kNobody) {
      const std::string& owner = file.columns[table.plan->owner].name;
      if (owner != subject) add(subject + ": " + yaml(owner));
    }
    for (const Field& field : table.fields) {
      if (!field.latitude.empty()) {
        add(field.name + ": { latitude: " + yaml(field.latitude) + ", longitude: " + yaml(field.longitude) + " }");
      } else if (field.column != field.name && !field.column.empty() && !(is_join && &field == &table.fields[0])) {
        add(field.name + ": " + yaml(field.column));
      }
    }
    if (!columns.empty()) text += indent + "columns: { " + columns + " }\n";
    const auto add_list = [&](const char* setting, const std::set<std::string>& values) {
      if (values.empty()) return;
      text += indent + setting + ": [";
      bool is_first = true;
      for (const std::string& value : values) {
        text += (is_first ? "" : ", ") + quoted(value);
        is_first = false;
      }
      text += "]\n";
    };
    add_list("date_format", table.date_formats);
    add_list("time_format", table.time_formats);
    add_list("missing", table.null_texts);
    return text;
  }

  std::int64_t latest_day() const {
    std::int64_t latest = INT32_MIN;
    for (const Table& table : tables_) {
      if (table.plan->time == kNobody) continue;
      latest = std::max(latest, table.file->columns[table.plan->time].greatest_day);
    }
    if (latest != INT32_MIN) return latest;
    for (const FileProfile& file : files_) {
      for (const ColumnProfile& column : file.columns) latest = std::max(latest, column.greatest_day);
    }
    return latest;
  }

  std::string project_text() const {
    const std::string& subject = relations_.tables[0].name;
    std::string text = "edition: 2026\nschema: schema.seg\nrules: [segments/**/*.seg]\n\n";
    std::string day;
    const std::int64_t latest = latest_day();
    io::append_date(latest == INT32_MIN ? 20'454 : latest, day);
    text += "as_of: " + day + "   # " +
            (latest == INT32_MIN ? "no date is in the data: write the day that rules look back from"
                                 : "the last day in the data") +
            "\n";
    text += "time_zone: " + options_.time_zone + "\ncurrency: " + options_.currency + "\n\nsources:\n";
    for (const Table& table : tables_) {
      text += "  " + table.plan->name + ":\n";
      if (table.file != nullptr) {
        text += file_settings(table, *table.file, "    ", false);
        continue;
      }
      std::string keys;
      for (const TablePlan& plan : relations_.tables) {
        if (plan.owner != kNobody) keys += (keys.empty() ? "" : ", ") + plan.name + "." + subject;
      }
      text += "    keys: [" + keys + "]\n";
      if (table.join != nullptr) text += "    join:\n      - " + file_settings(table, *table.join, "        ", true);
    }
    return text;
  }

  static std::string segment(const std::string& name, const std::string& title, const std::string& condition) {
    return "\nsegment " + name + " {\n    title \"" + title + "\"\n    owner \"you@company.example\"\n    when " +
           condition + "\n}\n";
  }

  std::string rules_text() const {
    std::string text = "# A first look. `seg run` shows how many they are.\n";
    const Table* busiest = nullptr;
    for (const Table& table : tables_) {
      if (table.plan->kind == TableKind::kEvent &&
          (busiest == nullptr || table.file->num_rows > busiest->file->num_rows))
        busiest = &table;
    }
    if (busiest != nullptr) {
      const std::string& event = busiest->plan->name;
      text += segment("active", "Active: something in the last 30 days", "did " + event + " over last 30 days");
      text += segment("lapsed", "Lapsed: nothing in the last 90 days, but before",
                      "all of {\n        did " + event + "\n        did not " + event + " over last 90 days\n    }");
      for (const Field& field : busiest->fields) {
        if (field.kind != TypeKind::kMoney) continue;
        text += "\nmetric " + field.name + "_12m \"" + field.name + ", last 12 months\" = sum(" + event + "." +
                field.name + " over last 12 months)\n";
        break;
      }
      return text;
    }
    for (const Field& field : tables_[0].fields) {
      const std::string title = "By " + field.name;
      if (field.kind == TypeKind::kFlag) return text + segment("first_look", title, field.name + " is yes");
      if (field.kind == TypeKind::kChoice)
        return text + segment("first_look", title, field.name + " is " + quoted(field.first_value));
    }
    const std::string& field = tables_[0].fields.back().name;
    return text + segment("first_look", "With " + field, field + " is known");
  }

  const std::vector<FileProfile>& files_;
  const ProposeOptions& options_;
  Relations relations_;
  std::vector<Table> tables_;
  Proposal proposal_;
};

}  // namespace

std::optional<Proposal> propose(const std::vector<std::string>& paths, const ProposeOptions& options,
                                base::DiagnosticList& diagnostics) {
  std::vector<FileProfile> files;
  bool is_fine = true;
  for (const std::string& path : paths) {
    auto profile = profile_file(path, options.num_threads);
    if (profile.ok()) {
      files.push_back(std::move(profile).value());
    } else {
      diagnostics.report(profile.status());
      is_fine = false;
    }
  }
  if (!is_fine) return std::nullopt;
  auto proposal = Proposer(files, options).run();
  if (!proposal) {
    diagnostics.report(base::Code::no_subject_found)
        .note("no file has a column whose values are all there and all different, and none is called like a customer")
        .help("name the file of your customers, or one whose rows say whom they belong to (`customer_id`)");
  }
  return proposal;
}

}  // namespace seg::init
