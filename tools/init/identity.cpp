// Who segments are about.
#include <algorithm>
#include <tuple>

#include "tools/init/proposer.h"

namespace seg::init {

using base::TypeKind;

bool Proposer::is_thing(const std::vector<std::string>& words) const {
  return has_word(words,
                  {"product", "item", "article", "sku", "campaign", "store", "shop", "coupon", "category", "brand",
                   "channel", "order", "transaction", "basket", "invoice", "session", "week", "region"});
}

std::vector<std::string> Proposer::identity_words(const Identity& identity) const {
  if (identity.table == kNoColumn) {
    const std::vector<std::string> stem = stem_of(identity.group);
    return stem.empty() ? words_of(identity.group) : stem;
  }
  const std::vector<std::string> stem = stem_of(column(identity.table, keys_[identity.table]).name);
  const std::vector<std::string> file = words_of_file(inputs_[identity.table].path);
  return names_subject(stem) || stem.empty() ? (stem.empty() ? file : stem) : (names_subject(file) ? file : stem);
}

int Proposer::name_score(const std::vector<std::string>& words) const {
  if (is_thing(words)) return -6;
  if (!names_subject(words)) return 0;
  return has_word(words, {"account", "household", "company"}) ? 5 : 6;
}

bool Proposer::choose_identity() {
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

std::uint64_t Proposer::size_of(const Identity& identity) const {
  if (identity.table != kNoColumn) return inputs_[identity.table].sample.num_rows;
  std::uint64_t size = 0;
  for (const Link& link : identity.links) size = std::max(size, column(link.table, link.column).num_distinct);
  return size;
}

// A column that comes again and again in a table with times may name who did it.
void Proposer::add_group(std::size_t t, std::size_t c, std::vector<Identity>& candidates) const {
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

}  // namespace seg::init
