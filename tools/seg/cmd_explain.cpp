// seg explain CODE: the page of a diagnostic.
#include <iostream>

#include "base/diagnostic_page.h"
#include "base/suggest.h"
#include "tools/seg/options.h"

namespace seg::tool {

int cmd_explain(const Arguments& arguments) {
  Options options("explain", "code");
  if (!options.parse(arguments)) return options.exit_code();
  if (options.operands().size() != 1) {
    options.wrong(base::Code::missing_argument, {"seg explain", "one code, as messages show it: S2104"});
    return options.exit_code();
  }
  const std::string word = options.operands().front();
  const auto code = base::find_code(word);
  if (!code) {
    std::vector<std::string> known;
    for (const base::CodeInfo& info : base::all_codes())
      known.insert(known.end(), {std::string(info.id), std::string(info.name)});
    const auto near = base::suggest(word, known);
    options.wrong(base::Code::wrong_argument, {"the code", "`" + word + "`"},
                  near ? "did you mean `" + *near + "`?" : "codes look like S2104");
    return options.exit_code();
  }
  std::cout << base::diagnostic_page(*code);
  return kFine;
}

}  // namespace seg::tool
