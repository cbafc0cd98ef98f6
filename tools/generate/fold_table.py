#!/usr/bin/env python3
"""Writes base/fold_table.txt: what fold() makes of each code point that it changes.

Made once and pinned by the edition, so that every engine folds alike: NFKC, case folding, no diacritics, Arabic and Persian
variants of letters and digits as one, invisible characters removed. A line is `from to…` in hexadecimal; no `to`: removed.
Ranges whose images move in step (`from-last first`) are written as one line.
"""
import sys
import unicodedata

VARIANTS = {
    0x064A: 0x06CC, 0x0649: 0x06CC, 0x06D2: 0x06CC,  # yeh, alef maksura, yeh barree -> Farsi yeh
    0x0643: 0x06A9,                                  # kaf -> keheh
    0x0629: 0x0647, 0x06C1: 0x0647, 0x06BE: 0x0647, 0x06D5: 0x0647,  # teh marbuta, heh variants -> heh
    0x0671: 0x0627,                                  # alef wasla -> alef
}
for digit in range(10):
    VARIANTS[0x0660 + digit] = VARIANTS[0x06F0 + digit] = 0x30 + digit
REMOVED = {0x0640, 0x00AD, 0x034F, 0x061C, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF}

# Marks of Latin, Greek, Cyrillic, Hebrew and Arabic are diacritics; the vowel signs of other scripts are letters and stay.
DIACRITICS = [(0x0300, 0x036F), (0x0483, 0x0489), (0x0591, 0x05C7), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
              (0x06D6, 0x06ED), (0x0898, 0x089F), (0x08CA, 0x08FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20F0),
              (0xFE00, 0xFE0F), (0xFE20, 0xFE2F)]


def is_diacritic(char):
    return unicodedata.category(char) in ("Mn", "Me") and any(low <= ord(char) <= high for low, high in DIACRITICS)


def fold(code):
    text = chr(code)
    for _ in range(4):
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        decomposed = unicodedata.normalize("NFD", folded)
        kept = [c for c in decomposed if not is_diacritic(c) and ord(c) not in REMOVED]
        unified = "".join(chr(VARIANTS.get(ord(c), ord(c))) for c in kept)
        result = unicodedata.normalize("NFC", unified)
        if result == text:
            break
        text = result
    return result


def main(path):
    changed = [(c, fold(c)) for c in range(0x110000) if not 0xD800 <= c < 0xE000]
    changed = [(c, t) for c, t in changed if t != chr(c)]
    lines, i = [], 0
    while i < len(changed):
        code, text = changed[i]
        j = i
        if len(text) == 1:
            while (j + 1 < len(changed) and changed[j + 1][0] == changed[j][0] + 1 and len(changed[j + 1][1]) == 1
                   and ord(changed[j + 1][1]) == ord(changed[j][1]) + 1):
                j += 1
        if j > i + 1:
            lines.append(f"{code:X}-{changed[j][0]:X} {ord(text):X}")
        else:
            j = i
            lines.append(" ".join([f"{code:X}"] + [f"{ord(c):X}" for c in text]))
        i = j + 1
    with open(path, "w", encoding="ascii") as out:
        out.write(f"# fold table of edition 2026, Unicode {unicodedata.unidata_version}; made by tools/generate/fold_table.py\n")
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
