// The data model: subjects, entities, events, records and lookups become tables of the program's schema.
#include <algorithm>

#include "base/currency.h"
#include "base/suggest.h"
#include "compiler/check/check.h"
#include "compiler/check/declaration.h"

namespace seg::check {

using base::Code;
using base::Column;
using base::ColumnId;
using base::Table;
using base::TableKind;
using base::Type;
using base::TypeKind;
using syntax::Modifier;
using syntax::NodeKind;

namespace {

// What a type may be called in a field: the keywords of types.def but those that need more (`choice of […]`, `list of`,
// a reference is called by its table).
std::optional<TypeKind> simple_type(std::string_view word) {
  for (TypeKind kind :
       {TypeKind::kText, TypeKind::kNumber, TypeKind::kInteger, TypeKind::kFlag, TypeKind::kDate, TypeKind::kTime,
        TypeKind::kDuration, TypeKind::kDistance, TypeKind::kMoney, TypeKind::kLocation, TypeKind::kVersion}) {
    if (base::type_keyword(kind) == word) return kind;
  }
  return std::nullopt;
}

bool can_be_element(TypeKind kind) {
  switch (kind) {
    case TypeKind::kText:
    case TypeKind::kInteger:
    case TypeKind::kNumber:
    case TypeKind::kDate:
    case TypeKind::kChoice: return true;
    case TypeKind::kFlag:
    case TypeKind::kTime:
    case TypeKind::kDuration:
    case TypeKind::kDistance:
    case TypeKind::kMoney:
    case TypeKind::kLocation:
    case TypeKind::kVersion:
    case TypeKind::kList:
    case TypeKind::kReference: return false;
  }
  return false;
}

class SchemaChecker {
 public:
  SchemaChecker(Context& context, SymbolId id)
      : context_(context), symbol_(context.symbols[id]), tree_(context.tree(symbol_.file)) {}

  // False: nothing can be said about its rows (an event without a time); single bad fields are in bad_columns.
  bool check() {
    if (base::type_keyword(TypeKind::kText) == symbol_.name || simple_type(symbol_.name) || symbol_.name == "list" ||
        symbol_.name == "choice") {
      error(Code::name_of_type, symbol_.span, {symbol_.name})
          .help("Call it otherwise: a field of that type could not be told from a reference to it.");
    }
    add_owner();
    for (NodeId child : tree_.children(symbol_.node)) {
      switch (tree_.kind(child)) {
        case NodeKind::kFieldDecl: add_field(child); break;
        case NodeKind::kHistory:
          not_yet(context_, Code::construct_not_yet, tree_.span(child), "history");
          ok_ = false;
          break;
        case NodeKind::kProperty:
          if (tree_.name(child) == "title" || tree_.name(child) == "description") break;  // for readers
          error(Code::unknown_property, tree_.span(child), {noun_of(context_, symbol_), tree_.name(child)})
              .help("A field is written `name: type`.");
          break;
        case NodeKind::kError: ok_ = false; break;
        default: break;
      }
    }
    resolve_currencies();
    if (tree_.has_error(symbol_.node)) ok_ = false;
    check_shape();
    const bool is_usable = table_.kind != TableKind::kEvent || (table_.time != kNone && table_.owner != kNone);
    context_.schema().tables[symbol_.table] = std::move(table_);
    return is_usable;
  }

  void begin() { table_ = context_.schema().tables[symbol_.table]; }

 private:
  base::DiagnosticBuilder error(Code code, base::Span span, const base::Args& args) {
    ok_ = false;
    return context_.report(code, span, args);
  }

  const Column* find(std::string_view name) const {
    for (const Column& column : table_.columns) {
      if (column.name == name) return &column;
    }
    return nullptr;
  }

  // `event purchase of customer`: a reference column called like its owner, unless a field of that name follows.
  void add_owner() {
    const NodeId of = tree_.child(symbol_.node, NodeKind::kOf);
    if (of == syntax::kNoNode) return;
    const NodeId name_node = tree_.child(of, std::size_t{0});
    const std::string name = tree_.name(name_node);
    const auto it = context_.tables.find(name);
    if (it == context_.tables.end()) {
      std::vector<std::string> owners;
      for (const auto& [table, id] : context_.tables) {
        if (is_referable(context_.symbols[id])) owners.push_back(table);
      }
      std::sort(owners.begin(), owners.end());
      auto report = error(Code::unknown_subject, tree_.span(name_node), {name});
      if (const auto near = base::suggest(name, owners)) {
        report.label(tree_.span(name_node), "did you mean `" + *near + "`?")
            .fix(tree_.span(name_node), *near, base::Safety::changes_meaning);
      }
      return;
    }
    if (!is_referable(context_.symbols[it->second])) {
      error(Code::wrong_kind_of_name, tree_.span(name_node),
            {name, noun_of(context_, context_.symbols[it->second]), "a subject or an entity"})
          .note("Events and records belong to a subject or an entity.");
      return;
    }
    table_.owner = static_cast<ColumnId>(table_.columns.size());
    table_.columns.push_back(
        {.name = name, .type = {.kind = TypeKind::kReference, .detail = context_.symbols[it->second].table}});
  }

  bool is_referable(const Symbol& symbol) const {
    if (symbol.kind != SymbolKind::kTable || symbol.table == kNone) return false;
    const TableKind kind = context_.table(symbol.table).kind;
    return kind == TableKind::kSubject || kind == TableKind::kEntity;
  }

  void add_field(NodeId node) {
    Column column{.name = tree_.name(node)};
    const NodeId name_node = tree_.name_node(node);
    if (name_node == syntax::kNoNode || tree_.has_error(node)) {
      ok_ = false;
      return;
    }
    const NodeId type_node = tree_.child_of_group(node, syntax::NodeGroup::Type);
    const std::optional<Type> type = type_node == syntax::kNoNode ? std::nullopt : read_type(type_node, column);
    if (!type) {
      ok_ = false;
      context_.bad_columns.insert({symbol_.table, static_cast<ColumnId>(table_.columns.size())});
      column.type = {.kind = TypeKind::kText};
    } else {
      column.type = *type;
    }
    if (table_.owner != kNone && column.name == table_.columns[table_.owner].name) {
      // The owner's column written out: `customer: customer`, with modifiers of its own.
      if (type && *type == table_.columns[table_.owner].type) {
        read_modifiers(node, table_.columns[table_.owner], table_.owner);
        return;
      }
    }
    if (find(column.name) != nullptr) {
      error(Code::duplicate_name, tree_.span(name_node), {column.name})
          .note("A field's name is there once in `" + symbol_.name + "`.");
      return;
    }
    const auto id = static_cast<ColumnId>(table_.columns.size());
    if (tree_.has_token(node, grammar::TokenKind::kKey)) {
      add_key(id, column, tree_.span(node));
      column.required = true;
    }
    if (type && type_node != syntax::kNoNode && tree_.is(type_node, NodeKind::kMoneyByType)) {
      by_columns_.push_back({id, tree_.child(type_node, std::size_t{0})});
    }
    table_.columns.push_back(column);
    read_modifiers(node, table_.columns[id], id);
  }

  void add_key(ColumnId id, const Column& column, base::Span span) {
    if (std::find(table_.key.begin(), table_.key.end(), id) != table_.key.end()) return;
    table_.key.push_back(id);
    const TypeKind kind = column.type.kind;
    if (kind != TypeKind::kInteger && kind != TypeKind::kText && kind != TypeKind::kReference &&
        table_.kind != TableKind::kLookup) {
      error(Code::key_type, span, {type_phrase(context_.schema(), column.type)})
          .note("A key is what other tables name a row by.");
    }
  }

  void read_modifiers(NodeId node, Column& column, ColumnId id) {
    for (NodeId child : tree_.children(node)) {
      if (!tree_.is(child, NodeKind::kModifier)) continue;
      const base::Span span = tree_.span(child);
      const auto misfit = [&](std::string_view needs) {
        const bool is_elsewhere = tree_.modifier(child) == Modifier::time_zone && column.type.kind == TypeKind::kText;
        error(Code::wrong_modifier, span,
              {tree_.text(child),
               is_elsewhere ? noun_of(context_, symbol_) : type_phrase(context_.schema(), column.type)})
            .note(std::string(needs));
      };
      switch (tree_.modifier(child)) {
        case Modifier::personal:
          if (column.privacy == base::Privacy::kPlain) column.privacy = base::Privacy::kPersonal;
          break;
        case Modifier::sensitive: column.privacy = base::Privacy::kSensitive; break;
        case Modifier::required: column.required = true; break;
        case Modifier::key:
          add_key(id, column, span);
          column.required = true;
          break;
        case Modifier::label: column.label = tree_.string_value(child); break;
        case Modifier::folded:
          if (column.type.kind == TypeKind::kText ||
              (column.type.kind == TypeKind::kList && column.type.element == TypeKind::kText)) {
            column.type.folded = true;
          } else {
            misfit(
                "`folded` compares text without case, accents and letter variants: it is for text and lists of text.");
          }
          break;
        case Modifier::time_zone:
          if (column.type.kind != TypeKind::kText || table_.kind != TableKind::kSubject) {
            misfit("`time zone` is for a text field of a subject that holds a zone's name, such as \"Asia/Tehran\".");
          } else if (table_.zone != kNone) {
            error(Code::duplicate_clause, span, {"time zone"}).note("A subject has one time zone.");
          } else {
            table_.zone = id;
          }
          break;
      }
    }
  }

  std::optional<Type> read_type(NodeId node, const Column& column) {
    switch (tree_.kind(node)) {
      case NodeKind::kTypeName: return read_type_name(node);
      case NodeKind::kListType: {
        const std::optional<Type> element = read_type(tree_.child(node, std::size_t{0}), column);
        if (!element) return std::nullopt;
        if (!can_be_element(element->kind)) {
          error(Code::list_element, tree_.span(node), {type_phrase(context_.schema(), *element)})
              .note("A list holds texts, numbers, dates or values of a choice; for more, declare `records`.");
          return std::nullopt;
        }
        Type type = *element;
        type.kind = TypeKind::kList;
        type.element = element->kind;
        return type;
      }
      case NodeKind::kChoiceType: return read_choice(node, column, false);
      case NodeKind::kRankedChoiceType: return read_choice(node, column, true);
      case NodeKind::kMoneyInType: {
        const NodeId unit = tree_.child(node, std::size_t{0});
        const std::string code = tree_.name(unit);
        const std::optional<std::uint32_t> currency = currency_index(context_.schema(), code);
        if (!currency) {
          auto report = error(Code::unknown_currency, tree_.span(unit), {code});
          if (const auto near = base::suggest(code, base::currency_codes())) {
            report.label(tree_.span(unit), "did you mean `" + *near + "`?");
          }
          report.note("Currencies are written by their code of ISO 4217, such as EUR.");
          return std::nullopt;
        }
        return Type{.kind = TypeKind::kMoney, .detail = *currency};
      }
      case NodeKind::kMoneyByType: return Type{.kind = TypeKind::kMoney};
      default: break;  // kOfType: a type of the standard library's functions
    }
    if (tree_.is(node, NodeKind::kError)) return std::nullopt;
    error(Code::unknown_type, tree_.span(node), {tree_.text(node)});
    return std::nullopt;
  }

  std::optional<Type> read_type_name(NodeId node) {
    const std::string word = tree_.name(node);
    if (const std::optional<TypeKind> kind = simple_type(word)) {
      Type type{.kind = *kind};
      if (*kind == TypeKind::kMoney) {
        const std::string& code = context_.input.settings.currency;
        const std::optional<std::uint32_t> currency = currency_index(context_.schema(), code);
        if (!currency) {
          error(Code::no_currency, tree_.span(node), {})
              .help("Write `money in EUR`, or give the project one: `currency: EUR` in seg.yaml.");
          return std::nullopt;
        }
        type.detail = *currency;
      }
      return type;
    }
    const auto it = context_.tables.find(word);
    if (it != context_.tables.end()) {
      if (is_referable(context_.symbols[it->second])) {
        return Type{.kind = TypeKind::kReference, .detail = context_.symbols[it->second].table};
      }
      error(Code::wrong_kind_of_name, tree_.span(node),
            {word, noun_of(context_, context_.symbols[it->second]), "a type"})
          .note("A field may refer to a row of a subject or an entity.");
      return std::nullopt;
    }
    std::vector<std::string> names;
    for (std::string_view known : {"text", "number", "integer", "flag", "date", "time", "duration", "distance", "money",
                                   "location", "version"}) {
      names.emplace_back(known);
    }
    std::vector<std::string> tables;
    for (const auto& [name, id] : context_.tables) {
      if (is_referable(context_.symbols[id])) tables.push_back(name);
    }
    std::sort(tables.begin(), tables.end());
    names.insert(names.end(), tables.begin(), tables.end());
    auto report = error(Code::unknown_type, tree_.span(node), {word});
    if (const auto near = base::suggest(word, names)) {
      report.label(tree_.span(node), "did you mean `" + *near + "`?")
          .fix(tree_.span(node), *near, base::Safety::changes_meaning);
    } else {
      report.note("types: text, number, integer, flag, date, time, duration, distance, money, location, version")
          .note("or `choice of […]`, `ranked choice of […]`, `list of …`, the name of a subject or an entity");
    }
    return std::nullopt;
  }

  std::optional<Type> read_choice(NodeId node, const Column& column, bool ranked) {
    base::ChoiceSet set{.ranked = ranked, .name = symbol_.name + "." + column.name};
    bool good = true;
    for (NodeId child : tree_.children(node)) {
      const std::string value = tree_.is(child, NodeKind::kText) ? tree_.string_value(child) : tree_.name(child);
      if (std::find(set.values.begin(), set.values.end(), value) != set.values.end()) {
        error(Code::duplicate_name, tree_.span(child), {value}).note("A choice has each value once.");
        good = false;
        continue;
      }
      set.values.push_back(value);
    }
    if (!good) return std::nullopt;
    const auto id = static_cast<std::uint32_t>(context_.schema().choices.size());
    context_.schema().choices.push_back(std::move(set));
    return Type{.kind = TypeKind::kChoice, .ranked = ranked, .detail = id};
  }

  // `money by currency_code`: the field that it names.
  void resolve_currencies() {
    for (const auto& [id, name_node] : by_columns_) {
      const std::string name = tree_.name(name_node);
      const Column* column = find(name);
      if (column == nullptr) {
        auto report = error(Code::unknown_field, tree_.span(name_node), {symbol_.name, name});
        std::vector<std::string> names;
        for (const Column& known : table_.columns) names.push_back(known.name);
        if (const auto near = base::suggest(name, names)) {
          report.label(tree_.span(name_node), "did you mean `" + *near + "`?");
        }
        context_.bad_columns.insert({symbol_.table, id});
        continue;
      }
      if (column->type.kind != TypeKind::kText) {
        error(Code::wrong_type, tree_.span(name_node), {type_phrase(context_.schema(), column->type), "text"})
            .note("The field after `money by` holds the currency's code in each row.");
        continue;
      }
      table_.columns[id].currency_column = static_cast<ColumnId>(column - table_.columns.data());
    }
  }

  // Where a field is erroneous, what seems to be missing may be that field: nothing more is said.
  void check_shape() {
    is_quiet_ = !ok_;
    switch (table_.kind) {
      case TableKind::kSubject:
      case TableKind::kEntity:
      case TableKind::kLookup:
        if (table_.key.empty() && !is_quiet_) {
          error(Code::table_without_key, symbol_.span, {symbol_.name})
              .help("Put `key` before the field that tells its rows apart: `key id: integer`.");
        }
        break;
      case TableKind::kEvent: find_time(); break;
      case TableKind::kRecords:
      case TableKind::kUnion:
      case TableKind::kGrouped: break;
    }
  }

  void find_time() {
    std::vector<ColumnId> times;
    std::vector<ColumnId> dates;
    ColumnId at = kNone;
    for (ColumnId i = 0; i < table_.columns.size(); ++i) {
      const TypeKind kind = table_.columns[i].type.kind;
      if (kind == TypeKind::kTime) times.push_back(i);
      if (kind == TypeKind::kDate) dates.push_back(i);
      if (table_.columns[i].name == "at" && (kind == TypeKind::kTime || kind == TypeKind::kDate)) at = i;
    }
    const std::vector<ColumnId>& some = times.empty() ? dates : times;
    if (at != kNone) {
      table_.time = at;
    } else if (some.size() == 1) {
      table_.time = some[0];
    } else if (is_quiet_) {
      return;
    } else if (some.empty()) {
      error(Code::event_without_time, symbol_.span, {symbol_.name})
          .help("Give it the time it happened: `at: time` (or `at: date`). What has no time is declared as `records`.");
    } else {
      std::string names;
      for (ColumnId id : some) names += (names.empty() ? "`" : ", `") + table_.columns[id].name + "`";
      error(Code::event_time_not_clear, symbol_.span, {symbol_.name, names})
          .help("Call the one that says when it happened `at`.");
    }
  }

  Context& context_;
  Symbol& symbol_;
  const syntax::Tree& tree_;
  Table table_;
  std::vector<std::pair<ColumnId, NodeId>> by_columns_;
  bool ok_ = true;
  bool is_quiet_ = false;
};

}  // namespace

void check_schema(Context& context) {
  for (SymbolId id = 0; id < context.symbols.size(); ++id) {
    Symbol& symbol = context.symbols[id];
    if (symbol.kind != SymbolKind::kTable || symbol.table == kNone) continue;
    SchemaChecker checker(context, id);
    checker.begin();
    symbol.state = checker.check() ? CheckState::kGood : CheckState::kBad;
  }
}

}  // namespace seg::check
