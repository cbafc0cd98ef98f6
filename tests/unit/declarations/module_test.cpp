#include <doctest/doctest.h>

#include "tests/unit/declarations/checked_text.h"

using namespace seg;
using seg::check::check_text;
using seg::check::CheckedText;

TEST_CASE("a file's names are seen, with and without its own name") {
  CheckedText checked;
  check_text(checked, "use \"../shared/places.seg\"\nsegment a { when near() and places.limit > 2 }\n",
             {{"shared/places.seg", "define near() = city is \"Ghent\"\nparam limit = 3\n"}});
  CHECK(checked.codes() == "");
}

TEST_CASE("`as` hides the names behind its own") {
  CheckedText checked;
  check_text(checked, "use \"places.seg\" as p\nsegment a { when p.n > 2 }\nsegment b { when n > 2 }\n",
             {{"rules/places.seg", "metric n = count(visit)\n"}});
  CHECK(checked.codes() == "S2001");
}

TEST_CASE("one module with two bindings is two modules") {
  CheckedText checked;
  check_text(checked,
             "use \"m.seg\" with e = purchase as buying\nuse \"m.seg\" with e = visit as visiting\n"
             "segment a { when buying.n > 2 and visiting.n > 2 }\n",
             {{"rules/m.seg", "requires e\nmetric n = count(e)\n"}});
  CHECK(checked.codes() == "");
  CHECK(checked.result.program.aggregates.size() == 2);
}

TEST_CASE("used twice alike it is one") {
  CheckedText checked;
  check_text(checked, "use \"m.seg\"\nuse \"m.seg\"\nsegment a { when n > 2 }\n",
             {{"rules/m.seg", "metric n = count(visit)\n"}});
  CHECK(checked.codes() == "");
  CHECK(checked.result.program.outputs.size() == 2);
}

TEST_CASE("modules that use modules, and a cycle of them") {
  CheckedText fine;
  check_text(fine, "use \"a.seg\" with e = visit\nsegment x { when m > 2 }\n",
             {{"rules/a.seg", "use \"b.seg\" with f = e\nrequires e\nmetric m = n * 2\n"},
              {"rules/b.seg", "requires f\nmetric n = count(f)\n"}});
  CHECK(fine.codes() == "");
  CheckedText cycle;
  check_text(cycle, "use \"a.seg\"\n", {{"rules/a.seg", "use \"b.seg\"\n"}, {"rules/b.seg", "use \"a.seg\"\n"}});
  CHECK(cycle.codes() == "S2051");
}

TEST_CASE("a missing file is a diagnostic of the file") {
  CheckedText checked;
  check_text(checked, "use \"nowhere.seg\"\n");
  CHECK(checked.codes() == "S0001");
}

TEST_CASE("outputs of a module carry its name") {
  CheckedText checked;
  check_text(checked, "use \"m.seg\"\n", {{"rules/m.seg", "module tools\nmetric n = count(visit)\n"}});
  CHECK(checked.codes() == "");
  REQUIRE(checked.output("n") != nullptr);
  CHECK(checked.output("n")->module == "tools");
}
