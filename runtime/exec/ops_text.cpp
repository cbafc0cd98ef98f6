// Codes of texts, and lists.
#include <algorithm>

#include "runtime/exec/ops.h"

namespace seg::exec {

using bytecode::kAbsent;
using bytecode::Op;
using bytecode::RegType;
using vector::Storage;

namespace {

void map_code(Worker& w, Words i) {
  const std::vector<std::int32_t>& map = w.binder().code_map(i->z);
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::int32_t* in = w.in<std::int32_t>(i->y);
  std::int32_t* out = w.out<std::int32_t>(i->x);
  const std::int32_t* to = map.data();
  const auto size = static_cast<std::uint32_t>(map.size());
  for (std::uint64_t k = 0; k < n; ++k) {
    const auto code = static_cast<std::uint32_t>(in[k]);
    out[k] = code < size ? to[code] : -1;
  }
}

void text_length(Worker& w, Words i) {
  const std::vector<std::int64_t>& lengths = w.binder().lengths(i->z);
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::int32_t* in = w.in<std::int32_t>(i->y);
  std::int64_t* out = w.out<std::int64_t>(i->x);
  for (std::uint64_t k = 0; k < n; ++k) {
    const auto code = static_cast<std::uint32_t>(in[k]);
    out[k] = code < lengths.size() ? lengths[code] : 0;
  }
}

void text_part(Worker& w, Words i) {
  const vector::Dictionary& texts = w.binder().dictionary(i[1].x);
  const vector::Dictionary& parts = w.binder().dictionary(i[1].y);
  const std::int32_t* a = w.in<std::int32_t>(i->y);
  const std::int32_t* b = w.in<std::int32_t>(i->z);
  fill_mask(w.rows_of(i->x).n, w.out_mask(i->x), [&](std::uint64_t k) {
    const auto text = static_cast<std::uint32_t>(a[k]);
    const auto part = static_cast<std::uint32_t>(b[k]);
    if (text >= texts.size() || part >= parts.size()) return false;
    const std::string_view whole = texts.at(text);
    const std::string_view wanted = parts.at(part);
    switch (i->tag) {
      case 0: return whole.find(wanted) != std::string_view::npos;
      case 1: return whole.starts_with(wanted);
      default: return whole.ends_with(wanted);
    }
  });
}

// The elements of a list in memory, whatever they are stored as.
class Elements {
 public:
  Elements(const Worker& w, std::uint16_t column, std::uint16_t map) {
    const BoundColumn& bound = w.binder().column(column);
    if (bound.list == nullptr || !bound.list->elements || bound.data == nullptr) return;
    offsets_ = static_cast<const std::uint32_t*>(bound.data);
    num_rows_ = bound.num_rows;
    elements_ = bound.list->elements.get();
    if (map != kAbsent) map_ = &w.binder().code_map(map);
  }

  // Calls use(index) for the elements of a row until it says true; whether it did.
  template <class F>
  bool any(std::int32_t row, F use) const {
    if (static_cast<std::uint32_t>(row) >= num_rows_) return false;
    for (std::uint32_t e = offsets_[row]; e < offsets_[row + 1]; ++e) {
      if (use(e)) return true;
    }
    return false;
  }
  std::int64_t integer(std::uint32_t e) const {
    switch (elements_->storage) {
      case Storage::kInt8: return elements_->as<std::uint8_t>()[e];
      case Storage::kInt16: return elements_->as<std::uint16_t>()[e];
      case Storage::kInt32: return elements_->as<std::int32_t>()[e];
      case Storage::kInt64: return elements_->as<std::int64_t>()[e];
      case Storage::kRow: return elements_->as<std::uint32_t>()[e];
      case Storage::kBits: return static_cast<std::int64_t>(elements_->as<std::uint64_t>()[e / 64] >> (e % 64) & 1);
      default: return 0;
    }
  }
  bool is_number() const { return elements_ != nullptr && elements_->storage == Storage::kFloat64; }
  double number(std::uint32_t e) const {
    return is_number() ? elements_->as<double>()[e] : static_cast<double>(integer(e));
  }
  // Its code after the map; -1: dropped.
  std::int64_t code(std::uint32_t e) const {
    const std::int64_t code = integer(e);
    if (map_ == nullptr) return code;
    return code >= 0 && static_cast<std::uint64_t>(code) < map_->size() ? (*map_)[static_cast<std::size_t>(code)] : -1;
  }

 private:
  const std::uint32_t* offsets_ = nullptr;
  std::uint64_t num_rows_ = 0;
  const vector::Column* elements_ = nullptr;
  const std::vector<std::int32_t>* map_ = nullptr;
};

void list_any(Worker& w, Words i) {
  const Elements elements(w, i->z, i[1].y);
  const BoundPredicate& predicate = w.binder().predicate(i[1].x);
  const std::int32_t* rows = w.in<std::int32_t>(i->y);
  fill_mask(w.rows_of(i->x).n, w.out_mask(i->x), [&](std::uint64_t k) {
    return elements.any(rows[k], [&](std::uint32_t e) {
      const std::int64_t code = elements.code(e);
      return code >= 0 && static_cast<std::uint64_t>(code) < predicate.table.size() &&
             predicate.table[static_cast<std::size_t>(code)] != 0;
    });
  });
}

void list_any_of(Worker& w, Words i) {
  const Elements elements(w, i->z, kAbsent);
  const BoundConstant& constant = w.binder().constant(i[1].x);
  const std::int32_t* rows = w.in<std::int32_t>(i->y);
  const auto& whole = constant.whole;
  const auto& numbers = constant.numbers;
  fill_mask(w.rows_of(i->x).n, w.out_mask(i->x), [&](std::uint64_t k) {
    return elements.any(rows[k], [&](std::uint32_t e) {
      if (elements.is_number()) return std::binary_search(numbers.begin(), numbers.end(), elements.number(e));
      return std::binary_search(whole.begin(), whole.end(), elements.integer(e));
    });
  });
}

void list_has(Worker& w, Words i) {
  const Elements elements(w, i[1].x, i[1].y);
  const std::int32_t* rows = w.in<std::int32_t>(i->y);
  const auto type = static_cast<RegType>(i->tag);
  fill_mask(w.rows_of(i->x).n, w.out_mask(i->x), [&](std::uint64_t k) {
    return elements.any(rows[k], [&](std::uint32_t e) {
      if (type == RegType::kF64) return elements.number(e) == w.in<double>(i->z)[k];
      if (type == RegType::kI64) return elements.integer(e) == w.in<std::int64_t>(i->z)[k];
      const std::int64_t code = elements.code(e);
      return code == w.in<std::int32_t>(i->z)[k] && (i[1].y == kAbsent || code >= 0);
    });
  });
}

void list_size(Worker& w, Words i) {
  const Elements elements(w, i->z, i[1].x);
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::int32_t* rows = w.in<std::int32_t>(i->y);
  std::int64_t* out = w.out<std::int64_t>(i->x);
  for (std::uint64_t k = 0; k < n; ++k) {
    std::int64_t size = 0;
    elements.any(rows[k], [&](std::uint32_t e) {
      if (i[1].x == kAbsent || elements.code(e) >= 0) ++size;
      return false;
    });
    out[k] = size;
  }
}

}  // namespace

void run_text(Worker& w, Words i) {
  switch (i->op) {
    case Op::map_code: map_code(w, i); break;
    case Op::text_length: text_length(w, i); break;
    case Op::text_part: text_part(w, i); break;
    case Op::list_any: list_any(w, i); break;
    case Op::list_any_of: list_any_of(w, i); break;
    case Op::list_has: list_has(w, i); break;
    default: list_size(w, i); break;
  }
}

}  // namespace seg::exec
