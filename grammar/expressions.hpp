// Expressions, loosest binding first: if, or, and, not, comparisons, `or if missing`, + -, * /, -, lookups and fields.
// A rule that ends in _tail takes the operand on its left into its node.
#pragma once

#include "grammar/events.hpp"

namespace seg::grammar {

struct or_expression;
struct not_expression;
struct unary;
struct default_expression;

struct if_expression
    : seq<token<K::kIf>,
          surely<deeper<before_then<expression>, broken<K::kThen>, expression, broken<K::kElse>, expression>>> {};
struct expression : expecting<Expected::value, sor<seq<at_token<K::kIf>, if_expression>, or_expression>> {};
struct operand : expecting<Expected::value, default_expression> {};

// ---- lookups, calls, literals ----
struct logic_items : logic_block<expression> {};
struct all_of : seq<token<K::kAll>, token<K::kOf>, logic_items> {};
struct any_of : seq<token<K::kAny>, token<K::kOf>, logic_items> {};
struct none_of : seq<token<K::kNone>, token<K::kOf>, logic_items> {};
struct at_least_of : seq<token<K::kAt>, token<K::kLeast>, count, token<K::kOf>, logic_items> {};
struct at_most_of : seq<token<K::kAt>, token<K::kMost>, count, token<K::kOf>, logic_items> {};
struct exactly_of : seq<token<K::kExactly>, count, token<K::kOf>, logic_items> {};

struct list : brackets<opt<comma_list<expression>>> {};
struct signed_number_negate : seq<token<K::kMinus>, number_literal> {};
struct signed_number : sor<signed_number_negate, number_literal> {};
struct point : seq<token<K::kPoint>, token<K::kLeftParen>,
                   within_brackets<true, signed_number, token<K::kComma>, signed_number, token<K::kRightParen>>> {};

struct argument_tails : expecting<Expected::clause, opt<sor<out_of_tail, by_tail, across_tail>>> {};
struct argument : seq<sor<plain_period, expression>, select_tails, argument_tails> {};
struct call_tail : parens<opt<comma_list<argument>>> {};
struct rank_tail : sor<seq<among, opt<per>>, per> {};
struct part_of_tail : seq<token<K::kOf>, not_at<at_token<K::kLeftBrace>>, surely<postfix>> {};
// most common(…), current streak(…)
struct two_words : seq<sor<seq<token<K::kMost>, token<K::kCommon>>, seq<token<K::kCurrent>, token<K::kStreak>>>,
                       at_token<K::kLeftParen>> {};
struct call_tails : seq<call_tail, expecting<Expected::operation, opt<scope_is_free, rank_tail>>> {};
struct path_uses : expecting<Expected::operation, opt<sor<seq<at_token<K::kLeftParen>, call_tails>, part_of_tail>>> {};
struct named_value : sor<seq<two_words, call_tails>, seq<path, path_uses>> {};

struct calendar_of : seq<token<K::kCalendar>, time_unit, token<K::kOf>, surely<postfix>> {};
struct ties_order : sor<token<K::kEarliest>, token<K::kLatest>, token<K::kHighest>, token<K::kLowest>> {};
struct ties : seq<broken<K::kWith>, token<K::kTies>, surely<token<K::kBy>, opt<seq<ties_order, at_name>>, postfix>> {};
struct in_top : seq<token<K::kIn>, sor<token<K::kTop>, token<K::kBottom>>, sor<percent_literal, number_literal, name>,
                    token<K::kBy>, surely<before_scope<sum>, opt<among>, opt<per>, opt<ties>>> {};
struct in_segment : seq<token<K::kIn>, token<K::kSegment>, surely<expected_path>> {};

struct literal : sor<seq<at_token<K::kNumberLiteral>, quantity>, seq<at_token<K::kTextLiteral>, text_literal>,
                     seq<at_token<K::kPercentLiteral>, percent_literal>, seq<at_token<K::kDateLiteral>, date>,
                     seq<at_token<K::kTimeLiteral>, time_literal>, seq<at_token<K::kYes>, yes_literal>> {};

struct primary_choice : sor<literal, seq<at_token<K::kLeftParen>, paren>, seq<at_token<K::kLeftBracket>, list>,
                            seq<at_token<K::kAll>, all_of>, seq<at_token<K::kAny>, sor<any_of, quantified>>,
                            seq<at_token<K::kDid>, did>, seq<at_token<K::kIn>, sor<in_segment, in_top, regularity>>,
                            seq<at_token<K::kEvery, K::kNo>, sor<quantified, no_literal>>,
                            seq<at_time_unit, sor<since_event, since, until>>, seq<at_token<K::kNone>, none_of>,
                            seq<at_token<K::kAt>, sor<at_least_of, at_most_of>>, seq<at_token<K::kExactly>, exactly_of>,
                            seq<at_token<K::kCalendar>, calendar_of>, seq<at_token<K::kTime>, time_from_to>,
                            seq<at_token<K::kFirst>, first_within>, seq<at_token<K::kPoint>, point>,
                            seq<at_token<K::kStep>, step_path>, named_value> {};
struct primary : deeper<primary_choice> {};

struct index_tail : brackets<expression> {};
struct field_tail : plus<token<K::kDot>, surely<expected_name>> {};
struct postfix_tails
    : expecting<Expected::operation,
                star<sor<seq<at_token<K::kLeftBracket>, index_tail>, seq<at_token<K::kDot>, field_tail>>>> {};
struct postfix : expecting<Expected::value, primary, postfix_tails> {};

// ---- arithmetic ----
struct negate : seq<token<K::kMinus>, surely<deeper<unary>>> {};
struct unary : sor<seq<at_token<K::kMinus>, negate>, postfix> {};
struct product_tail : seq<sor<token<K::kStar>, token<K::kSlash>>, may_break, surely<unary>> {};
struct product : seq<unary, expecting<Expected::operation, star<product_tail>>> {};
struct sum_tail : seq<sor<token<K::kPlus>, token<K::kMinus>>, may_break, surely<product>> {};
struct sum : seq<product, expecting<Expected::operation, star<sum_tail>>> {};
struct default_tail : plus<broken<K::kOr>, token<K::kIf>, token<K::kMissing>, surely<sum>> {};
struct default_expression : seq<sum, expecting<Expected::operation, opt<default_tail>>> {};

// ---- comparisons ----
// `at least 3 times` and `at least 3 of { … }` are no comparisons.
struct no_count_follows : not_at<count, sor<token<K::kTimes>, seq<token<K::kOf>, token<K::kLeftBrace>>>> {};
struct compare_sign : sor<broken<K::kEquals>, broken<K::kNotEquals>, broken<K::kLess>, broken<K::kLessOrEqual>,
                          broken<K::kGreater>, broken<K::kGreaterOrEqual>> {};
struct compare_words : sor<seq<broken<K::kIs>, opt<token<K::kNot>>>,
                           seq<broken<K::kAt>, sor<token<K::kLeast>, token<K::kMost>>, no_count_follows>> {};
struct sign_tail : seq<compare_sign, surely<operand>> {};
struct word_tail : seq<compare_words, surely<operand>> {};
struct is_missing_tail : seq<broken<K::kIs>, opt<token<K::kNot>>, token<K::kMissing>> {};
struct is_known_tail : seq<broken<K::kIs>, opt<token<K::kNot>>, token<K::kKnown>> {};
struct between_tail : seq<broken<K::kBetween>, surely<operand, broken<K::kAnd>, operand>> {};
struct in_segment_tail : seq<opt<token<K::kNot>>, token<K::kIn>, token<K::kSegment>, surely<expected_path>> {};
// A line that begins with `in segment`, `in top`, `in each of`, `in at least` is an item of its own.
struct in_tail : seq<sor<seq<token<K::kNot>, token<K::kIn>>, seq<at_token<K::kIn>, token<K::kIn>>,
                         seq<broken<K::kIn>, at_token<K::kLeftBracket>>>,
                     surely<postfix>> {};
struct contains_tail
    : seq<token<K::kContains>, opt<seq<sor<token<K::kAny>, token<K::kAll>>, token<K::kOf>>>, surely<operand>> {};
struct text_test_tail
    : seq<sor<seq<sor<token<K::kStarts>, token<K::kEnds>>, token<K::kWith>>, token<K::kMatches>>, surely<operand>> {};
struct near_tail : seq<broken<K::kWithin>, sor<distance, name>, token<K::kOf>, surely<postfix>> {};
struct within_tail : seq<broken<K::kWithin>, period> {};
struct before_tail : seq<token<K::kBefore>, surely<operand>> {};
struct after_tail : seq<token<K::kAfter>, surely<operand>> {};
struct during_tail : seq<token<K::kDuring>, surely<period>> {};
struct inside_tail : seq<token<K::kInside>, surely<expected_path, opt<text_literal>>> {};

// What comes next decides, so that most expressions try nothing.
struct comparison_tail
    : expecting<
          Expected::operation,
          sor<seq<at_broken<K::kEquals, K::kNotEquals, K::kLess, K::kLessOrEqual, K::kGreater, K::kGreaterOrEqual>,
                  sign_tail>,
              seq<at_broken<K::kIs>, sor<is_missing_tail, is_known_tail, word_tail>>, seq<at_broken<K::kAt>, word_tail>,
              seq<at_broken<K::kBetween>, between_tail>, seq<at_broken<K::kWithin>, sor<near_tail, within_tail>>,
              seq<at_broken<K::kIn, K::kNot>, sor<in_segment_tail, in_tail>>,
              seq<at_token<K::kContains, K::kStarts, K::kEnds, K::kMatches>, sor<contains_tail, text_test_tail>>,
              seq<at_token<K::kBefore>, before_tail>, seq<at_token<K::kAfter>, after_tail>,
              seq<at_token<K::kDuring>, during_tail>, seq<at_token<K::kInside>, inside_tail>,
              // Never there: for the message when something else stands here.
              token<K::kEquals>>> {};
struct comparison : seq<default_expression, opt<comparison_tail>> {};

// ---- logic ----
struct not_condition : seq<token<K::kNot>, surely<deeper<not_expression>>> {};
struct not_expression : sor<seq<at_token<K::kNot>, not_condition>, comparison> {};
struct and_tail : plus<broken<K::kAnd>, surely<not_expression>> {};
struct and_expression : seq<not_expression, expecting<Expected::operation, opt<and_tail>>> {};
struct or_tail : plus<broken<K::kOr>, surely<and_expression>> {};
struct or_expression : seq<and_expression, expecting<Expected::operation, opt<or_tail>>> {};

}  // namespace seg::grammar
