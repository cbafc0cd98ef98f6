// The only source that instantiates the grammar (about 25 s of compile time).
#include "compiler/syntax/run_grammar.h"

#include "compiler/syntax/tree.h"
#include "grammar/file.hpp"

namespace seg::syntax {
namespace {

using grammar::Reading;

static_assert(static_cast<std::uint8_t>(NodeKind::kError) == grammar::kErrorNode);

template <class Rule>
struct action : tao::pegtl::nothing<Rule> {};

#define SEG_ACTION(rule, kind, record)                                           \
  template <>                                                                    \
  struct action<grammar::rule> {                                                 \
    template <class Matched>                                                     \
    static void apply(const Matched& in, Reading& r) {                           \
      r.record(static_cast<std::uint8_t>(NodeKind::kind), in.begin(), in.end()); \
    }                                                                            \
  };
#define SEG_MAKES(rule, kind) SEG_ACTION(rule, kind, make_node)
#define SEG_WRAPS(rule, kind) SEG_ACTION(rule, kind, wrap_node)
#define SEG_EXTENDS(rule, kind) SEG_ACTION(rule, kind, extend_node)
#include "compiler/syntax/rule_nodes.def"
#undef SEG_MAKES
#undef SEG_WRAPS
#undef SEG_EXTENDS
#undef SEG_ACTION

// Counts the rules tried: a test bounds them per byte.
template <class Rule>
struct control : tao::pegtl::normal<Rule> {
  template <class Input>
  static void start(const Input&, Reading& r) {
    ++r.num_rule_attempts;
  }
};

}  // namespace

bool run_grammar(Reading& reading) {
  using Input = tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy, tao::pegtl::eol::lf_crlf, const char*>;
  Input in(reading.begin(), reading.end(), "");
  return tao::pegtl::parse<grammar::file, action, control>(in, reading);
}

}  // namespace seg::syntax
