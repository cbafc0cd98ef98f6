#include "tools/seg/options.h"

#include <unistd.h>

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <iostream>

#include "base/render_human.h"
#include "base/suggest.h"

namespace seg::tool {

Options::Options(std::string_view command, std::string operands)
    : command_(command_named(command)), operands_(std::move(operands)), description_("Options") {
  add()("help,h", "this text");
}

void Options::add_project_options() {
  add()("project,p", po::value<std::string>()->value_name("PATH"),
        "folder of the project, or its seg.yaml (default: looked for upwards)");
  add()("environment,e", po::value<std::string>()->value_name("NAME"), "settings of this environment of seg.yaml");
  add()("set", po::value<std::vector<std::string>>()->value_name("PARAM=VALUE"),
        "another value of a param, as it would stand in a rule");
  add()("color", po::value<std::string>()->value_name("WHEN"), "auto, always or never");
}

void Options::add_format_option(std::vector<std::string> formats) {
  formats_ = std::move(formats);
  std::string list;
  for (const std::string& format : formats_) list += (list.empty() ? "" : ", ") + format;
  add()("format", po::value<std::string>()->value_name("FORMAT")->default_value(formats_.front()), list.c_str());
}

std::vector<std::string> Options::texts(const std::string& name) const {
  return has(name) ? values_[name].as<std::vector<std::string>>() : std::vector<std::string>();
}

void Options::wrong(base::Code code, const base::Args& args, const std::string& help) {
  base::DiagnosticList diagnostics;
  auto builder = diagnostics.report(code, args);
  if (!help.empty()) builder.help(help);
  builder.note("usage: " + std::string(command_.usage) + "; `seg " + std::string(command_.name) +
               " --help` lists the options");
  std::cerr << base::render_human(diagnostics, {},
                                  {.has_color = wants_color(STDERR_FILENO, "auto"), .shows_summary = false});
  exit_code_ = kWrongUse;
}

void Options::print_help() const {
  std::cout << "seg " << command_.name << ": " << command_.summary << "\n\nUsage: " << command_.usage
            << " [OPTIONS]\n\n"
            << description_ << "\nExample:\n  " << command_.example << "\n";
}

bool Options::parse(const Arguments& arguments) {
  po::options_description all;
  all.add(description_);
  po::positional_options_description positional;
  if (!operands_.empty()) {
    all.add_options()(operands_.c_str(), po::value<std::vector<std::string>>());
    positional.add(operands_.c_str(), -1);
  }
  std::vector<std::string> names;
  for (const auto& option : description_.options()) names.push_back("--" + option->long_name());
  const std::string command = "seg " + std::string(command_.name);
  try {
    namespace style = po::command_line_style;
    po::store(po::command_line_parser(arguments)
                  .options(all)
                  .positional(positional)
                  .style(style::unix_style & ~style::allow_guessing)
                  .run(),
              values_);
    po::notify(values_);
  } catch (const po::unknown_option& error) {
    const auto near = base::suggest(error.get_option_name(), names);
    wrong(base::Code::unknown_option, {command, error.get_option_name()}, near ? "did you mean `" + *near + "`?" : "");
    return false;
  } catch (const po::too_many_positional_options_error&) {
    wrong(base::Code::wrong_argument, {command, "given more words than it takes"});
    return false;
  } catch (const po::error_with_option_name& error) {
    wrong(base::Code::missing_argument, {error.get_option_name(), "one value of the right kind"});
    return false;
  }
  if (has("help")) {
    print_help();
    return false;
  }
  const auto require_one_of = [&](const std::string& name, const std::vector<std::string>& choices) {
    if (!has(name) || std::find(choices.begin(), choices.end(), text(name)) != choices.end()) return true;
    std::string list;
    for (const std::string& choice : choices) list += (list.empty() ? "" : ", ") + choice;
    const auto near = base::suggest(text(name), choices);
    wrong(base::Code::wrong_argument, {"--" + name, "`" + text(name) + "`"},
          near ? "did you mean `" + *near + "`?" : "one of: " + list);
    return false;
  };
  return (formats_.empty() || require_one_of("format", formats_)) &&
         require_one_of("color", {"auto", "always", "never"});
}

}  // namespace seg::tool
