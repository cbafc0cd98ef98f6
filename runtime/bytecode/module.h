// Bytecode: everything a run needs, without the program it came from. The contract between compiler and runtime.
// Out of compiler/bytecode (or a file, through deserialise and verify); in to runtime/exec. Plain data, position
// independent; as-of, zone, params and dictionaries come at bind.
//
// A module is a list of steps. A pass walks the rows of one table (its root; or a single row of no table), morsel by
// morsel, together with the rows of child tables that are aggregated into it: each is a frame with registers of its
// own. An instruction works on all rows of its frame in the morsel. What a later pass needs of an earlier one is kept
// as a column. Logic is two-valued: a condition of a rule has become a mask of the rows where it is true and, where
// needed, a mask of those where it is false; a value that may be missing has a mask of the rows where it is known.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/binding.h"
#include "base/cadence.h"
#include "base/schema.h"
#include "base/type.h"
#include "base/value.h"
#include "base/window.h"

namespace seg::bytecode {

inline constexpr std::uint16_t kVersion = 4;

enum class Op : std::uint8_t {
#define SEG_OP(name, tag, operands, effect) name,
#include "runtime/bytecode/opcodes.def"
#undef SEG_OP
};
inline constexpr int kNumOps = 0
#define SEG_OP(name, tag, operands, effect) +1
#include "runtime/bytecode/opcodes.def"
#undef SEG_OP
    ;

enum class RegType : std::uint8_t { kMask, kI32, kI64, kF64 };
std::string_view reg_type_name(RegType type);  // m, i32, i64, f64
// How values of a type lie in registers; a flag is a mask, a list or a location has no register (kMask).
RegType reg_type_of(const base::Type& type);

inline constexpr std::uint16_t kAbsent = 0xFFFF;  // an operand that is not there

struct Instruction {
  Op op = Op::more;
  std::uint8_t tag = 0;
  std::uint16_t x = kAbsent, y = kAbsent, z = kAbsent;
  friend bool operator==(const Instruction&, const Instruction&) = default;
};
static_assert(sizeof(Instruction) == 8);

// What an opcode's operands are, from opcodes.def.
enum class OperandKind : std::uint8_t {
  kRegister,
  kColumn,
  kConstant,
  kPredicate,
  kCodeMap,
  kWindow,
  kLookup,
  kDictionary,
  kNumber,
  kOutput,
  kMissing,
  kMaskList,
  kList,
  kChildList,
  kFamilyList,
  kSequence,
};
enum class FrameRole : std::uint8_t { kOwn, kChild, kParent };
struct Operand {
  OperandKind kind = OperandKind::kRegister;
  bool written = false;
  bool optional = false;
  bool type_is_tag = false;
  FrameRole role = FrameRole::kOwn;
  RegType type = RegType::kMask;  // registers
};
enum class TagKind : std::uint8_t { none, type, first, part, unit, digits };
inline constexpr int kMaxOperands = 6;
struct OpInfo {
  std::string_view name;
  std::string_view effect;
  TagKind tag = TagKind::none;
  int num_operands = 0;
  int num_words = 1;
  Operand operands[kMaxOperands] = {};
};
const OpInfo& op_info(Op op);
// Operand i of the instruction whose first word is at `words`.
inline std::uint16_t operand(const Instruction* words, int i) {
  const Instruction& word = words[i / 3];
  return i % 3 == 0 ? word.x : i % 3 == 1 ? word.y : word.z;
}

struct Constant {
  bool is_param = false;
  std::uint32_t index = 0;  // of values, or params
  base::Type type;
};

// A column that instructions name: stored (the dataset's, or a derived table's), or kept by an earlier pass.
struct ColumnRef {
  bool is_kept = false;
  base::TableId table = base::kNone;    // kept: kNone for the single row of no table
  base::ColumnId column = base::kNone;  // stored only
  RegType kept_type = RegType::kMask;
};

enum class DictionaryKind : std::uint8_t {
  kColumn,    // a: column; its texts or its list's elements
  kConstant,  // a: constant; its one text has code 0
  kMap,       // fn over dictionary a
  kSorted,    // the texts of a (and b, unless kNone) by code points, so that codes have their order
  kVersions,  // the same by version, then by code points
};
enum class TextFn : std::uint8_t { kLower, kTrim, kFold };
struct DictionaryRef {
  DictionaryKind kind = DictionaryKind::kColumn;
  TextFn fn = TextFn::kLower;
  std::uint32_t a = base::kNone;
  std::uint32_t b = base::kNone;
};

// From codes of one dictionary to int32.
enum class CodeMapKind : std::uint8_t {
  kSame,   // the code of the same text in `to`
  kMap,    // the code in `to` (kMap over … over `from`) of what its functions make of the text; -1: missing
  kRank,   // of versions: the code in `to` of the first equal version
  kZones,  // the number of the time zone that the text names; 0, the project's, where it names none
};
struct CodeMap {
  CodeMapKind kind = CodeMapKind::kSame;
  std::uint32_t from = base::kNone;
  std::uint32_t to = base::kNone;
};

enum class PredicateKind : std::uint8_t {
  kEqual,
  kLess,
  kGreater,
  kOneOf,
  kContains,
  kStartsWith,
  kEndsWith,
  kMatches
};
struct Predicate {
  PredicateKind kind = PredicateKind::kEqual;
  bool is_version = false;
  bool folds = false;  // fold the constant first (the dictionary is folded already)
  std::uint32_t dictionary = base::kNone;
  std::uint32_t constant = base::kNone;  // a text, or a list of texts
};

struct BoundedWindow {
  base::Window window;
  bool before_as_of = true;  // rows at or after the as-of do not exist: event times
};

// Rows of a table by its key; text keys come as codes of these dictionaries.
struct Lookup {
  base::TableId table = base::kNone;
  std::vector<std::uint32_t> dictionaries = {};  // one per key column; kNone: not text
};

// What the registers of a `sequence` are: where the first step can begin, its time, with `has_as_of` the end of as-of;
// then for each step its mask, its time, and, if it is tied, where the step before has all ties, the ties' values of
// the step, those of the step before. Times are i64 instants, or i32 days.
struct SequenceStep {
  bool is_negated = false;
  bool or_with = false;
  std::uint32_t gap = base::kNone;  // constant, a duration; kNone: no limit
  std::uint16_t num_ties = 0;
};
struct Sequence {
  bool has_as_of = false;
  std::vector<SequenceStep> steps = {};
};

struct Register {
  RegType type = RegType::kMask;
  std::uint16_t frame = 0;
};

// A frame of a pass: 0 is the root. `reference`: how rows of a child belong to the root: a reference column of the
// child, base::… kGroupRef (the root is grouped from the child), kWholeTable (the root is the single row of no table).
// `via`: siblings, the rows whose reference leads where this column of the root does.
inline constexpr base::ColumnId kGroupRef = 0xFFFFFFFE;
inline constexpr base::ColumnId kWholeTable = 0xFFFFFFFD;
struct Frame {
  base::TableId table = base::kNone;
  base::ColumnId reference = base::kNone;  // kNone: the root
  base::ColumnId via = base::kNone;
  friend bool operator==(const Frame&, const Frame&) = default;
};

struct Pass {
  std::vector<Frame> frames;
  std::vector<Register> registers;
  std::vector<Instruction> code;
  std::vector<std::vector<std::uint16_t>> lists;  // of registers
};

// Rows of a table against each other, between two passes: from columns kept by earlier passes to kept columns. What the
// functions mean is said in program/program.h.
enum class PopulationFn : std::uint8_t {
  kTile,
  kPercentile,
  kRank,
  kTop,
  kBottom,
  kCount,
  kSum,
  kAverage,
  kMinimum,
  kMaximum,
  kMedian,
  kQuantile,
  kDeviation,
};
std::string_view population_fn_name(PopulationFn fn);
struct PopulationColumn {
  std::uint32_t value = base::kNone;  // kept
  std::uint32_t known = base::kNone;  // kept mask
};
struct PopulationFigure {
  PopulationFn fn = PopulationFn::kTile;
  bool rounds = false;            // average, median, deviation of money and durations: whole, half away from zero
  std::uint32_t n = base::kNone;  // constant: tiles, how many (integer) or which share (number), which quantile
  // Kept columns to write; kNone: nobody reads it.
  std::uint32_t result = base::kNone;    // top, bottom: a mask
  std::uint32_t known = base::kNone;     // mask
  std::uint32_t overflow = base::kNone;  // mask
};
struct Population {
  base::TableId table = base::kNone;
  PopulationColumn value;
  std::uint32_t among = base::kNone;  // kept mask; kNone: everyone
  PopulationColumn ties;              // kNone: equal values stay equal
  bool ties_highest_first = false;
  std::vector<PopulationColumn> per = {};  // a mask is a group of yes and one of no
  std::vector<PopulationFigure> figures = {};
};
// The type of a figure's result over values of a type; kMask for top and bottom.
RegType population_result(const PopulationFigure& figure, RegType value);

enum class StepKind : std::uint8_t { kDeriveUnion, kDeriveGrouped, kPass, kPopulation };
struct Step {
  StepKind kind = StepKind::kPass;
  std::uint32_t index = 0;  // of passes, of populations, or the table
  std::vector<std::uint32_t> kept_masks =
      {};  // derivations: for each part (grouped: one) a kept mask column; kNone: all rows
};

enum class OutputKind : std::uint8_t { kSegment, kPartition, kMetric, kScore };
struct OutputTier {
  std::string name;
  std::string title;
  std::uint32_t choice = 0;
};
struct MissingSource {
  std::uint32_t output = 0;
  std::string name;  // readable: "customer.income", "average(purchase.amount)"
};
struct Output {
  OutputKind kind = OutputKind::kSegment;
  std::string name;
  std::string module;
  std::string title;
  base::TableId table = base::kNone;
  base::Type type;  // partition: its choice; metric, score: of the value
  bool ranked = false;
  std::vector<OutputTier> tiers = {};      // in order of trial
  std::vector<std::string> choices = {};   // partition, choice metric: its values by index
  std::uint32_t dictionary = base::kNone;  // text values: the dictionary of their codes
};

// A sticky segment: before the passes that give the run's outputs, the ones below its conditions are run once for each
// cadence day, as of it (runtime/exec/fold.h). All columns are kept ones of the output's table.
struct Sticky {
  std::uint32_t output = 0;
  base::Cadence cadence;
  std::uint32_t stay = base::kNone;          // of constants, a duration; kNone: none
  std::uint32_t state = 0;                   // mask: who is in; written by the fold, read by passes
  std::uint32_t enter = 0, leave = 0;        // masks: where the conditions are true
  std::uint32_t start = 0, start_known = 0;  // i32, mask: the first day of the fold
  std::uint32_t as_of_day = 0;               // i32: the as-of day in the row's zone
  std::vector<base::TableId> events = {};    // stored event tables that the conditions read
};

struct Param {
  std::string name;
  base::Type type;
  base::Value value;  // default
};

struct Module {
  base::Schema schema;  // expression ids in it are kNone
  std::vector<base::Value> values;
  std::vector<Param> params;
  std::vector<Constant> constants;
  std::vector<ColumnRef> columns;
  std::vector<DictionaryRef> dictionaries;
  std::vector<CodeMap> code_maps;
  std::vector<Predicate> predicates;
  std::vector<BoundedWindow> windows;
  std::vector<Lookup> lookups;
  std::vector<Sequence> sequences;
  std::vector<Output> outputs;
  std::vector<MissingSource> missing_sources;
  std::vector<Sticky> stickies;
  std::vector<Step> steps;
  std::vector<Pass> passes;
  std::vector<Population> populations;
};

// What a run reads, for loading only that.
struct NeededTable {
  std::vector<bool> columns;                // by column id
  bool is_read = false;                     // some rows or columns of it matter
  bool all_time = true;                     // event tables: false: only rows whose time lies in one of `windows` matter
  std::vector<std::uint32_t> windows = {};  // of Module::windows
};
struct Needed {
  std::vector<NeededTable> tables;  // by table id
};
Needed needed_columns(const Module& module);
// The same before derived tables are traced back to what they are made of.
Needed used_columns(const Module& module);

}  // namespace seg::bytecode
