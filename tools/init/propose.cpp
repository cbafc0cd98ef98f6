#include "tools/init/propose.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <tuple>

#include "tools/init/proposer.h"

namespace seg::init {
namespace {

using base::TableKind;
using base::TypeKind;

constexpr std::int64_t kDay = 86'400'000'000;

std::string day_text(std::int64_t micros) {
  std::int64_t days = micros >= 0 ? micros / kDay : -((-micros + kDay - 1) / kDay);
  days += 719'468;
  const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
  const std::int64_t day_of_era = days - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  const int civil_month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  const int year = static_cast<int>(year_of_era + era * 400 + (civil_month <= 2 ? 1 : 0));
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02d-%02d", year, civil_month, day);
  return text.data();
}

std::string percent(double share) {
  if (share == 1) return "all found";
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%.1f%% found", std::floor(share * 1000) / 10);
  return text.data();
}

}  // namespace

std::string rows_that(std::uint64_t number, const std::string& one, const std::string& many) {
  return number == 1 ? "1 row " + one : with_commas(number) + " rows " + many;
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

const io::SampleColumn& Proposer::column(std::size_t table, std::size_t position) const {
  return inputs_[table].sample.columns[position];
}

bool Proposer::is_whole(std::size_t table, std::size_t position) const {
  const io::SampleColumn& c = column(table, position);
  return c.num_distinct_integers == c.num_distinct && c.num_distinct_leading_zeros == 0 &&
         (c.kind != io::SampleKind::kText || c.is_untyped);
}

// Values of the column can be read as the key's type.
bool Proposer::can_read_as_key(const Link& link) const {
  const io::SampleColumn& c = column(link.table, link.column);
  if (!is_whole(link.target, keys_[link.target])) return c.kind == io::SampleKind::kText;
  return c.num_distinct_integers == c.num_distinct;
}

const Link* Proposer::link_of(std::size_t t, std::size_t c) const {
  for (const Link& link : links_) {
    if (link.table == t && link.column == c) return &link;
  }
  return nullptr;
}

// What is about no single file stands behind.
std::size_t Proposer::position_of(const std::string& file) const {
  std::size_t t = 0;
  while (t < inputs_.size() && file_name(inputs_[t].path) != file) ++t;
  return t;
}

void Proposer::remark(std::size_t t, const std::string& text) {
  proposal_.remarks.push_back({file_name(inputs_[t].path), text});
}

void Proposer::decide(std::size_t t, const std::string& text) {
  proposal_.decisions.push_back({file_name(inputs_[t].path), text});
}

std::optional<Proposal> Proposer::run() {
  for (const Input& input : inputs_) {
    guesses_.push_back(guess_columns(input));
    times_.push_back(find_time(input, guesses_.back()));
  }
  keys_ = find_keys(inputs_);
  links_ = find_links(inputs_, keys_);
  std::erase_if(links_, [&](const Link& link) { return !can_read_as_key(link); });
  if (!choose_identity()) return std::nullopt;
  assign_roles();
  name_tables();
  build_tables();
  find_as_of();
  find_currency();
  remark_on_files();
  std::stable_sort(proposal_.remarks.begin(), proposal_.remarks.end(),
                   [&](const Decision& a, const Decision& b) { return position_of(a.file) < position_of(b.file); });
  return std::move(proposal_);
}

void Proposer::name_tables() {
  for (const char* word : {"text", "number", "integer", "flag", "date", "time", "duration", "distance", "money",
                           "location", "version", "list", "choice", "reference"}) {
    names_.reserve(word);
  }
  subject_name_ = names_.unique(identifier_of(identity_words(identity_)));
  table_names_.assign(inputs_.size(), {});
  for (std::size_t t = 0; t < inputs_.size(); ++t) {
    if (roles_[t] == Role::kSubject) table_names_[t] = subject_name_;
    if (roles_[t] == Role::kNone || roles_[t] == Role::kSubject || roles_[t] == Role::kJoin) continue;
    table_names_[t] = names_.unique(identifier_of(words_of_file(inputs_[t].path)));
  }
}

std::string Proposer::rows_text(std::size_t t) const {
  const io::Sample& sample = inputs_[t].sample;
  const io::SampleColumn& key = column(t, keys_[t]);
  if (!is_unique(key)) return with_commas(key.num_distinct) + " in " + with_commas(key.num_rows) + " rows";
  if (sample.num_looked_at == sample.num_rows) return "unique in " + with_commas(sample.num_rows) + " rows";
  return "unique in the " + with_commas(sample.num_looked_at) + " of " + with_commas(sample.num_rows) +
         " rows that were looked at";
}

void Proposer::build_tables() {
  build_subject();
  for (std::size_t t = 0; t < inputs_.size(); ++t) {
    const Role role = roles_[t];
    if (role == Role::kSubject || role == Role::kJoin) continue;
    if (role == Role::kNone) {
      std::string why = "its rows name no " + subject_name_ + ", and no column tells them apart";
      for (const Link& link : links_) {
        if (link.table == t && roles_[link.target] == Role::kEvent) {
          why = "its rows belong to " + table_names_[link.target] + ": with the time and the " + subject_name_ +
                " of each in it, it could be an event of its own";
        }
      }
      decide(t, "left out: " + why);
      continue;
    }
    ProposedTable table;
    table.input = t;
    table.name = table_names_[t];
    NameSet names;
    table.fields = build_fields(t, names, false);
    switch (role) {
      case Role::kEvent: table.kind = TableKind::kEvent; break;
      case Role::kRecords: table.kind = TableKind::kRecords; break;
      case Role::kLookup: table.kind = TableKind::kLookup; break;
      case Role::kEntity:
      case Role::kNone:
      case Role::kSubject:
      case Role::kJoin: table.kind = TableKind::kEntity; break;
    }
    if (role == Role::kEvent || role == Role::kRecords) {
      table.owner = owner_entity_.count(t) != 0 ? table_names_[owner_entity_.at(t)] : subject_name_;
      decide_owned(t, table);
    } else {
      decide(t, std::string(role == Role::kLookup ? "lookup " : "entity ") + table.name + ": key `" +
                    column(t, keys_[t]).name + "` (" + rows_text(t) + ")");
    }
    proposal_.tables.push_back(std::move(table));
  }
}

void Proposer::decide_owned(std::size_t t, const ProposedTable& table) {
  std::string text =
      (table.kind == TableKind::kEvent ? "event " : "records ") + table.name + " of " + table.owner + ": ";
  if (table.kind == TableKind::kEvent) text += "`" + column(t, times_[t]).name + "` is its time, ";
  const io::SampleColumn& owner = column(t, owners_[t]);
  const bool is_of_subject = owner_entity_.count(t) == 0;
  const Link* link = is_of_subject ? owner_link(t) : link_of(t, owners_[t]);
  if (is_of_subject && is_assembled_) {
    text += "`" + owner.name + "` says which " + table.owner + " (" + with_commas(owner.num_distinct) + " of them)";
  } else {
    text += "`" + owner.name + "` refers to " + table.owner + ".id (" + percent(link->found) + ")";
    if (is_of_subject && link->found < 1) {
      const std::string whom = file_name(inputs_[identity_.table].path);
      remark(t, "some rows belong to nobody in " + whom + ": " + std::string(kSkipping));
      proposal_.needs_skipping = true;
    }
  }
  if (is_of_subject && owner.num_missing != 0) {
    remark(t, rows_that(owner.num_missing, "has", "have") + " no `" + owner.name + "`: " + std::string(kSkipping));
    proposal_.needs_skipping = true;
  }
  if (table.kind == TableKind::kEvent && column(t, times_[t]).num_missing != 0) {
    const io::SampleColumn& time = column(t, times_[t]);
    remark(t, rows_that(time.num_missing, "has", "have") + " no `" + time.name + "`: " + std::string(kSkipping));
    proposal_.needs_skipping = true;
  }
  for (const Field& field : table.fields) {
    if (field.refers_to.empty() || field.is_owner) continue;
    text += ", `" + field.column + "` to " + field.refers_to;
  }
  decide(t, text);
}

void Proposer::build_subject() {
  ProposedTable table;
  table.kind = TableKind::kSubject;
  table.name = subject_name_;
  NameSet names;
  if (!is_assembled_) {
    table.input = identity_.table;
    table.fields = build_fields(identity_.table, names, !is_thing(words_of(subject_name_)));
    decide(identity_.table, "subject " + table.name + ": key `" + column(identity_.table, keys_[identity_.table]).name +
                                "` (" + rows_text(identity_.table) + ")");
  } else {
    Field key;
    key.name = names.unique("id");
    key.is_key = true;
    key.type.kind = TypeKind::kInteger;
    for (const Link& link : identity_.links) {
      if (!is_whole(link.table, link.column)) key.type.kind = TypeKind::kText;
    }
    const std::vector<std::string> words = identity_words(identity_);
    if (has_word(words_of(identity_.group), {"email", "mail", "phone"})) key.privacy = base::Privacy::kPersonal;
    table.fields.push_back(key);
    for (std::size_t t = 0; t < inputs_.size(); ++t) {
      const bool is_of_subject = owner_entity_.count(t) == 0;
      if ((roles_[t] == Role::kEvent || roles_[t] == Role::kRecords) && is_of_subject) {
        table.keys.push_back(table_names_[t] + "." + subject_name_);
      }
    }
    std::string list;
    for (const std::string& source : table.keys) list += (list.empty() ? "" : ", ") + source;
    proposal_.decisions.push_back({"", "subject " + table.name + ": everyone named in " + list});
  }
  for (std::size_t t = 0; t < inputs_.size(); ++t) {
    if (roles_[t] != Role::kJoin) continue;
    JoinedFile join;
    join.input = t;
    join.on = t == identity_.table ? column(t, keys_[t]).name : column(t, owners_[t]).name;
    join.fields = build_fields(t, names, true);
    decide(t, "more about " + table.name + ": one row each for " + with_commas(inputs_[t].sample.num_rows) +
                  " of them, by `" + join.on + "`");
    table.joins.push_back(std::move(join));
  }
  proposal_.tables.push_back(std::move(table));
}

void Proposer::find_as_of() {
  std::optional<std::int64_t> last, first;
  for (std::size_t t = 0; t < inputs_.size(); ++t) {
    if (roles_[t] != Role::kEvent) continue;
    const TypeGuess& type = guesses_[t].columns[times_[t]].type;
    const auto end = last_moment(column(t, times_[t]), type);
    const auto begin = first_moment(column(t, times_[t]), type);
    if (end && (!last || *end > *last)) last = end;
    if (begin && (!first || *begin < *first)) first = begin;
  }
  if (last) {
    proposal_.as_of = day_text(*last);
    proposal_.as_of_reason = "the last day of the data";
    proposal_.event_days = (*last - *first) / kDay + 1;
    return;
  }
  proposal_.as_of = options_.as_of;
  proposal_.as_of_reason = "no event says when the data ends: put its day here";
  proposal_.remarks.push_back({"", "no event says when the data ends: `as_of` in seg.yaml is " + options_.as_of +
                                       "; put the day of the data there"});
}

void Proposer::find_currency() {
  bool has_money = false;
  const auto look = [&](const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      if (field.type.kind != TypeKind::kMoney || !field.refers_to.empty()) continue;
      has_money = true;
      const std::string code = currency_of_name(field.column);
      if (!code.empty() && !proposal_.is_currency_known) {
        proposal_.currency = code;
        proposal_.is_currency_known = true;
      }
    }
  };
  for (const ProposedTable& table : proposal_.tables) {
    look(table.fields);
    for (const JoinedFile& join : table.joins) look(join.fields);
  }
  if (!options_.currency.empty()) {
    proposal_.currency = options_.currency;
    proposal_.is_currency_known = true;
  } else if (has_money && proposal_.currency.empty()) {
    proposal_.currency = "EUR";
    proposal_.remarks.push_back({"",
                                 "amounts are taken for EUR: if they are not, change `currency` in seg.yaml and the "
                                 "amounts in segments/first.seg, or run init with --currency"});
  }
}

void Proposer::remark_on_files() {
  for (std::size_t t = 0; t < inputs_.size(); ++t) {
    const io::Sample& sample = inputs_[t].sample;
    if (roles_[t] != Role::kNone) {
      for (const std::string& text : guesses_[t].remarks) remark(t, text);
    }
    if (sample.is_csv && !sample.has_header && roles_[t] != Role::kNone) {
      remark(
          t,
          "has no header: its columns are called column1, column2, … until you name them in seg.yaml and the schema");
    }
    if (sample.num_rejected != 0) {
      remark(t, rows_that(sample.num_rejected, "can't be read", "can't be read") + " (the first is row " +
                    with_commas(sample.first_rejected) + "): " + std::string(kSkipping));
      proposal_.needs_skipping = true;
    }
    if (!sample.encoding.empty() && sample.encoding != "UTF-8") remark(t, "read as " + sample.encoding + " text");
    if (sample.num_looked_at < sample.num_rows) {
      remark(t, "very large: " + with_commas(sample.num_looked_at) + " of " + with_commas(sample.num_rows) +
                    " rows were looked at, from all over it");
    }
  }
}

std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::optional<Proposal> propose(const std::vector<Input>& inputs, const ProposeOptions& options) {
  return Proposer(inputs, options).run();
}

}  // namespace seg::init
