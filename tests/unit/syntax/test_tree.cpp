// Read access: names, documentation, literal values, operators, tokens.
#include "tests/unit/syntax/tree_shape.h"

namespace seg::syntax {
namespace {

// The expression of `metric m = …`.
struct Parsed {
  std::string text;
  Tree tree;
  NodeId node;
  explicit Parsed(const std::string& expression) : text("metric m = " + expression), tree(tree_of(text)) {
    node = tree.last_child(tree.child(tree.root(), std::size_t{0}));
  }
};

TEST_CASE("numbers as they were written") {
  CHECK(Parsed("1_000").tree.digits(Parsed("1_000").node) == "1000");
  const Parsed money("1_000.50 EUR");
  CHECK(money.tree.digits(money.node) == "1000.50");
  CHECK(money.tree.number_value(money.node) == 1000.5);
  CHECK(money.tree.unit(money.node) == Unit::currency);
  CHECK(money.tree.name(money.tree.child(money.node, NodeKind::kUnit)) == "EUR");
  const Parsed percent("15%");
  CHECK(percent.tree.number_value(percent.node) == 0.15);
  CHECK_FALSE(percent.tree.integer_value(percent.node).has_value());
  const Parsed big("9_223_372_036_854_775_807");
  CHECK(big.tree.integer_value(big.node) == std::int64_t{9223372036854775807});
  const Parsed too_big("9_223_372_036_854_775_808");
  CHECK_FALSE(too_big.tree.integer_value(too_big.node).has_value());
  const Parsed fraction("0.5");
  CHECK_FALSE(fraction.tree.integer_value(fraction.node).has_value());
}

TEST_CASE("units") {
  const auto unit = [](const char* text) {
    const Parsed p(text);
    return p.tree.unit(p.node);
  };
  CHECK(unit("1 second") == Unit::second);
  CHECK(unit("2 minutes") == Unit::minute);
  CHECK(unit("1 hour") == Unit::hour);
  CHECK(unit("2 days") == Unit::day);
  CHECK(unit("1 week") == Unit::week);
  CHECK(unit("2 months") == Unit::month);
  CHECK(unit("1 quarter") == Unit::quarter);
  CHECK(unit("2 years") == Unit::year);
  CHECK(unit("5 m") == Unit::meter);
  CHECK(unit("5 km") == Unit::kilometer);
  CHECK(unit("5 miles") == Unit::mile);
}

TEST_CASE("texts are decoded") {
  const Parsed text(R"("a\"b\\c\n\t\u{1F600}é")");
  CHECK(text.tree.string_value(text.node) == "a\"b\\c\n\t\U0001F600\u00e9");
  const Parsed decomposed("\"e\u0301\"");
  CHECK(decomposed.tree.string_value(decomposed.node) == "\u00e9");
  const Parsed empty("\"\"");
  CHECK(empty.tree.string_value(empty.node).empty());
}

TEST_CASE("dates") {
  const Parsed date("2026-06-30");
  CHECK(date.tree.date_value(date.node) == CalendarDay{2026, 6, 30});
  const Parsed foreign("1405-04-09 persian");
  CHECK(foreign.tree.date_value(foreign.node) == CalendarDay{1405, 4, 9});
  CHECK(foreign.tree.text(foreign.tree.child(foreign.node, NodeKind::kName)) == "persian");
  const Parsed time("2026-06-30T18:00");
  CHECK(time.tree.date_value(time.node) == CalendarDay{2026, 6, 30});
}

TEST_CASE("comparison operators") {
  const auto op = [](const std::string& text) {
    const Parsed p("a " + text + " b");
    return p.tree.compare_op(p.node);
  };
  CHECK(op("=") == CompareOp::eq);
  CHECK(op("is") == CompareOp::eq);
  CHECK(op("!=") == CompareOp::ne);
  CHECK(op("is not") == CompareOp::ne);
  CHECK(op("<") == CompareOp::lt);
  CHECK(op("<=") == CompareOp::le);
  CHECK(op("at most") == CompareOp::le);
  CHECK(op(">") == CompareOp::gt);
  CHECK(op(">=") == CompareOp::ge);
  CHECK(op("at least") == CompareOp::ge);
}

TEST_CASE("what other nodes own") {
  const auto negated = [](const std::string& text) {
    const Parsed p(text);
    return p.tree.is_negated(p.node);
  };
  CHECK(negated("a is not missing"));
  CHECK_FALSE(negated("a is missing"));
  CHECK(negated("a not in [b]"));
  CHECK_FALSE(negated("a in [not b]"));
  CHECK(negated("did not a"));
  CHECK_FALSE(negated("did a then not b"));
  const Parsed since_first("days since first a");
  CHECK(since_first.tree.since_first(since_first.node));
  const Parsed since_last("days since last a");
  CHECK_FALSE(since_last.tree.since_first(since_last.node));
  const Parsed bottom("in bottom 3 by a");
  CHECK(bottom.tree.in_bottom(bottom.node));
  const Parsed any("any a where b");
  CHECK(any.tree.quantifier(any.node) == Quantifier::any);
  const Parsed every("every a where b");
  CHECK(every.tree.quantifier(every.node) == Quantifier::every);
  const Parsed no("no a where b");
  CHECK(no.tree.quantifier(no.node) == Quantifier::no);
  const Parsed sum("a + b - c");
  CHECK(sum.tree.arithmetic_op(sum.node) == ArithmeticOp::subtract);
  const Parsed product("a * b / c");
  CHECK(product.tree.arithmetic_op(product.node) == ArithmeticOp::divide);
  const Parsed contains("a contains all of b");
  CHECK(contains.tree.contains_mode(contains.node) == ContainsMode::all_of);
  const Parsed starts("a starts with b");
  CHECK(starts.tree.text_test(starts.node) == TextTest::starts_with);
  const Parsed each("in each of last 3 days (a)");
  CHECK(each.tree.regularity_op(each.node) == CountOp::each);
  const Parsed at_most("in at most 2 of last 3 days (a)");
  CHECK(at_most.tree.regularity_op(at_most.node) == CountOp::at_most);
  const Parsed times("did a exactly 3 times");
  CHECK(times.tree.times_op(times.tree.child(times.tree.child(times.node, NodeKind::kSelect), NodeKind::kTimes)) ==
        CountOp::exactly);
  const Parsed ties("in top 3 by a with ties by latest b");
  CHECK(ties.tree.ties_order(ties.tree.child(ties.node, NodeKind::kTies)) == TiesOrder::latest);
  const Parsed full("d within last 3 full months");
  CHECK(full.tree.is_full(full.tree.child(full.node, NodeKind::kLastPeriod)));
}

TEST_CASE("names") {
  const Parsed common("most   common(a . b)");
  CHECK(common.tree.name(common.tree.child(common.node, std::size_t{0})) == "most common");
  CHECK(common.tree.name(common.tree.child(common.node, std::size_t{1})) == "a.b");
  const Parsed step("step 1 . amount");
  CHECK(step.tree.name(step.node) == "step 1.amount");
  const std::string text = "segment vip of customer \"VIP\" { owner \"x\", when a }";
  const Tree tree = tree_of(text);
  const NodeId segment = tree.child(tree.root(), std::size_t{0});
  CHECK(tree.name(segment) == "vip");
  CHECK(tree.name(tree.child(segment, NodeKind::kOf)) == "customer");
  CHECK(tree.string_value(segment) == "VIP");
  CHECK(tree.name(tree.child(segment, NodeKind::kProperty)) == "owner");
  CHECK(tree.name(tree.child(segment, NodeKind::kWhen)) == "a");
  CHECK(tree.child(segment, NodeKind::kSticky) == kNoNode);
}

TEST_CASE("documentation") {
  const std::string text =
      "## First.\n##   Indented.\n##\n## Last.\nmetric a = 1\n\n## Not this.\n\nmetric b = 2\n# plain\nmetric c = 3\n"
      "entity e {\n    ## The key.\n    key id: text\n}\n";
  const Tree tree = tree_of(text);
  const auto all = tree.children(tree.root());
  CHECK(tree.doc(all[0]) == "First.\n  Indented.\n\nLast.");
  CHECK(tree.doc(all[1]).empty());
  CHECK(tree.doc(all[2]).empty());
  CHECK(tree.doc(tree.child(all[3], NodeKind::kFieldDecl)) == "The key.");
}

TEST_CASE("spans are without the blanks around") {
  const std::string text = "  metric  a  =   b + c   # d\n";
  const Tree tree = tree_of(text);
  const NodeId metric = tree.child(tree.root(), std::size_t{0});
  CHECK(tree.text(metric) == "metric  a  =   b + c");
  CHECK(tree.text(tree.last_child(metric)) == "b + c");
  CHECK(tree.span(metric) == base::Span{base::SourceId{0}, 2, 22});
  CHECK(tree.parent(metric) == tree.root());
  CHECK(tree.parent(tree.root()) == kNoNode);
}

TEST_CASE("own tokens are those of no child") {
  const Parsed p("a is not (b and c)");
  std::vector<std::string> words;
  for (const TokenId t : p.tree.own_tokens(p.node)) words.emplace_back(p.tree.text(t));
  CHECK(words == std::vector<std::string>{"is", "not"});
  CHECK(p.tree.has_token(p.node, TokenKind::kIs));
  CHECK_FALSE(p.tree.has_token(p.node, TokenKind::kAnd));
}

TEST_CASE("binding powers are those of the table") {
  CHECK(binding_power(NodeKind::kOr) < binding_power(NodeKind::kAnd));
  CHECK(binding_power(NodeKind::kAnd) < binding_power(NodeKind::kNot));
  CHECK(binding_power(NodeKind::kNot) < binding_power(NodeKind::kCompare));
  CHECK(binding_power(NodeKind::kCompare) < binding_power(NodeKind::kOrIfMissing));
  CHECK(binding_power(NodeKind::kOrIfMissing) < binding_power(NodeKind::kBinary));
  CHECK(binding_power(NodeKind::kBinary) < binding_power(NodeKind::kCall));
}

TEST_CASE("same_tree looks at words, not at blanks") {
  const std::string a = "segment a { when b and c }";
  const std::string b = "segment a {\n    when b\n        and c;\n}\n";
  const std::string c = "segment a { when b or c }";
  CHECK(same_tree(tree_of(a), tree_of(b)));
  CHECK_FALSE(same_tree(tree_of(a), tree_of(c)));
}

TEST_CASE("an empty text is an empty file") {
  const Tree tree = tree_of("");
  CHECK(tree.num_children(tree.root()) == 0);
  CHECK(dump(tree) == "kFile \"\"\n");
}

TEST_CASE("groups of kinds") {
  CHECK(is_declaration(NodeKind::kSegment));
  CHECK(is_expression(NodeKind::kCompare));
  CHECK(is_period(NodeKind::kLastPeriod));
  CHECK(is_type(NodeKind::kListType));
  CHECK(is_select(NodeKind::kSequence));
  CHECK(kind_id(NodeKind::kCompare) == "kCompare");
  CHECK(kind_name(NodeKind::kCompare) == "comparison");
}

}  // namespace
}  // namespace seg::syntax
