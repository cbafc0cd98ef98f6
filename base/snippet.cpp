#include "base/snippet.h"

#include <algorithm>

#include "base/text_width.h"

namespace seg::base {
namespace {

// A mark in cells.
struct CellMark {
  int begin = 0;
  int end = 0;
  const LineMark* mark = nullptr;
};

// What is shown of a long line: cells [begin, end), with an ellipsis where something is left out.
struct Window {
  int begin = 0;
  int end = 0;
};

Window choose_window(const std::vector<CellMark>& marks, int width, int num_columns) {
  if (width <= num_columns) return {0, width};
  int first = width;
  int last = 0;
  const CellMark* primary = nullptr;
  for (const CellMark& mark : marks) {
    first = std::min(first, mark.begin);
    last = std::max(last, mark.end);
    if (mark.mark->primary && primary == nullptr) primary = &mark;
  }
  if (marks.empty()) first = 0;
  // When not all fit, the primary one counts.
  if (primary != nullptr && last - first > num_columns - 10) {
    first = primary->begin;
    last = primary->end;
  }
  // A quarter of the room goes to what stands before, for the context.
  const int context = std::max(4, num_columns / 4);
  int begin = first > context ? first - context : 0;
  if (last <= num_columns - 2) begin = 0;
  if (begin + num_columns > width) begin = std::max(0, width - num_columns);
  return {begin, std::min(width, begin + num_columns)};
}

// A row that is filled from left to right, in cells.
class RowBuilder {
 public:
  void put(int cell, std::string text, int cells, bool primary) {
    if (cell > at_) row_.push_back({std::string(static_cast<std::size_t>(cell - at_), ' '), false, true});
    at_ = std::max(at_, cell) + cells;
    row_.push_back({std::move(text), primary, false});
  }
  SnippetRow take() { return std::move(row_); }

 private:
  SnippetRow row_;
  int at_ = 0;
};

SnippetRow underline_row(const std::vector<CellMark>& marks, int& row_end) {
  row_end = 0;
  for (const CellMark& mark : marks) row_end = std::max(row_end, mark.end);
  std::string cells(static_cast<std::size_t>(row_end), ' ');
  for (const bool primary : {false, true}) {  // the primary one over the others
    for (const CellMark& mark : marks) {
      if (mark.mark->primary != primary) continue;
      std::fill(cells.begin() + mark.begin, cells.begin() + mark.end, primary ? '^' : '-');
    }
  }
  RowBuilder row;
  for (int at = 0; at < row_end;) {
    int end = at;
    while (end < row_end && cells[static_cast<std::size_t>(end)] == cells[static_cast<std::size_t>(at)]) ++end;
    const char sign = cells[static_cast<std::size_t>(at)];
    if (sign != ' ') row.put(at, std::string(static_cast<std::size_t>(end - at), sign), end - at, sign == '^');
    at = end;
  }
  return row.take();
}

std::string shown_text(const LineMark& mark) {
  std::string text = printable(mark.text);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return isolated(text);
}

// A file can be one line of megabytes: only what is around the mark is looked at.
constexpr std::uint32_t kLongLine = 8192;

std::uint32_t code_point_begin(std::string_view line, std::uint32_t at) {
  while (at > 0 && at < line.size() && (static_cast<unsigned char>(line[at]) & 0xc0u) == 0x80u) --at;
  return at;
}

Snippet lay_out_long(std::string_view line, std::vector<LineMark> marks, int num_columns) {
  const auto primary = std::find_if(marks.begin(), marks.end(), [](const LineMark& mark) { return mark.primary; });
  const std::uint32_t wanted = marks.empty() ? 0 : primary == marks.end() ? marks.front().begin : primary->begin;
  const std::uint32_t begin = code_point_begin(line, wanted > kLongLine / 4 ? wanted - kLongLine / 4 : 0);
  const std::uint32_t end =
      code_point_begin(line, std::min(static_cast<std::uint32_t>(line.size()), begin + kLongLine));
  for (LineMark& mark : marks) {
    mark.begin = std::clamp(mark.begin, begin, end) - begin;
    mark.end = std::clamp(mark.end, begin, end) - begin;
  }
  return lay_out(line.substr(begin, end - begin), std::move(marks), num_columns);
}

}  // namespace

Snippet lay_out(std::string_view line, std::vector<LineMark> marks, int num_columns) {
  if (line.size() > kLongLine) return lay_out_long(line, std::move(marks), num_columns);
  const std::vector<Grapheme> cells = graphemes(line);
  int width = 0;
  for (const Grapheme& grapheme : cells) width += grapheme.num_cells;

  std::vector<CellMark> cell_marks;
  for (const LineMark& mark : marks) {
    CellMark placed{0, 0, &mark};
    int at = 0;
    for (const Grapheme& grapheme : cells) {
      if (grapheme.end <= mark.begin) placed.begin = at + grapheme.num_cells;
      at += grapheme.num_cells;
      if (grapheme.begin < mark.end) placed.end = at;
    }
    // Even nothing is marked by one sign.
    placed.end = std::max(placed.end, placed.begin + 1);
    cell_marks.push_back(placed);
  }

  const Window window = choose_window(cell_marks, width, num_columns);
  const bool is_cut_before = window.begin > 0;
  const bool is_cut_after = window.end < width;

  Snippet snippet;
  // Pieces end where marks do: a run of right-to-left text then lies under its own mark, whichever way the terminal
  // shows it.
  std::string piece;
  const auto flush = [&] {
    snippet.text += isolated(piece);
    piece.clear();
  };
  int at = 0;
  int shown_begin = window.begin;
  bool is_first = true;
  int shown_end = window.begin;
  const int last_shown = window.end - (is_cut_after ? 1 : 0);
  for (const Grapheme& grapheme : cells) {
    const int begin = at;
    at += grapheme.num_cells;
    if (begin < window.begin + (is_cut_before ? 1 : 0) || at > last_shown) continue;
    if (is_first) shown_begin = begin - (is_cut_before ? 1 : 0);
    is_first = false;
    for (const LineMark& mark : marks) {
      if (grapheme.begin == mark.begin || grapheme.begin == mark.end) flush();
    }
    const std::string_view bytes = line.substr(grapheme.begin, grapheme.end - grapheme.begin);
    piece += bytes == "\t" ? std::string(static_cast<std::size_t>(grapheme.num_cells), ' ') : printable(bytes);
    shown_end = at;
  }
  flush();
  while (!is_cut_after && snippet.text.ends_with(' ')) snippet.text.pop_back();
  if (is_cut_before) snippet.text.insert(0, "…");
  if (is_cut_after) snippet.text += "…";
  // Without a letter before it the terminal would take the direction of the line from the right-to-left text.
  if (has_right_to_left(snippet.text)) snippet.text = "\xe2\x81\xa6" + snippet.text + "\xe2\x81\xa9";
  if (marks.empty()) return snippet;

  const int limit = std::max(1, shown_end - shown_begin + 1);
  for (CellMark& mark : cell_marks) {
    mark.begin = std::clamp(mark.begin - shown_begin, 0, limit - 1);
    mark.end = std::clamp(mark.end - shown_begin, mark.begin + 1, std::max(limit, mark.begin + 1));
  }
  std::stable_sort(cell_marks.begin(), cell_marks.end(),
                   [](const CellMark& a, const CellMark& b) { return a.begin < b.begin; });

  int row_end = 0;
  SnippetRow underlines = underline_row(cell_marks, row_end);
  std::vector<const CellMark*> pending;
  for (const CellMark& mark : cell_marks) {
    if (!mark.mark->text.empty()) pending.push_back(&mark);
  }
  // The text of the last mark stands beside the underlines; the others hang below, the last of them first.
  if (!pending.empty() && pending.back() == &cell_marks.back()) {
    const CellMark& beside = *pending.back();
    underlines.push_back({" " + shown_text(*beside.mark), beside.mark->primary, false});
    pending.pop_back();
  }
  snippet.rows.push_back(std::move(underlines));
  if (!pending.empty()) {
    RowBuilder bars;
    int last = -1;
    for (const CellMark* mark : pending) {
      if (mark->begin != last) bars.put(mark->begin, "│", 1, mark->mark->primary);
      last = mark->begin;
    }
    snippet.rows.push_back(bars.take());
  }
  while (!pending.empty()) {
    const CellMark* hanging = pending.back();
    pending.pop_back();
    RowBuilder row;
    int last = -1;
    for (const CellMark* mark : pending) {
      if (mark->begin != last && mark->begin != hanging->begin) row.put(mark->begin, "│", 1, mark->mark->primary);
      last = mark->begin;
    }
    row.put(hanging->begin, shown_text(*hanging->mark), 1, hanging->mark->primary);
    snippet.rows.push_back(row.take());
  }
  return snippet;
}

}  // namespace seg::base
