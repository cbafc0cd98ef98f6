// Columns into registers: own rows, rows behind references, the parent's values, look-ups, and columns kept for later.
#include <algorithm>
#include <bit>
#include <cstring>

#include "runtime/exec/ops.h"

namespace seg::exec {

using bytecode::Op;
using bytecode::RegType;
using vector::Storage;

namespace {

bool bit_at(const std::uint64_t* bits, std::uint64_t row) { return (bits[row / 64] >> (row % 64) & 1) != 0; }

// Bits [first, first + n) of a longer mask.
void copy_bits(const std::uint64_t* from, std::uint64_t first, std::uint64_t n, std::uint64_t* out) {
  const std::uint64_t words = num_words(n);
  if (words == 0) return;
  const std::uint64_t* at = from + first / 64;
  const unsigned shift = first % 64;
  if (shift == 0) {
    std::memcpy(out, at, words * 8);
  } else {
    const std::uint64_t last = (first + n - 1) / 64 - first / 64;
    for (std::uint64_t k = 0; k < words; ++k) {
      const std::uint64_t high = k + 1 <= last ? at[k + 1] << (64 - shift) : 0;
      out[k] = at[k] >> shift | high;
    }
  }
  out[words - 1] &= tail_mask(n);
}

template <class T, class S>
void widen(const S* from, std::uint64_t n, T* out) {
  for (std::uint64_t i = 0; i < n; ++i) out[i] = static_cast<T>(from[i]);
}
template <class T, class S>
void widen_rows(const S* from, const std::uint32_t* rows, std::uint64_t n, T* out) {
  for (std::uint64_t i = 0; i < n; ++i) out[i] = static_cast<T>(from[rows[i]]);
}
template <class T, class S>
void widen_checked(const S* from, std::uint64_t num_rows, const std::int32_t* rows, std::uint64_t n, T* out) {
  for (std::uint64_t i = 0; i < n; ++i) {
    const auto row = static_cast<std::uint32_t>(rows[i]);
    out[i] = row < num_rows ? static_cast<T>(from[row]) : T{};
  }
}

// Calls use with the column's memory, typed; false: nothing there that fits the register's type.
template <class F>
bool with_storage(const BoundColumn& column, RegType type, F use) {
  switch (column.storage) {
    case Storage::kInt8: return type == RegType::kI32 && (use(static_cast<const std::uint8_t*>(column.data)), true);
    case Storage::kInt16: return type == RegType::kI32 && (use(static_cast<const std::uint16_t*>(column.data)), true);
    case Storage::kInt32: return type == RegType::kI32 && (use(static_cast<const std::int32_t*>(column.data)), true);
    case Storage::kRow: return type == RegType::kI32 && (use(static_cast<const std::uint32_t*>(column.data)), true);
    case Storage::kInt64: return type == RegType::kI64 && (use(static_cast<const std::int64_t*>(column.data)), true);
    case Storage::kFloat64: return type == RegType::kF64 && (use(static_cast<const double*>(column.data)), true);
    case Storage::kAbsent:
    case Storage::kBits:
    case Storage::kLocation:
    case Storage::kList: break;
  }
  return false;
}

template <class T>
void load(Worker& w, Words i, RegType type, T nothing) {
  const Rows& rows = w.rows_of(i->x);
  const BoundColumn& column = w.binder().column(i->y);
  const bool reaches = rows.numbers != nullptr || rows.first + rows.n <= column.num_rows;
  const bool found = reaches && with_storage(column, type, [&](const auto* data) {
                       if (rows.numbers != nullptr) {
                         if (column.num_rows == 0) return std::fill_n(w.out<T>(i->x), rows.n, nothing), void();
                         widen_rows(data, rows.numbers, rows.n, w.out<T>(i->x));
                       } else if constexpr (sizeof(*data) == sizeof(T)) {  // the same bits: row numbers as int32
                         w.alias(i->x, data + rows.first);
                       } else {
                         widen(data + rows.first, rows.n, w.out<T>(i->x));
                       }
                     });
  if (!found) std::fill_n(w.out<T>(i->x), rows.n, nothing);
}

template <class T>
void gather(Worker& w, Words i, RegType type, T nothing) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const BoundColumn& column = w.binder().column(i->z);
  const std::int32_t* rows = w.in<std::int32_t>(i->y);
  T* out = w.out<T>(i->x);
  const bool found =
      with_storage(column, type, [&](const auto* data) { widen_checked(data, column.num_rows, rows, n, out); });
  if (!found) std::fill_n(out, n, nothing);
}

void gather_rows(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const BoundColumn& column = w.binder().column(i->z);
  const std::int32_t* rows = w.in<std::int32_t>(i->y);
  std::int32_t* out = w.out<std::int32_t>(i->x);
  const auto* data = column.storage == Storage::kRow ? static_cast<const std::int32_t*>(column.data) : nullptr;
  for (std::uint64_t k = 0; k < n; ++k) {
    const auto row = static_cast<std::uint32_t>(rows[k]);
    out[k] = data != nullptr && row < column.num_rows ? data[row] : -1;
  }
}

template <class T>
void spread(Worker& w, Words i) {
  const Rows& children = w.rows_of(i->x);
  const std::uint64_t parents = w.rows(0).n;
  const T* in = w.in<T>(i->y);
  T* out = w.out<T>(i->x);
  for (std::uint64_t p = 0; p < parents; ++p) {
    const std::uint64_t end = children.starts[p + 1] - children.first;
    for (std::uint64_t k = children.starts[p] - children.first; k < end; ++k) out[k] = in[p];
  }
}

void spread_bits(Worker& w, Words i) {
  const Rows& children = w.rows_of(i->x);
  const std::uint64_t parents = w.rows(0).n;
  const std::uint64_t* in = w.mask(i->y);
  std::uint64_t* out = w.out_mask(i->x);
  std::memset(out, 0, num_words(children.n) * 8);
  for (std::uint64_t p = 0; p < parents; ++p) {
    if (!bit_at(in, p)) continue;
    std::uint64_t at = children.starts[p] - children.first;
    const std::uint64_t end = children.starts[p + 1] - children.first;
    while (at < end) {
      const std::uint64_t upto = std::min(end, (at / 64 + 1) * 64);
      const std::uint64_t ones = upto - at == 64 ? ~0ULL : ((1ULL << (upto - at)) - 1) << at % 64;
      out[at / 64] |= ones;
      at = upto;
    }
  }
}

void self_rows(Worker& w, Words i) {
  const Rows& rows = w.rows_of(i->x);
  std::int32_t* out = w.out<std::int32_t>(i->x);
  for (std::uint64_t k = 0; k < rows.n; ++k) {
    out[k] = static_cast<std::int32_t>(rows.numbers != nullptr ? rows.numbers[k] : rows.first + k);
  }
}

void look_up(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const std::vector<std::uint16_t>& list = w.pass().lists[i->y];
  const BoundLookup& lookup = w.binder().lookup(i->z);
  std::int32_t* out = w.out<std::int32_t>(i->x);
  for (std::uint64_t k = 0; k < n; ++k) {
    std::uint64_t at = 0;
    bool found = true;
    for (std::size_t part = 0; part < list.size() && found; ++part) {
      std::uint64_t value = 0;
      switch (w.pass().registers[list[part]].type) {
        case RegType::kMask: value = bit_at(w.mask(list[part]), k) ? 1 : 0; break;
        case RegType::kI32: {
          const std::int32_t code = w.in<std::int32_t>(list[part])[k];
          value = static_cast<std::uint64_t>(std::int64_t{code});
          if (const auto& ids = lookup.text_ids[part]; !ids.empty()) {
            const bool inside = code >= 0 && static_cast<std::size_t>(code) < ids.size();
            const std::int32_t id = inside ? ids[static_cast<std::size_t>(code)] : -1;
            found = id >= 0;
            value = static_cast<std::uint64_t>(std::int64_t{id});
          }
          break;
        }
        case RegType::kI64: value = static_cast<std::uint64_t>(w.in<std::int64_t>(list[part])[k]); break;
        case RegType::kF64: value = std::bit_cast<std::uint64_t>(w.in<double>(list[part])[k] + 0.0); break;
      }
      const auto step = found ? lookup.steps.find({at, value}) : lookup.steps.end();
      found = step != lookup.steps.end();
      if (found) at = step->second;
    }
    out[k] = found && !list.empty() ? static_cast<std::int32_t>(at) : -1;
  }
}

template <class T>
void single(Worker& w, Words i, RegType type) {
  const BoundColumn& column = w.binder().column(i->y);
  T value{};
  if (column.num_rows > 0) with_storage(column, type, [&](const auto* data) { value = static_cast<T>(data[0]); });
  std::fill_n(w.out<T>(i->x), w.rows_of(i->x).n, value);
}

void known_bits(Worker& w, Words i) {
  const Rows& rows = w.rows_of(i->x);
  const BoundColumn& column = w.binder().column(i->y);
  std::uint64_t* out = w.out_mask(i->x);
  const std::uint64_t words = num_words(rows.n);
  const bool is_bits = i->op == Op::load_bits;
  const auto* bits = is_bits ? static_cast<const std::uint64_t*>(column.data) : column.valid;
  const bool nothing = column.storage == Storage::kAbsent || (is_bits && column.storage != Storage::kBits) ||
                       (rows.numbers == nullptr && rows.first + rows.n > column.num_rows) || column.num_rows == 0;
  if (nothing) {
    std::memset(out, 0, words * 8);
  } else if (column.storage == Storage::kRow) {
    const auto* data = static_cast<const std::uint32_t*>(column.data);
    fill_mask(rows.n, out, [&](std::uint64_t k) {
      return data[rows.numbers != nullptr ? rows.numbers[k] : rows.first + k] != vector::kNoRow;
    });
  } else if (bits == nullptr) {
    std::memset(out, 0xFF, words * 8);
    if (words != 0) out[words - 1] &= tail_mask(rows.n);
  } else if (rows.numbers == nullptr) {
    copy_bits(bits, rows.first, rows.n, out);
  } else {
    fill_mask(rows.n, out, [&](std::uint64_t k) { return bit_at(bits, rows.numbers[k]); });
  }
}

void gather_bits(Worker& w, Words i) {
  const std::uint64_t n = w.rows_of(i->x).n;
  const BoundColumn& column = w.binder().column(i->z);
  const std::int32_t* rows = w.in<std::int32_t>(i->y);
  std::uint64_t* out = w.out_mask(i->x);
  const bool is_bits = i->op == Op::gather_bits;
  const auto* bits = is_bits ? static_cast<const std::uint64_t*>(column.data) : column.valid;
  if (column.storage == Storage::kAbsent || (is_bits && column.storage != Storage::kBits)) {
    std::memset(out, 0, num_words(n) * 8);
    return;
  }
  const std::uint64_t num_rows = column.num_rows;
  if (column.storage == Storage::kRow) {
    const auto* data = static_cast<const std::uint32_t*>(column.data);
    fill_mask(n, out, [&](std::uint64_t k) {
      const auto row = static_cast<std::uint32_t>(rows[k]);
      return row < num_rows && data[row] != vector::kNoRow;
    });
    return;
  }
  fill_mask(n, out, [&](std::uint64_t k) {
    const auto row = static_cast<std::uint32_t>(rows[k]);
    return row < num_rows && (bits == nullptr || bit_at(bits, row));
  });
}

void not_negative(Worker& w, Words i) {
  const std::int32_t* in = w.in<std::int32_t>(i->y);
  compare(Compare::kGreater, in, -1, w.rows_of(i->x).n, w.out_mask(i->x));
}

template <class T>
void keep(Worker& w, Words i) {
  const Rows& rows = w.rows(0);
  const BoundColumn& column = w.binder().column(i->y);
  if (column.writable == nullptr || rows.first + rows.n > column.num_rows) return;
  std::memcpy(static_cast<T*>(column.writable) + rows.first, w.in<T>(i->x), rows.n * sizeof(T));
}

}  // namespace

// Bits [first, first + n) of a longer mask become those of `in`. Words at the edges belong to this thread.
void write_bits(std::uint64_t* out, std::uint64_t first, std::uint64_t n, const std::uint64_t* in) {
  const unsigned shift = first % 64;
  std::uint64_t* at = out + first / 64;
  if (shift == 0) {
    const std::uint64_t whole = n / 64;
    std::memcpy(at, in, whole * 8);
    if (n % 64 != 0) at[whole] = (at[whole] & ~tail_mask(n)) | in[whole];
    return;
  }
  for (std::uint64_t k = 0; k < num_words(n); ++k) {
    const std::uint64_t rows = std::min<std::uint64_t>(64, n - k * 64);
    const std::uint64_t ones = rows == 64 ? ~0ULL : (1ULL << rows) - 1;
    at[k] = (at[k] & ~(ones << shift)) | in[k] << shift;
    if (shift + rows > 64) at[k + 1] = (at[k + 1] & ~(ones >> (64 - shift))) | in[k] >> (64 - shift);
  }
}

void run_load(Worker& w, Words i) {
  const auto type = static_cast<RegType>(i->tag);
  switch (i->op) {
    case Op::load:
      if (type == RegType::kI32) load<std::int32_t>(w, i, type, 0);
      if (type == RegType::kI64) load<std::int64_t>(w, i, type, 0);
      if (type == RegType::kF64) load<double>(w, i, type, 0);
      break;
    case Op::load_rows: load<std::int32_t>(w, i, RegType::kI32, -1); break;
    case Op::load_bits:
    case Op::load_known: known_bits(w, i); break;
    case Op::self_rows: self_rows(w, i); break;
    case Op::not_negative: not_negative(w, i); break;
    case Op::gather:
      if (type == RegType::kI32) gather<std::int32_t>(w, i, type, 0);
      if (type == RegType::kI64) gather<std::int64_t>(w, i, type, 0);
      if (type == RegType::kF64) gather<double>(w, i, type, 0);
      break;
    case Op::gather_rows: gather_rows(w, i); break;
    case Op::gather_bits:
    case Op::gather_known: gather_bits(w, i); break;
    case Op::spread:
      if (type == RegType::kI32) spread<std::int32_t>(w, i);
      if (type == RegType::kI64) spread<std::int64_t>(w, i);
      if (type == RegType::kF64) spread<double>(w, i);
      break;
    case Op::spread_bits: spread_bits(w, i); break;
    case Op::single:
      if (type == RegType::kI32) single<std::int32_t>(w, i, type);
      if (type == RegType::kI64) single<std::int64_t>(w, i, type);
      if (type == RegType::kF64) single<double>(w, i, type);
      break;
    case Op::single_bits: {
      const BoundColumn& column = w.binder().column(i->y);
      const std::uint64_t n = w.rows_of(i->x).n;
      const bool is_set = column.storage == Storage::kBits && column.num_rows > 0 &&
                          bit_at(static_cast<const std::uint64_t*>(column.data), 0);
      std::uint64_t* out = w.out_mask(i->x);
      std::memset(out, is_set ? 0xFF : 0, num_words(n) * 8);
      if (n != 0) out[num_words(n) - 1] &= tail_mask(n);
      break;
    }
    case Op::look_up: look_up(w, i); break;
    case Op::keep:
      if (type == RegType::kI32) keep<std::int32_t>(w, i);
      if (type == RegType::kI64) keep<std::int64_t>(w, i);
      if (type == RegType::kF64) keep<double>(w, i);
      break;
    default: {  // keep_bits
      const BoundColumn& column = w.binder().column(i->y);
      const Rows& rows = w.rows(0);
      if (column.writable == nullptr || rows.first + rows.n > column.num_rows) break;
      write_bits(static_cast<std::uint64_t*>(column.writable), rows.first, rows.n, w.mask(i->x));
    }
  }
}

}  // namespace seg::exec
