// The columns of a file as fields of its table: names, references, privacy.
#include <algorithm>

#include "tools/init/privacy.h"
#include "tools/init/proposer.h"

namespace seg::init {

using base::TypeKind;

// The columns of a file as fields. `reserved`: names that other fields of the table have.
std::vector<Field> Proposer::build_fields(std::size_t t, NameSet& names, bool is_person) {
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
void Proposer::remark_on_key(std::size_t t, const io::SampleColumn& key, bool is_event) {
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

}  // namespace seg::init
