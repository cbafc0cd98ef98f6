#include "tools/init/relate.h"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "tools/init/guess.h"

namespace seg::init {
namespace {

using base::TableKind;
using base::TypeKind;

bool can_be_key(const ColumnProfile& column) {
  return column.is_usable && (column.type.kind == TypeKind::kInteger || column.type.kind == TypeKind::kText);
}

// household_id -> household; id -> nothing
std::string stem_of(const std::string& identifier) {
  for (const std::string_view ending : {"_id", "_key", "_no", "_nr", "_number", "_code", "_uuid"}) {
    if (identifier.size() > ending.size() && identifier.ends_with(ending))
      return identifier.substr(0, identifier.size() - ending.size());
  }
  for (const std::string_view ending : {"id", "nr", "no", "nummer"}) {  // customerid, kundennr
    if (identifier.size() <= ending.size() || !identifier.ends_with(ending)) continue;
    const std::string stem = identifier.substr(0, identifier.size() - ending.size());
    if (is_person_name(stem)) return stem;
  }
  if (identifier == "id" || identifier == "key" || identifier == "uuid") return {};
  return identifier;
}

bool is_key_like(const std::string& identifier) { return stem_of(identifier) != identifier; }

std::string table_name(const FileProfile& file) { return singular(to_identifier(file.name)); }

// What one thing of a file with this key is called.
std::string name_of_things(const FileProfile& file, std::uint32_t key) {
  const std::string stem = stem_of(to_identifier(file.columns[key].name));
  return stem.empty() ? table_name(file) : singular(stem);
}

// The share of the distinct values of `from` that are keys in `to`.
double contained(const ColumnProfile& from, const ColumnProfile& to) {
  if (from.type.kind != to.type.kind) return 0;
  std::size_t found = 0, total = 0;
  if (from.type.kind == TypeKind::kInteger) {
    total = from.integers.size();
    for (const std::int64_t value : from.integers)
      found += std::binary_search(to.integers.begin(), to.integers.end(), value);
  } else {
    const std::unordered_set<std::string> keys(to.texts.begin(), to.texts.end());
    total = from.texts.size();
    for (const std::string& value : from.texts) found += keys.contains(value);
  }
  return total == 0 ? 0 : static_cast<double>(found) / static_cast<double>(total);
}

// Whether a column's name says that it refers to the key of a file.
bool names_key(const std::string& column, const FileProfile& file, std::uint32_t key) {
  const std::string key_name = to_identifier(file.columns[key].name);
  const std::string things = name_of_things(file, key);
  if (is_key_like(key_name) && !stem_of(key_name).empty() && column == key_name) return true;
  return column == things || stem_of(column) == things || singular(stem_of(column)) == table_name(file);
}

// The unique column that is most likely meant as the key.
std::uint32_t key_of(const FileProfile& file) {
  std::uint32_t best = kNobody;
  int best_score = -1;
  for (std::uint32_t c = 0; c < file.columns.size(); ++c) {
    const ColumnProfile& column = file.columns[c];
    if (!can_be_key(column) || !column.is_unique) continue;
    const std::string name = to_identifier(column.name);
    int score = column.type.kind == TypeKind::kInteger ? 1 : 0;
    if (is_key_like(name)) score += 4;
    if (c == 0) score += 2;
    if (stem_of(name).empty() || stem_of(name) == table_name(file)) score += 2;
    if (guess_privacy(column, false) != base::Privacy::kPlain) score -= 4;  // an address is no key
    if (score > best_score) best = c, best_score = score;
  }
  // A unique number that is called neither id nor stands first is chance.
  return best_score >= 2 ? best : kNobody;
}

std::uint32_t time_of(const FileProfile& file) {
  std::uint32_t best = kNobody;
  int best_score = 0;
  for (std::uint32_t c = 0; c < file.columns.size(); ++c) {
    const ColumnProfile& column = file.columns[c];
    if (!column.is_usable || (column.type.kind != TypeKind::kTime && column.type.kind != TypeKind::kDate)) continue;
    const std::string name = to_identifier(column.name);
    int score = column.type.kind == TypeKind::kTime ? 3 : 2;
    for (const char* word : {"timestamp", "time", "at", "date", "datum", "on", "when", "zeit"})
      score += has_word(name, word);
    for (const char* word : {"birth", "dob", "birthday", "end", "until", "expires", "expiry", "launched", "due"})
      score -= 4 * has_word(name, word);
    if (column.num_missing * 10 > column.num_rows) score -= 3;
    if (score > best_score) best = c, best_score = score;
  }
  return best;
}

std::uint32_t find_reference(const FileProfile& from, const FileProfile& to, std::uint32_t key) {
  for (std::uint32_t c = 0; c < from.columns.size(); ++c) {
    if (can_be_key(from.columns[c]) && from.columns[c].type.kind == to.columns[key].type.kind &&
        names_key(to_identifier(from.columns[c].name), to, key)) {
      return c;
    }
  }
  return kNobody;
}

// A name that several files share, but whose values are unique nowhere: customer_id in a lone list of purchases.
std::string shared_key_name(const std::vector<FileProfile>& files) {
  std::string best;
  int best_score = 0;
  std::set<std::string> names;
  for (const FileProfile& file : files) {
    for (const ColumnProfile& column : file.columns) {
      if (can_be_key(column)) names.insert(to_identifier(column.name));
    }
  }
  for (const std::string& name : names) {
    if (!is_person_name(name)) continue;
    int score = is_key_like(name) ? 2 : 1;
    for (const FileProfile& file : files) {
      score += std::any_of(file.columns.begin(), file.columns.end(),
                           [&](const ColumnProfile& column) { return to_identifier(column.name) == name; });
    }
    if (score > best_score) best = name, best_score = score;
  }
  return best;
}

class Relater {
 public:
  explicit Relater(const std::vector<FileProfile>& files) : files_(files) {
    for (const FileProfile& file : files) keys_.push_back(key_of(file));
    is_used_.assign(files.size(), false);
  }

  Relations run() {
    make_subject();
    if (relations_.tables.empty()) return std::move(relations_);
    make_owned();
    make_entities();
    for (std::uint32_t f = 0; f < files_.size(); ++f) {
      if (!is_used_[f]) relations_.unused.push_back(f);
    }
    return std::move(relations_);
  }

 private:
  void make_subject() {
    std::uint32_t best = kNobody;
    double best_score = 0;
    for (std::uint32_t f = 0; f < files_.size(); ++f) {
      if (keys_[f] == kNobody) continue;
      const std::string things = name_of_things(files_[f], keys_[f]);
      double score = 1;
      if (is_person_name(things)) score += 5;
      if (is_person_name(table_name(files_[f]))) score += 5;
      for (std::uint32_t other = 0; other < files_.size(); ++other) {
        if (other != f && find_reference(files_[other], files_[f], keys_[f]) != kNobody) {
          score += time_of(files_[other]) != kNobody ? 1 : 0.5;
        }
      }
      if (score > best_score) best = f, best_score = score;
    }
    const std::string shared = shared_key_name(files_);
    TablePlan subject;
    subject.kind = TableKind::kSubject;
    const bool is_person = best != kNobody && best_score >= 6;
    if (!is_person && !shared.empty()) {  // nobody but the events themselves says who the customers are
      subject.name = stem_of(shared).empty() ? "customer" : singular(stem_of(shared));
      key_name_ = shared;
    } else if (best != kNobody) {
      subject.name = name_of_things(files_[best], keys_[best]);
      key_name_ = to_identifier(files_[best].columns[keys_[best]].name);
      home_ = best;
      is_used_[best] = true;
      const bool knows_all = everyone_is_in(best);
      (knows_all ? subject.file : subject.join) = best;
      subject.key = keys_[best];
    } else {
      return;
    }
    relations_.tables.push_back(std::move(subject));
  }

  std::uint32_t owner_in(std::uint32_t f) const {
    const FileProfile& file = files_[f];
    if (home_ != kNobody) return find_reference(file, files_[home_], keys_[home_]);
    for (std::uint32_t c = 0; c < file.columns.size(); ++c) {
      if (can_be_key(file.columns[c]) && to_identifier(file.columns[c].name) == key_name_) return c;
    }
    return kNobody;
  }

  // Whether the file of customers has nearly all customers that events name; a survey of some has not.
  bool everyone_is_in(std::uint32_t home) const {
    for (std::uint32_t f = 0; f < files_.size(); ++f) {
      if (f == home) continue;
      const std::uint32_t owner = find_reference(files_[f], files_[home], keys_[home]);
      if (owner == kNobody || time_of(files_[f]) == kNobody) continue;
      if (contained(files_[f].columns[owner], files_[home].columns[keys_[home]]) < 0.9) return false;
    }
    return true;
  }

  std::string free_name(std::string name, const std::string& otherwise) const {
    const auto is_taken = [&](const std::string& wanted) {
      return std::any_of(relations_.tables.begin(), relations_.tables.end(),
                         [&](const TablePlan& table) { return table.name == wanted; });
    };
    if (!is_taken(name)) return name;
    if (!is_taken(otherwise)) return otherwise;
    while (is_taken(name)) name += "_2";
    return name;
  }

  void make_owned() {
    // Entities come later but have the better claim to their names: campaigns that are sent to households are not the
    // campaign.
    std::set<std::string> names_of_entities;
    for (std::uint32_t f = 0; f < files_.size(); ++f) {
      if (!is_used_[f] && keys_[f] != kNobody && owner_in(f) == kNobody)
        names_of_entities.insert(name_of_things(files_[f], keys_[f]));
    }
    for (std::uint32_t f = 0; f < files_.size(); ++f) {
      const std::uint32_t owner = is_used_[f] ? kNobody : owner_in(f);
      if (owner == kNobody) continue;
      TablePlan table;
      table.file = f;
      table.owner = owner;
      table.time = time_of(files_[f]);
      table.kind = table.time == kNobody ? TableKind::kRecords : TableKind::kEvent;
      if (keys_[f] != owner) table.key = keys_[f];
      const std::string full = relations_.tables[0].name + "_" + table_name(files_[f]);
      table.name = names_of_entities.contains(table_name(files_[f])) ? free_name(full, full)
                                                                     : free_name(table_name(files_[f]), full);
      is_used_[f] = true;
      relations_.tables.push_back(std::move(table));
    }
  }

  // Files that tables already taken refer to, until there are no more.
  void make_entities() {
    for (TablePlan& table : relations_.tables) table.references.assign(num_columns(table), kNobody);
    for (std::size_t t = 0; t < relations_.tables.size(); ++t) {
      for (std::uint32_t f = 0; f < files_.size(); ++f) {
        if (keys_[f] == kNobody || f == home_ || source_of(relations_.tables[t]) == kNobody) continue;
        const FileProfile& from = files_[source_of(relations_.tables[t])];
        const std::uint32_t column = find_reference(from, files_[f], keys_[f]);
        if (column == kNobody || source_of(relations_.tables[t]) == f || column == relations_.tables[t].owner ||
            contained(from.columns[column], files_[f].columns[keys_[f]]) < 0.9) {
          continue;
        }
        std::uint32_t target = kNobody;
        for (std::uint32_t other = 0; other < relations_.tables.size(); ++other) {
          if (relations_.tables[other].file == f && relations_.tables[other].kind == TableKind::kEntity) target = other;
        }
        if (target == kNobody && !is_used_[f]) {
          target = static_cast<std::uint32_t>(relations_.tables.size());
          TablePlan entity;
          entity.file = f;
          entity.key = keys_[f];
          entity.name = free_name(name_of_things(files_[f], keys_[f]), table_name(files_[f]) + "_entry");
          entity.references.assign(files_[f].columns.size(), kNobody);
          is_used_[f] = true;
          relations_.tables.push_back(std::move(entity));
        }
        if (target != kNobody) relations_.tables[t].references[column] = target;
      }
    }
  }

  static std::uint32_t source_of(const TablePlan& table) { return table.file != kNobody ? table.file : table.join; }
  std::size_t num_columns(const TablePlan& table) const {
    return source_of(table) == kNobody ? 0 : files_[source_of(table)].columns.size();
  }

  const std::vector<FileProfile>& files_;
  std::vector<std::uint32_t> keys_;  // by file
  std::vector<bool> is_used_;
  std::uint32_t home_ = kNobody;  // the file that has the subject's key once per row
  std::string key_name_;
  Relations relations_;
};

}  // namespace

Relations relate(const std::vector<FileProfile>& files) { return Relater(files).run(); }

}  // namespace seg::init
