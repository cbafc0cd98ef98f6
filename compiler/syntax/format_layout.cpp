#include "compiler/syntax/format_layout.h"

#include <iterator>
#include <utility>

namespace seg::syntax {
namespace {

int width_of(std::string_view text) {
  int width = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0u) != 0x80u) ++width;
  }
  return width;
}

}  // namespace

void Layout::append(Layout other) {
  pieces_.insert(pieces_.end(), std::make_move_iterator(other.pieces_.begin()),
                 std::make_move_iterator(other.pieces_.end()));
}

bool Layout::has_hard_line() const {
  for (const Piece& piece : pieces_) {
    if (piece.kind == Piece::kHardLine) return true;
  }
  return false;
}

bool Layout::fits(int width) const {
  int used = 0;
  for (const Piece& piece : pieces_) {
    if (piece.kind == Piece::kHardLine) return false;
    if (piece.kind == Piece::kText) used += width_of(piece.text);
    if (piece.kind == Piece::kLine) ++used;
  }
  return used <= width;
}

std::string Layout::render(int width, int indent_width) const {
  const std::size_t num_pieces = pieces_.size();
  // For each group: where it ends, how wide it is on one line, whether something in it breaks it.
  struct Group {
    std::size_t end = 0;
    int width = 0;
    bool has_hard_line = false;
  };
  std::vector<Group> groups(num_pieces);
  // The width of what follows a piece up to the next possible line end: it must fit behind an unbroken group.
  std::vector<int> tail(num_pieces + 1, 0);
  {
    std::vector<std::size_t> open;
    std::vector<int> width_before(num_pieces + 1, 0);
    std::vector<int> num_hard_before(num_pieces + 1, 0);
    for (std::size_t i = 0; i < num_pieces; ++i) {
      const Piece& piece = pieces_[i];
      int piece_width = 0;
      if (piece.kind == Piece::kText) piece_width = width_of(piece.text);
      if (piece.kind == Piece::kLine) piece_width = 1;
      width_before[i + 1] = width_before[i] + piece_width;
      num_hard_before[i + 1] = num_hard_before[i] + (piece.kind == Piece::kHardLine ? 1 : 0);
      if (piece.kind == Piece::kBeginGroup) open.push_back(i);
      if (piece.kind == Piece::kEndGroup) {
        const std::size_t begin = open.back();
        open.pop_back();
        groups[begin] = {i, width_before[i] - width_before[begin], num_hard_before[i] != num_hard_before[begin]};
      }
    }
    for (std::size_t i = num_pieces; i-- > 0;) {
      const Piece& piece = pieces_[i];
      switch (piece.kind) {
        case Piece::kText: tail[i] = tail[i + 1] + width_of(piece.text); break;
        case Piece::kLine:
        case Piece::kSoftLine:
        case Piece::kHardLine: tail[i] = 0; break;
        default: tail[i] = tail[i + 1];
      }
    }
  }

  std::string out;
  int column = 0;
  int indent = 0;
  int pending_indent = -1;  // a line end was written, its indent not yet
  bool blank_pending = false;
  std::vector<bool> broken{true};
  const auto new_line = [&] {
    if (blank_pending) out += '\n';
    blank_pending = false;
    out += '\n';
    column = indent * indent_width;
    pending_indent = column;
  };
  for (std::size_t i = 0; i < num_pieces; ++i) {
    const Piece& piece = pieces_[i];
    switch (piece.kind) {
      case Piece::kComment:
      case Piece::kText:
        if (piece.text.empty()) break;
        if (pending_indent > 0) out.append(static_cast<std::size_t>(pending_indent), ' ');
        pending_indent = -1;
        out += piece.text;
        column += width_of(piece.text);
        break;
      case Piece::kLine:
        if (broken.back()) {
          new_line();
        } else {
          out += ' ';
          ++column;
        }
        break;
      case Piece::kSoftLine:
        if (broken.back()) new_line();
        break;
      case Piece::kHardLine: new_line(); break;
      case Piece::kBlankLine: blank_pending = true; break;
      case Piece::kBeginGroup: {
        const Group& group = groups[i];
        const bool fits_here = !group.has_hard_line && column + group.width + tail[group.end] <= width;
        broken.push_back(!fits_here);
        break;
      }
      case Piece::kEndGroup: broken.pop_back(); break;
      case Piece::kIndent: ++indent; break;
      case Piece::kOutdent: --indent; break;
    }
  }
  return out;
}

}  // namespace seg::syntax
