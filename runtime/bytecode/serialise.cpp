// One description of each struct's fields serves both directions: `fields(archive, struct)`.
#include "runtime/bytecode/serialise.h"

#include <bit>
#include <concepts>
#include <cstring>
#include <type_traits>

namespace seg::bytecode {
namespace {

constexpr std::string_view kMagic = "SEGB";
constexpr std::size_t kHeader = 4 + 2 + 2 + 8 + 8;  // magic, version, 0, length, checksum
constexpr int kMaxDepth = 8;                        // lists in lists

// FNV-1a over 64 bits at a time: finds damage, not malice; the verifier is for that.
std::uint64_t checksum(std::string_view bytes) {
  std::uint64_t state = 0xCBF29CE484222325;
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, std::min<std::size_t>(8, bytes.size() - i));
    state = (state ^ word) * 0x100000001B3;
    state ^= state >> 29;
  }
  return state ^ bytes.size();
}

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xFF));
}
std::uint64_t get(std::string_view bytes, std::size_t at, int n) {
  std::uint64_t value = 0;
  for (int i = 0; i < n; ++i)
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[at + static_cast<std::size_t>(i)])) << (8 * i);
  return value;
}

class Writer {
 public:
  static constexpr bool kIsReader = false;
  std::string bytes;

  template <class T>
    requires std::integral<T> || std::is_enum_v<T>
  void operator()(const T& value) {
    put(bytes, static_cast<std::uint64_t>(value), sizeof(T));
  }
  void operator()(const bool& value) { put(bytes, value ? 1 : 0, 1); }
  void operator()(const double& value) { put(bytes, std::bit_cast<std::uint64_t>(value), 8); }
  void operator()(const std::string& text) {
    put(bytes, text.size(), 4);
    bytes += text;
  }
  void operator()(const base::Value& value) {
    put(bytes, value.data.index(), 1);
    switch (value.data.index()) {
      case 1: (*this)(value.flag()); break;
      case 2: (*this)(value.integer()); break;
      case 3: (*this)(value.number()); break;
      case 4: (*this)(value.text()); break;
      case 5:
        (*this)(value.location().latitude);
        (*this)(value.location().longitude);
        break;
      case 6:
        put(bytes, value.list().size(), 4);
        for (const base::Value& element : value.list()) (*this)(element);
        break;
      default: break;
    }
  }
  template <class T>
  void operator()(const std::vector<T>& items) {
    put(bytes, items.size(), 4);
    for (const T& item : items) {
      if constexpr (requires { fields(*this, const_cast<T&>(item)); }) {
        fields(*this, const_cast<T&>(item));
      } else {
        (*this)(item);
      }
    }
  }
};

class Reader {
 public:
  static constexpr bool kIsReader = true;
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return is_ok_; }
  bool at_end() const { return at_ == bytes_.size(); }

  template <class T>
    requires std::integral<T> || std::is_enum_v<T>
  void operator()(T& value) {
    if (!has(sizeof(T))) return;
    value = static_cast<T>(get(bytes_, at_, sizeof(T)));
    at_ += sizeof(T);
  }
  void operator()(bool& value) {
    std::uint8_t byte = 0;
    (*this)(byte);
    value = byte == 1;
    if (byte > 1) is_ok_ = false;
  }
  void operator()(double& value) {
    std::uint64_t bits = 0;
    (*this)(bits);
    value = std::bit_cast<double>(bits);
  }
  void operator()(std::string& text) {
    const std::uint32_t size = count(1);
    text.assign(bytes_.substr(at_, size));
    at_ += size;
  }
  void operator()(base::Value& value) { read_value(value, 0); }
  template <class T>
  void operator()(std::vector<T>& items) {
    const std::uint32_t n = count(1);  // each item takes a byte or more
    for (std::uint32_t i = 0; i < n && is_ok_; ++i) {
      T item{};
      if constexpr (requires { fields(*this, item); }) {
        fields(*this, item);
      } else {
        (*this)(item);
      }
      items.push_back(std::move(item));
    }
  }

 private:
  bool has(std::size_t n) {
    if (!is_ok_ || bytes_.size() - at_ < n) is_ok_ = false;
    return is_ok_;
  }
  std::uint32_t count(std::size_t item_bytes) {
    std::uint32_t n = 0;
    (*this)(n);
    return has(n * item_bytes) ? n : 0;
  }
  void read_value(base::Value& value, int depth) {
    std::uint8_t index = 0;
    (*this)(index);
    if (!is_ok_) return;
    switch (index) {
      case 0: value = base::Value::missing(); break;
      case 1: {
        bool flag = false;
        (*this)(flag);
        value = base::Value::of(flag);
        break;
      }
      case 2: {
        std::int64_t integer = 0;
        (*this)(integer);
        value = base::Value::of(integer);
        break;
      }
      case 3: {
        double number = 0;
        (*this)(number);
        value = base::Value::of(number);
        break;
      }
      case 4: {
        std::string text;
        (*this)(text);
        value = base::Value::of(std::move(text));
        break;
      }
      case 5: {
        base::Location location;
        (*this)(location.latitude);
        (*this)(location.longitude);
        value = base::Value{location};
        break;
      }
      case 6: {
        const std::uint32_t n = count(1);
        base::Value::List list;
        if (depth >= kMaxDepth) is_ok_ = false;
        for (std::uint32_t i = 0; i < n && is_ok_; ++i) {
          base::Value element;
          read_value(element, depth + 1);
          list.push_back(std::move(element));
        }
        value = base::Value{std::move(list)};
        break;
      }
      default: is_ok_ = false;
    }
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  bool is_ok_ = true;
};

template <class A>
void fields(A& a, base::Type& x) {
  a(x.kind), a(x.element), a(x.ranked), a(x.folded), a(x.detail);
}
template <class A>
void fields(A& a, base::Column& x) {
  a(x.name), fields(a, x.type), a(x.required), a(x.privacy), a(x.label), a(x.currency_column);
}
template <class A>
void fields(A& a, base::UnionPart& x) {
  a(x.table), a(x.columns);
}
template <class A>
void fields(A& a, base::Grouping& x) {
  a(x.base), a(x.group_by), a(x.num_plain), a(x.computed);
}
template <class A>
void fields(A& a, base::ChoiceSet& x) {
  a(x.values), a(x.ranked), a(x.name);
}
template <class A>
void fields(A& a, base::Window& x) {
  a(x.kind), a(x.unit), a(x.n), a(x.m), a(x.from_day), a(x.to_day);
}
template <class A>
void fields(A& a, Constant& x) {
  a(x.is_param), a(x.index), fields(a, x.type);
}
template <class A>
void fields(A& a, Param& x) {
  a(x.name), fields(a, x.type), a(x.value);
}
template <class A>
void fields(A& a, ColumnRef& x) {
  a(x.is_kept), a(x.table), a(x.column), a(x.kept_type);
}
template <class A>
void fields(A& a, DictionaryRef& x) {
  a(x.kind), a(x.fn), a(x.a), a(x.b);
}
template <class A>
void fields(A& a, CodeMap& x) {
  a(x.kind), a(x.from), a(x.to);
}
template <class A>
void fields(A& a, Predicate& x) {
  a(x.kind), a(x.is_version), a(x.folds), a(x.dictionary), a(x.constant);
}
template <class A>
void fields(A& a, BoundedWindow& x) {
  fields(a, x.window), a(x.before_as_of);
}
template <class A>
void fields(A& a, Lookup& x) {
  a(x.table), a(x.dictionaries);
}
template <class A>
void fields(A& a, SequenceStep& x) {
  a(x.is_negated), a(x.or_with), a(x.gap), a(x.num_ties);
}
template <class A>
void fields(A& a, Sequence& x) {
  a(x.has_as_of), a(x.steps);
}
template <class A>
void fields(A& a, Register& x) {
  a(x.type), a(x.frame);
}
template <class A>
void fields(A& a, Frame& x) {
  a(x.table), a(x.reference), a(x.via);
}
template <class A>
void fields(A& a, Instruction& x) {
  a(x.op), a(x.tag), a(x.x), a(x.y), a(x.z);
}
template <class A>
void fields(A& a, Step& x) {
  a(x.kind), a(x.index), a(x.kept_masks);
}
template <class A>
void fields(A& a, PopulationColumn& x) {
  a(x.value), a(x.known);
}
template <class A>
void fields(A& a, PopulationFigure& x) {
  a(x.fn), a(x.rounds), a(x.n), a(x.result), a(x.known), a(x.overflow);
}
template <class A>
void fields(A& a, Population& x) {
  a(x.table), fields(a, x.value), a(x.among), fields(a, x.ties), a(x.ties_highest_first), a(x.per), a(x.figures);
}
template <class A>
void fields(A& a, OutputTier& x) {
  a(x.name), a(x.title), a(x.choice);
}
template <class A>
void fields(A& a, MissingSource& x) {
  a(x.output), a(x.name);
}
template <class A>
void fields(A& a, Sticky& x) {
  a(x.output), a(x.cadence.unit), a(x.cadence.count), a(x.stay), a(x.state), a(x.enter), a(x.leave), a(x.start);
  a(x.start_known), a(x.as_of_day), a(x.events);
}
template <class A>
void fields(A& a, Output& x);
template <class A>
void fields(A& a, Pass& x);
template <class A>
void fields(A& a, base::Table& x);

template <class A>
void fields(A& a, base::Table& x) {
  a(x.name), a(x.kind), a(x.columns), a(x.key), a(x.owner), a(x.time), a(x.zone), a(x.parts);
  bool has_group = x.group.has_value();
  a(has_group);
  if (!has_group) return;
  if constexpr (A::kIsReader) x.group.emplace();
  fields(a, *x.group);
}
template <class A>
void fields(A& a, Output& x) {
  a(x.kind), a(x.name), a(x.module), a(x.title), a(x.table), fields(a, x.type), a(x.ranked), a(x.tiers), a(x.choices);
  a(x.dictionary);
}
template <class A>
void fields(A& a, Pass& x) {
  a(x.frames), a(x.registers), a(x.code), a(x.lists);
}
template <class A>
void fields(A& a, Module& x) {
  a(x.schema.tables), a(x.schema.choices), a(x.schema.currencies);
  a(x.values), a(x.params), a(x.constants), a(x.columns), a(x.dictionaries), a(x.code_maps), a(x.predicates);
  a(x.windows), a(x.lookups), a(x.sequences), a(x.outputs), a(x.missing_sources), a(x.stickies), a(x.steps),
      a(x.passes);
  a(x.populations);
}

}  // namespace

std::string serialise(const Module& module) {
  Writer writer;
  fields(writer, const_cast<Module&>(module));  // a writer only reads
  std::string out(kMagic);
  put(out, kVersion, 2);
  put(out, 0, 2);
  put(out, writer.bytes.size(), 8);
  put(out, checksum(writer.bytes), 8);
  return out + writer.bytes;
}

base::Result<Module> deserialise(std::string_view bytes, const std::string& path) {
  if (bytes.size() < kHeader || !bytes.starts_with(kMagic)) return base::Status(base::Code::not_bytecode, {path});
  const std::uint64_t version = get(bytes, 4, 2);
  if (version != kVersion) {
    return base::Status(base::Code::bytecode_version, {path, std::to_string(version), std::to_string(kVersion)});
  }
  const std::string_view body = bytes.substr(kHeader);
  if (get(bytes, 8, 8) != body.size())
    return base::Status(base::Code::bytecode_damaged, {path, "it is cut off or has something behind it"});
  if (get(bytes, 16, 8) != checksum(body))
    return base::Status(base::Code::bytecode_damaged, {path, "its checksum is wrong"});
  Module module;
  Reader reader(body);
  fields(reader, module);
  if (!reader.ok() || !reader.at_end())
    return base::Status(base::Code::bytecode_damaged, {path, "its contents make no program"});
  return module;
}

std::string with_right_checksum(std::string bytes) {
  if (bytes.size() < kHeader) return bytes;
  std::string header = bytes.substr(0, 8);
  put(header, bytes.size() - kHeader, 8);
  put(header, checksum(std::string_view(bytes).substr(kHeader)), 8);
  return header + bytes.substr(kHeader);
}

}  // namespace seg::bytecode
