// Declarations of rules: params, lists, metrics, scores, segments, partitions, occasions, models, personas, plans,
// modules.
#pragma once

#include "grammar/data_model.hpp"

namespace seg::grammar {

// ---- modules ----
struct binding : seq<expected_path, surely<token<K::kEquals>, may_break, expected_path>> {};
struct as_name : seq<token<K::kAs>, surely<expected_name>> {};
struct use : seq<token<K::kUse>, surely<sor<text_literal, expected_path>>,
                 opt<broken<K::kWith>, surely<open_comma_list<binding>>>, opt<as_name>> {};
struct module : seq<token<K::kModule>, declared_name, opt<title>> {};
struct requires_item : seq<token<K::kRequires>, surely<expected_path, opt<token<K::kColon>, surely<type>>>> {};

// ---- values ----
struct param : seq<token<K::kParam>, declared_name, becomes, surely<expression, opt<text_literal>>> {};
struct list_file : seq<token<K::kList>, name, opt<title>, token<K::kFrom>,
                       surely<expected_text, token<K::kColumn>, sor<text_literal, expected_name>>> {};
struct list_values : seq<token<K::kList>, declared_name, opt<title>, becomes, surely<expression>> {};
struct range : seq<broken<K::kBetween>, surely<operand, broken<K::kAnd>, operand>> {};
struct metric
    : seq<token<K::kMetric>, declared_name, opt<of_subject>, opt<title>, opt<range>, becomes, surely<expression>> {};
struct parameter : seq<expected_name, opt<token<K::kColon>, surely<type>>> {};
struct parameters : parens<opt<comma_list<parameter>>> {};
struct define : seq<token<K::kDefine>, declared_name, opt<parameters>, opt<title>, becomes, surely<expression>> {};

// ---- score ----
struct when : seq<token<K::kWhen>, surely<expression>> {};
struct broken_when : seq<broken<K::kWhen>, surely<expression>> {};
struct per_each : seq<token<K::kPer>, surely<operand>> {};
struct up_to : seq<token<K::kUp>, surely<token<K::kTo>, operand>> {};
struct points
    : seq<opt<sor<token<K::kPlus>, token<K::kMinus>>>, number_literal, opt<per_each>, opt<up_to>, opt<broken_when>> {};
struct score : seq<token<K::kScore>, declared_name, opt<of_subject>, opt<title>,
                   surely<block<expecting<Expected::line, sor<points, property>>>>> {};

// ---- segment ----
struct expect : seq<token<K::kExpect>, not_at<at_item_end<true>>, surely<expression>> {};
struct cadence : sor<duration, time_unit> {};
struct enter_when : seq<broken<K::kEnter>, surely<token<K::kWhen>, expression>> {};
struct leave_when : seq<broken<K::kLeave>, surely<token<K::kWhen>, expression>> {};
struct stay : seq<broken<K::kStay>, surely<token<K::kAt>, token<K::kLeast>, sor<duration, name>>> {};
// Which of them are there, and in what order, is the checker's matter: it can say what is missing.
struct sticky : seq<token<K::kEvery>, surely<cadence, star<sor<enter_when, leave_when, stay>>>> {};
struct segment_item
    : expecting<Expected::line,
                sor<when, seq<at_token<K::kExpect>, expect>, seq<at_token<K::kEvery>, sticky>, property>> {};
struct segment : seq<token<K::kSegment>, declared_name, opt<of_subject>, opt<title>, surely<block<segment_item>>> {};
struct segments_for_each
    : seq<token<K::kSegments>, declared_name, opt<of_subject>, opt<title>,
          surely<token<K::kFor>, token<K::kEach>, expected_name, token<K::kIn>, operand, block<segment_item>>> {};

// ---- partition ----
struct nothing_tier : token<K::kNone> {};
struct otherwise : seq<token<K::kOtherwise>, sor<nothing_tier, name>, opt<title>> {};
struct tier : seq<token<K::kTier>, expected_name, opt<title>, opt<broken_when>> {};
struct partition_item
    : expecting<Expected::line,
                sor<seq<at_token<K::kTier>, tier>, seq<at_token<K::kOtherwise>, otherwise>,
                    seq<at_token<K::kExpect>, expect>, seq<not_at<at_token<K::kTier, K::kOtherwise>>, property>>> {};
struct cell_value : sor<literal, signed_number_negate, no_literal, name> {};
struct cell_range : seq<cell_value, token<K::kDotDot>, surely<expecting<Expected::value, cell_value>>> {};
struct cell_any : token<K::kAny> {};
struct cell_one : seq<cell_value> {};
struct cells : parens<comma_list<sor<cell_range, cell_any, cell_one>>> {};
struct grid_tier : seq<name, opt<title>, token<K::kColon>, surely<cells, star<broken<K::kOr>, surely<cells>>>> {};
struct grid_by : parens<comma_list<expression>> {};
struct grid_item : expecting<Expected::line, sor<otherwise, seq<at_token<K::kExpect>, expect>, grid_tier, property>> {};
struct partition_head
    : seq<opt<sor<token<K::kRanked>, token<K::kDisjoint>>>, token<K::kPartition>, name, opt<of_subject>, opt<title>> {};
struct by_value_item : expecting<Expected::line, sor<seq<at_token<K::kExpect>, expect>, property>> {};
struct partition_by_value
    : seq<partition_head, broken<K::kBy>, token<K::kValue>, token<K::kOf>, surely<postfix, opt<block<by_value_item>>>> {
};
struct grid : seq<partition_head, broken<K::kBy>, at_token<K::kLeftParen>, surely<grid_by, block<grid_item>>> {};
struct partition_tiers : seq<partition_head, surely<block<partition_item>>> {};
struct partition : sor<partition_by_value, grid, partition_tiers> {};

// ---- occasion ----
struct occasion_day;
struct ordinal : sor<ordinal_literal, token<K::kLast>> {};
struct day_of_week : seq<ordinal, name, token<K::kOf>, surely<expected_name>> {};
struct day_beside : seq<name, sor<token<K::kAfter>, token<K::kBefore>>, surely<deeper<occasion_day>>> {};
struct day_of_month : seq<opt<calendar_name>, number_literal, name> {};
struct occasion_day : expecting<Expected::date, sor<day_of_week, day_of_month, day_beside, date, name>> {};
struct occasion : seq<token<K::kOccasion>, declared_name, opt<title>, becomes,
                      surely<occasion_day, opt<token<K::kFor>, surely<duration>>>> {};

// ---- models and descriptions ----
struct model : seq<token<K::kModel>, declared_name, opt<title>, surely<token<K::kFrom>, expected_text>> {};
struct for_segment : seq<token<K::kFor>, surely<expected_path>> {};
struct described_item : expecting<Expected::line, sor<seq<at_token<K::kExpect>, expect>, property>> {};
struct persona : seq<token<K::kPersona>, declared_name, opt<for_segment>, opt<title>, surely<block<described_item>>> {};
struct plan : seq<token<K::kPlan>, declared_name, opt<for_segment>, opt<title>, surely<block<described_item>>> {};

// ---- tests ----
struct given : seq<path, expecting<Expected::value, default_expression>> {};
struct on_day : seq<token<K::kOn>, surely<date_or_time>> {};
struct ago_span : seq<number_literal, time_unit> {};
struct ago : seq<ago_span, token<K::kAgo>> {};
struct row_owner : seq<token<K::kOf>, surely<expected_name>> {};
struct given_row : seq<opt<number_literal>, name, opt<not_at<token<K::kOn>>, name>, opt<row_owner>,
                       opt<sor<on_day, ago>>, block<given>> {};
struct test_item
    : expecting<Expected::line,
                sor<seq<at_token<K::kParam>, param>, given_row, seq<at_token<K::kExpect>, expect>, property>> {};
struct test
    : seq<token<K::kTest>, surely<expected_text, token<K::kAs>, token<K::kOf>, date_or_time, block<test_item>>> {};

// ---- functions of the standard library ----
struct native : seq<token<K::kNative>, expected_name> {};
struct missing_rule
    : seq<token<K::kMissing>,
          surely<sor<token<K::kNever>,
                     seq<token<K::kWhen>, sor<token<K::kAny>, token<K::kAll>, open_comma_list<expected_name>>,
                         token<K::kMissing>>>>> {};
struct example : seq<token<K::kExample>, surely<expression>> {};
struct sql_item : seq<token<K::kSql>, expected_name, expected_text> {};
struct unsupported : seq<token<K::kUnsupported>, expected_name, opt<text_literal>> {};
struct function_item : expecting<Expected::line, sor<native, missing_rule, example, sql_item, unsupported, property>> {
};
struct function : seq<token<K::kFunction>, declared_name,
                      surely<parameters, token<K::kArrow>, type, opt<broken<K::kEquals>, may_break, surely<expression>>,
                             opt<block<function_item>>>> {};

}  // namespace seg::grammar
