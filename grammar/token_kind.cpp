#include "grammar/token_kind.h"

#include <array>

namespace seg::grammar {
namespace {

enum class WordClass : std::uint8_t { reserved, free, unit };

struct Row {
  TokenKind kind;
  std::string_view text;
  WordClass word_class;
};

constexpr Row kWords[] = {
#define SEG_KEYWORD(id, text, word_class) {TokenKind::id, text, WordClass::word_class},
#include "grammar/keywords.def"
#undef SEG_KEYWORD
};
constexpr std::size_t kNumWords = std::size(kWords);
constexpr std::size_t kFirstWord = static_cast<std::size_t>(kWords[0].kind);

constexpr std::string_view kSigns[] = {
#define SEG_SIGN(id, text) text,
#define SEG_BINDING(node, power, text)
#include "grammar/operators.def"
#undef SEG_BINDING
#undef SEG_SIGN
};
constexpr std::size_t kFirstSign = kFirstWord + kNumWords;
static_assert(kFirstSign + std::size(kSigns) == static_cast<std::size_t>(TokenKind::kCount));

constexpr std::size_t kNumSlots = 1024;

constexpr std::size_t slot_of(std::string_view text) {
  std::uint32_t hash = 2166136261u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619u;
  return (hash ^ (hash >> 15)) % kNumSlots;
}

// Open addressing; a slot holds the word's row plus one.
constexpr std::array<std::uint16_t, kNumSlots> make_slots() {
  std::array<std::uint16_t, kNumSlots> slots{};
  for (std::size_t i = 0; i < kNumWords; ++i) {
    std::size_t slot = slot_of(kWords[i].text);
    while (slots[slot] != 0) slot = (slot + 1) % kNumSlots;
    slots[slot] = static_cast<std::uint16_t>(i + 1);
  }
  return slots;
}
constexpr std::array<std::uint16_t, kNumSlots> kSlots = make_slots();

}  // namespace

std::string_view spelling(TokenKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  if (index >= kFirstSign) return index < static_cast<std::size_t>(TokenKind::kCount) ? kSigns[index - kFirstSign] : "";
  if (index >= kFirstWord) return kWords[index - kFirstWord].text;
  switch (kind) {
    case TokenKind::kBlank: return "a blank";
    case TokenKind::kLineEnd: return "the end of the line";
    case TokenKind::kComment:
    case TokenKind::kDocComment: return "a comment";
    case TokenKind::kNumberLiteral: return "a number";
    case TokenKind::kPercentLiteral: return "a percentage";
    case TokenKind::kOrdinalLiteral: return "an ordinal such as `4th`";
    case TokenKind::kDateLiteral: return "a date";
    case TokenKind::kTimeLiteral: return "a time";
    case TokenKind::kTextLiteral: return "a text in quotes";
    case TokenKind::kIdentifier: return "a name";
    default: return "something else";
  }
}

bool is_word(TokenKind kind) {
  const auto index = static_cast<std::size_t>(kind);
  return index >= kFirstWord && index < kFirstSign;
}

bool is_reserved(TokenKind kind) {
  return is_word(kind) && kWords[static_cast<std::size_t>(kind) - kFirstWord].word_class == WordClass::reserved;
}

bool is_unit_word(TokenKind kind) {
  return is_word(kind) && kWords[static_cast<std::size_t>(kind) - kFirstWord].word_class == WordClass::unit;
}

TokenKind find_word(std::string_view text) {
  for (std::size_t slot = slot_of(text); kSlots[slot] != 0; slot = (slot + 1) % kNumSlots) {
    const Row& row = kWords[kSlots[slot] - 1u];
    if (row.text == text) return row.kind;
  }
  return TokenKind::kIdentifier;
}

}  // namespace seg::grammar
