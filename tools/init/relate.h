// How the files hang together: which is about customers, which are their events, what refers to what.
// In: profiles of files. Out: tables with roles. Internal to tools/init.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/schema.h"
#include "tools/init/profile.h"

namespace seg::init {

inline constexpr std::uint32_t kNobody = 0xFFFFFFFF;

// One table to be. Numbers are positions: of files, of columns in their file, of tables.
struct TablePlan {
  std::string name;
  base::TableKind kind = base::TableKind::kEntity;
  std::uint32_t file = kNobody;  // kNobody: a subject assembled from events
  std::uint32_t join = kNobody;  // a file joined to an assembled subject
  std::uint32_t key = kNobody;
  std::uint32_t owner = kNobody;  // the column that names the subject
  std::uint32_t time = kNobody;
  std::vector<std::uint32_t> references;  // by column: the table that it refers to, or kNobody
};

struct Relations {
  std::vector<TablePlan> tables;      // the subject first
  std::vector<std::uint32_t> unused;  // files
};

Relations relate(const std::vector<FileProfile>& files);

}  // namespace seg::init
