#include "compiler/check/catalogue.h"

#include <algorithm>

namespace seg::check {
namespace {

// What a pattern's variables stand for so far.
struct Bindings {
  std::vector<std::pair<std::string, Type>> types;
  bool each_is_list = false;  // `each of T` met a list
  std::optional<Type> money;
};

constexpr int kConversion = 1;   // integer -> number, text -> choice
constexpr int kLooseMatch = 10;  // `any`

bool is_variable(std::string_view word) { return word.size() == 1 && word[0] >= 'A' && word[0] <= 'Z'; }

std::optional<TypeKind> kind_of(std::string_view word) {
#define SEG_TYPE(kind, keyword, arrow, doc) \
  if (word == keyword) return TypeKind::kind;
#include "base/types.def"
#undef SEG_TYPE
  return std::nullopt;
}

Type* find(Bindings& bindings, std::string_view name) {
  for (auto& [bound, type] : bindings.types) {
    if (bound == name) return &type;
  }
  return nullptr;
}

// The cost of giving a value of this type where the pattern stands; none: it can't be. `wanted`: what it becomes.
std::optional<int> match(const Tree& tree, NodeId pattern, const Type& type, Bindings& bindings, Type& wanted) {
  wanted = type;
  if (tree.is(pattern, NodeKind::kListType)) {
    if (type.kind != TypeKind::kList) return std::nullopt;
    Type element;
    return match(tree, tree.child(pattern, 0), element_type(type), bindings, element);
  }
  if (tree.is(pattern, NodeKind::kOfType)) {
    const std::string word = tree.name(tree.child(pattern, 0));
    const NodeId inner = tree.child(pattern, 1);
    if (word == "each" && type.kind == TypeKind::kList) {
      Type element;
      bindings.each_is_list = true;
      return match(tree, inner, element_type(type), bindings, element);
    }
    if (word == "each" || word == "several") return match(tree, inner, type, bindings, wanted);
    return std::nullopt;  // `values of T`, `events`: the aggregates of the language
  }
  if (!tree.is(pattern, NodeKind::kTypeName)) return std::nullopt;
  const std::string word(tree.text(pattern));
  if (word == "any") return kLooseMatch;
  if (is_variable(word)) {
    Type* bound = find(bindings, word);
    if (bound == nullptr) {
      bindings.types.emplace_back(word, type);
      return 0;
    }
    if (is_numeric(*bound) && is_numeric(type)) {
      if (bound->kind == type.kind) return 0;
      *bound = kNumberType;
      return kConversion;
    }
    const bool same = bound->kind == type.kind && bound->detail == type.detail && bound->element == type.element;
    if (!same) return std::nullopt;
    bound->folded = bound->folded || type.folded;
    return 0;
  }
  const auto kind = kind_of(word);
  if (!kind) return std::nullopt;
  if (*kind == TypeKind::kNumber && type.kind == TypeKind::kInteger) {
    wanted = kNumberType;
    return kConversion;
  }
  if (*kind != type.kind) return std::nullopt;
  if (type.kind == TypeKind::kMoney && !bindings.money) bindings.money = type;
  return 0;
}

Type result_type(const Tree& tree, NodeId pattern, Bindings& bindings, const std::vector<Type>& arguments) {
  if (tree.is(pattern, NodeKind::kListType)) {
    return list_type(result_type(tree, tree.child(pattern, 0), bindings, arguments));
  }
  if (tree.is(pattern, NodeKind::kOfType)) {
    const Type element = result_type(tree, tree.child(pattern, 1), bindings, arguments);
    return bindings.each_is_list ? list_type(element) : element;
  }
  const std::string word(tree.text(pattern));
  if (is_variable(word)) {
    const Type* bound = find(bindings, word);
    return bound == nullptr ? Type{} : *bound;
  }
  const TypeKind kind = kind_of(word).value_or(TypeKind::kNumber);
  Type type{.kind = kind};
  if (kind == TypeKind::kMoney && bindings.money) type = *bindings.money;
  if (kind == TypeKind::kText && !arguments.empty()) type.folded = arguments.front().folded;
  return type;
}

// How a message says what may stand for the pattern: "a date", "text", "a list".
std::string pattern_phrase(const Tree& tree, NodeId pattern) {
  if (tree.is(pattern, NodeKind::kListType)) return "a list";
  if (tree.is(pattern, NodeKind::kOfType)) {
    const bool several = tree.name(tree.child(pattern, 0)) == "several";
    return several ? "several values of one type" : pattern_phrase(tree, tree.child(pattern, 1));
  }
  const std::string word(tree.text(pattern));
  const auto kind = kind_of(word);
  if (!kind) return "any value";
  if (*kind == TypeKind::kMoney) return "money";
  return type_phrase({}, {.kind = *kind});
}

struct Parameters {
  std::vector<NodeId> nodes;
  NodeId result = syntax::kNoNode;
  bool repeats = false;  // the last stands for any number: `several of T`
};

Parameters parameters_of(const Tree& tree, NodeId function) {
  Parameters out;
  for (NodeId child : tree.children(function)) {
    if (tree.is(child, NodeKind::kParameter)) out.nodes.push_back(child);
    if (syntax::is_type(tree.kind(child))) out.result = child;
  }
  if (!out.nodes.empty()) {
    const NodeId last = tree.last_child(out.nodes.back());
    out.repeats = tree.is(last, NodeKind::kOfType) && tree.name(tree.child(last, 0)) == "several";
  }
  return out;
}

const std::vector<FunctionDeclaration>* overloads(const Context& context, const std::string& name) {
  const auto found = context.functions.find(name);
  return found == context.functions.end() ? nullptr : &found->second;
}

}  // namespace

std::optional<Overload> choose_overload(Context& context, const std::string& name, const std::vector<Type>& arguments) {
  const auto* candidates = overloads(context, name);
  if (candidates == nullptr) return std::nullopt;
  std::optional<Overload> best;
  int best_cost = 0;
  for (const FunctionDeclaration& declaration : *candidates) {
    const Tree& tree = context.tree(declaration.file);
    const Parameters parameters = parameters_of(tree, declaration.node);
    const bool count_fits =
        parameters.repeats ? arguments.size() >= parameters.nodes.size() : arguments.size() == parameters.nodes.size();
    if (!count_fits || parameters.result == syntax::kNoNode) continue;
    Overload overload{.declaration = &declaration};
    Bindings bindings;
    int cost = 0;
    bool fits = true;
    for (std::size_t i = 0; i < arguments.size() && fits; ++i) {
      const NodeId parameter = parameters.nodes[std::min(i, parameters.nodes.size() - 1)];
      Type wanted;
      const auto one = match(tree, tree.last_child(parameter), arguments[i], bindings, wanted);
      fits = one.has_value();
      cost += one.value_or(0);
      overload.wanted.push_back(wanted);
    }
    if (!fits || (best && cost >= best_cost)) continue;
    // What a variable stands for may have become a number after an earlier argument was seen.
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const NodeId parameter = parameters.nodes[std::min(i, parameters.nodes.size() - 1)];
      NodeId pattern = tree.last_child(parameter);
      if (tree.is(pattern, NodeKind::kOfType)) pattern = tree.child(pattern, 1);
      const std::string word(tree.text(pattern));
      const Type* bound = is_variable(word) ? find(bindings, word) : nullptr;
      if (bound != nullptr && bound->kind == TypeKind::kNumber && is_numeric(arguments[i]))
        overload.wanted[i] = kNumberType;
    }
    overload.result = result_type(tree, parameters.result, bindings, arguments);
    best = overload;
    best_cost = cost;
  }
  return best;
}

std::string signature_phrase(const Context& context, const std::string& name) {
  const auto* candidates = overloads(context, name);
  if (candidates == nullptr) return "";
  std::vector<std::string> all;
  for (const FunctionDeclaration& declaration : *candidates) {
    const Tree& tree = context.tree(declaration.file);
    std::string one;
    const Parameters parameters = parameters_of(tree, declaration.node);
    for (NodeId parameter : parameters.nodes) {
      one += (one.empty() ? "" : " and ") + pattern_phrase(tree, tree.last_child(parameter));
    }
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  }
  std::string out;
  for (std::size_t i = 0; i < all.size(); ++i) out += (i == 0 ? "" : i + 1 == all.size() ? " or " : ", ") + all[i];
  return out;
}

Arity arity_of(const Context& context, const std::string& name) {
  Arity arity{.fewest = 1000, .most = 0};
  const auto* candidates = overloads(context, name);
  if (candidates == nullptr) return {};
  for (const FunctionDeclaration& declaration : *candidates) {
    const Parameters parameters = parameters_of(context.tree(declaration.file), declaration.node);
    const int n = static_cast<int>(parameters.nodes.size());
    arity.fewest = std::min(arity.fewest, n);
    arity.most = parameters.repeats || arity.most < 0 ? -1 : std::max(arity.most, n);
  }
  return arity;
}

std::string declared_head(const Context& context, const FunctionDeclaration& declaration) {
  const Tree& tree = context.tree(declaration.file);
  const Parameters parameters = parameters_of(tree, declaration.node);
  std::string head = tree.name(declaration.node) + "(";
  for (std::size_t i = 0; i < parameters.nodes.size(); ++i) {
    head += (i == 0 ? "" : ", ") + std::string(tree.text(parameters.nodes[i]));
  }
  head += ") -> ";
  if (parameters.result != syntax::kNoNode) head += tree.text(parameters.result);
  return head;
}

std::string native_name(const Context& context, const FunctionDeclaration& declaration) {
  const Tree& tree = context.tree(declaration.file);
  const NodeId native = tree.child(declaration.node, NodeKind::kNative);
  return native == syntax::kNoNode ? "" : tree.name(native);
}

std::optional<Fn> find_fn(std::string_view native) {
#define SEG_FN(name, arity, missing, doc) \
  if (native == #name) return Fn::name;
#include "program/functions.def"
#undef SEG_FN
  return std::nullopt;
}

}  // namespace seg::check
