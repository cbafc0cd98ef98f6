// fold(): the form in which `folded` texts are compared: without case, diacritics, and Arabic/Persian variants of
// letters and digits. One table (base/fold_table.txt, made by tools/generate/fold_table.py and pinned by the edition)
// says what each code point becomes, so that every engine can apply the same; nothing here depends on the Unicode
// version of a library.
#pragma once

#include <string>
#include <string_view>

namespace seg::base {

// In: valid UTF-8, NFC. Out: folded UTF-8 (may be empty). fold(fold(x)) == fold(x).
std::string fold(std::string_view text);

}  // namespace seg::base
