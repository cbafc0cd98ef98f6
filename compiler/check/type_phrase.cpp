// How messages call types and kinds of names.
#include "compiler/check/context.h"

namespace seg::check {

std::string symbol_noun(SymbolKind kind) {
  switch (kind) {
    case SymbolKind::kTable: return "a table of the schema";
    case SymbolKind::kSelection: return "a selection of events";
    case SymbolKind::kMetric: return "a metric";
    case SymbolKind::kScore: return "a score";
    case SymbolKind::kSegment: return "a segment";
    case SymbolKind::kSegments: return "the name of several segments";
    case SymbolKind::kPartition: return "a partition";
    case SymbolKind::kParam: return "a param";
    case SymbolKind::kList: return "a list";
    case SymbolKind::kDefine: return "a define";
    case SymbolKind::kNotYet: return "a declaration that this version refuses";
  }
  return "";
}

std::string noun_of(const Context& context, const Symbol& symbol) {
  if (symbol.kind != SymbolKind::kTable || symbol.table == kNone) return symbol_noun(symbol.kind);
  switch (context.table(symbol.table).kind) {
    case base::TableKind::kSubject: return "a subject";
    case base::TableKind::kEntity: return "an entity";
    case base::TableKind::kRecords: return "records";
    case base::TableKind::kLookup: return "a lookup";
    case base::TableKind::kEvent:
    case base::TableKind::kUnion:
    case base::TableKind::kGrouped: return "an event";
  }
  return "";
}

std::string type_phrase(const base::Schema& schema, const base::Type& type) {
  using base::TypeKind;
  switch (type.kind) {
    case TypeKind::kText: return "text";
    case TypeKind::kNumber: return "a number";
    case TypeKind::kInteger: return "a whole number";
    case TypeKind::kFlag: return "yes or no";
    case TypeKind::kDate: return "a date";
    case TypeKind::kTime: return "a time";
    case TypeKind::kDuration: return "a duration";
    case TypeKind::kDistance: return "a distance";
    case TypeKind::kMoney:
      return type.detail < schema.currencies.size() ? "money in " + schema.currencies[type.detail]
                                                    : "money whose currency a field names";
    case TypeKind::kLocation: return "a place";
    case TypeKind::kVersion: return "a version";
    case TypeKind::kChoice:
      return type.detail < schema.choices.size() ? "a value of `" + schema.choices[type.detail].name + "`" : "a choice";
    case TypeKind::kList:
      switch (type.element) {
        case TypeKind::kText: return "a list of texts";
        case TypeKind::kNumber:
        case TypeKind::kInteger: return "a list of numbers";
        case TypeKind::kDate: return "a list of dates";
        case TypeKind::kChoice: return "a list of values of a choice";
        case TypeKind::kFlag:
        case TypeKind::kTime:
        case TypeKind::kDuration:
        case TypeKind::kDistance:
        case TypeKind::kMoney:
        case TypeKind::kLocation:
        case TypeKind::kVersion:
        case TypeKind::kList:
        case TypeKind::kReference: return "a list";
      }
      return "a list";
    case TypeKind::kReference:
      return type.detail < schema.tables.size() ? "a reference to `" + schema.tables[type.detail].name + "`"
                                                : "a reference";
  }
  return "";
}

}  // namespace seg::check
