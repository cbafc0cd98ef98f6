// Pools first, each entry against those it names, then every pass: registers defined before use and of the right type
// and frame, operands inside their pools, one emission for each output.
#include "runtime/bytecode/verify.h"

#include <algorithm>
#include <map>

namespace seg::bytecode {
namespace {

constexpr std::size_t kMaxProblems = 20;
constexpr std::uint32_t kByFold = 0xFFFFFFFE;  // for the step that keeps a column: before all

class Verifier {
 public:
  explicit Verifier(const Module& module) : m_(module) {}

  std::vector<std::string> verify() {
    check_schema();
    if (problems_.empty()) check_pools();
    if (problems_.empty()) check_steps();
    if (problems_.empty()) {
      for (const Sticky& sticky : m_.stickies) {
        if (kept_by_[sticky.state] != base::kNone) problem("two sticky segments with one state");
        kept_by_[sticky.state] = kByFold;
      }
      for (const Step& step : m_.steps) {
        if (step.kind == StepKind::kPass) check_pass(step.index);
        if (step.kind == StepKind::kPopulation) {
          check_population(m_.populations[step.index], static_cast<std::uint32_t>(&step - m_.steps.data()));
        }
      }
      for (const Sticky& sticky : m_.stickies) {
        for (std::uint32_t column : {sticky.enter, sticky.leave, sticky.start, sticky.start_known, sticky.as_of_day}) {
          if (kept_by_[column] == base::kNone || kept_by_[column] == kByFold)
            problem("a sticky segment's condition that no pass keeps");
        }
      }
    }
    return std::move(problems_);
  }

 private:
  void problem(std::string text) {
    if (problems_.size() < kMaxProblems) problems_.push_back(std::move(text));
  }
  template <class T>
  static bool has(const std::vector<T>& pool, std::uint32_t id) {
    return id < pool.size();
  }
  bool has_column(base::TableId table, base::ColumnId column) const {
    return has(m_.schema.tables, table) && has(m_.schema.tables[table].columns, column);
  }
  bool is_reference(base::TableId table, base::ColumnId column, base::TableId to) const {
    if (!has_column(table, column)) return false;
    const base::Type& type = m_.schema.tables[table].columns[column].type;
    return type.kind == base::TypeKind::kReference && type.detail == to;
  }

  void check_type(const base::Type& type, const std::string& where) {
    if (static_cast<int>(type.kind) > static_cast<int>(base::TypeKind::kReference) ||
        static_cast<int>(type.element) > static_cast<int>(base::TypeKind::kReference)) {
      problem(where + ": no such type");
      return;
    }
    const base::TypeKind kind = type.kind == base::TypeKind::kList ? type.element : type.kind;
    if (kind == base::TypeKind::kReference && !has(m_.schema.tables, type.detail))
      problem(where + ": refers to no table");
    if (kind == base::TypeKind::kChoice && type.detail != base::kNoDetail && !has(m_.schema.choices, type.detail)) {
      problem(where + ": no such choice");
    }
  }

  void check_schema() {
    for (std::size_t t = 0; t < m_.schema.tables.size(); ++t) {
      const base::Table& table = m_.schema.tables[t];
      const std::string name = "table " + std::to_string(t);
      const auto optional = [&](base::ColumnId column) {
        if (column != base::kNone && !has(table.columns, column)) problem(name + ": names a column it does not have");
      };
      for (const base::Column& column : table.columns) {
        check_type(column.type, name);
        optional(column.currency_column);
      }
      for (base::ColumnId key : table.key) optional(key == base::kNone ? 0xFFFFFFF0U : key);
      optional(table.owner);
      optional(table.time);
      optional(table.zone);
      if (table.time < table.columns.size()) {
        const base::TypeKind kind = table.columns[table.time].type.kind;
        if (kind != base::TypeKind::kTime && kind != base::TypeKind::kDate) problem(name + ": its time is no time");
      }
      if (static_cast<int>(table.kind) > static_cast<int>(base::TableKind::kGrouped)) problem(name + ": no such kind");
      for (const base::UnionPart& part : table.parts) {
        if (!has(m_.schema.tables, part.table) || part.columns.size() != table.columns.size()) {
          problem(name + ": a part that does not fit");
          continue;
        }
        for (std::size_t c = 0; c < part.columns.size(); ++c) {
          if (part.columns[c] == base::kNone) continue;
          if (!has_column(part.table, part.columns[c])) {
            problem(name + ": a part without that column");
          } else if (const base::Type& from = m_.schema.tables[part.table].columns[part.columns[c]].type;
                     from.kind != table.columns[c].type.kind || from.element != table.columns[c].type.element ||
                     (from.kind == base::TypeKind::kReference && from.detail != table.columns[c].type.detail)) {
            problem(name + ": a part's column of another type");
          }
        }
      }
      if (table.group) check_group(table, name);
    }
  }

  void check_group(const base::Table& table, const std::string& name) {
    const base::Grouping& group = *table.group;
    if (!has(m_.schema.tables, group.base)) return problem(name + ": groups no table");
    const base::Table& base = m_.schema.tables[group.base];
    const bool fits = has(base.columns, base.owner) && has(base.columns, base.time) &&
                      group.num_plain == group.group_by.size() + 2 &&
                      table.columns.size() == group.num_plain + group.computed.size();
    if (!fits) return problem(name + ": columns that do not fit its grouping");
    const auto same = [&](base::ColumnId column, base::ColumnId of_base) {
      return has(base.columns, of_base) && table.columns[column].type.kind == base.columns[of_base].type.kind &&
             (table.columns[column].type.kind != base::TypeKind::kReference ||
              table.columns[column].type.detail == base.columns[of_base].type.detail);
    };
    if (!same(0, base.owner) || !same(1, base.time)) problem(name + ": owner or time of another type than its rows'");
    for (std::size_t c = 0; c < group.group_by.size(); ++c) {
      if (!same(static_cast<base::ColumnId>(c + 2), group.group_by[c]))
        problem(name + ": grouped by what is not there");
    }
  }

  void check_pools() {
    const auto each = [&](const auto& pool, const char* what, auto check) {
      for (std::size_t i = 0; i < pool.size(); ++i) {
        if (!check(pool[i], static_cast<std::uint32_t>(i)))
          problem(std::string(what) + " " + std::to_string(i) + " names what is not there");
      }
    };
    each(m_.constants, "constant", [&](const Constant& c, std::uint32_t i) {
      check_type(c.type, "constant " + std::to_string(i));
      return c.is_param ? has(m_.params, c.index) : has(m_.values, c.index);
    });
    each(m_.params, "param",
         [&](const Param& p, std::uint32_t) { return check_type(p.type, "param " + p.name), true; });
    each(m_.columns, "column", [&](const ColumnRef& c, std::uint32_t) {
      if (static_cast<int>(c.kept_type) > 3) return false;
      if (c.is_kept) return c.table == base::kNone || has(m_.schema.tables, c.table);
      return has_column(c.table, c.column);
    });
    each(m_.dictionaries, "dictionary", [&](const DictionaryRef& d, std::uint32_t i) {
      if (static_cast<int>(d.fn) > 2) return false;
      switch (d.kind) {
        case DictionaryKind::kColumn: return has(m_.columns, d.a) && !m_.columns[d.a].is_kept;
        case DictionaryKind::kConstant: return has(m_.constants, d.a);
        case DictionaryKind::kMap: return d.a < i;
        case DictionaryKind::kSorted:
        case DictionaryKind::kVersions: return d.a < i && (d.b == base::kNone || d.b < i);
      }
      return false;
    });
    each(m_.code_maps, "code map", [&](const CodeMap& c, std::uint32_t) {
      if (static_cast<int>(c.kind) > 3 || !has(m_.dictionaries, c.from)) return false;
      if (c.kind == CodeMapKind::kZones) return c.to == base::kNone;
      if (!has(m_.dictionaries, c.to)) return false;
      std::uint32_t at = c.to;
      if (c.kind == CodeMapKind::kMap) {
        while (at != c.from && m_.dictionaries[at].kind == DictionaryKind::kMap && m_.dictionaries[at].a < at) {
          at = m_.dictionaries[at].a;
        }
        return at == c.from;
      }
      return true;
    });
    each(m_.predicates, "predicate", [&](const Predicate& p, std::uint32_t) {
      return static_cast<int>(p.kind) <= static_cast<int>(PredicateKind::kMatches) &&
             has(m_.dictionaries, p.dictionary) && has(m_.constants, p.constant);
    });
    each(m_.windows, "window", [&](const BoundedWindow& w, std::uint32_t) {
      constexpr std::int64_t kMost = 1'000'000'000'000;
      const auto fits = [](std::int64_t n) { return n >= -kMost && n <= kMost; };
      return static_cast<int>(w.window.kind) <= static_cast<int>(base::WindowKind::kBetween) &&
             static_cast<int>(w.window.unit) <= static_cast<int>(base::TimeUnit::kYear) && fits(w.window.n) &&
             fits(w.window.m);
    });
    each(m_.lookups, "lookup", [&](const Lookup& l, std::uint32_t) {
      if (!has(m_.schema.tables, l.table) || m_.schema.tables[l.table].key.size() != l.dictionaries.size())
        return false;
      return std::all_of(l.dictionaries.begin(), l.dictionaries.end(),
                         [&](std::uint32_t d) { return d == base::kNone || has(m_.dictionaries, d); });
    });
    each(m_.missing_sources, "missing source",
         [&](const MissingSource& s, std::uint32_t) { return has(m_.outputs, s.output); });
    each(m_.stickies, "sticky segment", [&](const Sticky& s, std::uint32_t) {
      if (!has(m_.outputs, s.output) || m_.outputs[s.output].kind != OutputKind::kSegment) return false;
      const base::TableId table = m_.outputs[s.output].table;
      const auto is_kept = [&](std::uint32_t id, RegType type) {
        return has(m_.columns, id) && m_.columns[id].is_kept && m_.columns[id].table == table &&
               m_.columns[id].kept_type == type;
      };
      const bool is_stay_known = s.stay == base::kNone || (has(m_.constants, s.stay) &&
                                                           m_.constants[s.stay].type.kind == base::TypeKind::kDuration);
      return has(m_.schema.tables, table) && is_stay_known && s.cadence.unit != base::TimeUnit::kHour &&
             static_cast<int>(s.cadence.unit) <= static_cast<int>(base::TimeUnit::kYear) && s.cadence.count >= 1 &&
             s.cadence.count <= base::kMaxCadence && is_kept(s.state, RegType::kMask) &&
             is_kept(s.enter, RegType::kMask) && is_kept(s.leave, RegType::kMask) && is_kept(s.start, RegType::kI32) &&
             is_kept(s.start_known, RegType::kMask) && is_kept(s.as_of_day, RegType::kI32) &&
             std::all_of(s.events.begin(), s.events.end(), [&](base::TableId t) { return has(m_.schema.tables, t); });
    });
    each(m_.sequences, "sequence", [&](const Sequence& s, std::uint32_t) {
      return std::all_of(s.steps.begin(), s.steps.end(), [&](const SequenceStep& step) {
        if (step.gap == base::kNone) return true;
        return has(m_.constants, step.gap) && m_.constants[step.gap].type.kind == base::TypeKind::kDuration;
      });
    });
    each(m_.outputs, "output", [&](const Output& o, std::uint32_t i) {
      check_type(o.type, "output " + std::to_string(i));
      return static_cast<int>(o.kind) <= static_cast<int>(OutputKind::kScore) &&
             (o.table == base::kNone || has(m_.schema.tables, o.table)) &&
             (o.dictionary == base::kNone || has(m_.dictionaries, o.dictionary));
    });
  }

  // Derived tables are made before anything reads them, once; kept columns are written before they are read.
  void check_steps() {
    std::vector<bool> is_made(m_.schema.tables.size(), true);
    for (std::size_t t = 0; t < m_.schema.tables.size(); ++t) {
      const base::TableKind kind = m_.schema.tables[t].kind;
      if (kind == base::TableKind::kUnion || kind == base::TableKind::kGrouped) is_made[t] = false;
    }
    std::vector<bool> is_run(m_.passes.size(), false);
    std::vector<bool> is_ranked(m_.populations.size(), false);
    kept_by_.assign(m_.columns.size(), base::kNone);
    step_of_pass_.assign(m_.passes.size(), 0);
    for (std::size_t s = 0; s < m_.steps.size(); ++s) {
      const Step& step = m_.steps[s];
      const std::string name = "step " + std::to_string(s);
      if (step.kind == StepKind::kPass) {
        if (!has(m_.passes, step.index) || is_run[step.index]) {
          problem(name + ": no pass, or one that has run");
          continue;
        }
        is_run[step.index] = true;
        step_of_pass_[step.index] = static_cast<std::uint32_t>(s);
        check_frames(m_.passes[step.index], is_made, name);
        continue;
      }
      if (step.kind == StepKind::kPopulation) {
        if (!has(m_.populations, step.index) || is_ranked[step.index]) {
          problem(name + ": no population, or one that was looked at");
          continue;
        }
        is_ranked[step.index] = true;
        const base::TableId table = m_.populations[step.index].table;
        if (!has(m_.schema.tables, table) || !is_made[table]) problem(name + ": of no table that is there");
        continue;
      }
      const bool is_union = step.kind == StepKind::kDeriveUnion;
      if ((!is_union && step.kind != StepKind::kDeriveGrouped) || !has(m_.schema.tables, step.index)) {
        problem(name + ": no such derivation");
        continue;
      }
      const base::Table& table = m_.schema.tables[step.index];
      const bool fits = is_union
                            ? table.kind == base::TableKind::kUnion && step.kept_masks.size() == table.parts.size()
                            : table.kind == base::TableKind::kGrouped && table.group && step.kept_masks.size() == 1;
      if (!fits || is_made[step.index]) {
        problem(name + ": a table that is not derived so, or already");
        continue;
      }
      for (std::size_t k = 0; k < step.kept_masks.size(); ++k) {
        const base::TableId from = is_union ? table.parts[k].table : table.group->base;
        if (!is_made[from]) problem(name + ": derived from a table that is not made yet");
        const std::uint32_t mask = step.kept_masks[k];
        if (mask == base::kNone) continue;
        const bool is_mask = has(m_.columns, mask) && m_.columns[mask].is_kept && m_.columns[mask].table == from &&
                             m_.columns[mask].kept_type == RegType::kMask;
        if (!is_mask) problem(name + ": rows kept by what is no mask of that table");
      }
      is_made[step.index] = true;
    }
    for (std::size_t p = 0; p < is_run.size(); ++p) {
      if (!is_run[p]) problem("pass " + std::to_string(p) + " is never run");
    }
    for (std::size_t p = 0; p < is_ranked.size(); ++p) {
      if (!is_ranked[p]) problem("population " + std::to_string(p) + " is never looked at");
    }
  }

  void check_frames(const Pass& pass, const std::vector<bool>& is_made, const std::string& name) {
    if (pass.frames.empty() || pass.frames.size() >= kAbsent) return problem(name + ": no frames");
    const base::TableId root = pass.frames[0].table;
    if (root != base::kNone && !has(m_.schema.tables, root)) return problem(name + ": no such table");
    if (root != base::kNone && !is_made[root]) problem(name + ": a table that is not made yet");
    for (std::size_t f = 1; f < pass.frames.size(); ++f) {
      const Frame& frame = pass.frames[f];
      if (!has(m_.schema.tables, frame.table)) {
        problem(name + ": a frame of no table");
        continue;
      }
      if (!is_made[frame.table]) problem(name + ": a table that is not made yet");
      bool fits = false;
      if (frame.via != base::kNone) {
        fits = root != base::kNone && has_column(root, frame.via) && has_column(frame.table, frame.reference);
        if (fits) {
          const base::Type& owner = m_.schema.tables[root].columns[frame.via].type;
          fits = owner.kind == base::TypeKind::kReference && is_reference(frame.table, frame.reference, owner.detail);
        }
      } else if (frame.reference == kWholeTable) {
        fits = root == base::kNone;
      } else if (frame.reference == kGroupRef) {
        fits = root != base::kNone && m_.schema.tables[root].group && m_.schema.tables[root].group->base == frame.table;
      } else {
        fits = root != base::kNone && is_reference(frame.table, frame.reference, root);
      }
      if (!fits) problem(name + ": a frame whose rows do not belong to the root's");
    }
    for (const Register& reg : pass.registers) {
      if (static_cast<int>(reg.type) > 3 || reg.frame >= pass.frames.size())
        return problem(name + ": a register of no frame");
    }
  }

  void check_pass(std::size_t index) {
    const Pass& pass = m_.passes[index];
    std::vector<bool> is_defined(pass.registers.size(), false);
    for (std::size_t i = 0; i < pass.code.size() && problems_.size() < kMaxProblems;) {
      const Instruction* words = &pass.code[i];
      at_ = "pass " + std::to_string(index) + ", word " + std::to_string(i);
      if (static_cast<int>(words->op) >= kNumOps || words->op == Op::more) return problem(at_ + ": no instruction");
      const OpInfo& info = op_info(words->op);
      if (i + static_cast<std::size_t>(info.num_words) > pass.code.size())
        return problem(at_ + ": half an instruction");
      if (info.num_words == 2 && words[1].op != Op::more) return problem(at_ + ": its second word is missing");
      at_ += std::string(" (") + std::string(info.name) + ")";
      check_instruction(pass, words, info, is_defined);
      i += static_cast<std::size_t>(info.num_words);
    }
  }

  // Columns of the population's table: those it reads kept by earlier steps, those it writes by nobody else.
  void check_population(const Population& population, std::uint32_t step) {
    at_ = "population at step " + std::to_string(step);
    const auto type_of = [&](std::uint32_t column) { return m_.columns[column].kept_type; };
    const auto is_kept = [&](std::uint32_t column) {
      return has(m_.columns, column) && m_.columns[column].is_kept && m_.columns[column].table == population.table;
    };
    const auto reads = [&](std::uint32_t column, bool is_mask, bool optional) {
      if (column == base::kNone && optional) return true;
      const bool fits = is_kept(column) && kept_by_[column] != base::kNone && kept_by_[column] != step &&
                        (!is_mask || type_of(column) == RegType::kMask);
      if (!fits) problem(at_ + ": reads a column that no earlier step keeps");
      return fits;
    };
    const auto writes = [&](std::uint32_t column, RegType type) {
      if (column == base::kNone) return;
      if (!is_kept(column) || type_of(column) != type || kept_by_[column] != base::kNone)
        return problem(at_ + ": writes another column");
      kept_by_[column] = step;
    };
    const auto reads_values = [&](const PopulationColumn& column, bool may_be_mask) {
      if (!reads(column.value, false, false) || !reads(column.known, true, true)) return false;
      if (!may_be_mask && type_of(column.value) == RegType::kMask)
        return problem(at_ + ": a mask where values are needed"), false;
      return true;
    };
    if (!reads_values(population.value, false) || !reads(population.among, true, true)) return;
    if (population.ties.value != base::kNone && !reads_values(population.ties, false)) return;
    for (const PopulationColumn& key : population.per) {
      if (!reads_values(key, true)) return;
    }
    const RegType value = type_of(population.value.value);
    for (const PopulationFigure& figure : population.figures) {
      if (figure.fn > PopulationFn::kDeviation) return problem(at_ + ": no such figure");
      const bool adds = figure.fn == PopulationFn::kSum || figure.fn == PopulationFn::kAverage ||
                        figure.fn == PopulationFn::kMedian || figure.fn == PopulationFn::kDeviation;
      if ((adds && value == RegType::kI32) || (figure.rounds && value != RegType::kI64))
        return problem(at_ + ": a figure of other values");
      const bool is_top = figure.fn == PopulationFn::kTop || figure.fn == PopulationFn::kBottom;
      const bool counts = figure.fn == PopulationFn::kTile || is_top;
      const bool shares = figure.fn == PopulationFn::kQuantile || is_top;
      if ((counts || shares) != (figure.n != base::kNone)) return problem(at_ + ": a figure without its number");
      if (counts || shares) {
        if (!has(m_.constants, figure.n)) return problem(at_ + ": a constant that is not there");
        const base::TypeKind kind = m_.constants[figure.n].type.kind;
        const bool fits = (counts && kind == base::TypeKind::kInteger) || (shares && kind == base::TypeKind::kNumber);
        if (!fits) return problem(at_ + ": a constant of another type");
      }
      writes(figure.result, population_result(figure, value));
      writes(figure.known, RegType::kMask);
      writes(figure.overflow, RegType::kMask);
    }
  }

  bool is_tag_good(const Instruction& word, TagKind kind) const {
    switch (kind) {
      case TagKind::none: return word.tag == 0;
      case TagKind::type: return word.tag >= 1 && word.tag <= 3;
      case TagKind::first: return word.tag <= 1;
      case TagKind::part: return word.tag <= 2;
      case TagKind::unit: return word.tag <= static_cast<int>(base::TimeUnit::kYear);
      case TagKind::digits: return true;
    }
    return false;
  }

  void check_instruction(const Pass& pass, const Instruction* words, const OpInfo& info,
                         std::vector<bool>& is_defined) {
    if (!is_tag_good(*words, info.tag)) return problem(at_ + ": a tag it does not have");
    for (int k = info.num_operands; k < 3 * info.num_words; ++k) {
      if (operand(words, k) != kAbsent) return problem(at_ + ": more operands than it has");
    }
    if (info.num_words == 2 && words[1].tag != 0) return problem(at_ + ": a tag on its second word");
    std::uint32_t own = base::kNone;    // the instruction's frame
    std::uint32_t child = base::kNone;  // of aggregates
    for (int k = 0; k < info.num_operands; ++k) {
      const Operand& what = info.operands[k];
      if (what.kind != OperandKind::kRegister || what.role != FrameRole::kOwn) continue;
      const std::uint16_t id = operand(words, k);
      if (id == kAbsent || !has(pass.registers, id)) continue;
      if (own == base::kNone) own = pass.registers[id].frame;
    }
    std::vector<std::uint16_t> written;
    for (int k = 0; k < info.num_operands; ++k) {
      const Operand& what = info.operands[k];
      const std::uint16_t id = operand(words, k);
      if (id == kAbsent && what.optional) continue;
      if (what.kind == OperandKind::kRegister) {
        const RegType type = what.type_is_tag ? static_cast<RegType>(words->tag) : what.type;
        if (!check_register(pass, id, type)) return;
        const std::uint32_t frame = pass.registers[id].frame;
        if (what.role == FrameRole::kOwn && frame != own) return problem(at_ + ": registers of two frames");
        if (what.role == FrameRole::kParent && (frame != 0 || own == 0)) return problem(at_ + ": no parent's register");
        if (what.role == FrameRole::kChild) {
          if (own != 0 || frame == 0 || (child != base::kNone && child != frame))
            return problem(at_ + ": no child's register");
          child = frame;
        }
        if (what.written) {
          written.push_back(id);
        } else if (!is_defined[id]) {
          return problem(at_ + ": register " + std::to_string(id) + " is read before it is written");
        }
      } else if (!check_operand(pass, words, k, what, own, child, is_defined)) {
        return;
      }
    }
    for (std::size_t a = 0; a < written.size(); ++a) {
      for (int k = 0; k < info.num_operands; ++k) {
        const Operand& what = info.operands[k];
        if (what.kind == OperandKind::kRegister && !what.written && operand(words, k) == written[a]) {
          return problem(at_ + ": writes what it reads");
        }
        if ((what.kind == OperandKind::kMaskList || what.kind == OperandKind::kList ||
             what.kind == OperandKind::kFamilyList) &&
            has(pass.lists, operand(words, k))) {
          const auto& list = pass.lists[operand(words, k)];
          if (std::find(list.begin(), list.end(), written[a]) != list.end())
            return problem(at_ + ": writes what it reads");
        }
      }
      for (std::size_t b = 0; b < a; ++b) {
        if (written[a] == written[b]) return problem(at_ + ": writes one register twice");
      }
    }
    for (std::uint16_t id : written) is_defined[id] = true;
    check_meaning(pass, words, own);
  }

  bool check_register(const Pass& pass, std::uint16_t id, RegType type) {
    if (!has(pass.registers, id)) return problem(at_ + ": no such register"), false;
    if (pass.registers[id].type != type) return problem(at_ + ": a register of another type"), false;
    return true;
  }

  bool check_list(const Pass& pass, std::uint16_t id, std::uint32_t frame, bool masks_only,
                  const std::vector<bool>& is_defined) {
    if (!has(pass.lists, id)) return problem(at_ + ": no such list"), false;
    for (std::uint16_t reg : pass.lists[id]) {
      const bool fits = has(pass.registers, reg) && pass.registers[reg].frame == frame && is_defined[reg] &&
                        (!masks_only || pass.registers[reg].type == RegType::kMask);
      if (!fits) return problem(at_ + ": a list with a register that does not fit"), false;
    }
    return true;
  }

  bool check_operand(const Pass& pass, const Instruction* words, int k, const Operand& what, std::uint32_t own,
                     std::uint32_t child, const std::vector<bool>& is_defined) {
    const std::uint16_t id = operand(words, k);
    bool fits = true;
    switch (what.kind) {
      case OperandKind::kRegister: break;
      case OperandKind::kColumn: return check_column(pass, words, id, own);
      case OperandKind::kConstant: fits = has(m_.constants, id); break;
      case OperandKind::kPredicate: fits = has(m_.predicates, id); break;
      case OperandKind::kCodeMap: fits = has(m_.code_maps, id); break;
      case OperandKind::kWindow: fits = has(m_.windows, id); break;
      case OperandKind::kLookup: fits = has(m_.lookups, id); break;
      case OperandKind::kDictionary: fits = has(m_.dictionaries, id); break;
      case OperandKind::kNumber: break;
      case OperandKind::kOutput: fits = has(m_.outputs, id); break;
      case OperandKind::kMissing: fits = has(m_.missing_sources, id); break;
      case OperandKind::kMaskList: return check_list(pass, id, own, true, is_defined);
      case OperandKind::kList: return check_list(pass, id, own, false, is_defined);
      case OperandKind::kChildList: return check_list(pass, id, child, false, is_defined);
      case OperandKind::kFamilyList:
        fits = has(pass.lists, id) && std::all_of(pass.lists[id].begin(), pass.lists[id].end(), [&](std::uint16_t reg) {
                 return has(pass.registers, reg) && is_defined[reg];
               });
        break;
      case OperandKind::kSequence: fits = has(m_.sequences, id); break;
    }
    if (!fits) problem(at_ + ": an operand that is not there");
    return fits;
  }

  // Columns of the instruction's frame, or of any table by row number; kept ones only after the pass that writes them.
  bool check_column(const Pass& pass, const Instruction* words, std::uint16_t id, std::uint32_t own) {
    if (!has(m_.columns, id)) return problem(at_ + ": no such column"), false;
    const ColumnRef& column = m_.columns[id];
    const base::TableId table = own == base::kNone ? pass.frames[0].table : pass.frames[own].table;
    const auto refuse = [&](const char* why) { return problem(at_ + ": " + why), false; };
    const auto step = step_of_pass_[static_cast<std::size_t>(&pass - m_.passes.data())];
    const bool is_kept_here = words->op == Op::keep || words->op == Op::keep_bits;
    if (column.is_kept && !is_kept_here && (kept_by_[id] == base::kNone || kept_by_[id] == step)) {
      return refuse("a column that no earlier pass keeps");
    }
    switch (words->op) {
      case Op::keep:
      case Op::keep_bits: {
        const RegType type = words->op == Op::keep ? static_cast<RegType>(words->tag) : RegType::kMask;
        if (!column.is_kept || own != 0 || column.table != table || column.kept_type != type)
          return refuse("keeps another column");
        if (kept_by_[id] != base::kNone) return refuse("a column that is kept already");
        kept_by_[id] = step;
        return true;
      }
      case Op::load:
      case Op::load_bits:
      case Op::load_known:
      case Op::load_rows:
        if (column.table != table) return refuse("a column of another table");
        break;
      case Op::single:
      case Op::single_bits:
        if (!column.is_kept || column.table != base::kNone) return refuse("a column of a table");
        break;
      default:
        if (column.table == base::kNone) return refuse("a column of no table");
        break;
    }
    return true;
  }

  // Whose registers the list has, one after another: as struct Sequence says.
  void check_sequence(const Pass& pass, const std::vector<std::uint16_t>& list, const Sequence& sequence,
                      std::uint32_t own, Op op) {
    std::size_t at = 0;
    bool fits = true;
    const auto next = [&](std::uint32_t& frame) {
      if (at >= list.size()) return fits = false, RegType::kMask;
      const Register& reg = pass.registers[list[at++]];
      if (frame == base::kNone) frame = reg.frame;
      fits = fits && reg.frame == frame;
      return reg.type;
    };
    std::uint32_t first = own;
    fits = next(first) == RegType::kMask && fits;
    const RegType time = next(first);
    fits = fits && (time == RegType::kI32 || time == RegType::kI64);
    if (sequence.has_as_of) fits = next(first) == time && fits;
    std::uint32_t before = own;
    for (const SequenceStep& step : sequence.steps) {
      std::uint32_t frame = base::kNone;
      fits = next(frame) == RegType::kMask && fits && frame != 0;
      fits = next(frame) == time && fits;
      if (step.num_ties != 0) fits = next(before) == RegType::kMask && fits;
      for (std::size_t k = 0; k < step.num_ties && fits; ++k) {
        const RegType type = next(frame);
        fits = fits && type != RegType::kMask;
      }
      for (std::size_t k = 0; k < step.num_ties && fits; ++k) {
        const RegType type = pass.registers[list[at - step.num_ties]].type;
        fits = next(before) == type && fits;
      }
      if (!step.is_negated) before = frame;
    }
    fits = fits && at == list.size() && !sequence.steps.empty();
    if (op == Op::elapsed) fits = fits && sequence.steps.size() == 1 && !sequence.steps[0].is_negated;
    if (!fits) problem(at_ + ": registers that make no sequence");
  }

  void check_meaning(const Pass& pass, const Instruction* words, std::uint32_t own) {
    switch (words->op) {
      case Op::add:
      case Op::subtract:
      case Op::multiply:
      case Op::negate:
      case Op::absolute:
      case Op::sum:
      case Op::average:
      case Op::median:
        if (words->tag == static_cast<int>(RegType::kI32)) problem(at_ + ": not for i32");
        break;
      case Op::in_window:
        if (words->tag == static_cast<int>(RegType::kF64)) problem(at_ + ": not for f64");
        break;
      case Op::gap:
        if (own == 0) problem(at_ + ": only among siblings");
        break;
      case Op::sequence:
      case Op::elapsed: check_sequence(pass, pass.lists[words->y], m_.sequences[words->z], own, words->op); break;
      case Op::look_up:
        if (pass.lists[words->y].size() != m_.lookups[words->z].dictionaries.size())
          problem(at_ + ": another number of keys");
        break;
      case Op::emit_segment:
      case Op::emit_value:
      case Op::emit_flag: {
        if (own != 0) problem(at_ + ": not of the root");
        if (m_.outputs[words->x].table != pass.frames[0].table) problem(at_ + ": an output of another table");
        const bool is_segment = m_.outputs[words->x].kind == OutputKind::kSegment;
        if (is_segment != (words->op == Op::emit_segment)) problem(at_ + ": not how that output is given");
        if (++num_emitted_[words->x] > 1) problem(at_ + ": an output that was given already");
        break;
      }
      case Op::emit_missing:
      case Op::emit_overflow:
      case Op::emit_outside:
        if (own != 0) problem(at_ + ": not of the root");
        break;
      default: break;
    }
  }

  const Module& m_;
  std::vector<std::string> problems_;
  std::string at_;
  std::vector<std::uint32_t> kept_by_;  // step, by column
  std::vector<std::uint32_t> step_of_pass_;
  std::map<std::uint32_t, int> num_emitted_;
};

}  // namespace

std::vector<std::string> verify(const Module& module) { return Verifier(module).verify(); }

}  // namespace seg::bytecode
