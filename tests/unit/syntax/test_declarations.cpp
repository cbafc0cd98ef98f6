// The shape of the tree for every declaration.
#include "tests/unit/syntax/tree_shape.h"

namespace seg::syntax {
namespace {

TEST_CASE("entities and subjects") {
  CHECK(declaration("entity a \"A\" { key id: integer, b: text }") ==
        "(Entity a \"A\" (FieldDecl id (TypeName)) (FieldDecl b (TypeName)))");
  CHECK(declaration("subject c { key id: integer }") == "(Subject c (FieldDecl id (TypeName)))");
  CHECK(declaration("entity a { history from since to until }") == "(Entity a (History since until))");
  CHECK(declaration("entity a { key: text }") == "(Entity a (FieldDecl key (TypeName)))");
}

TEST_CASE("types") {
  const auto type = [](const std::string& text) {
    const std::string all = declaration("entity e { f: " + text + " }");
    return all.substr(23, all.size() - 25);
  };
  CHECK(type("text") == "(TypeName)");
  CHECK(type("list of text") == "(ListType (TypeName))");
  CHECK(type("list of list of text") == "(ListType (ListType (TypeName)))");
  CHECK(type("choice of [a, \"b c\"]") == "(ChoiceType a \"b c\")");
  CHECK(type("ranked choice of [a < b < c]") == "(RankedChoiceType a b c)");
  CHECK(type("money") == "(TypeName)");
  CHECK(type("money in CHF") == "(MoneyInType CHF)");
  CHECK(type("money by code") == "(MoneyByType code)");
  CHECK(type("any") == "(TypeName)");
  CHECK(type("each of T") == "(OfType each (TypeName))");
}

TEST_CASE("modifiers") {
  const std::string text = "entity e { a: text personal sensitive folded required key time zone label \"x\" }";
  const Tree tree = tree_of(text);
  const NodeId field = tree.child(tree.child(tree.root(), std::size_t{0}), NodeKind::kFieldDecl);
  std::vector<Modifier> modifiers;
  for (const NodeId c : tree.children(field)) {
    if (tree.is(c, NodeKind::kModifier)) modifiers.push_back(tree.modifier(c));
  }
  CHECK(modifiers == std::vector<Modifier>{Modifier::personal, Modifier::sensitive, Modifier::folded,
                                           Modifier::required, Modifier::key, Modifier::time_zone, Modifier::label});
  CHECK(tree.string_value(tree.last_child(field)) == "x");
}

TEST_CASE("events, records, lookups, zones") {
  CHECK(declaration("event p of c \"P\" { at: time }") == "(Event p (Of c) \"P\" (FieldDecl at (TypeName)))");
  CHECK(declaration("records d of c {}") == "(Records d (Of c))");
  CHECK(declaration("lookup l { a: text key }") == "(Lookup l (FieldDecl a (TypeName) (Modifier)))");
  CHECK(declaration("zones z from \"z.geojson\"") == "(Zones z \"z.geojson\")");
}

TEST_CASE("named selections of events") {
  CHECK(declaration("events a = b where c") == "(EventsSelect a (Select b (Where c)))");
  CHECK(declaration("events a = b\n  where c\n  over last 3 days") ==
        "(EventsSelect a (Select b (Where c) (Over (LastPeriod 3 days))))");
  CHECK(declaration("events a = (b where c)") == "(EventsSelect a (Paren (Select b (Where c))))");
  CHECK(declaration("events a = b") == "(EventsUnion a b)");
  CHECK(declaration("events a = b, c.d,\n  e") == "(EventsUnion a b (Path c d) e)");
  CHECK(declaration("events a = b grouped by c, d.e { f: sum(f), n: count }") ==
        "(EventsGrouped a b c (Path d e) (AggregateField f (Call sum f)) (AggregateField n count))");
}

TEST_CASE("modules") {
  CHECK(declaration("use rfm") == "(Use rfm)");
  CHECK(declaration("use \"a.seg\" as b") == "(Use \"a.seg\" (As b))");
  CHECK(declaration("use rfm with a = b, c.d = e.f") == "(Use rfm (Binding a b) (Binding (Path c d) (Path e f)))");
  CHECK(declaration("module m \"M\"") == "(Module m \"M\")");
  CHECK(declaration("requires a") == "(Requires a)");
  CHECK(declaration("requires a.b: money") == "(Requires (Path a b) (TypeName))");
}

TEST_CASE("params, lists, metrics, defines") {
  CHECK(declaration("param a = 3 \"why\"") == "(Param a 3 \"why\")");
  CHECK(declaration("list a \"A\" = [b]") == "(ListValues a \"A\" (List b))");
  CHECK(declaration("list a from \"a.csv\" column b") == "(ListFile a \"a.csv\" b)");
  CHECK(declaration("list a from \"a.csv\" column \"b c\"") == "(ListFile a \"a.csv\" \"b c\")");
  CHECK(declaration("metric a of c \"A\" between 0 and 1 = b") == "(Metric a (Of c) \"A\" (Range 0 1) b)");
  CHECK(declaration("metric a\n  = b") == "(Metric a b)");
  CHECK(declaration("metric a =\n  b") == "(Metric a b)");
  CHECK(declaration("define a = b") == "(Define a b)");
  CHECK(declaration("define a(b, c: list of text) \"A\" = d") ==
        "(Define a (Parameter b) (Parameter c (ListType (TypeName))) \"A\" d)");
}

TEST_CASE("scores") {
  CHECK(declaration("score a { title \"A\", +10 when b, +2 per c up to 20 when d, -1 per e, 5 when f }") ==
        "(Score a (Property title \"A\") (Points 10 (When b)) (Points 2 (PerEach c) (UpTo 20) (When d)) "
        "(Points 1 (PerEach e)) (Points 5 (When f)))");
}

TEST_CASE("segments") {
  CHECK(declaration("segment a of c \"A\" { owner \"o\", when b, expect size > 3 }") ==
        "(Segment a (Of c) \"A\" (Property owner \"o\") (When b) (Expect (Compare size 3)))");
  CHECK(declaration("segments a for each b in c { when d = b }") == "(SegmentsForEach a b c (When (Compare d b)))");
  CHECK(declaration("segment a { every month enter when b leave when c stay at least 3 days }") ==
        "(Segment a (Sticky month (Enter b) (Leave c) (Stay (Duration 3 days))))");
  CHECK(declaration("segment a { every 2 weeks\n enter when b\n leave when c }") ==
        "(Segment a (Sticky (Duration 2 weeks) (Enter b) (Leave c)))");
}

TEST_CASE("partitions") {
  CHECK(declaration("partition a { tier b \"B\" when c, tier d when e, otherwise none }") ==
        "(Partition a (Tier b \"B\" (When c)) (Tier d (When e)) (Otherwise (Nothing)))");
  CHECK(declaration("partition a { tier b\n  when c\n otherwise d }") ==
        "(Partition a (Tier b (When c)) (Otherwise d))");
  CHECK(declaration("partition a by (b, c) { d: (1, 2..3), e: (any, gold) or (\"x\", 1), otherwise f }") ==
        "(Grid a (GridBy b c) (GridTier d (Cells (Cell 1) (CellRange 2 3))) (GridTier e (Cells (CellAny) (Cell gold)) "
        "(Cells (Cell \"x\") (Cell 1))) (Otherwise f))");
  CHECK(declaration("partition a by value of b.c") == "(PartitionByValue a (Path b c))");
  const std::string text = "ranked partition a {}\ndisjoint partition b {}\npartition c {}";
  const Tree tree = tree_of(text);
  const auto all = tree.children(tree.root());
  REQUIRE(all.size() == 3);
  CHECK(tree.partition_kind(all[0]) == PartitionKind::ranked);
  CHECK(tree.partition_kind(all[1]) == PartitionKind::disjoint);
  CHECK(tree.partition_kind(all[2]) == PartitionKind::first_match);
}

TEST_CASE("occasions") {
  CHECK(declaration("occasion a = persian 1 Farvardin for 13 days") ==
        "(Occasion a (DayOfMonth persian 1 Farvardin) (Duration 13 days))");
  CHECK(declaration("occasion a = 24 december") == "(Occasion a (DayOfMonth 24 december))");
  CHECK(declaration("occasion a = friday after 4th thursday of november for 4 days") ==
        "(Occasion a (DayBeside friday (DayOfWeek (Ordinal) thursday november)) (Duration 4 days))");
  CHECK(declaration("occasion a = last sunday of october") == "(Occasion a (DayOfWeek (Ordinal) sunday october))");
  CHECK(declaration("occasion a = 2026-06-30 for 2 days") == "(Occasion a 2026-06-30 (Duration 2 days))");
}

TEST_CASE("models, personas, plans") {
  CHECK(declaration("model a from \"a.yaml\"") == "(Model a \"a.yaml\")");
  CHECK(declaration("persona a for b { goals [\"x\"], expect c }") ==
        "(Persona a (For b) (Property goals (List \"x\")) (Expect c))");
  CHECK(declaration("plan a for b { channel email }") == "(Plan a (For b) (Property channel email))");
}

TEST_CASE("tests") {
  CHECK(declaration("test \"t\" as of 2026-06-30 { customer { a 1, b \"x\" }, expect in segment c }") ==
        "(Test \"t\" 2026-06-30 (GivenRow customer (Given a 1) (Given b \"x\")) (Expect (InSegment c)))");
  CHECK(declaration("test \"t\" as of 2026-06-30 { 12 p of ana on 2026-06-01 { a -5 }, p 3 days ago {} }") ==
        "(Test \"t\" 2026-06-30 (GivenRow 12 p (Of ana) (On 2026-06-01) (Given a (Negate 5))) "
        "(GivenRow p (Ago (Duration 3 days))))");
  CHECK(declaration("test \"t\" as of 2026-06-30 { customer ana { a.b [1] }, param v = 3 }") ==
        "(Test \"t\" 2026-06-30 (GivenRow customer ana (Given (Path a b) (List 1))) (Param v 3))");
  CHECK(declaration("test \"t\" as of 2026-06-30 { expect on 2026-06-01 {} }") ==
        "(Test \"t\" 2026-06-30 (GivenRow expect (On 2026-06-01)))");
}

TEST_CASE("functions of the library") {
  CHECK(declaration("function f(a: text, b: T) -> list of T { native g, missing never, example f(1) = 2, sql duckdb "
                    "\"x\", unsupported spark }") ==
        "(Function f (Parameter a (TypeName)) (Parameter b (TypeName)) (ListType (TypeName)) (Native g) (MissingRule) "
        "(Example (Compare (Call f 1) 2)) (Sql duckdb \"x\") (Unsupported spark))");
  const std::string text = "function f(a: number) -> number = 2 * a { missing when a missing }";
  const Tree tree = tree_of(text);
  const NodeId function = tree.child(tree.root(), std::size_t{0});
  REQUIRE(tree.function_body(function) != kNoNode);
  CHECK(tree.text(tree.function_body(function)) == "2 * a");
  CHECK(tree.missing_rule(tree.child(function, NodeKind::kMissingRule)) == MissingRule::when_named);
}

}  // namespace
}  // namespace seg::syntax
