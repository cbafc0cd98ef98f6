#include "tools/init/write_project.h"

#include <algorithm>

#include "base/source.h"
#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"
#include "tools/init/name.h"

namespace seg::init {
namespace {

using base::TableKind;
using base::TypeKind;

// A scalar of YAML that is read back as this text.
std::string yaml_text(const std::string& text) {
  static constexpr std::string_view kWords[] = {"y",    "n",     "yes",  "no",  "on",  "off",
                                                "true", "false", "null", "nan", "inf", "merge"};
  std::string lower;
  bool is_plain = !text.empty() && !(text[0] >= '0' && text[0] <= '9');
  for (const char c : text) {
    const bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    is_plain = is_plain && (is_letter || (c >= '0' && c <= '9') || c == '_' || c == '/' || c == '.' || c == '-');
    lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  is_plain = is_plain && text[0] != '-' && std::find(std::begin(kWords), std::end(kWords), lower) == std::end(kWords);
  if (is_plain) return text;
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': quoted += "\\\""; break;
      case '\\': quoted += "\\\\"; break;
      case '\n': quoted += "\\n"; break;
      case '\r': quoted += "\\r"; break;
      case '\t': quoted += "\\t"; break;
      default: quoted += c; break;
    }
  }
  return quoted + "\"";
}

std::string yaml_list(const std::vector<std::string>& texts) {
  std::string list = "[";
  for (const std::string& text : texts) list += (list.size() > 1 ? ", " : "") + yaml_text(text);
  return list + "]";
}

void add_once(std::vector<std::string>& all, const std::string& text) {
  if (std::find(all.begin(), all.end(), text) == all.end()) all.push_back(text);
}

// The settings of one set of files, a line each.
std::vector<std::string> file_settings(const Input& input, const std::string& path, const std::vector<Field>& fields) {
  std::vector<std::string> lines = {"path: " + yaml_text(path)};
  const io::Sample& sample = input.sample;
  std::vector<std::string> dates, times, nulls;
  char separator = 0;
  std::string columns;
  for (const Field& field : fields) {
    if (field.column.empty()) continue;
    if (!field.type.format.empty()) add_once(field.type.kind == TypeKind::kDate ? dates : times, field.type.format);
    if (field.type.list_separator != 0) separator = field.type.list_separator;
    for (const std::string& word : field.type.null_words) add_once(nulls, word);
    if (field.longitude.empty() && field.name == field.column) continue;
    columns += (columns.empty() ? "" : ", ") + yaml_text(field.name) + ": ";
    if (field.longitude.empty()) {
      columns += yaml_text(field.column);
    } else {
      columns += "{ latitude: " + yaml_text(field.column) + ", longitude: " + yaml_text(field.longitude) + " }";
    }
  }
  if (sample.is_csv) {
    if (sample.delimiter != ',') {
      lines.push_back("delimiter: " +
                      (sample.delimiter == '\t' ? "tab" : "\"" + std::string(1, sample.delimiter) + "\""));
    }
    if (!sample.has_header) lines.push_back("header: no");
    if (sample.decimal_comma) lines.push_back("decimal: \",\"");
    if (!sample.encoding.empty() && sample.encoding != "UTF-8")
      lines.push_back("encoding: " + yaml_text(sample.encoding));
    if (!nulls.empty()) lines.push_back("missing: " + yaml_list(nulls));
  }
  if (!dates.empty()) lines.push_back("date_format: " + yaml_list(dates));
  if (!times.empty()) lines.push_back("time_format: " + yaml_list(times));
  if (separator != 0 && separator != '|') lines.push_back("list_separator: \"" + std::string(1, separator) + "\"");
  if (!columns.empty()) lines.push_back("columns: { " + columns + " }");
  return lines;
}

void append_settings(std::string& out, const std::vector<std::string>& lines, const std::string& first_indent,
                     const std::string& indent) {
  for (std::size_t i = 0; i < lines.size(); ++i) out += (i == 0 ? first_indent : indent) + lines[i] + "\n";
}

std::string field_line(const Field& field) {
  std::string line = "    ";
  if (field.is_key) line += "key ";
  line += field.name + ": " + (field.refers_to.empty() ? type_text(field.type) : field.refers_to);
  if (field.type.is_folded) line += " folded";
  if (field.privacy == base::Privacy::kPersonal) line += " personal";
  if (field.privacy == base::Privacy::kSensitive) line += " sensitive";
  if (field.is_consent) line += "  # consent: channels may ask for it";
  return line + "\n";
}

std::string formatted(std::string text) {
  base::DiagnosticList diagnostics;
  const syntax::ParseResult parsed = syntax::parse(base::SourceId{0}, text, diagnostics);
  if (parsed.has_errors) return text;
  auto pretty = syntax::format(parsed.tree);
  return pretty ? std::move(*pretty) : text;
}

}  // namespace

std::string schema_text(const Proposal& proposal, const std::vector<Input>& inputs) {
  std::string out =
      "# What the data means. `seg init` proposed this from the files; it is yours now: read it, put right what it "
      "got\n"
      "# wrong, and run `seg check`. Where the data lies, and which column is which, is in seg.yaml.\n";
  for (const ProposedTable& table : proposal.tables) {
    out += "\n";
    const auto source = [&](std::size_t input) {
      const std::string& path = inputs[input].path;
      return path.substr(path.rfind('/') + 1) + ", " + with_commas(inputs[input].sample.num_rows) + " rows";
    };
    if (table.input != kNoColumn) out += "## " + source(table.input) + "\n";
    if (table.input == kNoColumn) out += "## Whoever the events name.\n";
    switch (table.kind) {
      case TableKind::kSubject: out += "subject " + table.name; break;
      case TableKind::kEvent: out += "event " + table.name + " of " + table.owner; break;
      case TableKind::kRecords: out += "records " + table.name + " of " + table.owner; break;
      case TableKind::kLookup: out += "lookup " + table.name; break;
      case TableKind::kEntity:
      case TableKind::kUnion:
      case TableKind::kGrouped: out += "entity " + table.name; break;
    }
    out += " {\n";
    for (const Field& field : table.fields) {
      if (!field.is_owner) out += field_line(field);
    }
    for (const JoinedFile& join : table.joins) {
      out += "\n    # of " + source(join.input) + "\n";
      for (const Field& field : join.fields) out += field_line(field);
    }
    out += "}\n";
  }
  return formatted(std::move(out));
}

std::string settings_text(const Proposal& proposal, const std::vector<Input>& inputs,
                          const std::vector<std::string>& paths) {
  std::string out = "edition: 2026\nschema: schema.seg\nrules: [segments/**/*.seg]\n\n";
  out += "as_of: " + proposal.as_of + "           # " + proposal.as_of_reason +
         "; another day: `seg run --as-of 2026-06-30`\n";
  out += "time_zone: UTC              # of times without a zone, and where days begin: Europe/Berlin, Asia/Tehran, …\n";
  out += "week_starts: monday\n";
  if (!proposal.currency.empty()) {
    out += "currency: " + proposal.currency +
           (proposal.is_currency_known ? "\n" : "               # the files don't say it: is it right?\n");
  }
  out += "\nsources:\n";
  for (const ProposedTable& table : proposal.tables) {
    out += "  " + yaml_text(table.name) + ":\n";
    if (table.input != kNoColumn)
      append_settings(out, file_settings(inputs[table.input], paths[table.input], table.fields), "    ", "    ");
    if (!table.keys.empty()) out += "    keys: " + yaml_list(table.keys) + "\n";
    if (!table.joins.empty()) out += "    join:\n";
    for (const JoinedFile& join : table.joins) {
      std::vector<std::string> lines = file_settings(inputs[join.input], paths[join.input], join.fields);
      lines.insert(lines.begin() + 1, "on: " + yaml_text(join.on));
      append_settings(out, lines, "      - ", "        ");
    }
  }
  std::string consent;
  for (const ProposedTable& table : proposal.tables) {
    for (const Field& field : table.fields) {
      if (field.is_consent && consent.empty()) consent = field.name;
    }
  }
  if (!consent.empty()) out += "\n# policies:\n#   - channel email needs " + consent + " is yes\n";
  return out;
}

std::vector<ProjectFile> write_project(const Proposal& proposal, const std::vector<Input>& inputs,
                                       const std::vector<std::string>& paths) {
  return {{"seg.yaml", settings_text(proposal, inputs, paths)},
          {"schema.seg", schema_text(proposal, inputs)},
          {"segments/first.seg", formatted(first_rule_text(proposal, inputs))}};
}

}  // namespace seg::init
