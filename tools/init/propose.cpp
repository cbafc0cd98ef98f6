#include "tools/init/propose.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>
#include <tuple>

#include "tools/init/fields.h"
#include "tools/init/name.h"
#include "tools/init/privacy.h"

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

constexpr std::string_view kSkipping = "a run stops there; with `--on-bad-row skip` it leaves them out";

std::string rows_that(std::uint64_t number, const std::string& one, const std::string& many) {
  return number == 1 ? "1 row " + one : with_commas(number) + " rows " + many;
}

std::string percent(double share) {
  if (share == 1) return "all found";
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "%.1f%% found", std::floor(share * 1000) / 10);
  return text.data();
}

std::string file_name(const std::string& path) { return path.substr(path.rfind('/') + 1); }

// Who segments are about: a table with its key, or only the columns of other tables that name them.
struct Identity {
  std::size_t table = kNoColumn;
  std::string group;  // without a table: the columns' common name
  std::vector<Link> links;
  int score = 0;
};

class Proposer {
 public:
  Proposer(const std::vector<Input>& inputs, const ProposeOptions& options) : inputs_(inputs), options_(options) {}

  std::optional<Proposal> run() {
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

 private:
  enum class Role { kNone, kSubject, kJoin, kEvent, kRecords, kEntity, kLookup };

  const io::SampleColumn& column(std::size_t table, std::size_t position) const {
    return inputs_[table].sample.columns[position];
  }

  bool is_whole(std::size_t table, std::size_t position) const {
    const io::SampleColumn& c = column(table, position);
    return c.num_distinct_integers == c.num_distinct && c.num_distinct_leading_zeros == 0 &&
           (c.kind != io::SampleKind::kText || c.is_untyped);
  }

  // Values of the column can be read as the key's type.
  bool can_read_as_key(const Link& link) const {
    const io::SampleColumn& c = column(link.table, link.column);
    if (!is_whole(link.target, keys_[link.target])) return c.kind == io::SampleKind::kText;
    return c.num_distinct_integers == c.num_distinct;
  }

  bool is_thing(const std::vector<std::string>& words) const {
    return has_word(words,
                    {"product", "item", "article", "sku", "campaign", "store", "shop", "coupon", "category", "brand",
                     "channel", "order", "transaction", "basket", "invoice", "session", "week", "region"});
  }

  std::vector<std::string> identity_words(const Identity& identity) const {
    if (identity.table == kNoColumn) {
      const std::vector<std::string> stem = stem_of(identity.group);
      return stem.empty() ? words_of(identity.group) : stem;
    }
    const std::vector<std::string> stem = stem_of(column(identity.table, keys_[identity.table]).name);
    const std::vector<std::string> file = words_of_file(inputs_[identity.table].path);
    return names_subject(stem) || stem.empty() ? (stem.empty() ? file : stem) : (names_subject(file) ? file : stem);
  }

  int name_score(const std::vector<std::string>& words) const {
    if (is_thing(words)) return -6;
    if (!names_subject(words)) return 0;
    return has_word(words, {"account", "household", "company"}) ? 5 : 6;
  }

  bool choose_identity() {
    std::vector<Identity> candidates;
    for (std::size_t t = 0; t < inputs_.size(); ++t) {
      if (keys_[t] == kNoColumn) continue;
      Identity identity{t, {}, {}, 1};
      const bool is_subject_file = names_subject(words_of_file(inputs_[t].path));
      for (const Link& link : links_) {
        if (link.target == t) {
          identity.links.push_back(link);
          identity.score += times_[link.table] != kNoColumn ? 2 : 1;
        }
        if (link.table == t && link.column != keys_[t] && !is_subject_file) {
          identity.score -= times_[t] != kNoColumn ? 6 : 2;
        }
      }
      identity.score += name_score(identity_words(identity));
      candidates.push_back(std::move(identity));
    }
    for (std::size_t t = 0; t < inputs_.size(); ++t) {
      for (std::size_t c = 0; c < inputs_[t].sample.columns.size(); ++c) add_group(t, c, candidates);
    }
    const auto best = std::max_element(candidates.begin(), candidates.end(), [&](const Identity& a, const Identity& b) {
      return std::tuple(a.score, size_of(a)) < std::tuple(b.score, size_of(b));
    });
    if (best == candidates.end()) return false;
    identity_ = *best;
    return true;
  }

  std::uint64_t size_of(const Identity& identity) const {
    if (identity.table != kNoColumn) return inputs_[identity.table].sample.num_rows;
    std::uint64_t size = 0;
    for (const Link& link : identity.links) size = std::max(size, column(link.table, link.column).num_distinct);
    return size;
  }

  // A column that comes again and again in a table with times may name who did it.
  void add_group(std::size_t t, std::size_t c, std::vector<Identity>& candidates) const {
    const io::SampleColumn& found = column(t, c);
    const std::vector<std::string> words = words_of(found.name);
    const std::vector<std::string> stem = stem_of(found.name);
    if (!is_key_like(found) || is_unique(found) || found.num_distinct < 2 || times_[t] == kNoColumn) return;
    if (guesses_[t].columns[c].type.kind == TypeKind::kMoney || !guesses_[t].columns[c].is_used) return;
    const bool is_subject = names_subject(stem.empty() ? words : stem);
    const bool is_address = has_word(words, {"email", "mail", "phone", "card"});
    if (!is_subject && !is_address && (stem.empty() || is_thing(stem))) return;
    const bool is_linked = std::any_of(links_.begin(), links_.end(), [&](const Link& link) {
      return link.table == t && link.column == c && link.likeness >= 2;
    });
    if (is_linked) return;
    const std::string name = joined(words);
    const Link link{t, c, kNoColumn, 3, 1, 1};
    const int value = times_[t] != kNoColumn ? 2 : 1;
    for (Identity& identity : candidates) {
      if (identity.table != kNoColumn || identity.group != name) continue;
      if (identity.links.back().table == t) return;
      identity.links.push_back(link);
      identity.score += value;
      return;
    }
    candidates.push_back({kNoColumn,
                          name,
                          {link},
                          value + (is_subject   ? name_score(stem.empty() ? words : stem)
                                   : is_address ? 1
                                                : -1)});
  }

  const Link* owner_link(std::size_t t) const {
    const Link* best = nullptr;
    for (const Link& link : identity_.links) {
      if (link.table == t && (best == nullptr || link.likeness > best->likeness)) best = &link;
    }
    return best;
  }

  // Whose key is the subject's: one row for each of them, or for some.
  bool is_same_key(std::size_t t) const {
    const Link* link = owner_link(t);
    return link != nullptr && keys_[t] == link->column && link->likeness == 3;
  }

  void assign_roles() {
    roles_.assign(inputs_.size(), Role::kNone);
    owners_.assign(inputs_.size(), kNoColumn);
    is_assembled_ = identity_.table == kNoColumn;
    if (!is_assembled_) {
      for (const Link& link : identity_.links) {
        // Most of those who did something are not in the table: it is only more about some of them.
        if (!is_same_key(link.table) && link.found < 0.9) is_assembled_ = true;
      }
      roles_[identity_.table] = is_assembled_ ? Role::kJoin : Role::kSubject;
    }
    for (std::size_t t = 0; t < inputs_.size(); ++t) {
      if (t == identity_.table) continue;
      if (const Link* link = owner_link(t)) {
        owners_[t] = link->column;
        roles_[t] = is_same_key(t) ? Role::kJoin : times_[t] != kNoColumn ? Role::kEvent : Role::kRecords;
      } else if (keys_[t] != kNoColumn) {
        roles_[t] = is_lookup(t) ? Role::kLookup : Role::kEntity;
      }
    }
    // More about the things of another table: looked up by their key.
    for (std::size_t t = 0; t < inputs_.size(); ++t) {
      if (roles_[t] != Role::kEntity) continue;
      const Link* link = link_of(t, keys_[t]);
      if (link != nullptr && link->likeness == 3 && roles_[link->target] == Role::kEntity &&
          stem_of(column(t, keys_[t]).name) != words_of_file(inputs_[t].path)) {
        roles_[t] = Role::kLookup;
      }
    }
    // What belongs to an entity: coupons of a campaign.
    for (std::size_t t = 0; t < inputs_.size(); ++t) {
      const bool has_own_key = keys_[t] != kNoColumn && is_named_key(t);
      if (owner_link(t) != nullptr || t == identity_.table || has_own_key) continue;
      const Link* best = nullptr;
      for (const Link& link : links_) {
        const bool is_entity = roles_[link.target] == Role::kEntity && link.table == t && link.column != keys_[t];
        if (is_entity && link.found >= 0.9 && link.likeness >= 2 &&
            (best == nullptr || inputs_[link.target].sample.num_rows < inputs_[best->target].sample.num_rows)) {
          best = &link;
        }
      }
      if (best == nullptr || roles_[best->target] != Role::kEntity) continue;
      owners_[t] = best->column;
      owner_entity_[t] = best->target;
      roles_[t] = times_[t] != kNoColumn ? Role::kEvent : Role::kRecords;
    }
    if (is_assembled_ && std::none_of(roles_.begin(), roles_.end(),
                                      [](Role role) { return role == Role::kEvent || role == Role::kRecords; })) {
      is_assembled_ = false;  // nobody else names them
      if (identity_.table != kNoColumn) roles_[identity_.table] = Role::kSubject;
    }
  }

  bool is_named_key(std::size_t t) const {
    const std::vector<std::string> words = words_of(column(t, keys_[t]).name);
    return has_key_word(words) || !stem_of(column(t, keys_[t]).name).empty() ||
           joined(words) == joined(words_of_file(inputs_[t].path));
  }

  // A table to look words up in: climate[city].
  bool is_lookup(std::size_t t) const {
    const io::SampleColumn& key = column(t, keys_[t]);
    const std::vector<std::string> words = words_of(key.name);
    return !is_whole(t, keys_[t]) && key.kind == io::SampleKind::kText && key.num_distinct <= 5000 &&
           !has_key_word(words) && stem_of(key.name).empty();
  }

  void name_tables() {
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

  // The columns of a file as fields. `reserved`: names that other fields of the table have.
  std::vector<Field> build_fields(std::size_t t, NameSet& names, bool is_person) {
    std::vector<Field> fields;
    const Role role = roles_[t];
    const bool has_key = keys_[t] != kNoColumn && (role == Role::kSubject || role == Role::kEntity ||
                                                   role == Role::kLookup || (role == Role::kEvent && is_named_key(t)));
    const bool is_repeated = has_key && !is_unique(column(t, keys_[t]));
    if (is_repeated) remark_on_key(t, column(t, keys_[t]), role == Role::kEvent);
    const std::size_t key = has_key && (!is_repeated || role != Role::kEvent) ? keys_[t] : kNoColumn;
    const std::size_t time = role == Role::kEvent ? times_[t] : kNoColumn;
    const std::string owner_name = owner_entity_.count(t) != 0 ? table_names_[owner_entity_.at(t)] : subject_name_;
    std::vector<std::string> personal, sensitive, renamed;
    NameSet used;
    // In rules a field of the subject would hide an event that is called so.
    if (role == Role::kSubject || role == Role::kJoin) {
      for (const std::string& name : table_names_) names.reserve(name);
    }
    // Fields whose names are given by their role come first, so that no other column takes them.
    std::vector<std::string> given(inputs_[t].sample.columns.size());
    if (owners_[t] != kNoColumn && role != Role::kJoin) given[owners_[t]] = names.unique(owner_name);
    if (key != kNoColumn && key != owners_[t]) {
      given[key] = names.unique(role == Role::kLookup ? identifier_of(words_of(column(t, key).name)) : "id");
    }
    if (time != kNoColumn) given[time] = names.unique("at");
    for (const std::string& name : given) used.reserve(name);
    for (std::size_t c = 0; c < given.size(); ++c) {
      const ColumnGuess& guess = guesses_[t].columns[c];
      const io::SampleColumn& from = column(t, c);
      const bool is_owner = c == owners_[t];
      if (is_owner && role == Role::kJoin) continue;
      if (role == Role::kJoin && t == identity_.table && c == keys_[t]) continue;
      if (!guess.is_used && !is_owner) continue;
      Field field;
      field.column = from.name;
      field.type = guess.type;
      field.is_owner = is_owner;
      field.is_key = c == key;
      field.is_time = c == time;
      const std::vector<std::string> words = words_of(from.name);
      std::vector<std::string> name_words = words;
      if (guess.pair != kNoColumn) {
        field.longitude = column(t, guess.pair).name;
        name_words.pop_back();
        if (name_words.empty()) name_words = {"location"};
      }
      const Link* link = link_of(t, c);
      if (is_owner) {
        field.refers_to = owner_name;
      } else if (link != nullptr && !field.is_key && !field.is_time) {
        if (link->target == identity_.table) {
          field.refers_to = subject_name_;
        } else if (roles_[link->target] == Role::kEntity) {
          field.refers_to = table_names_[link->target];
        }
        const std::vector<std::string> stem = stem_of(from.name);
        if (!field.refers_to.empty() && !stem.empty()) name_words = stem;
      }
      if (field.is_key) {
        const bool is_folded = field.type.is_folded && role == Role::kLookup;
        field.type = {};
        field.type.kind = is_whole(t, c) ? TypeKind::kInteger : TypeKind::kText;
        field.type.is_folded = is_folded;
      }
      if (!field.refers_to.empty()) {
        field.type = {};
        for (const io::ValueCount& word : from.null_words) field.type.null_words.push_back(word.text);
      }
      // `account: account` is a reference as people write it.
      const std::string wanted = identifier_of(name_words);
      const bool is_own_name = !field.refers_to.empty() && wanted == field.refers_to && !used.has(wanted);
      field.name = !given[c].empty() ? given[c] : is_own_name ? wanted : names.unique(wanted);
      names.reserve(field.name);
      used.reserve(field.name);
      field.is_consent = is_consent(words) && field.type.kind == TypeKind::kFlag;
      if (!field.is_owner && !field.is_time && field.refers_to.empty() && !field.is_consent) {
        field.privacy = privacy_of(words, from, is_person);
        // The key of people is needed to hand them over; an address as a key stays personal.
        if (field.is_key && field.privacy == base::Privacy::kPersonal && is_whole(t, c))
          field.privacy = base::Privacy::kPlain;
      }
      if (field.privacy == base::Privacy::kPersonal) personal.push_back(field.name);
      if (field.privacy == base::Privacy::kSensitive) sensitive.push_back(field.name);
      // That `City` is `city` goes without saying.
      const bool is_renamed = given[c].empty() && field.refers_to.empty() && field.longitude.empty() &&
                              field.name != from.name && (words.size() != 1 || field.name != words[0]);
      if (is_renamed) renamed.push_back("`" + from.name + "` → " + field.name);
      if (!field.type.null_words.empty()) {
        std::string list;
        for (const std::string& word : field.type.null_words) list += (list.empty() ? "\"" : ", \"") + word + "\"";
        remark(t, "`" + from.name + "`: " + list + " is read as missing");
      }
      fields.push_back(std::move(field));
    }
    // The key first, then who and when.
    std::stable_sort(fields.begin(), fields.end(), [](const Field& a, const Field& b) {
      const auto rank = [](const Field& f) { return f.is_key ? 0 : f.is_owner ? 1 : f.is_time ? 2 : 3; };
      return rank(a) < rank(b);
    });
    const auto list_of = [](const std::vector<std::string>& all) {
      std::string list;
      for (std::size_t i = 0; i < all.size() && i < 8; ++i) list += (i == 0 ? "" : ", ") + all[i];
      if (all.size() > 8) list += " and " + std::to_string(all.size() - 8) + " more";
      return list;
    };
    if (!personal.empty()) remark(t, "marked personal: " + list_of(personal));
    if (!sensitive.empty())
      remark(t, "marked sensitive: " + list_of(sensitive) + "; rules that read it must state a purpose");
    if (!renamed.empty()) remark(t, "other names in rules: " + list_of(renamed));
    return fields;
  }

  // Rows without a key, and rows that repeat one.
  void remark_on_key(std::size_t t, const io::SampleColumn& key, bool is_event) {
    const std::uint64_t num_repeated = key.num_rows - key.num_missing - key.num_distinct;
    if (is_event) {
      if (num_repeated != 0) {
        remark(t, rows_that(num_repeated, "has", "have") + " the `" + key.name +
                      "` of an earlier one, and each row counts: lines of one are put together by `grouped by`, what "
                      "was exported twice is taken out of the file");
      }
      return;
    }
    if (num_repeated != 0) {
      remark(t, rows_that(num_repeated, "has", "have") + " the `" + key.name +
                    "` of an earlier one: a run stops there; with `--on-bad-row skip` the first one counts");
    }
    if (key.num_missing != 0) {
      remark(t, rows_that(key.num_missing, "has", "have") + " no `" + key.name + "`: " + std::string(kSkipping));
    }
    proposal_.needs_skipping = true;
  }

  const Link* link_of(std::size_t t, std::size_t c) const {
    for (const Link& link : links_) {
      if (link.table == t && link.column == c) return &link;
    }
    return nullptr;
  }

  // What is about no single file stands behind.
  std::size_t position_of(const std::string& file) const {
    std::size_t t = 0;
    while (t < inputs_.size() && file_name(inputs_[t].path) != file) ++t;
    return t;
  }

  void remark(std::size_t t, const std::string& text) {
    proposal_.remarks.push_back({file_name(inputs_[t].path), text});
  }
  void decide(std::size_t t, const std::string& text) {
    proposal_.decisions.push_back({file_name(inputs_[t].path), text});
  }

  std::string rows_text(std::size_t t) const {
    const io::Sample& sample = inputs_[t].sample;
    const io::SampleColumn& key = column(t, keys_[t]);
    if (!is_unique(key)) return with_commas(key.num_distinct) + " in " + with_commas(key.num_rows) + " rows";
    if (sample.num_looked_at == sample.num_rows) return "unique in " + with_commas(sample.num_rows) + " rows";
    return "unique in the " + with_commas(sample.num_looked_at) + " of " + with_commas(sample.num_rows) +
           " rows that were looked at";
  }

  void build_tables() {
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

  void decide_owned(std::size_t t, const ProposedTable& table) {
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

  void build_subject() {
    ProposedTable table;
    table.kind = TableKind::kSubject;
    table.name = subject_name_;
    NameSet names;
    if (!is_assembled_) {
      table.input = identity_.table;
      table.fields = build_fields(identity_.table, names, !is_thing(words_of(subject_name_)));
      decide(identity_.table, "subject " + table.name + ": key `" +
                                  column(identity_.table, keys_[identity_.table]).name + "` (" +
                                  rows_text(identity_.table) + ")");
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

  void find_as_of() {
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

  void find_currency() {
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

  void remark_on_files() {
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

  const std::vector<Input>& inputs_;
  const ProposeOptions& options_;
  std::vector<FileGuess> guesses_;
  std::vector<std::size_t> times_;
  std::vector<std::size_t> keys_;
  std::vector<Link> links_;
  Identity identity_;
  bool is_assembled_ = false;
  std::vector<Role> roles_;
  std::vector<std::size_t> owners_;
  std::map<std::size_t, std::size_t> owner_entity_;
  NameSet names_;
  std::string subject_name_;
  std::vector<std::string> table_names_;
  Proposal proposal_;
};

}  // namespace

std::string with_commas(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, ",");
  return text;
}

std::optional<Proposal> propose(const std::vector<Input>& inputs, const ProposeOptions& options) {
  return Proposer(inputs, options).run();
}

}  // namespace seg::init
