#include "runtime/kernels/text.h"

#include <doctest/doctest.h>

#include "base/fold.h"
#include "base/value.h"
#include "reference/tables.h"

using namespace seg;

TEST_CASE("lower case of several scripts") {
  CHECK(kernels::lower("ABC") == "abc");
  CHECK(kernels::lower("ÉCOLE") == "école");
  CHECK(kernels::lower("ΣΑΣ") == "σας");  // final sigma
  CHECK(kernels::lower("") == "");
  // H has no composed form with a line below, h has: the result is NFC again.
  CHECK(kernels::lower("H\xCC\xB1") == "\xE1\xBA\x96");
}

TEST_CASE("trim takes Unicode white space") {
  CHECK(kernels::trim("  a b \t") == "a b");
  CHECK(kernels::trim("\u00A0x\u3000") == "x");
  CHECK(kernels::trim(" \u2003 ") == "");
}

TEST_CASE("blank is empty or white space only") {
  CHECK(kernels::is_blank(""));
  CHECK(kernels::is_blank(" \u00A0\n"));
  CHECK_FALSE(kernels::is_blank(" x "));
}

TEST_CASE("length counts code points") {
  CHECK(kernels::length("") == 0);
  CHECK(kernels::length("abc") == 3);
  CHECK(kernels::length("تهران") == 5);
  CHECK(kernels::length("😀") == 1);
}

TEST_CASE("fold unifies case, accents, Arabic and Persian forms") {
  CHECK(kernels::fold("TEHRÁN") == kernels::fold("tehran"));
  CHECK(kernels::fold("كرج") == kernels::fold("کرج"));
  CHECK(kernels::fold("علي") == kernels::fold("علی"));
  CHECK(kernels::fold("۱۲۳") == "123");
  CHECK(kernels::fold("٤٥٦") == "456");
  CHECK(kernels::fold("می\u200Cخواهم") == kernels::fold("میخواهم"));
  CHECK(kernels::fold("Straße") == "strasse");
  CHECK(kernels::fold("ﬁn") == "fin");
}

TEST_CASE("fold leaves other scripts' vowel signs alone") {
  CHECK(kernels::fold("हिन्दी") == "हिन्दी");
  CHECK(kernels::fold("が") == "が");
}

TEST_CASE("folding twice is folding once") {
  for (const char* text : {"Élodie", "ﷺ", "İstanbul", "ẞ", "Ǆ", "ؤ", "ۀ", "①"}) {
    CHECK(base::fold(base::fold(text)) == base::fold(text));
  }
}

TEST_CASE("versions compare part by part") {
  CHECK(kernels::compare_versions("12.4", "12.10") < 0);
  CHECK(kernels::compare_versions("12", "12.0.0") == 0);
  CHECK(kernels::compare_versions("012.4", "12.4") == 0);
  CHECK(kernels::compare_versions("12.4b", "12.4") > 0);
  CHECK(kernels::compare_versions("9.9.9", "12") < 0);
  CHECK(kernels::compare_versions("100000000000000000000", "99999999999999999999") > 0);
}

TEST_CASE("versions compare as in the reference") {
  const std::vector<std::string> versions = {"",    "0",   "1", "1.0",  "1.0.1", "1.a",  "1.10",
                                             "1.9", "a.1", "b", "01.2", "1..2",  "1.2b3"};
  for (const std::string& a : versions) {
    for (const std::string& b : versions) {
      CAPTURE(a);
      CAPTURE(b);
      CHECK(kernels::compare_versions(a, b) ==
            reference::compare_values(base::Value::of(a), base::Value::of(b), base::TypeKind::kVersion));
    }
  }
}

TEST_CASE("patterns match anywhere; a broken one nowhere") {
  CHECK(kernels::Pattern("b+").matches("abbc"));
  CHECK_FALSE(kernels::Pattern("^b").matches("abbc"));
  CHECK(kernels::Pattern("(?i)TEHRAN").matches("tehran"));
  const kernels::Pattern broken("(");
  CHECK_FALSE(broken.is_valid());
  CHECK_FALSE(broken.matches("("));
}
