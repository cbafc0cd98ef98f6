// The first rules of a new project: they run over its data at once and show how rules are written.
#include <algorithm>
#include <array>
#include <cstdio>

#include "tools/init/name.h"
#include "tools/init/write_project.h"

namespace seg::init {
namespace {

using base::TableKind;
using base::TypeKind;

constexpr std::string_view kOwner = "    owner \"you@example.com\"\n";

std::string spaced(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string title_of(const std::string& name) {
  std::string title = spaced(name);
  if (!title.empty() && title[0] >= 'a' && title[0] <= 'z') title[0] = static_cast<char>(title[0] - 32);
  return title;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

// Names that the rules may use: none that a table or a field has.
NameSet names_taken(const Proposal& proposal) {
  NameSet names;
  for (const ProposedTable& table : proposal.tables) {
    names.reserve(table.name);
    for (const Field& field : table.fields) names.reserve(field.name);
    for (const JoinedFile& join : table.joins) {
      for (const Field& field : join.fields) names.reserve(field.name);
    }
  }
  return names;
}

const Field* money_of(const ProposedTable& table) {
  const Field* best = nullptr;
  for (const Field& field : table.fields) {
    if (field.type.kind != TypeKind::kMoney || !field.refers_to.empty()) continue;
    const auto is_reduction = [](const Field& f) {
      return has_word(words_of(f.name), {"disc", "discount", "tax", "vat", "fee", "shipping", "rabatt", "cost"});
    };
    if (best == nullptr || (is_reduction(*best) && !is_reduction(field))) best = &field;
  }
  return best;
}

// The event that says most about its owners: with money, and with many rows.
const ProposedTable* main_event(const Proposal& proposal, const std::vector<Input>& inputs) {
  const ProposedTable* best = nullptr;
  const auto rank = [&](const ProposedTable& table) {
    return std::pair(money_of(table) != nullptr, inputs[table.input].sample.num_rows);
  };
  for (const ProposedTable& table : proposal.tables) {
    const bool is_event = table.kind == TableKind::kEvent && table.owner == proposal.tables[0].name;
    if (is_event && (best == nullptr || rank(table) > rank(*best))) best = &table;
  }
  return best;
}

std::string key_item(const ProposedTable& subject) {
  const auto key = std::find_if(subject.fields.begin(), subject.fields.end(), [](const Field& f) { return f.is_key; });
  return key->name + (key->type.kind == TypeKind::kInteger ? " 1" : " \"a\"");
}

std::string event_rules(const Proposal& proposal, const ProposedTable& event) {
  NameSet names = names_taken(proposal);
  const ProposedTable& subject = proposal.tables[0];
  const std::string& e = event.name;
  const std::string what = title_of(e);
  // The window that the data can fill.
  const std::string days = proposal.event_days >= 270 ? "90" : proposal.event_days >= 90 ? "30" : "7";
  const std::string count = names.unique(e + "_count");
  const std::string active = names.unique(names.has("active") ? "recent" : "active");
  const std::string lapsed = names.unique("lapsed");
  // `param` at the beginning of a line would begin a declaration.
  const std::string once = is_word_of_language(e) ? "1 " : "";
  std::string out;
  out += "metric " + count + " " + quoted(what + ": how many, last 12 months") + " = count(" + e +
         " over last 12 months)\n";
  const Field* money = money_of(event);
  std::string spend;
  if (money != nullptr) {
    spend = names.unique("spend");
    out += "metric " + spend + " " + quoted(title_of(money->name) + ", last 12 months") + " = sum(" + e + "." +
           money->name + " over last 12 months)\n";
  }
  out += "\n## Has been there lately.\nsegment " + active + " {\n    title " +
         quoted(what + " in the last " + days + " days") + "\n" + std::string(kOwner) + "    when did " + e +
         " over last " + days + " days\n}\n";
  out += "\n## Was there once, and has been silent since.\nsegment " + lapsed + " {\n    title " +
         quoted("No " + spaced(e) + " in the last " + days + " days, but before") + "\n" + std::string(kOwner) +
         "    when did " + e + " and did not " + e + " over last " + days + " days\n}\n";
  const std::string sum = money == nullptr ? std::string() : " { " + money->name + " 25.50 " + proposal.currency + " }";
  const std::string body = money == nullptr ? " { }" : sum;
  out += "\ntest " + quoted("there lately") + " as of " + proposal.as_of + " {\n    " + subject.name + " { " +
         key_item(subject) + " }\n    2 " + e + " 3 days ago" + body + "\n    expect in segment " + active +
         "\n    expect not in segment " + lapsed + "\n    expect " + count + " = 2\n";
  if (money != nullptr) out += "    expect " + spend + " = 51 " + proposal.currency + "\n";
  out += "}\n\ntest " + quoted("silent for long") + " as of " + proposal.as_of + " {\n    " + subject.name + " { " +
         key_item(subject) + " }\n    " + once + e + " 200 days ago" + body + "\n    expect in segment " + lapsed +
         "\n    expect not in segment " + active + "\n}\n";
  return out;
}

struct Condition {
  std::string text;
  std::string title;
  std::string given;  // in a test: `consent_email yes`
};

std::string literal(const Field& field, const io::SampleColumn& column) {
  std::array<char, 40> text{};
  double value = (column.least + column.greatest) / 2;
  if (field.type.kind == TypeKind::kInteger) value = static_cast<double>(static_cast<long long>(value));
  std::snprintf(text.data(), text.size(), field.type.kind == TypeKind::kInteger ? "%.10g" : "%.3g", value);
  std::string number = text.data();
  if (number.find_first_of("e-") != std::string::npos) number = "0";
  return number;
}

// Something to ask of a field; none where there is nothing sensible.
std::optional<Condition> condition_of(const Field& field, const Input& input, const std::string& currency) {
  if (field.is_key || !field.refers_to.empty() || field.privacy == base::Privacy::kSensitive) return std::nullopt;
  const std::string title = title_of(field.name);
  const std::string& name = field.name;
  const auto column = std::find_if(input.sample.columns.begin(), input.sample.columns.end(),
                                   [&](const io::SampleColumn& c) { return c.name == field.column; });
  switch (field.type.kind) {
    case TypeKind::kFlag: return Condition{name + " is yes", title, name + " yes"};
    case TypeKind::kChoice: {
      const std::string& value =
          field.type.is_ranked ? field.type.choice[field.type.choice.size() / 2] : field.type.choice.front();
      return Condition{name + (field.type.is_ranked ? " at least " : " is ") + quoted(value), title + ": " + value,
                       name + " " + quoted(value)};
    }
    case TypeKind::kInteger:
    case TypeKind::kNumber: {
      const std::string value = literal(field, *column);
      return Condition{name + " >= " + value, title + ": " + value + " or more", name + " " + value};
    }
    case TypeKind::kMoney: {
      const std::string value = literal(field, *column) + " " + currency;
      return Condition{name + " >= " + value, title + ": " + value + " or more", name + " " + value};
    }
    case TypeKind::kText: return Condition{name + " is known", title + " is known", name + " \"a\""};
    case TypeKind::kDate:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kDistance:
    case TypeKind::kLocation:
    case TypeKind::kVersion:
    case TypeKind::kList:
    case TypeKind::kReference: break;
  }
  return std::nullopt;
}

std::string subject_rules(const Proposal& proposal, const std::vector<Input>& inputs) {
  NameSet names = names_taken(proposal);
  const ProposedTable& subject = proposal.tables[0];
  for (const ProposedTable& table : proposal.tables) {
    if (table.kind != TableKind::kRecords || table.owner != subject.name) continue;
    const std::string segment = names.unique("with_" + table.name);
    return "segment " + segment + " {\n    title " + quoted("With a " + table.name) + "\n" + std::string(kOwner) +
           "    when count(" + table.name + ") >= 1\n}\n\ntest \"has one\" as of " + proposal.as_of + " {\n    " +
           subject.name + " { " + key_item(subject) + " }\n    " + table.name + " { }\n    expect in segment " +
           segment + "\n}\n";
  }
  // Flags and choices are the easiest to read; then what the file has.
  static constexpr TypeKind kOrder[] = {TypeKind::kFlag,    TypeKind::kChoice, TypeKind::kMoney,
                                        TypeKind::kInteger, TypeKind::kNumber, TypeKind::kText};
  for (const TypeKind kind : kOrder) {
    const auto look = [&](const std::vector<Field>& fields, std::size_t input) -> std::optional<std::string> {
      for (const Field& field : fields) {
        if (field.type.kind != kind || input == kNoColumn) continue;
        const auto condition = condition_of(field, inputs[input], proposal.currency);
        if (!condition) continue;
        const std::string segment = names.unique("first");
        return "segment " + segment + " {\n    title " + quoted(condition->title) + "\n" + std::string(kOwner) +
               "    when " + condition->text + "\n}\n\ntest \"one who is in\" as of " + proposal.as_of + " {\n    " +
               subject.name + " { " + key_item(subject) + ", " + condition->given + " }\n    expect in segment " +
               segment + "\n}\n";
      }
      return std::nullopt;
    };
    if (auto rules = look(subject.fields, subject.input)) return *rules;
    for (const JoinedFile& join : subject.joins) {
      if (auto rules = look(join.fields, join.input)) return *rules;
    }
  }
  return "segment everyone_known {\n    title \"Everyone\"\n" + std::string(kOwner) +
         "    when id is known\n}\n\ntest \"anyone\" as of " + proposal.as_of + " {\n    " + subject.name + " { " +
         key_item(subject) + " }\n    expect in segment everyone_known\n}\n";
}

}  // namespace

std::string first_rule_text(const Proposal& proposal, const std::vector<Input>& inputs) {
  const std::string head =
      "# First rules, made by `seg init`: change them, copy them, throw them away. `seg run` evaluates them, `seg "
      "test` runs\n"
      "# the tests.\n\n";
  const ProposedTable* event = main_event(proposal, inputs);
  return head + (event != nullptr ? event_rules(proposal, *event) : subject_rules(proposal, inputs));
}

}  // namespace seg::init
