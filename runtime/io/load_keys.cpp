#include "runtime/io/loader.h"

#include <arrow/chunked_array.h>

#include <algorithm>
#include <cstring>

#include "runtime/io/column_memory.h"
#include "runtime/io/parallel.h"

namespace seg::io {

using base::Code;
using base::TableId;
using base::TypeKind;

bool Loader::make_assembled_keys() {
  for (TableId table = 0; table < schema_.tables.size(); ++table) {
    if (main_[table] == nullptr || !main_[table]->loads.empty() || sources_[table]->keys.empty()) continue;
    TableLoad& load = *main_[table];
    if (load.fields.size() != 1) {
      diagnostics_.report(Code::compound_reference, {load.name, load.name});
      return false;
    }
    std::vector<std::int64_t> integers;
    std::set<std::string> texts;
    const bool is_integer = load.fields[0].reading_type.kind == TypeKind::kInteger;
    for (const KeySource& key : sources_[table]->keys) {
      if (!collect_keys(load, key, is_integer, integers, texts)) return false;
    }
    vector::Column column;
    if (is_integer) {
      std::sort(integers.begin(), integers.end());
      integers.erase(std::unique(integers.begin(), integers.end()), integers.end());
      auto memory = allocate_column(integers.size() * sizeof(std::int64_t));
      std::memcpy(memory.get(), integers.data(), integers.size() * sizeof(std::int64_t));
      column.storage = vector::Storage::kInt64;
      column.num_rows = integers.size();
      column.data = memory.get();
      column.owner = std::move(memory);
    } else {
      auto dictionary = std::make_shared<vector::Dictionary>();
      auto memory = allocate_column(texts.size() * sizeof(std::int32_t));
      auto* codes = static_cast<std::int32_t*>(memory.get());
      for (const std::string& text : texts) {
        const std::uint32_t code = dictionary->append(text);
        codes[code] = static_cast<std::int32_t>(code);
      }
      column.storage = vector::Storage::kInt32;
      column.num_rows = texts.size();
      column.data = memory.get();
      column.owner = std::move(memory);
      column.dictionary = std::move(dictionary);
    }
    load.num_rows = column.num_rows;
    load.fields[0].result = std::move(column);
  }
  return true;
}

bool Loader::collect_keys(const TableLoad& subject, const KeySource& key, bool is_integer,
                          std::vector<std::int64_t>& integers, std::set<std::string>& texts) {
  TableLoad* from = nullptr;
  std::uint32_t position = 0;
  for (TableLoad& load : loads_) {
    if (load.is_join || load.name != key.table) continue;
    for (std::uint32_t f = 0; f < load.fields.size(); ++f) {
      if (load.fields[f].name == key.field) from = &load, position = f;
    }
  }
  if (from == nullptr || from->fields[position].target != subject.table) {
    diagnostics_.report(Code::unknown_key_source, {subject.name, key.table + "." + key.field})
        .help("name a field that refers to `" + subject.name + "`, of a table that is read: `keys: [purchase." +
              subject.name + "]`");
    return false;
  }
  std::vector<std::vector<std::int64_t>> found_integers(from->chunks.size());
  std::vector<TextIndex> found_texts(from->chunks.size());
  std::vector<base::Status> failures(from->chunks.size());
  parallel_for(from->chunks.size(), request_.num_threads, [&](std::size_t c) {
    const ChunkLoad& chunk = from->chunks[c];
    const FileLoad& file = from->loads[chunk.file];
    auto column = read(*from, chunk, file.uses[position].first);
    if (!column.ok()) {
      failures[c] = std::move(column).status();
      return;
    }
    std::vector<std::int64_t> keys(is_integer ? chunk.num_rows : 0);
    Slice slice = convert_column(file.readings[position], **column, nullptr, keys.data());
    if (!is_integer) {
      for (std::uint64_t i = 0; i < chunk.num_rows; ++i) {
        if (slice.is_valid(i)) found_texts[c].add(slice.texts.dictionary().at(slice.codes.at(i)));
      }
      return;
    }
    std::vector<std::int64_t>& found = found_integers[c];
    for (std::uint64_t i = 0; i < chunk.num_rows; ++i) {
      if (slice.is_valid(i) && (found.empty() || found.back() != keys[i])) found.push_back(keys[i]);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
  });
  for (const base::Status& failure : failures) {
    if (failure.ok()) continue;
    diagnostics_.report(failure);
    return false;
  }
  for (std::size_t c = 0; c < from->chunks.size(); ++c) {
    integers.insert(integers.end(), found_integers[c].begin(), found_integers[c].end());
    for (std::uint32_t code = 0; code < found_texts[c].size(); ++code) {
      texts.emplace(found_texts[c].dictionary().at(code));
    }
  }
  return true;
}

}  // namespace seg::io
