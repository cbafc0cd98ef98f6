#include "runtime/bytecode/disassemble.h"

#include <cstdio>

namespace seg::bytecode {
namespace {

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

std::string number(double value) {
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "%.17g", value);
  return buffer;
}

std::string print(const base::Value& value) {
  switch (value.data.index()) {
    case 1: return value.flag() ? "yes" : "no";
    case 2: return std::to_string(value.integer());
    case 3: return number(value.number());
    case 4: return quoted(value.text());
    case 5: return "point(" + number(value.location().latitude) + ", " + number(value.location().longitude) + ")";
    case 6: {
      std::string out = "[";
      for (const base::Value& element : value.list()) out += (out.size() > 1 ? ", " : "") + print(element);
      return out + "]";
    }
    default: return "missing";
  }
}

class Printer {
 public:
  explicit Printer(const Module& module) : m_(module) {}

  std::string print_all() {
    out_ = "bytecode " + std::to_string(kVersion) + ", " + std::to_string(m_.outputs.size()) + " outputs, " +
           std::to_string(m_.steps.size()) + " steps\n";
    for (const Sticky& sticky : m_.stickies) print_sticky(sticky);
    for (const Step& step : m_.steps) {
      out_ += '\n';
      if (step.kind == StepKind::kPass) {
        if (step.index < m_.passes.size()) print_pass(step.index);
      } else if (step.kind == StepKind::kPopulation) {
        if (step.index < m_.populations.size()) print_population(m_.populations[step.index]);
      } else {
        out_ += (step.kind == StepKind::kDeriveUnion ? "union " : "group ") + table(step.index);
        for (std::uint32_t mask : step.kept_masks) out_ += mask == base::kNone ? " all" : " where " + column(mask);
        out_ += '\n';
      }
    }
    return std::move(out_);
  }

 private:
  template <class T>
  static bool has(const std::vector<T>& pool, std::uint32_t id) {
    return id < pool.size();
  }
  static std::string unknown(const char* what, std::uint32_t id) {
    return std::string(what) + "?" + std::to_string(id);
  }

  void print_population(const Population& population) {
    out_ += "population " + table(population.table) + " by " + column(population.value.value);
    if (population.value.known != base::kNone) out_ += " where " + column(population.value.known);
    if (population.among != base::kNone) out_ += " among " + column(population.among);
    for (const PopulationColumn& key : population.per) {
      out_ += " per " + column(key.value);
      if (key.known != base::kNone) out_ += " where " + column(key.known);
    }
    if (population.ties.value != base::kNone) {
      out_ += std::string(" ties by ") + (population.ties_highest_first ? "highest " : "lowest ") +
              column(population.ties.value);
      if (population.ties.known != base::kNone) out_ += " where " + column(population.ties.known);
    }
    out_ += '\n';
    for (const PopulationFigure& figure : population.figures) {
      out_ += "  " + std::string(population_fn_name(figure.fn)) + (figure.rounds ? " rounded" : "");
      if (figure.n != base::kNone) out_ += " " + constant(figure.n);
      if (figure.result != base::kNone) out_ += " -> " + column(figure.result);
      if (figure.known != base::kNone) out_ += " known " + column(figure.known);
      if (figure.overflow != base::kNone) out_ += " overflow " + column(figure.overflow);
      out_ += '\n';
    }
  }

  std::string table(base::TableId id) const {
    if (id == base::kNone) return "one row";
    return has(m_.schema.tables, id) ? m_.schema.tables[id].name : unknown("table", id);
  }

  std::string column(std::uint32_t id) const {
    if (!has(m_.columns, id)) return unknown("column", id);
    const ColumnRef& c = m_.columns[id];
    if (c.is_kept) return "kept" + std::to_string(id);
    if (!has(m_.schema.tables, c.table) || !has(m_.schema.tables[c.table].columns, c.column))
      return unknown("column", id);
    return table(c.table) + "." + m_.schema.tables[c.table].columns[c.column].name;
  }

  std::string constant(std::uint32_t id) const {
    if (!has(m_.constants, id)) return unknown("constant", id);
    const Constant& c = m_.constants[id];
    if (c.is_param) return has(m_.params, c.index) ? "param " + m_.params[c.index].name : unknown("param", c.index);
    return has(m_.values, c.index) ? print(m_.values[c.index]) : unknown("value", c.index);
  }

  std::string dictionary(std::uint32_t id) const {
    if (!has(m_.dictionaries, id)) return unknown("dictionary", id);
    const DictionaryRef& d = m_.dictionaries[id];
    switch (d.kind) {
      case DictionaryKind::kColumn: return column(d.a);
      case DictionaryKind::kConstant: return constant(d.a);
      case DictionaryKind::kMap: {
        static constexpr const char* kNames[] = {"lower", "trim", "fold"};
        return std::string(kNames[static_cast<int>(d.fn) % 3]) + "(" + (d.a < id ? dictionary(d.a) : "?") + ")";
      }
      case DictionaryKind::kSorted:
      case DictionaryKind::kVersions: {
        std::string out = d.kind == DictionaryKind::kSorted ? "sorted(" : "versions(";
        out += d.a < id ? dictionary(d.a) : "?";
        if (d.b != base::kNone) out += std::string(", ") + (d.b < id ? dictionary(d.b) : "?");
        return out + ")";
      }
    }
    return "";
  }

  std::string predicate(std::uint32_t id) const {
    if (!has(m_.predicates, id)) return unknown("predicate", id);
    static constexpr const char* kNames[] = {"=", "<", ">", "in", "contains", "starts with", "ends with", "matches"};
    const Predicate& p = m_.predicates[id];
    return std::string("{") + kNames[static_cast<int>(p.kind) % 8] + " " + constant(p.constant) + "}";
  }

  std::string code_map(std::uint32_t id) const {
    if (!has(m_.code_maps, id)) return unknown("map", id);
    const CodeMap& map = m_.code_maps[id];
    if (map.kind == CodeMapKind::kZones) return "to zones";
    return (map.kind == CodeMapKind::kRank ? "to ranks in " : "to ") + dictionary(map.to);
  }

  std::string window(std::uint32_t id) const {
    if (!has(m_.windows, id)) return unknown("window", id);
    static constexpr const char* kUnits[] = {"hours", "days", "weeks", "months", "quarters", "years"};
    const base::Window& w = m_.windows[id].window;
    const std::string unit = kUnits[static_cast<int>(w.unit) % 6];
    const std::string n = std::to_string(w.n);
    std::string text;
    switch (w.kind) {
      case base::WindowKind::kAllTime: text = "all time"; break;
      case base::WindowKind::kLast: text = "last " + n + " " + unit; break;
      case base::WindowKind::kPrevious: text = "previous " + n + " " + unit; break;
      case base::WindowKind::kAgo: text = n + " to " + std::to_string(w.m) + " " + unit + " ago"; break;
      case base::WindowKind::kLastFull:
        text = "last " + n + " full " + unit + (w.m == 0 ? "" : " without the last " + std::to_string(w.m));
        break;
      case base::WindowKind::kThis: text = "this of " + unit; break;
      case base::WindowKind::kNext: text = "next " + n + " " + unit; break;
      case base::WindowKind::kBetween:
        text = "days " + std::to_string(w.from_day) + " to " + std::to_string(w.to_day);
        break;
    }
    return "[" + text + (m_.windows[id].before_as_of ? ", before as-of]" : "]");
  }

  // {then within 3 days, then not within 1 days tied by 1, as-of}
  std::string sequence(std::uint32_t id) const {
    if (!has(m_.sequences, id)) return unknown("sequence", id);
    std::string out = "{";
    for (const SequenceStep& step : m_.sequences[id].steps) {
      out += std::string(out.size() > 1 ? ", then" : "then") + (step.or_with ? " or with" : "");
      out += step.is_negated ? " not" : "";
      if (step.gap != base::kNone) out += " within " + constant(step.gap);
      if (step.num_ties != 0) out += " tied by " + std::to_string(step.num_ties);
    }
    return out + (m_.sequences[id].has_as_of ? ", as-of}" : "}");
  }

  std::string reg(const Pass& pass, std::uint16_t id) const {
    if (id == kAbsent) return "-";
    if (!has(pass.registers, id)) return unknown("r", id);
    static constexpr const char* kPrefix[] = {"m", "i", "l", "d"};
    return std::string(kPrefix[static_cast<int>(pass.registers[id].type) % 4]) + std::to_string(id);
  }

  std::string list(const Pass& pass, std::uint32_t id) const {
    if (!has(pass.lists, id)) return unknown("list", id);
    std::string out = "(";
    for (std::uint16_t r : pass.lists[id]) out += (out.size() > 1 ? ", " : "") + reg(pass, r);
    return out + ")";
  }

  std::string operand_text(const Pass& pass, const Operand& operand, std::uint16_t id) const {
    if (operand.kind != OperandKind::kRegister && id == kAbsent) return "-";
    switch (operand.kind) {
      case OperandKind::kRegister: return reg(pass, id);
      case OperandKind::kColumn: return column(id);
      case OperandKind::kConstant: return constant(id);
      case OperandKind::kPredicate: return predicate(id);
      case OperandKind::kCodeMap: return code_map(id);
      case OperandKind::kWindow: return window(id);
      case OperandKind::kLookup: return has(m_.lookups, id) ? table(m_.lookups[id].table) : unknown("lookup", id);
      case OperandKind::kDictionary: return dictionary(id);
      case OperandKind::kNumber: return std::to_string(id);
      case OperandKind::kOutput: return has(m_.outputs, id) ? m_.outputs[id].name : unknown("output", id);
      case OperandKind::kMissing:
        return has(m_.missing_sources, id) ? quoted(m_.missing_sources[id].name) : unknown("source", id);
      case OperandKind::kMaskList:
      case OperandKind::kList:
      case OperandKind::kChildList:
      case OperandKind::kFamilyList: return list(pass, id);
      case OperandKind::kSequence: return sequence(id);
    }
    return "";
  }

  std::string tag_text(const Instruction& word, TagKind kind) const {
    switch (kind) {
      case TagKind::none: return "";
      case TagKind::type:
        return word.tag <= 3 ? "." + std::string(reg_type_name(static_cast<RegType>(word.tag))) : ".?";
      case TagKind::first: return word.tag == 0 ? ".first" : ".last";
      case TagKind::part: return word.tag == 0 ? ".contains" : word.tag == 1 ? ".starts" : ".ends";
      case TagKind::unit: {
        static constexpr const char* kUnits[] = {".hour", ".day", ".week", ".month", ".quarter", ".year"};
        return word.tag < 6 ? kUnits[word.tag] : ".?";
      }
      case TagKind::digits: return "." + std::to_string(static_cast<std::int8_t>(word.tag));
    }
    return "";
  }

  void print_sticky(const Sticky& sticky) {
    static constexpr const char* kUnits[] = {"hour", "day", "week", "month", "quarter", "year"};
    out_ += "fold " +
            (has(m_.outputs, sticky.output) ? m_.outputs[sticky.output].name : unknown("output", sticky.output)) +
            " every " + std::to_string(sticky.cadence.count) + " " + kUnits[static_cast<int>(sticky.cadence.unit) % 6] +
            ": " + column(sticky.state) + " from " + column(sticky.start) + " known " + column(sticky.start_known) +
            " enter " + column(sticky.enter) + " leave " + column(sticky.leave);
    if (sticky.stay != base::kNone) out_ += " stay " + constant(sticky.stay);
    out_ += '\n';
  }

  void print_pass(std::uint32_t index) {
    const Pass& pass = m_.passes[index];
    out_ += "pass " + std::to_string(index) + " over " + (pass.frames.empty() ? "?" : table(pass.frames[0].table));
    for (std::size_t f = 1; f < pass.frames.size(); ++f) {
      const Frame& frame = pass.frames[f];
      out_ += ", with " + table(frame.table);
      if (frame.reference == kGroupRef) {
        out_ += " by group";
      } else if (frame.reference == kWholeTable) {
        out_ += " whole";
      } else if (has(m_.schema.tables, frame.table) && has(m_.schema.tables[frame.table].columns, frame.reference)) {
        out_ += " by " + m_.schema.tables[frame.table].columns[frame.reference].name;
      }
      if (frame.via != base::kNone) out_ += " of the same";
    }
    out_ += '\n';
    for (std::size_t i = 0; i < pass.code.size();) {
      const Instruction* words = &pass.code[i];
      if (static_cast<int>(words->op) >= kNumOps) {
        out_ += "  ?\n";
        ++i;
        continue;
      }
      const OpInfo& info = op_info(words->op);
      if (i + static_cast<std::size_t>(info.num_words) > pass.code.size()) break;
      print_instruction(pass, words, info);
      i += static_cast<std::size_t>(info.num_words);
    }
  }

  // "  purchase  m3 = in_window.i64 l2, [last 90 days, before as-of]"
  void print_instruction(const Pass& pass, const Instruction* words, const OpInfo& info) {
    std::string written;
    std::string read;
    std::uint32_t frame = 0;
    for (int k = 0; k < info.num_operands; ++k) {
      const std::uint16_t id = operand(words, k);
      const Operand& what = info.operands[k];
      const std::string text = operand_text(pass, what, id);
      if (what.written) {
        written += (written.empty() ? "" : ", ") + text;
        if (has(pass.registers, id)) frame = pass.registers[id].frame;
      } else if (id != kAbsent || !what.optional) {
        read += (read.empty() ? " " : ", ") + text;
      }
    }
    std::string where = frame < pass.frames.size() ? table(pass.frames[frame].table) : "?";
    if (where.size() < 12) where.resize(12, ' ');
    out_ += "  " + where + " ";
    if (!written.empty()) {
      if (written.size() < 8) written.insert(0, 8 - written.size(), ' ');
      out_ += written + " = ";
    } else {
      out_ += "           ";
    }
    out_ += std::string(info.name) + tag_text(*words, info.tag) + read + '\n';
  }

  const Module& m_;
  std::string out_;
};

}  // namespace

std::string disassemble(const Module& module) { return Printer(module).print_all(); }

}  // namespace seg::bytecode
