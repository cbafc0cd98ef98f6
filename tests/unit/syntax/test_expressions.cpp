// The shape of the tree for every form of expression.
#include "tests/unit/syntax/tree_shape.h"

namespace seg::syntax {
namespace {

TEST_CASE("names, paths and literals") {
  CHECK(expression("a") == "a");
  CHECK(expression("a.b.c") == "(Path a b c)");
  CHECK(expression("step 1.amount") == "(Path (StepRef 1) amount)");
  CHECK(expression("1_000") == "1_000");
  CHECK(expression("0.5") == "0.5");
  CHECK(expression("15%") == "15%");
  CHECK(expression("\"x\"") == "\"x\"");
  CHECK(expression("yes") == "(Yes)");
  CHECK(expression("no") == "(No)");
}

TEST_CASE("quantities") {
  CHECK(expression("90 days") == "(Duration 90 days)");
  CHECK(expression("1 hour") == "(Duration 1 hour)");
  CHECK(expression("5 km") == "(Distance 5 km)");
  CHECK(expression("5 m") == "(Distance 5 m)");
  CHECK(expression("500 EUR") == "(Money 500 EUR)");
  CHECK(expression("1_000.50 CHF") == "(Money 1_000.50 CHF)");
}

TEST_CASE("a unit stands on its number's line") {
  CHECK(declaration("list a = [5\n  , m]") == "(ListValues a (List 5 m))");
  CHECK(codes_of("list a = [5\n m]") == "S1001");
  CHECK(codes_of("metric a = count(b over last 30\n days)") == "S1001");  // found by fuzzing: days were an occasion
}

TEST_CASE("dates and times") {
  CHECK(expression("2026-06-30") == "2026-06-30");
  CHECK(expression("2026-06-30T18:00") == "2026-06-30T18:00");
  CHECK(expression("2026-06-30T18:00:30.5Z") == "2026-06-30T18:00:30.5Z");
  CHECK(expression("2026-06-30T18:00+02:00") == "2026-06-30T18:00+02:00");
  CHECK(expression("1405-04-09 persian") == "(CalendarDate 1405-04-09 persian)");
  CHECK(expression("1448-01-15 islamic") == "(CalendarDate 1448-01-15 islamic)");
}

TEST_CASE("lists and points") {
  CHECK(expression("[]") == "(List)");
  CHECK(expression("[a, \"b\", 3,]") == "(List a \"b\" 3)");
  CHECK(expression("point(35.70, -51.42)") == "(Point 35.70 (Negate 51.42))");
  CHECK(expression("point(a, b)") == "(Call point a b)");
}

TEST_CASE("binding, tightest first") {
  CHECK(expression("a + b * c") == "(Binary a (Binary b c))");
  CHECK(expression("a - b - c") == "(Binary (Binary a b) c)");
  CHECK(expression("-a * b") == "(Binary (Negate a) b)");
  CHECK(expression("(a + b) * c") == "(Binary (Paren (Binary a b)) c)");
  CHECK(expression("a or if missing b + c > d") == "(Compare (OrIfMissing a (Binary b c)) d)");
  CHECK(expression("a or if missing b or if missing c") == "(OrIfMissing a b c)");
  CHECK(expression("not a = b and c") == "(And (Not (Compare a b)) c)");
  CHECK(expression("not not a") == "(Not (Not a))");
  CHECK(expression("a.b[c].d") == "(Field (Index (Path a b) c) d)");
}

TEST_CASE("`and` beside `or` still builds a tree") {
  CHECK(expression("a or b and c or d") == "(Or a (And b c) d)");
  CHECK(expression("a and b and c") == "(And a b c)");
  CHECK(expression("(a or b) and c") == "(And (Paren (Or a b)) c)");
}

TEST_CASE("comparisons") {
  for (const char* op : {"=", "!=", "<", "<=", ">", ">=", "is", "is not", "at least", "at most"}) {
    CHECK(expression(std::string("a ") + op + " b") == "(Compare a b)");
  }
  CHECK(expression("a is missing") == "(IsMissing a)");
  CHECK(expression("a is not missing") == "(IsMissing a)");
  CHECK(expression("a is known") == "(IsKnown a)");
  CHECK(expression("a between 1 and 2 and b") == "(And (Between a 1 2) b)");
  CHECK(expression("a in [1]") == "(In a (List 1))");
  CHECK(expression("a not in b") == "(In a b)");
}

TEST_CASE("tests of texts and lists") {
  CHECK(expression("a contains \"x\"") == "(Contains a \"x\")");
  CHECK(expression("a contains any of [b]") == "(Contains a (List b))");
  CHECK(expression("a contains all of b") == "(Contains a b)");
  CHECK(expression("a starts with \"x\"") == "(TextTest a \"x\")");
  CHECK(expression("a ends with \"x\"") == "(TextTest a \"x\")");
  CHECK(expression("a matches \"x\"") == "(TextTest a \"x\")");
}

TEST_CASE("if") {
  CHECK(expression("if a then b else c") == "(If a b c)");
  CHECK(expression("if a then b else if c then d else e") == "(If a b (If c d e))");
  CHECK(expression("if did a then b else c") == "(If (Did a) b c)");
  CHECK(expression("if (did a then b) then c else d") == "(If (Paren (Did (Sequence a (Then b)))) c d)");
}

TEST_CASE("logic blocks") {
  CHECK(expression("all of { a, b; c }") == "(AllOf a b c)");
  CHECK(expression("any of {\n a\n b\n}") == "(AnyOf a b)");
  CHECK(expression("none of { }") == "(NoneOf)");
  CHECK(expression("at least 2 of { a, b }") == "(AtLeastOf 2 a b)");
  CHECK(expression("at most n of { a }") == "(AtMostOf n a)");
  CHECK(expression("exactly 1 of { a }") == "(ExactlyOf 1 a)");
  CHECK(expression("x and all of { a and b } and c") == "(And x (AllOf (And a b)) c)");
}

TEST_CASE("calls, lookups, parts") {
  CHECK(expression("f()") == "(Call f)");
  CHECK(expression("f(a, b + 1)") == "(Call f a (Binary b 1))");
  CHECK(expression("most common(a.b)") == "(Call most common (Path a b))");
  CHECK(expression("r.value(next 12 months)") == "(Call (Path r value) (NextPeriod 12 months))");
  CHECK(expression("nearest(a, b).name") == "(Field (Call nearest a b) name)");
  CHECK(expression("climate[city].zone") == "(Field (Index climate city) zone)");
  CHECK(expression("month of d = 3") == "(Compare (PartOf month d) 3)");
  CHECK(expression("weekday of a.b") == "(PartOf weekday (Path a b))");
  CHECK(expression("currency of amount is CHF") == "(Compare (PartOf currency amount) CHF)");
  CHECK(expression("calendar week of t") == "(CalendarOf week t)");
}

TEST_CASE("arguments with clauses are selections") {
  CHECK(expression("count(a)") == "(Call count a)");
  CHECK(expression("count(a where b)") == "(Call count (Select a (Where b)))");
  CHECK(expression("sum(a.b over last 3 days)") == "(Call sum (Select (Path a b) (Over (LastPeriod 3 days))))");
  CHECK(expression("count(a where b and c or d over last 3 days)") ==
        "(Call count (Select a (Where (Or (And b c) d)) (Over (LastPeriod 3 days))))");
  CHECK(expression("share(a where b out of a over last 3 days)") ==
        "(Call share (OutOf (Select a (Where b)) (Select a (Over (LastPeriod 3 days)))))");
  CHECK(expression("streak(a by month)") == "(Call streak (By a month))");
  CHECK(expression("count(a then b)") == "(Call count (Sequence a (Then b)))");
  CHECK(expression("count(a where count(b where c) > 1)") ==
        "(Call count (Select a (Where (Compare (Call count (Select b (Where c))) 1))))");
}

TEST_CASE("conditions over events") {
  CHECK(expression("did a") == "(Did a)");
  CHECK(expression("did not a over last 3 days") == "(Did (Select a (Over (LastPeriod 3 days))))");
  CHECK(expression("did a at least 3 times") == "(Did (Select a (Times 3)))");
  CHECK(expression("did a exactly 3 times") == "(Did (Select a (Times 3)))");
  CHECK(expression("did a within 5 days") == "(Did (Select a (WithinGap (Duration 5 days))))");
  CHECK(expression("did a within 1 day after b then c") ==
        "(Did (Sequence (Select a (WithinGap (Duration 1 day) b)) (Then c)))");
  CHECK(expression("did (a where b) and c") == "(And (Did (Paren (Select a (Where b)))) c)");
  CHECK(expression("any a where b") == "(Quantified (Select a (Where b)))");
  CHECK(expression("every a where b") == "(Quantified (Select a (Where b)))");
  CHECK(expression("no a where b") == "(Quantified (Select a (Where b)))");
  CHECK(expression("no (a where b)") == "(Quantified (Paren (Select a (Where b))))");
  CHECK(expression("a is no and b") == "(And (Compare a (No)) b)");
}

TEST_CASE("a `where` takes one whole condition") {
  CHECK(expression("did a where b within last 30 days") == "(Did (Select a (Where (Within b (LastPeriod 30 days)))))");
  CHECK(expression("did a where b within 3 days") == "(Did (Select a (Where b) (WithinGap (Duration 3 days))))");
  CHECK(expression("did a where amount at least 50 EUR at least 3 times") ==
        "(Did (Select a (Where (Compare amount (Money 50 EUR))) (Times 3)))");
  CHECK(expression("did a where x at least 3 times") == "(Did (Select a (Where x) (Times 3)))");
  CHECK(expression("did a where email ends with \".org\" with same cart") ==
        "(Did (Select a (Where (TextTest email \".org\")) (WithSame cart)))");
  CHECK(expression("did a where b or did c where d over last 3 days") ==
        "(Did (Select a (Where (Or b (Did (Select c (Where d) (Over (LastPeriod 3 days))))))))");
}

TEST_CASE("sequences") {
  CHECK(expression("did a then b then c over last 3 days") ==
        "(Did (Sequence a (Then b) (Then c) (Over (LastPeriod 3 days))))");
  CHECK(expression("did a then not b within 3 days") ==
        "(Did (Sequence a (Then (Select b (WithinGap (Duration 3 days))))))");
  CHECK(expression("did a then or with b with same x as step 1") ==
        "(Did (Sequence a (Then (Select b (WithSame x (StepRef 1))))))");
  CHECK(expression("time from a to b") == "(TimeFromTo a b)");
  CHECK(expression("time from (a where x) to (b)") == "(TimeFromTo (Paren (Select a (Where x))) (Paren b))");
}

TEST_CASE("days since and until") {
  CHECK(expression("days since last a > 3") == "(Compare (SinceEvent days a) 3)");
  CHECK(expression("days since first (a where b)") == "(SinceEvent days (Paren (Select a (Where b))))");
  CHECK(expression("days since last > 3") == "(Compare (Since days last) 3)");
  CHECK(expression("years since birth_date") == "(Since years birth_date)");
  CHECK(expression("days until a.b") == "(Until days (Path a b))");
  CHECK(expression("first a within last 3 days") == "(FirstWithin a (LastPeriod 3 days))");
  CHECK(expression("first(a.b)") == "(Call first (Path a b))");
  CHECK(expression("first (a where b) within last 3 days") ==
        "(Within (Call first (Select a (Where b))) (LastPeriod 3 days))");
}

TEST_CASE("periods") {
  const auto period = [](const std::string& text) {
    const std::string all = expression("d within " + text);
    return all.substr(std::string("(Within d ").size(), all.size() - std::string("(Within d )").size());
  };
  CHECK(period("last 3 days") == "(LastPeriod 3 days)");
  CHECK(period("last n days") == "(LastPeriod n days)");
  CHECK(period("last 3 full months") == "(LastPeriod 3 months)");
  CHECK(period("last 3 full persian months") == "(LastPeriod 3 persian months)");
  CHECK(period("previous 90 days") == "(PreviousPeriod 90 days)");
  CHECK(period("next 7 days") == "(NextPeriod 7 days)");
  CHECK(period("this month") == "(ThisPeriod month)");
  CHECK(period("this persian month") == "(ThisPeriod persian month)");
  CHECK(period("45 to 15 days ago") == "(AgoPeriod 45 15 days)");
  CHECK(period("first 30 days after signup") == "(FirstAfterPeriod 30 days signup)");
  CHECK(period("2026-01-01 to 2026-03-31") == "(DatesPeriod 2026-01-01 2026-03-31)");
  CHECK(period("1405-01-01 persian to 1405-01-13 persian") ==
        "(DatesPeriod (CalendarDate 1405-01-01 persian) (CalendarDate 1405-01-13 persian))");
  CHECK(period("nowruz") == "(NamedPeriod nowruz)");
  CHECK(period("last 3 nowruz") == "(LastNamedPeriod 3 nowruz)");
}

TEST_CASE("tests of dates and places") {
  CHECK(expression("d before 2026-01-01") == "(Before d 2026-01-01)");
  CHECK(expression("d after as_of") == "(After d as_of)");
  CHECK(expression("d during nowruz") == "(During d (NamedPeriod nowruz))");
  CHECK(expression("birthday(d) within next 7 days") == "(Within (Call birthday d) (NextPeriod 7 days))");
  CHECK(expression("home within 5 km of point(1, 2)") == "(Near home (Distance 5 km) (Point 1 2))");
  CHECK(expression("home within reach of shop.location") == "(Near home reach (Path shop location))");
  CHECK(expression("home inside delivery") == "(Inside home delivery)");
  CHECK(expression("home inside delivery \"north\"") == "(Inside home delivery \"north\")");
}

TEST_CASE("segments and the population") {
  CHECK(expression("in segment a") == "(InSegment a)");
  CHECK(expression("not in segment a") == "(Not (InSegment a))");
  CHECK(expression("ana in segment a") == "(InSegment ana a)");
  CHECK(expression("ana not in segment a") == "(InSegment ana a)");
  CHECK(expression("percentile(x) per country") == "(RankScope (Call percentile x) (Per country))");
  CHECK(expression("ntile(x, 4) among segment a per (b, c)") ==
        "(RankScope (Call ntile x 4) (Among (InPopulation a)) (Per b c))");
  CHECK(expression("in top 10% by x") == "(InTop 10% x)");
  CHECK(expression("in bottom 500 by x among a") == "(InTop 500 x (Among (InPopulation a)))");
  CHECK(expression("in top 3 by x per c with ties by earliest o") == "(InTop 3 x (Per c) (Ties o))");
  CHECK(expression("in top 5% by sum(x) per c") == "(InTop 5% (Call sum x) (Per c))");
  CHECK(expression("in top 5% by sum(x) / count(y) among a per c") ==
        "(InTop 5% (Binary (Call sum x) (Call count y)) (Among (InPopulation a)) (Per c))");
  CHECK(expression("in top 3 by (percentile(x) per b) per c with ties by o") ==
        "(InTop 3 (Paren (RankScope (Call percentile x) (Per b))) (Per c) (Ties o))");
  CHECK(expression("median(x across everyone per c)") == "(Call median (Across x (Everyone) (Per c)))");
  CHECK(expression("average(x across segment a)") == "(Call average (Across x (InPopulation a)))");
}

TEST_CASE("regularity") {
  CHECK(expression("in each of last 6 full months (did a)") == "(Regularity (LastPeriod 6 months) (Did a))");
  CHECK(expression("in at least 3 of last 8 weeks (a > 2)") == "(Regularity 3 (LastPeriod 8 weeks) (Compare a 2))");
  CHECK(expression("in exactly n of last 8 weeks (a)") == "(Regularity n (LastPeriod 8 weeks) a)");
}

TEST_CASE("a line is broken before word operators and comparisons, behind arithmetic") {
  CHECK(expression("a\n  and b\n  or c") == "(Or (And a b) c)");
  CHECK(expression("a\n  >= 3") == "(Compare a 3)");
  CHECK(expression("a\n  is missing") == "(IsMissing a)");
  CHECK(expression("a\n  between 1\n and 2") == "(Between a 1 2)");
  CHECK(expression("a +\n  b *\n c") == "(Binary a (Binary b c))");
  CHECK(expression("did a\n where b\n with same c\n at least 3 times\n within 3 days\n over last 3 days") ==
        "(Did (Select a (Where b) (WithSame c) (Times 3) (WithinGap (Duration 3 days)) (Over (LastPeriod 3 days))))");
  CHECK(expression("if a\n then b\n else c") == "(If a b c)");
  CHECK(expression("f(\n a\n ,\n b\n)") == "(Call f a b)");
  CHECK(expression("a  # why\n  # because\n  and b") == "(And a b)");
}

TEST_CASE("lines that begin an item are not drawn into the one before") {
  CHECK(expression("all of {\n a\n in segment b\n not in segment c\n in top 3 by d\n}") ==
        "(AllOf a (InSegment b) (Not (InSegment c)) (InTop 3 d))");
  CHECK(declaration("score s {\n +10 when a\n -5 when b\n}") == "(Score s (Points 10 (When a)) (Points 5 (When b)))");
  CHECK(expression("all of {\n a\n -b\n}") == "(AllOf a (Negate b))");
  CHECK(expression("all of {\n a\n (b)\n}") == "(AllOf a (Paren b))");
  CHECK(expression("all of {\n a\n [b]\n}") == "(AllOf a (List b))");
}

}  // namespace
}  // namespace seg::syntax
