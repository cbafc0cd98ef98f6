// Reads the operand descriptions of opcodes.def, once.
#include <array>
#include <cstdio>
#include <cstdlib>

#include "runtime/bytecode/module.h"

namespace seg::bytecode {
namespace {

[[noreturn]] void broken(std::string_view text) {
  std::fprintf(stderr, "opcodes.def: unreadable operand in '%.*s'\n", static_cast<int>(text.size()), text.data());
  std::abort();
}

Operand parse_operand(std::string_view token) {
  Operand operand;
  if (token.ends_with('?')) {
    operand.optional = true;
    token.remove_suffix(1);
  }
  if (token.size() != 2) broken(token);
  if (token[0] == '#') {
    switch (token[1]) {
      case 'C': operand.kind = OperandKind::kColumn; return operand;
      case 'c': operand.kind = OperandKind::kConstant; return operand;
      case 'p': operand.kind = OperandKind::kPredicate; return operand;
      case 'm': operand.kind = OperandKind::kCodeMap; return operand;
      case 'w': operand.kind = OperandKind::kWindow; return operand;
      case 'k': operand.kind = OperandKind::kLookup; return operand;
      case 'D': operand.kind = OperandKind::kDictionary; return operand;
      case 'n': operand.kind = OperandKind::kNumber; return operand;
      case 'o': operand.kind = OperandKind::kOutput; return operand;
      case 'x': operand.kind = OperandKind::kMissing; return operand;
      case 'M': operand.kind = OperandKind::kMaskList; return operand;
      case 'l': operand.kind = OperandKind::kList; return operand;
      case 'A': operand.kind = OperandKind::kFamilyList; return operand;
      case 's': operand.kind = OperandKind::kSequence; return operand;
      case 'L': operand.kind = OperandKind::kChildList; return operand;
      default: broken(token);
    }
  }
  switch (token[0]) {
    case 'w': operand.written = true; break;
    case 'r': break;
    case 'c': operand.role = FrameRole::kChild; break;
    case 'p': operand.role = FrameRole::kParent; break;
    default: broken(token);
  }
  switch (token[1]) {
    case 'm': operand.type = RegType::kMask; break;
    case 'i': operand.type = RegType::kI32; break;
    case 'l': operand.type = RegType::kI64; break;
    case 'd': operand.type = RegType::kF64; break;
    case 't': operand.type_is_tag = true; break;
    default: broken(token);
  }
  return operand;
}

OpInfo parse(std::string_view name, TagKind tag, std::string_view operands, std::string_view effect) {
  if (name.ends_with('_')) name.remove_suffix(1);  // and_, or_, not_
  OpInfo info{.name = name, .effect = effect, .tag = tag};
  while (!operands.empty()) {
    const std::size_t space = operands.find(' ');
    if (info.num_operands == kMaxOperands) broken(operands);
    info.operands[info.num_operands++] = parse_operand(operands.substr(0, space));
    operands = space == std::string_view::npos ? std::string_view{} : operands.substr(space + 1);
  }
  info.num_words = info.num_operands > 3 ? 2 : 1;
  return info;
}

const std::array<OpInfo, kNumOps>& table() {
  static const std::array<OpInfo, kNumOps> infos = {
#define SEG_OP(name, tag, operands, effect) parse(#name, TagKind::tag, operands, effect),
#include "runtime/bytecode/opcodes.def"
#undef SEG_OP
  };
  return infos;
}

}  // namespace

const OpInfo& op_info(Op op) { return table()[static_cast<std::size_t>(op)]; }

std::string_view reg_type_name(RegType type) {
  switch (type) {
    case RegType::kMask: return "m";
    case RegType::kI32: return "i32";
    case RegType::kI64: return "i64";
    case RegType::kF64: return "f64";
  }
  return "";
}

std::string_view population_fn_name(PopulationFn fn) {
  switch (fn) {
    case PopulationFn::kTile: return "tile";
    case PopulationFn::kPercentile: return "percentile";
    case PopulationFn::kRank: return "rank";
    case PopulationFn::kTop: return "top";
    case PopulationFn::kBottom: return "bottom";
    case PopulationFn::kCount: return "count";
    case PopulationFn::kSum: return "sum";
    case PopulationFn::kAverage: return "average";
    case PopulationFn::kMinimum: return "minimum";
    case PopulationFn::kMaximum: return "maximum";
    case PopulationFn::kMedian: return "median";
    case PopulationFn::kQuantile: return "quantile";
    case PopulationFn::kDeviation: return "deviation";
  }
  return "";
}

RegType population_result(const PopulationFigure& figure, RegType value) {
  switch (figure.fn) {
    case PopulationFn::kTile:
    case PopulationFn::kRank:
    case PopulationFn::kCount: return RegType::kI64;
    case PopulationFn::kPercentile: return RegType::kF64;
    case PopulationFn::kTop:
    case PopulationFn::kBottom: return RegType::kMask;
    case PopulationFn::kSum:
    case PopulationFn::kMinimum:
    case PopulationFn::kMaximum:
    case PopulationFn::kQuantile: return value;
    case PopulationFn::kAverage:
    case PopulationFn::kMedian:
    case PopulationFn::kDeviation: return figure.rounds ? RegType::kI64 : RegType::kF64;
  }
  return RegType::kMask;
}

RegType reg_type_of(const base::Type& type) {
  switch (type.kind) {
    case base::TypeKind::kText:
    case base::TypeKind::kVersion:
    case base::TypeKind::kChoice:
    case base::TypeKind::kDate:
    case base::TypeKind::kReference: return RegType::kI32;
    case base::TypeKind::kInteger:
    case base::TypeKind::kTime:
    case base::TypeKind::kDuration:
    case base::TypeKind::kMoney: return RegType::kI64;
    case base::TypeKind::kNumber:
    case base::TypeKind::kDistance: return RegType::kF64;
    case base::TypeKind::kFlag:
    case base::TypeKind::kLocation:
    case base::TypeKind::kList: return RegType::kMask;
  }
  return RegType::kMask;
}

}  // namespace seg::bytecode
