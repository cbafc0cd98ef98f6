// Modules: finds and parses what `use` names, and the functions of the standard library. A module is loaded once for
// each set of bindings; what it uses itself is loaded with it, and a cycle of files is reported where it closes.
#include <algorithm>
#include <map>

#include "base/suggest.h"
#include "compiler/check/check.h"
#include "compiler/check/declaration.h"
#include "compiler/check/stdlib.h"
#include "compiler/syntax/parse.h"

namespace seg::check {

using base::Code;
using syntax::NodeKind;

namespace {

constexpr std::string_view kStdlibPath = "stdlib/";
constexpr std::string_view kFunctionsPath = "functions/";

std::string folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash + 1));
}

// "a/b/../c.seg" -> "a/c.seg"; leading `..` stay.
std::string normal_path(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t begin = 0;
  const bool is_absolute = !path.empty() && path[0] == '/';
  while (begin <= path.size()) {
    std::size_t end = path.find('/', begin);
    if (end == std::string::npos) end = path.size();
    const std::string part = path.substr(begin, end - begin);
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
    begin = end + 1;
  }
  std::string result = is_absolute ? "/" : "";
  for (std::size_t i = 0; i < parts.size(); ++i) result += (i == 0 ? "" : "/") + parts[i];
  return result;
}

std::string stem_of(const std::string& path) {
  const std::string name = path.substr(folder_of(path).size());
  return name.substr(0, name.rfind('.'));
}

class Loader {
 public:
  explicit Loader(Context& context) : context_(context) {}

  void load_project() {
    context_.modules.emplace_back();
    for (const auto* list : {&context_.input.schema, &context_.input.rules}) {
      for (const ParsedFile& file : *list) {
        add_file(kProjectModule, {.source = file.source, .tree = file.tree, .has_errors = file.has_errors});
      }
    }
    load_functions();
    const std::vector<FileId> files = context_.modules[kProjectModule].files;
    for (FileId file : files) load_uses(kProjectModule, file);
  }

 private:
  FileId add_file(ModuleId module, File file) {
    file.module = module;
    context_.files.push_back(file);
    const auto id = static_cast<FileId>(context_.files.size() - 1);
    context_.modules[module].files.push_back(id);
    return id;
  }

  FileId parse_file(ModuleId module, const std::string& path, std::string_view text) {
    const base::SourceId source = context_.sources.add(path, std::string(text));
    syntax::ParseResult parsed = syntax::parse(source, context_.sources.text(source), context_.diagnostics);
    context_.own_trees.push_back(std::move(parsed.tree));
    return add_file(module, {.source = source, .tree = &context_.own_trees.back(), .has_errors = parsed.has_errors});
  }

  void load_functions() {
    context_.modules.emplace_back();
    const auto module = static_cast<ModuleId>(context_.modules.size() - 1);
    for (const auto& [path, text] : stdlib_files()) {
      if (!path.starts_with(kFunctionsPath)) continue;
      const FileId file = parse_file(module, std::string(kStdlibPath) + std::string(path), text);
      const syntax::Tree& tree = context_.tree(file);
      for (NodeId node : tree.children(tree.root())) {
        if (tree.is(node, NodeKind::kFunction)) context_.functions[tree.name(node)].push_back({file, node});
      }
    }
  }

  void load_uses(ModuleId module, FileId file) {
    const syntax::Tree& tree = context_.tree(file);
    for (NodeId node : tree.children(tree.root())) {
      if (tree.is(node, NodeKind::kError)) context_.modules[module].has_lost_names |= is_use(tree, node);
      if (!tree.is(node, NodeKind::kUse)) continue;
      if (tree.has_error(node) || !load_use(module, file, node)) context_.modules[module].has_lost_names = true;
    }
  }

  // A line that begins with `use` and could not be read.
  static bool is_use(const syntax::Tree& tree, NodeId error) { return tree.text(error).starts_with("use "); }

  // False: nothing was loaded, and that has been reported.
  bool load_use(ModuleId user, FileId file, NodeId node) {
    const syntax::Tree& tree = context_.tree(file);
    const NodeId what = tree.child(node, std::size_t{0});
    std::string path;
    const bool is_file = tree.is(what, NodeKind::kText);
    if (is_file) {
      path = normal_path(folder_of(context_.sources.path(context_.files[file].source)) + tree.string_value(what));
      if (is_project_file(path)) {
        if (stack_.empty()) return true;  // the project's files see each other as it is
        report_cycle(path, tree.span(what));
        return false;
      }
    } else {
      std::string name = tree.name(what);
      std::replace(name.begin(), name.end(), '.', '/');
      path = std::string(kStdlibPath) + name + ".seg";
    }
    if (std::find(stack_.begin(), stack_.end(), path) != stack_.end()) {
      report_cycle(path, tree.span(what));
      return false;
    }
    const ModuleId module = find_or_load(user, file, node, path, is_file);
    if (module == kNone) return false;
    Import import{.alias = context_.modules[module].name, .module = module};
    if (const NodeId as = tree.child(node, NodeKind::kAs); as != syntax::kNoNode) {
      import.alias = tree.name(tree.child(as, std::size_t{0}));
      import.is_open = false;
    }
    context_.modules[user].imports.push_back(import);
    context_.uses.push_back({.user = user, .file = file, .node = node, .module = module});
    return true;
  }

  ModuleId find_or_load(ModuleId user, FileId file, NodeId node, const std::string& path, bool is_file) {
    const syntax::Tree& tree = context_.tree(file);
    std::vector<std::string> bindings;
    for (NodeId child : tree.children(node)) {
      if (!tree.is(child, NodeKind::kBinding)) continue;
      bindings.push_back(tree.name(tree.child(child, std::size_t{0})) + "=" +
                         tree.name(tree.child(child, std::size_t{1})));
    }
    std::sort(bindings.begin(), bindings.end());
    std::string key = path;
    if (!bindings.empty()) key += "|" + std::to_string(user);
    for (const std::string& binding : bindings) key += "|" + binding;
    if (const auto it = loaded_.find(key); it != loaded_.end()) return it->second;

    const base::Span span = tree.span(tree.child(node, std::size_t{0}));
    std::string text;
    if (is_file) {
      if (!context_.input.load) return kNone;
      base::Result<std::string> loaded = context_.input.load(path);
      if (!loaded.ok()) {
        context_.diagnostics.report(loaded.status()).label(span, "used here");
        return loaded_[key] = kNone;
      }
      text = std::move(loaded).value();
    } else {
      const auto& files = stdlib_files();
      const auto it = std::find_if(files.begin(), files.end(), [&](const auto& entry) {
        return std::string(kStdlibPath) + std::string(entry.first) == path;
      });
      if (it == files.end()) {
        report_unknown(tree.name(tree.child(node, std::size_t{0})), span);
        return loaded_[key] = kNone;
      }
      text = it->second;
    }
    context_.modules.emplace_back();
    const auto module = static_cast<ModuleId>(context_.modules.size() - 1);
    context_.modules[module].name = stem_of(path);
    loaded_[key] = module;
    const FileId loaded_file = parse_file(module, path, text);
    const syntax::Tree& loaded_tree = context_.tree(loaded_file);
    for (NodeId declaration : loaded_tree.children(loaded_tree.root())) {
      if (loaded_tree.is(declaration, NodeKind::kModule)) context_.modules[module].name = loaded_tree.name(declaration);
    }
    stack_.push_back(path);
    load_uses(module, loaded_file);
    stack_.pop_back();
    return module;
  }

  bool is_project_file(const std::string& path) const {
    for (FileId file : context_.modules[kProjectModule].files) {
      if (normal_path(context_.sources.path(context_.files[file].source)) == path) return true;
    }
    return false;
  }

  void report_cycle(const std::string& path, base::Span span) {
    std::string text;
    auto first = std::find(stack_.begin(), stack_.end(), path);
    if (first == stack_.end()) first = stack_.begin();
    for (auto it = first; it != stack_.end(); ++it) text += "`" + *it + "` uses ";
    context_.report(Code::module_cycle, span, {path, text + "`" + path + "`"})
        .help("Move what both need into a file of its own.");
  }

  void report_unknown(const std::string& name, base::Span span) {
    std::vector<std::string> names;
    for (const auto& [path, text] : stdlib_files()) {
      if (!path.starts_with(kFunctionsPath)) names.emplace_back(path.substr(0, path.rfind('.')));
    }
    std::sort(names.begin(), names.end());
    auto report = context_.report(Code::unknown_module, span, {name});
    if (const auto near = base::suggest(name, names)) report.label(span, "did you mean `" + *near + "`?");
    std::string list;
    for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
    report.note("modules of the standard library: " + list);
    report.help("A file of your own is named in quotes: `use \"shared/" + name + ".seg\"`.");
  }

  Context& context_;
  std::map<std::string, ModuleId> loaded_;
  std::vector<std::string> stack_;  // paths of the files that are being loaded
};

}  // namespace

void load_modules(Context& context) { Loader(context).load_project(); }

}  // namespace seg::check
