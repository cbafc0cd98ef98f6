// Layout of text within a width: pieces, possible line breaks, groups that are broken as a whole or not at all.
// In: pieces in order. Out: text. Knows nothing of the language; format_build.cpp makes the pieces.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace seg::syntax {

class Layout {
 public:
  void text(std::string_view text) { pieces_.push_back({Piece::kText, std::string(text)}); }
  // Takes no width: no line is broken because of the comment behind it.
  void comment(std::string_view text) { pieces_.push_back({Piece::kComment, std::string(text)}); }
  void space() { pieces_.push_back({Piece::kText, " "}); }
  void line() { pieces_.push_back({Piece::kLine, {}}); }             // a blank, or a line end if its group is broken
  void soft_line() { pieces_.push_back({Piece::kSoftLine, {}}); }    // nothing, or a line end
  void hard_line() { pieces_.push_back({Piece::kHardLine, {}}); }    // breaks every group around it
  void blank_line() { pieces_.push_back({Piece::kBlankLine, {}}); }  // an empty line before the next line end
  void begin_group() { pieces_.push_back({Piece::kBeginGroup, {}}); }
  void end_group() { pieces_.push_back({Piece::kEndGroup, {}}); }
  void indent() { pieces_.push_back({Piece::kIndent, {}}); }
  void outdent() { pieces_.push_back({Piece::kOutdent, {}}); }
  void append(Layout other);

  // Whether all of it fits on one line of this width.
  bool fits(int width) const;
  bool has_hard_line() const;
  std::string render(int width, int indent_width) const;

 private:
  struct Piece {
    enum Kind : std::uint8_t {
      kText,
      kComment,
      kLine,
      kSoftLine,
      kHardLine,
      kBlankLine,
      kBeginGroup,
      kEndGroup,
      kIndent,
      kOutdent
    };
    Kind kind;
    std::string text;
  };
  std::vector<Piece> pieces_;
};

}  // namespace seg::syntax
