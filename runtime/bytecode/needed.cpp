// Which columns and which times a module reads.
#include <algorithm>
#include <map>

#include "runtime/bytecode/module.h"

namespace seg::bytecode {
namespace {

using FrameWindows = std::map<std::uint16_t, std::vector<std::uint32_t>>;

void want(Needed& needed, base::TableId table, base::ColumnId column) {
  if (table >= needed.tables.size()) return;
  NeededTable& t = needed.tables[table];
  t.is_read = true;
  if (column < t.columns.size()) t.columns[column] = true;
}

// Tables all of whose rows matter, whatever their time: roots, targets of references, parts of derived tables.
void want_all_time(Needed& needed, base::TableId table) {
  if (table < needed.tables.size()) {
    needed.tables[table].is_read = true;
    needed.tables[table].all_time = true;
  }
}

void add_windows(const Module& module, const Pass& pass, FrameWindows& windows) {
  for (std::size_t i = 0; i < pass.code.size(); i += static_cast<std::size_t>(op_info(pass.code[i].op).num_words)) {
    const Instruction& word = pass.code[i];
    if (word.op != Op::in_window || word.x >= pass.registers.size() || word.z >= module.windows.size()) continue;
    if (module.windows[word.z].before_as_of) windows[pass.registers[word.x].frame].push_back(word.z);
  }
}

}  // namespace

Needed used_columns(const Module& module) {
  Needed needed;
  for (const base::Table& table : module.schema.tables) {
    NeededTable t;
    t.columns.assign(table.columns.size(), false);
    t.all_time = false;
    needed.tables.push_back(std::move(t));
  }
  for (const ColumnRef& column : module.columns) {
    if (!column.is_kept) want(needed, column.table, column.column);
  }
  for (const Lookup& lookup : module.lookups) {
    want_all_time(needed, lookup.table);
    if (lookup.table >= module.schema.tables.size()) continue;
    for (base::ColumnId key : module.schema.tables[lookup.table].key) want(needed, lookup.table, key);
  }
  for (const Pass& pass : module.passes) {
    FrameWindows windows;
    add_windows(module, pass, windows);
    for (std::size_t f = 0; f < pass.frames.size(); ++f) {
      const Frame& frame = pass.frames[f];
      if (frame.table >= needed.tables.size()) continue;
      NeededTable& table = needed.tables[frame.table];
      table.is_read = true;
      want(needed, frame.table, frame.reference);
      want(needed, pass.frames[0].table, frame.via);
      const auto found = windows.find(static_cast<std::uint16_t>(f));
      if (f == 0 || found == windows.end()) {
        table.all_time = true;
      } else {
        table.windows.insert(table.windows.end(), found->second.begin(), found->second.end());
      }
    }
    for (std::size_t i = 0; i < pass.code.size(); i += static_cast<std::size_t>(op_info(pass.code[i].op).num_words)) {
      const Op op = pass.code[i].op;
      const bool gathers = op == Op::gather || op == Op::gather_bits || op == Op::gather_known || op == Op::gather_rows;
      if (gathers && pass.code[i].z < module.columns.size())
        want_all_time(needed, module.columns[pass.code[i].z].table);
    }
  }
  // A fold looks at every day from the first event on.
  for (const Sticky& sticky : module.stickies) {
    for (base::TableId table : sticky.events) want_all_time(needed, table);
  }
  for (const base::Table& table : module.schema.tables) {
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const base::Type& type = table.columns[c].type;
      if (type.kind != base::TypeKind::kReference || type.detail >= needed.tables.size()) continue;
      const auto self = static_cast<std::size_t>(&table - module.schema.tables.data());
      if (needed.tables[self].columns[c]) needed.tables[type.detail].is_read = true;
    }
  }
  for (NeededTable& table : needed.tables) {
    for (std::uint32_t w : table.windows) {
      if (module.windows[w].window.kind == base::WindowKind::kAllTime) table.all_time = true;
    }
    std::sort(table.windows.begin(), table.windows.end());
    table.windows.erase(std::unique(table.windows.begin(), table.windows.end()), table.windows.end());
  }
  return needed;
}

Needed needed_columns(const Module& module) {
  Needed needed = used_columns(module);
  // What derived tables are made of; from the last step to the first, as they are made of each other.
  for (std::size_t i = module.steps.size(); i-- > 0;) {
    const Step& step = module.steps[i];
    if (step.kind == StepKind::kPass || step.kind == StepKind::kPopulation || step.index >= module.schema.tables.size())
      continue;
    const base::Table& table = module.schema.tables[step.index];
    const std::vector<bool> columns = needed.tables[step.index].columns;
    for (const base::UnionPart& part : table.parts) {
      want_all_time(needed, part.table);
      for (std::size_t c = 0; c < part.columns.size() && c < columns.size(); ++c) {
        if (columns[c]) want(needed, part.table, part.columns[c]);
      }
    }
    if (table.group && table.group->base < module.schema.tables.size()) {
      const base::Table& base = module.schema.tables[table.group->base];
      want_all_time(needed, table.group->base);
      want(needed, table.group->base, base.owner);
      want(needed, table.group->base, base.time);
      for (base::ColumnId column : table.group->group_by) want(needed, table.group->base, column);
    }
    needed.tables[step.index] = NeededTable{.columns = std::vector<bool>(table.columns.size(), false)};
  }
  return needed;
}

}  // namespace seg::bytecode
