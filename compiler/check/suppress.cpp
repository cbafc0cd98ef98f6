#include "compiler/check/suppress.h"

#include <optional>

#include "base/suggest.h"

namespace seg::check {

using base::Code;

namespace {

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) text.remove_suffix(1);
  return text;
}

struct Allowed {
  Code code;
  base::Span where;
};

struct Request {
  std::string name;
  std::string reason;
};

// "# allow NAME: reason"; none: an ordinary comment.
std::optional<Request> read_comment(std::string_view text) {
  if (text.starts_with('#')) text.remove_prefix(1);
  text = trimmed(text);
  constexpr std::string_view kAllow = "allow ";
  if (!text.starts_with(kAllow)) return std::nullopt;
  text = trimmed(text.substr(kAllow.size()));
  const std::size_t colon = text.find(':');
  const std::string_view name = trimmed(text.substr(0, colon));
  const bool looks_like_one = !name.empty() && name.find(' ') == std::string_view::npos &&
                              (name.find('-') != std::string_view::npos || (name.size() == 5 && name[0] == 'S'));
  if (!looks_like_one) return std::nullopt;  // "# allow everyone in"
  const std::string_view reason =
      colon == std::string_view::npos ? std::string_view() : trimmed(text.substr(colon + 1));
  return Request{.name = std::string(name), .reason = std::string(reason)};
}

// What the comment token stands for: the rest of its line if something stands before it, else all that begins next.
base::Span place_of(const syntax::Tree& tree, std::size_t comment) {
  const auto tokens = tree.tokens();
  std::size_t before = comment;
  bool is_alone = true;
  while (before > 0 && tokens[before - 1].kind != grammar::TokenKind::kLineEnd) {
    --before;
    if (tokens[before].kind != grammar::TokenKind::kBlank) is_alone = false;
  }
  if (!is_alone) return {.source = tree.source(), .begin = tokens[before].begin, .end = tokens[comment].end};
  std::size_t next = comment;
  while (next < tokens.size() && is_trivia(tokens[next].kind)) ++next;
  if (next == tokens.size()) return {};
  base::Span span{.source = tree.source(), .begin = tokens[next].begin, .end = tokens[next].end};
  std::size_t line_end = next;
  while (line_end < tokens.size() && tokens[line_end].kind != grammar::TokenKind::kLineEnd) ++line_end;
  span.end = tokens[line_end - 1].end;
  for (std::uint32_t i = 0; i < tree.num_nodes(); ++i) {
    const NodeId node{i};
    if (node == tree.root() || static_cast<std::size_t>(tree.first_token(node)) != next) continue;
    span.end = std::max(span.end, tree.span(node).end);
  }
  return span;
}

void read_file(Context& context, const syntax::Tree& tree, std::vector<Allowed>& allowed) {
  const auto tokens = tree.tokens();
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != grammar::TokenKind::kComment) continue;
    const base::Span span{.source = tree.source(), .begin = tokens[i].begin, .end = tokens[i].end};
    const std::optional<Request> request = read_comment(tree.text().substr(span.begin, span.length()));
    if (!request) continue;
    const std::optional<Code> code = base::find_code(request->name);
    if (!code || !base::info(*code).is_suppressible()) {
      std::vector<std::string_view> names;
      for (const base::CodeInfo& known : base::all_codes()) {
        if (known.is_suppressible()) names.push_back(known.name);
      }
      auto report = context.report(Code::unknown_suppression, span, {request->name});
      if (const auto near = base::suggest(request->name, names)) report.label(span, "did you mean `" + *near + "`?");
      if (code) report.note("Errors can't be allowed.");
      continue;
    }
    if (request->reason.empty()) {
      context.report(Code::suppression_without_reason, span, {request->name})
          .help("Write why: `# allow " + request->name + ": the reason`.");
      continue;
    }
    allowed.push_back({.code = *code, .where = place_of(tree, i)});
  }
}

}  // namespace

void suppress(Context& context) {
  std::vector<Allowed> allowed;
  for (const File& file : context.files) {
    if (file.module == kProjectModule) read_file(context, *file.tree, allowed);
  }
  if (allowed.empty()) return;
  context.diagnostics.remove_if([&](const base::Diagnostic& diagnostic) {
    const base::Span span = diagnostic.span();
    for (const Allowed& allow : allowed) {
      if (allow.code == diagnostic.code && span.source == allow.where.source && span.begin >= allow.where.begin &&
          span.begin <= allow.where.end) {
        return diagnostic.severity != base::Severity::error || base::info(diagnostic.code).is_suppressible();
      }
    }
    return false;
  });
}

}  // namespace seg::check
