#include "runtime/exec/binder.h"

#include <algorithm>

#include "runtime/kernels/text.h"

namespace seg::exec {

using base::kNone;
using base::TypeKind;
using base::Value;
using bytecode::RegType;

namespace {

vector::Storage storage_of(RegType type) {
  switch (type) {
    case RegType::kMask: return vector::Storage::kBits;
    case RegType::kI32: return vector::Storage::kInt32;
    case RegType::kI64: return vector::Storage::kInt64;
    case RegType::kF64: return vector::Storage::kFloat64;
  }
  return vector::Storage::kAbsent;
}

std::int64_t whole_of(const Value& value) {
  switch (value.data.index()) {
    case 1: return value.flag() ? 1 : 0;
    case 2: return value.integer();
    default: return 0;
  }
}

double number_of(const Value& value) {
  return value.data.index() == 3 ? value.number() : static_cast<double>(whole_of(value));
}

const kernels::TimeZone* project_zone(const std::string& name) {
  const kernels::TimeZone* zone = kernels::TimeZone::find(name);
  return zone != nullptr ? zone : kernels::TimeZone::find("UTC");
}

}  // namespace

Binder::Binder(const bytecode::Module& module, vector::Dataset& dataset, std::vector<KeptColumn>& kept,
               const base::Binding& binding)
    : module_(module), dataset_(dataset), kept_(kept), binding_(binding) {
  columns_.resize(module.columns.size());
  constants_.resize(module.constants.size());
  dictionaries_.resize(module.dictionaries.size());
  predicates_.resize(module.predicates.size());
  code_maps_.resize(module.code_maps.size());
  lookups_.resize(module.lookups.size());
  windows_.resize(module.windows.size());
  for (std::uint32_t i = 0; i < module.constants.size(); ++i) bind_constant(i);
  zones_.push_back(project_zone(binding.time_zone));
}

void Binder::prepare(const bytecode::Pass& pass, const std::vector<bool>& is_live) {
  using bytecode::OperandKind;
  for (std::size_t i = 0; i < pass.code.size();) {
    const bytecode::Instruction* words = &pass.code[i];
    const bytecode::OpInfo& info = bytecode::op_info(words->op);
    for (int k = 0; k < info.num_operands && is_live[i]; ++k) {
      const std::uint16_t id = bytecode::operand(words, k);
      if (id == bytecode::kAbsent) continue;
      switch (info.operands[k].kind) {
        case OperandKind::kColumn: bind_column(id); break;
        case OperandKind::kPredicate: bind_predicate(id); break;
        case OperandKind::kCodeMap: bind_code_map(id); break;
        case OperandKind::kLookup: bind_lookup(id); break;
        case OperandKind::kDictionary:
          bind_dictionary(id);
          if (words->op == bytecode::Op::text_length) bind_lengths(id);
          break;
        default: break;
      }
    }
    i += static_cast<std::size_t>(info.num_words);
  }
  bind_windows();
}

void Binder::forget_data() {
  for (auto& dictionary : dictionaries_) dictionary.reset();
  for (auto& predicate : predicates_) predicate.reset();
  for (auto& map : code_maps_) map.reset();
  for (auto& lookup : lookups_) lookup.reset();
  lengths_.clear();
}

void Binder::bind_column(std::uint32_t id) {
  const bytecode::ColumnRef& ref = module_.columns[id];
  BoundColumn& bound = columns_[id];
  if (ref.is_kept) {
    KeptColumn& kept = kept_[id];
    bound = {.storage = kept.words.empty() ? vector::Storage::kAbsent : storage_of(kept.type),
             .data = kept.words.data(),
             .valid = nullptr,
             .num_rows = kept.num_rows,
             .list = nullptr,
             .writable = kept.words.data()};
    return;
  }
  const vector::TableData& table = dataset_.tables[ref.table];
  bound = {.num_rows = table.num_rows};
  if (ref.column >= table.columns.size()) return;
  const vector::Column& column = table.columns[ref.column];
  if (column.storage == vector::Storage::kAbsent || column.data == nullptr) return;
  bound.storage = column.storage;
  bound.data = column.data;
  bound.valid = column.valid;
  bound.num_rows = std::min(table.num_rows, column.num_rows);
  if (column.storage == vector::Storage::kList) bound.list = &column;
}

void Binder::bind_constant(std::uint32_t id) {
  const bytecode::Constant& constant = module_.constants[id];
  const Value& value = !constant.is_param                        ? module_.values[constant.index]
                       : constant.index < binding_.params.size() ? binding_.params[constant.index]
                                                                 : module_.params[constant.index].value;
  BoundConstant& bound = constants_[id];
  bound.is_known = !value.is_missing();
  switch (value.data.index()) {
    case 1: bound.flag = value.flag(); break;
    case 4: bound.text = value.text(); break;
    case 6:
      for (const Value& element : value.list()) {
        if (element.data.index() == 4) {
          bound.texts.push_back(element.text());
        } else if (!element.is_missing()) {
          bound.whole.push_back(whole_of(element));
          bound.numbers.push_back(number_of(element));
        }
      }
      std::sort(bound.texts.begin(), bound.texts.end());
      std::sort(bound.whole.begin(), bound.whole.end());
      std::sort(bound.numbers.begin(), bound.numbers.end());
      break;
    default: break;
  }
  bound.i64 = whole_of(value);
  bound.f64 = number_of(value);
  const bool is_text = constant.type.kind == TypeKind::kText || constant.type.kind == TypeKind::kVersion;
  bound.i32 = is_text ? 0 : static_cast<std::int32_t>(std::clamp<std::int64_t>(bound.i64, INT32_MIN, INT32_MAX));
  if (value.data.index() == 6) return;
  bound.whole = {bound.i64};  // a list of one, where an element is asked for
  bound.numbers = {bound.f64};
  bound.texts = {bound.text};
}

std::int32_t Binder::find(BoundDictionary& dictionary, std::string_view text) {
  if (dictionary.index.empty()) {
    for (std::uint32_t i = dictionary.texts->size(); i-- > 0;) {
      dictionary.index[dictionary.texts->at(i)] = static_cast<std::int32_t>(i);
    }
  }
  const auto found = dictionary.index.find(text);
  return found == dictionary.index.end() ? -1 : found->second;
}

BoundDictionary& Binder::bind_dictionary(std::uint32_t id) {
  if (dictionaries_[id]) return *dictionaries_[id];
  const bytecode::DictionaryRef& ref = module_.dictionaries[id];
  auto bound = std::make_unique<BoundDictionary>();
  auto texts = std::make_shared<vector::Dictionary>();
  switch (ref.kind) {
    case bytecode::DictionaryKind::kColumn: {
      const bytecode::ColumnRef& column = module_.columns[ref.a];
      if (column.is_kept) break;
      const vector::TableData& table = dataset_.tables[column.table];
      if (column.column >= table.columns.size()) break;
      const vector::Column& data = table.columns[column.column];
      bound->texts =
          data.storage == vector::Storage::kList && data.elements ? data.elements->dictionary : data.dictionary;
      break;
    }
    case bytecode::DictionaryKind::kConstant: texts->append(constants_[ref.a].text); break;
    case bytecode::DictionaryKind::kMap: {
      BoundDictionary& source = bind_dictionary(ref.a);
      std::unordered_map<std::string, std::int32_t> codes;
      for (std::uint32_t i = 0; i < source.texts->size(); ++i) {
        const std::string_view from = source.texts->at(i);
        std::string text = ref.fn == bytecode::TextFn::kLower  ? kernels::lower(from)
                           : ref.fn == bytecode::TextFn::kTrim ? kernels::trim(from)
                                                               : kernels::fold(from);
        if (kernels::is_blank(text)) {
          bound->from_source.push_back(-1);
          continue;
        }
        const auto [it, is_new] = codes.emplace(std::move(text), static_cast<std::int32_t>(texts->size()));
        if (is_new) texts->append(it->first);
        bound->from_source.push_back(it->second);
      }
      break;
    }
    case bytecode::DictionaryKind::kSorted:
    case bytecode::DictionaryKind::kVersions: {
      std::vector<std::string_view> all;
      for (std::uint32_t source : {ref.a, ref.b}) {
        if (source == kNone) continue;
        const BoundDictionary& dictionary = bind_dictionary(source);
        for (std::uint32_t i = 0; i < dictionary.texts->size(); ++i) all.push_back(dictionary.texts->at(i));
      }
      std::sort(all.begin(), all.end());
      all.erase(std::unique(all.begin(), all.end()), all.end());
      if (ref.kind == bytecode::DictionaryKind::kVersions) {
        std::stable_sort(all.begin(), all.end(),
                         [](std::string_view a, std::string_view b) { return kernels::compare_versions(a, b) < 0; });
      }
      for (std::string_view text : all) texts->append(text);
      break;
    }
  }
  if (!bound->texts) bound->texts = texts;
  dictionaries_[id] = std::move(bound);
  return *dictionaries_[id];
}

// By code of `from`: the code in `to` of what the functions between the two make of it.
std::vector<std::int32_t> Binder::mapped(std::uint32_t from, std::uint32_t to) {
  std::vector<std::uint32_t> chain;
  for (std::uint32_t at = to; at != from && module_.dictionaries[at].kind == bytecode::DictionaryKind::kMap;
       at = module_.dictionaries[at].a) {
    chain.push_back(at);
  }
  std::vector<std::int32_t> codes(bind_dictionary(from).texts->size());
  for (std::size_t i = 0; i < codes.size(); ++i) codes[i] = static_cast<std::int32_t>(i);
  for (std::size_t step = chain.size(); step-- > 0;) {
    const std::vector<std::int32_t>& next = bind_dictionary(chain[step]).from_source;
    for (std::int32_t& code : codes) {
      code = code >= 0 && static_cast<std::size_t>(code) < next.size() ? next[static_cast<std::size_t>(code)] : -1;
    }
  }
  return codes;
}

void Binder::bind_code_map(std::uint32_t id) {
  if (code_maps_[id]) return;
  const bytecode::CodeMap& map = module_.code_maps[id];
  auto codes = std::make_unique<std::vector<std::int32_t>>();
  if (map.kind == bytecode::CodeMapKind::kMap) {
    *codes = mapped(map.from, map.to);
  } else {
    const std::shared_ptr<const vector::Dictionary> from = bind_dictionary(map.from).texts;
    BoundDictionary* to = map.to == kNone ? nullptr : &bind_dictionary(map.to);
    for (std::uint32_t i = 0; i < from->size(); ++i) {
      const std::string_view text = from->at(i);
      std::int32_t code = 0;
      if (map.kind == bytecode::CodeMapKind::kZones) {
        if (const kernels::TimeZone* zone = kernels::TimeZone::find(text)) {
          const auto found = std::find(zones_.begin(), zones_.end(), zone);
          code = static_cast<std::int32_t>(found - zones_.begin());
          if (found == zones_.end()) zones_.push_back(zone);
        }
      } else {
        code = find(*to, text);
        if (map.kind == bytecode::CodeMapKind::kRank) {
          while (code > 0 && kernels::compare_versions(to->texts->at(static_cast<std::uint32_t>(code - 1)), text) == 0)
            --code;
        }
      }
      codes->push_back(code);
    }
  }
  code_maps_[id] = std::move(codes);
}

void Binder::bind_predicate(std::uint32_t id) {
  if (predicates_[id]) return;
  const bytecode::Predicate& predicate = module_.predicates[id];
  const BoundConstant& constant = constants_[predicate.constant];
  BoundDictionary& dictionary = bind_dictionary(predicate.dictionary);
  const vector::Dictionary& texts = *dictionary.texts;
  auto bound = std::make_unique<BoundPredicate>();
  using Kind = bytecode::PredicateKind;
  std::vector<std::int32_t> holding;
  const bool is_equality = predicate.kind == Kind::kEqual || predicate.kind == Kind::kOneOf;
  if (!constant.is_known) {
    // nobody
  } else if (is_equality && !predicate.is_version) {
    for (const std::string& text : constant.texts) {
      const std::string wanted = predicate.folds ? kernels::fold(text) : text;
      if (const std::int32_t code = find(dictionary, wanted); code >= 0) holding.push_back(code);
    }
  } else {
    std::optional<kernels::Pattern> pattern;
    if (predicate.kind == Kind::kMatches) pattern.emplace(constant.text);
    const std::string wanted = predicate.folds ? kernels::fold(constant.text) : constant.text;
    const auto compare = [&](std::string_view text, std::string_view other) {
      return predicate.is_version ? kernels::compare_versions(text, other) : text.compare(other);
    };
    for (std::uint32_t i = 0; i < texts.size(); ++i) {
      const std::string_view text = texts.at(i);
      bool holds = false;
      switch (predicate.kind) {
        case Kind::kEqual:
        case Kind::kOneOf:
          holds = std::any_of(constant.texts.begin(), constant.texts.end(),
                              [&](const std::string& one) { return compare(text, one) == 0; });
          break;
        case Kind::kLess: holds = compare(text, wanted) < 0; break;
        case Kind::kGreater: holds = compare(text, wanted) > 0; break;
        case Kind::kContains: holds = kernels::contains(text, wanted); break;
        case Kind::kStartsWith: holds = kernels::starts_with(text, wanted); break;
        case Kind::kEndsWith: holds = kernels::ends_with(text, wanted); break;
        case Kind::kMatches: holds = pattern->matches(text); break;
      }
      if (holds) holding.push_back(static_cast<std::int32_t>(i));
    }
  }
  std::sort(holding.begin(), holding.end());
  holding.erase(std::unique(holding.begin(), holding.end()), holding.end());
  bound->table.assign(texts.size(), 0);
  for (std::int32_t code : holding) bound->table[static_cast<std::size_t>(code)] = 1;
  if (holding.size() == 1) {
    bound->kind = BoundPredicate::Kind::kOne;
    bound->code = holding[0];
  } else if (!holding.empty() && holding.back() < 64) {
    bound->kind = BoundPredicate::Kind::kFew;
    for (std::int32_t code : holding) bound->bits |= 1ULL << code;
  } else if (!holding.empty()) {
    bound->kind = BoundPredicate::Kind::kTable;
  }
  predicates_[id] = std::move(bound);
}

void Binder::bind_lengths(std::uint32_t id) {
  if (lengths_.contains(id)) return;
  const vector::Dictionary& texts = *bind_dictionary(id).texts;
  std::vector<std::int64_t> lengths;
  for (std::uint32_t i = 0; i < texts.size(); ++i) lengths.push_back(kernels::length(texts.at(i)));
  lengths_[id] = std::move(lengths);
}

void Binder::bind_lookup(std::uint32_t id) {
  if (lookups_[id]) return;
  const bytecode::Lookup& lookup = module_.lookups[id];
  const base::Table& table = module_.schema.tables[lookup.table];
  const vector::TableData& data = dataset_.tables[lookup.table];
  auto bound = std::make_unique<BoundLookup>();
  bound->text_ids.resize(table.key.size());
  std::vector<std::vector<std::int64_t>> ids(table.key.size());  // of the table's own codes
  for (std::size_t k = 0; k < table.key.size(); ++k) {
    const base::Type& type = table.columns[table.key[k]].type;
    if (type.kind != TypeKind::kText && type.kind != TypeKind::kVersion) continue;
    if (table.key[k] >= data.columns.size() || lookup.dictionaries[k] == kNone) continue;
    std::unordered_map<std::string, std::int32_t> known;
    const auto normal = [&](std::string_view text) { return type.folded ? kernels::fold(text) : std::string(text); };
    if (const auto& texts = data.columns[table.key[k]].dictionary) {
      for (std::uint32_t i = 0; i < texts->size(); ++i) {
        ids[k].push_back(known.emplace(normal(texts->at(i)), static_cast<std::int32_t>(known.size())).first->second);
      }
    }
    const vector::Dictionary& asking = *bind_dictionary(lookup.dictionaries[k]).texts;
    for (std::uint32_t i = 0; i < asking.size(); ++i) {
      const auto found = known.find(normal(asking.at(i)));
      bound->text_ids[k].push_back(found == known.end() ? -1 : found->second);
    }
  }
  std::uint64_t next = 1;
  for (std::uint64_t row = 0; row < data.num_rows; ++row) {
    std::uint64_t before = 0;
    for (std::size_t k = 0; k < table.key.size(); ++k) {
      if (table.key[k] >= data.columns.size() || !data.columns[table.key[k]].present(row)) break;
      const vector::Column& column = data.columns[table.key[k]];
      std::uint64_t value = 0;
      switch (column.storage) {
        case vector::Storage::kBits: value = column.as<std::uint64_t>()[row / 64] >> (row % 64) & 1; break;
        case vector::Storage::kInt8: value = column.as<std::uint8_t>()[row]; break;
        case vector::Storage::kInt16: value = column.as<std::uint16_t>()[row]; break;
        case vector::Storage::kInt32:
          value = static_cast<std::uint64_t>(std::int64_t{column.as<std::int32_t>()[row]});
          break;
        case vector::Storage::kInt64: value = static_cast<std::uint64_t>(column.as<std::int64_t>()[row]); break;
        case vector::Storage::kRow: value = column.as<std::uint32_t>()[row]; break;
        case vector::Storage::kFloat64: {
          const double number = column.as<double>()[row] + 0.0;
          static_assert(sizeof number == sizeof value);
          __builtin_memcpy(&value, &number, sizeof value);
          break;
        }
        default: break;
      }
      if (!ids[k].empty()) value = value < ids[k].size() ? static_cast<std::uint64_t>(ids[k][value]) : ~0ULL;
      const bool is_last = k + 1 == table.key.size();
      const auto [it, is_new] = bound->steps.emplace(BoundLookup::Key{before, value}, is_last ? row : next);
      if (is_new && !is_last) ++next;
      before = it->second;
    }
  }
  lookups_[id] = std::move(bound);
}

void Binder::bind_windows() {
  if (as_of_.size() == zones_.size()) return;
  as_of_.clear();
  for (const kernels::TimeZone* zone : zones_) as_of_.push_back(kernels::bind_as_of(binding_.as_of, *zone));
  for (std::size_t w = 0; w < module_.windows.size(); ++w) {
    BoundIntervals& bound = windows_[w];
    bound = {};
    for (std::size_t z = 0; z < zones_.size(); ++z) {
      kernels::BoundWindow window =
          kernels::bind_window(module_.windows[w].window, binding_.as_of, *zones_[z], binding_.week_starts);
      if (module_.windows[w].before_as_of) {
        window.to = std::min(window.to, as_of_[z].instant);
        window.to_day = std::min(window.to_day, as_of_[z].end_day);
      }
      bound.from.push_back(window.from);
      bound.to.push_back(window.to);
      bound.from_day.push_back(window.from_day);
      bound.to_day.push_back(window.to_day);
    }
  }
}

}  // namespace seg::exec
