// What each file is: the subject, more about it, events, records, entities, tables to look words up in.
#include <algorithm>

#include "tools/init/proposer.h"

namespace seg::init {

const Link* Proposer::owner_link(std::size_t t) const {
  const Link* best = nullptr;
  for (const Link& link : identity_.links) {
    if (link.table == t && (best == nullptr || link.likeness > best->likeness)) best = &link;
  }
  return best;
}

// Whose key is the subject's: one row for each of them, or for some.
bool Proposer::is_same_key(std::size_t t) const {
  const Link* link = owner_link(t);
  return link != nullptr && keys_[t] == link->column && link->likeness == 3;
}

void Proposer::assign_roles() {
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

bool Proposer::is_named_key(std::size_t t) const {
  const std::vector<std::string> words = words_of(column(t, keys_[t]).name);
  return has_key_word(words) || !stem_of(column(t, keys_[t]).name).empty() ||
         joined(words) == joined(words_of_file(inputs_[t].path));
}

// A table to look words up in: climate[city].
bool Proposer::is_lookup(std::size_t t) const {
  const io::SampleColumn& key = column(t, keys_[t]);
  const std::vector<std::string> words = words_of(key.name);
  return !is_whole(t, keys_[t]) && key.kind == io::SampleKind::kText && key.num_distinct <= 5000 &&
         !has_key_word(words) && stem_of(key.name).empty();
}

}  // namespace seg::init
