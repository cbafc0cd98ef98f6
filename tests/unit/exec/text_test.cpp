// Texts, versions and lists: predicates once per distinct value, maps between dictionaries.
#include <doctest/doctest.h>

#include "tests/unit/exec/world.h"

using namespace seg::test;

namespace {

World names() {
  World w;
  w.row(kCustomer, {{"id", whole(1)},
                    {"name", word("Ana")},
                    {"city", word("Berlin")},
                    {"nick", word("ÁNA")},
                    {"app", word("1.10")},
                    {"tags", words({"New", " old "})},
                    {"sizes", Value{Value::List{whole(36), whole(40)}}}});
  w.row(kCustomer, {{"id", whole(2)},
                    {"name", word("berlin")},
                    {"city", word("berlin")},
                    {"nick", word("bo")},
                    {"app", word("1.9")},
                    {"tags", words({})},
                    {"sizes", Value{Value::List{}}}});
  w.row(kCustomer, {{"id", whole(3)},
                    {"name", word(" Zoë ")},
                    {"city", word("Ana")},
                    {"app", word("1.9.0")},
                    {"tags", words({"new", "NEW"})}});
  w.row(kCustomer,
        {{"id", whole(4)}, {"name", word("Å")}, {"city", word("Å")}, {"nick", word("كتاب")}, {"app", word("beta")}});
  w.row(kCustomer, {{"id", whole(5)}});
  w.load();
  return w;
}

}  // namespace

TEST_CASE("vm: text equals a constant or another field") {
  World w = names();
  const ExprId name = w.field(kCustomer, "name");
  const ExprId city = w.field(kCustomer, "city");
  CHECK_VALUES(w, w.flag(Fn::eq, {name, w.literal(kText, word("Ana"))}), yes(), no(), no(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::eq, {w.literal(kText, word("nobody")), name}), no(), no(), no(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::eq, {name, city}), no(), yes(), no(), yes(), missing());
  CHECK_VALUES(w, w.flag(Fn::ne, {name, city}), yes(), no(), yes(), no(), missing());
}

TEST_CASE("vm: text order is by code points") {
  World w = names();
  const ExprId name = w.field(kCustomer, "name");
  const ExprId city = w.field(kCustomer, "city");
  CHECK_VALUES(w, w.flag(Fn::lt, {name, w.literal(kText, word("Berlin"))}), yes(), no(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::ge, {w.literal(kText, word("Berlin")), name}), yes(), no(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::lt, {name, city}), yes(), no(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::le, {name, city}), yes(), yes(), yes(), yes(), missing());
  CHECK_VALUES(w, w.call(Fn::min_of, kText, {name, city}), word("Ana"), word("berlin"), word(" Zoë "), word("Å"),
               missing());
  CHECK_VALUES(w, w.call(Fn::max_of, kText, {name, city, w.literal(kText, word("C"))}), word("C"), word("berlin"),
               word("C"), word("Å"), missing());
}

TEST_CASE("vm: in a list of texts") {
  World w = names();
  const ExprId name = w.field(kCustomer, "name");
  CHECK_VALUES(w, w.flag(Fn::in_list, {name, w.literal(kTexts, words({"Ana", "Å", "x"}))}), yes(), no(), no(), yes(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::in_list, {name, w.literal(kTexts, words({}))}), no(), no(), no(), no(), missing());
}

TEST_CASE("vm: contains, starts with, ends with, matches") {
  World w = names();
  const ExprId name = w.field(kCustomer, "name");
  const ExprId city = w.field(kCustomer, "city");
  CHECK_VALUES(w, w.flag(Fn::contains, {name, w.literal(kText, word("n"))}), yes(), yes(), no(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::starts_with, {name, w.literal(kText, word("A"))}), yes(), no(), no(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::ends_with, {city, w.literal(kText, word("lin"))}), yes(), yes(), no(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::matches, {name, w.literal(kText, word("^[A-Z].*a$"))}), yes(), no(), no(), no(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::contains, {city, name}), no(), yes(), no(), yes(), missing());
  CHECK_VALUES(w, w.flag(Fn::starts_with, {city, name}), no(), yes(), no(), yes(), missing());
  CHECK_VALUES(w, w.flag(Fn::ends_with, {w.literal(kText, word("xAna")), name}), yes(), no(), no(), no(), missing());
}

TEST_CASE("vm: lower, trim, fold, length") {
  World w = names();
  const ExprId name = w.field(kCustomer, "name");
  CHECK_VALUES(w, w.call(Fn::lower, kText, {name}), word("ana"), word("berlin"), word(" zoë "), word("å"), missing());
  CHECK_VALUES(w, w.call(Fn::trim, kText, {name}), word("Ana"), word("berlin"), word("Zoë"), word("Å"), missing());
  CHECK_VALUES(w, w.call(Fn::fold, kText, {w.field(kCustomer, "nick")}), word("ana"), word("bo"), missing(),
               word("کتاب"), missing());
  CHECK_VALUES(w, w.call(Fn::length, kInteger, {name}), whole(3), whole(6), whole(5), whole(1), missing());
  const ExprId trimmed = w.call(Fn::lower, kText, {w.call(Fn::trim, kText, {name})});
  CHECK_VALUES(w, w.flag(Fn::eq, {trimmed, w.literal(kText, word("zoë"))}), no(), no(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::eq, {w.call(Fn::lower, kText, {w.field(kCustomer, "city")}), trimmed}), no(), yes(), no(),
               yes(), missing());
}

TEST_CASE("vm: a text that becomes blank is missing") {
  World w;
  w.row(kCustomer, {{"id", whole(1)}, {"name", word("\xCC\x81")}});  // only an accent
  w.row(kCustomer, {{"id", whole(2)}, {"name", word("a")}});
  w.load();
  CHECK_VALUES(w, w.call(Fn::fold, kText, {w.field(kCustomer, "name")}), missing(), word("a"));
}

TEST_CASE("vm: texts of two sources in one value") {
  World w = names();
  const ExprId nick = w.field(kCustomer, "nick");
  const ExprId city = w.field(kCustomer, "city");
  CHECK_VALUES(w, w.call(Fn::coalesce, kText, {nick, city}), word("ÁNA"), word("bo"), word("Ana"), word("كتاب"),
               missing());
  CHECK_VALUES(w, w.call(Fn::coalesce, kText, {nick, w.literal(kText, word("-"))}), word("ÁNA"), word("bo"), word("-"),
               word("كتاب"), word("-"));
  const ExprId is_known = w.flag(Fn::is_known, {nick});
  CHECK_VALUES(w, w.call(Fn::if_then_else, kText, {is_known, w.literal(kText, word("yes")), city}), word("yes"),
               word("yes"), word("Ana"), word("yes"), missing());
}

TEST_CASE("vm: versions compare part by part") {
  World w = names();
  const ExprId app = w.field(kCustomer, "app");
  CHECK_VALUES(w, w.flag(Fn::lt, {app, w.literal(kVersion, word("1.10"))}), no(), yes(), yes(), yes(), missing());
  CHECK_VALUES(w, w.flag(Fn::eq, {app, w.literal(kVersion, word("1.9"))}), no(), yes(), yes(), no(), missing());
  CHECK_VALUES(w, w.flag(Fn::ge, {app, app}), yes(), yes(), yes(), yes(), missing());
}

TEST_CASE("vm: lists contain") {
  World w = names();
  const ExprId tags = w.field(kCustomer, "tags");
  const ExprId sizes = w.field(kCustomer, "sizes");
  CHECK_VALUES(w, w.flag(Fn::list_contains, {tags, w.literal(kText, word("new"))}), no(), no(), yes(), missing(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::list_contains, {w.call(Fn::lower, kTexts, {tags}), w.literal(kText, word("new"))}), yes(),
               no(), yes(), missing(), missing());
  CHECK_VALUES(w, w.flag(Fn::list_contains, {w.call(Fn::trim, kTexts, {tags}), w.literal(kText, word("old"))}), yes(),
               no(), no(), missing(), missing());
  CHECK_VALUES(w, w.flag(Fn::list_contains, {sizes, w.literal(kInteger, whole(40))}), yes(), no(), missing(), missing(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::list_contains_any, {tags, w.literal(kTexts, words({"x", "NEW"}))}), no(), no(), yes(),
               missing(), missing());
  CHECK_VALUES(w, w.flag(Fn::list_contains_all, {tags, w.literal(kTexts, words({"new", "NEW", "new"}))}), no(), no(),
               yes(), missing(), missing());
  CHECK_VALUES(w, w.flag(Fn::list_contains_all, {tags, w.literal(kTexts, words({}))}), yes(), yes(), yes(), missing(),
               missing());
  CHECK_VALUES(w, w.flag(Fn::list_contains_all, {sizes, w.literal(kIntegers, {Value::List{whole(36), whole(40)}})}),
               yes(), no(), missing(), missing(), missing());
  CHECK_VALUES(w, w.flag(Fn::list_contains_any, {sizes, w.literal(kIntegers, {Value::List{whole(1), whole(36)}})}),
               yes(), no(), missing(), missing(), missing());
}

TEST_CASE("vm: lists contain another field, and their size") {
  World w = names();
  const ExprId sizes = w.field(kCustomer, "sizes");
  const ExprId id = w.field(kCustomer, "id");
  const ExprId wanted = w.call(Fn::add, kInteger, {id, w.literal(kInteger, whole(35))});
  CHECK_VALUES(w, w.flag(Fn::list_contains, {sizes, wanted}), yes(), no(), missing(), missing(), missing());
  CHECK_VALUES(w, w.flag(Fn::list_contains, {w.field(kCustomer, "tags"), w.field(kCustomer, "name")}), no(), no(), no(),
               missing(), missing());
  CHECK_VALUES(w, w.call(Fn::list_size, kInteger, {sizes}), whole(2), whole(0), missing(), missing(), missing());
  CHECK_VALUES(w, w.call(Fn::list_size, kInteger, {w.field(kCustomer, "tags")}), whole(2), whole(0), whole(2),
               missing(), missing());
}
