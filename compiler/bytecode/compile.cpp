// Passes and their order. Later stages are lowered first: they say what earlier ones must keep.
#include "compiler/bytecode/compile.h"

#include <algorithm>
#include <set>

#include "compiler/bytecode/lowering.h"
#include "program/sticky.h"

namespace seg::bytecode {
namespace {

constexpr std::size_t kOutputsInPass = 10'000;

OutputKind kind_of(program::OutputKind kind) {
  switch (kind) {
    case program::OutputKind::kSegment: return OutputKind::kSegment;
    case program::OutputKind::kPartition: return OutputKind::kPartition;
    case program::OutputKind::kMetric: return OutputKind::kMetric;
    case program::OutputKind::kScore: return OutputKind::kScore;
  }
  return OutputKind::kSegment;
}

Output describe(const program::Program& program, const program::Output& from) {
  Output output{.kind = kind_of(from.kind),
                .name = from.name,
                .module = from.module,
                .title = from.title,
                .table = from.frame,
                .type = from.root == base::kNone ? from.type : program.expr(from.root).type,
                .ranked = from.ranked};
  for (const program::Tier& tier : from.tiers) {
    output.tiers.push_back({.name = tier.name, .title = tier.title, .choice = tier.choice});
  }
  if (output.type.kind == base::TypeKind::kChoice && output.type.detail < program.schema.choices.size()) {
    output.choices = program.schema.choices[output.type.detail].values;
  }
  return output;
}

bool is_derivation(const Step& step) {
  return step.kind == StepKind::kDeriveUnion || step.kind == StepKind::kDeriveGrouped;
}

class Compiler {
 public:
  Compiler(const program::Program& program, const CompileOptions& options)
      : program_(program),
        options_(options),
        shared_{.program = program,
                .module = module_,
                .pools = Pools(program, module_),
                .stages = Stages(program),
                .kept = {},
                .kept_columns = {},
                .populations = {},
                .can_overflow = {},
                .dictionaries = {},
                .metric_of = {}} {}

  Module compile() {
    copy_schema();
    for (const program::Param& param : program_.params) {
      module_.params.push_back({.name = param.name, .type = param.type, .value = param.value});
    }
    std::map<PassKey, std::vector<program::OutputId>> outputs;
    for (program::OutputId id = 0; id < program_.outputs.size(); ++id) {
      const program::Output& output = program_.outputs[id];
      module_.outputs.push_back(describe(program_, output));
      if (output.kind == program::OutputKind::kMetric) shared_.metric_of.emplace(output.root, id);
      const bool is_wanted = options_.outputs.empty() ||
                             std::find(options_.outputs.begin(), options_.outputs.end(), id) != options_.outputs.end();
      if (!is_wanted || output.root == base::kNone || output.frame == base::kNone) continue;
      const std::uint32_t stage = std::max(shared_.stages.of_root(output.root), shared_.stages.of_table(output.frame));
      outputs[{stage, output.frame}].push_back(id);
    }
    add_stickies(outputs);
    std::uint32_t stage = outputs.empty() ? 0 : outputs.rbegin()->first.first;
    if (!shared_.kept.empty()) stage = std::max(stage, shared_.kept.rbegin()->first.first);
    for (;; --stage) {
      add_populations(shared_, stage, steps_);
      lower_stage(stage, outputs);
      derive_tables(stage);
      if (stage == 0) break;
    }
    std::reverse(steps_.begin(), steps_.end());
    module_.steps = std::move(steps_);
    return std::move(module_);
  }

 private:
  // What is needed of sticky segments is kept by passes like anything else; all before lowering, which goes backwards.
  void add_stickies(const std::map<PassKey, std::vector<program::OutputId>>& outputs) {
    std::vector<program::ExprId> roots;
    for (const auto& [key, ids] : outputs) {
      for (program::OutputId id : ids) {
        const program::Output& output = program_.outputs[id];
        for (program::ExprId root :
             {output.root, output.at_least.value_or(base::kNone), output.at_most.value_or(base::kNone)})
          roots.push_back(root);
      }
    }
    std::map<base::TableId, std::uint32_t> days;
    for (program::OutputId id : program::sticky_segments(program_, roots)) {
      const program::Output& output = program_.outputs[id];
      const program::Sticky& from = *output.sticky;
      Sticky sticky{.output = id, .cadence = from.cadence};
      if (from.stay != base::kNone) sticky.stay = shared_.pools.constant_of(from.stay);
      sticky.state = shared_.pools.kept_column(output.frame, RegType::kMask);
      sticky.enter = keep_of(output.frame, from.enter, Facet::kTrue);
      sticky.leave = keep_of(output.frame, from.leave, Facet::kTrue);
      sticky.start = keep_of(output.frame, from.start, Facet::kValue);
      sticky.start_known = keep_of(output.frame, from.start, Facet::kKnown);
      const auto [day, is_new] = days.emplace(output.frame, 0);
      if (is_new) {
        day->second = shared_.pools.kept_column(output.frame, RegType::kI32);
        shared_.kept[{shared_.stages.of_table(output.frame), output.frame}].push_back(
            {.column = day->second, .is_as_of_day = true});
      }
      sticky.as_of_day = day->second;
      sticky.events = program::events_read(program_, id);
      module_.stickies.push_back(std::move(sticky));
    }
  }

  // A column of its own for this table, also of a constant.
  std::uint32_t keep_of(base::TableId table, program::ExprId id, Facet facet) {
    const std::uint32_t stage = std::max(shared_.stages.of_root(id), shared_.stages.of_table(table));
    const RegType type = facet == Facet::kValue ? reg_type_of(program_.expr(id).type) : RegType::kMask;
    const std::uint32_t column = shared_.pools.kept_column(table, type);
    shared_.kept[{stage, table}].push_back({.expr = id, .facet = facet, .column = column});
    return column;
  }

  void copy_schema() {
    module_.schema = program_.schema;
    for (base::Table& table : module_.schema.tables) {
      for (base::UnionPart& part : table.parts) part.filter = base::kNone;
      if (!table.group) continue;
      table.group->filter = base::kNone;
      std::fill(table.group->computed.begin(), table.group->computed.end(), base::kNone);
    }
  }

  void lower_stage(std::uint32_t stage, const std::map<PassKey, std::vector<program::OutputId>>& outputs) {
    std::set<base::TableId> roots;
    for (const auto& [key, ids] : outputs) {
      if (key.first == stage) roots.insert(key.second);
    }
    for (const auto& [key, requests] : shared_.kept) {
      if (key.first == stage) roots.insert(key.second);
    }
    for (base::TableId root : roots) {
      const auto requests = shared_.kept.find({stage, root});
      const auto wanted = outputs.find({stage, root});
      const std::size_t num_outputs = wanted == outputs.end() ? 0 : wanted->second.size();
      // Usually one pass; more only where registers could run out.
      for (std::size_t first = 0; first == 0 || first < num_outputs; first += kOutputsInPass) {
        Pass pass;
        Lowering lowering(shared_, root, pass);
        if (first == 0 && requests != shared_.kept.end()) {
          for (const KeptRequest& request : requests->second) lowering.keep(request);
        }
        for (std::size_t i = first; i < std::min(num_outputs, first + kOutputsInPass); ++i) {
          lowering.emit_output(wanted->second[i]);
        }
        lowering.finish();
        module_.passes.push_back(std::move(pass));
        steps_.push_back({.kind = StepKind::kPass, .index = static_cast<std::uint32_t>(module_.passes.size() - 1)});
      }
    }
  }

  bool is_used(base::TableId table) const {
    for (const ColumnRef& column : module_.columns) {
      if (column.table == table) return true;
    }
    for (const Pass& pass : module_.passes) {
      for (const Frame& frame : pass.frames) {
        if (frame.table == table) return true;
      }
    }
    for (const Step& step : steps_) {
      if (!is_derivation(step)) continue;
      const base::Table& derived = program_.schema.tables[step.index];
      if (derived.group && derived.group->base == table) return true;
      for (const base::UnionPart& part : derived.parts) {
        if (part.table == table) return true;
      }
    }
    return false;
  }

  // Steps are collected from the last to the first.
  void derive_tables(std::uint32_t stage) {
    std::set<base::TableId> done;
    for (bool is_new = true; is_new;) {
      is_new = false;
      for (base::TableId t = 0; t < program_.schema.tables.size(); ++t) {
        const base::Table& table = program_.schema.tables[t];
        const bool is_union = table.kind == base::TableKind::kUnion;
        const bool is_grouped = table.kind == base::TableKind::kGrouped && table.group.has_value();
        if ((!is_union && !is_grouped) || done.contains(t) || shared_.stages.of_table(t) != stage || !is_used(t))
          continue;
        // A table that another derivation of this stage needs comes before it: later in this list.
        Step step{.kind = is_union ? StepKind::kDeriveUnion : StepKind::kDeriveGrouped, .index = t};
        if (is_union) {
          for (const base::UnionPart& part : table.parts) {
            step.kept_masks.push_back(part_mask(part));
          }
        } else {
          step.kept_masks.push_back(group_mask(t));
        }
        std::erase_if(steps_, [&](const Step& s) { return is_derivation(s) && s.index == t; });
        steps_.push_back(std::move(step));
        done.insert(t);
        is_new = true;
      }
    }
    // A derivation that was collected before one it needs: put the needed one first in time (last here).
    const auto needs = [&](base::TableId a, base::TableId b) {
      const base::Table& table = program_.schema.tables[a];
      if (table.group && table.group->base == b) return true;
      return std::any_of(table.parts.begin(), table.parts.end(), [&](const auto& part) { return part.table == b; });
    };
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t i = 0; i + 1 < steps_.size(); ++i) {
        for (std::size_t j = i + 1; j < steps_.size(); ++j) {
          if (!is_derivation(steps_[i]) || !is_derivation(steps_[j])) continue;
          if (!needs(steps_[j].index, steps_[i].index)) continue;
          std::swap(steps_[i], steps_[j]);
          moved = true;
        }
      }
    }
  }

  std::uint32_t part_mask(const base::UnionPart& part) {
    if (part.filter == base::kNone) return base::kNone;
    const std::uint32_t stage = std::max(shared_.stages.of_table(part.table), shared_.stages.of_root(part.filter));
    const std::uint32_t column = shared_.pools.kept_column(part.table, RegType::kMask);
    shared_.kept[{stage, part.table}].push_back({.expr = part.filter, .facet = Facet::kTrue, .column = column});
    return column;
  }

  std::uint32_t group_mask(base::TableId table) {
    const base::Grouping& group = *program_.schema.tables[table].group;
    if (group.filter == base::kNone && !shared_.stages.has_time(group.base)) return base::kNone;
    std::uint32_t stage = shared_.stages.of_table(group.base);
    if (group.filter != base::kNone) stage = std::max(stage, shared_.stages.of_root(group.filter));
    const std::uint32_t column = shared_.pools.kept_column(group.base, RegType::kMask);
    shared_.kept[{stage, group.base}].push_back(
        {.expr = group.filter, .facet = Facet::kTrue, .grouping = table, .column = column});
    return column;
  }

  const program::Program& program_;
  const CompileOptions& options_;
  Module module_;
  Shared shared_;
  std::vector<Step> steps_;
};

}  // namespace

Module compile(const program::Program& program, const CompileOptions& options) {
  return Compiler(program, options).compile();
}

}  // namespace seg::bytecode
