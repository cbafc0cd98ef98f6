// Command lines: Boost.Program_options behind the messages and the help of this program.
// In: a command's words and its options. Out: their values; or help on standard output, or a diagnostic (S72xx) and
// exit code 2.
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <boost/program_options/variables_map.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "tools/seg/command.h"

namespace seg::tool {

namespace po = boost::program_options;

class Options {
 public:
  // `operands` names what stands without an option ("file"), or is empty if nothing may.
  Options(std::string_view command, std::string operands);

  po::options_description_easy_init add() { return description_.add_options(); }
  // --project, --environment, --set, --format (with these choices), --color
  void add_project_options();
  void add_format_option(std::vector<std::string> formats);

  // False: the command ends with `exit_code()`, because of --help or a wrong use that has been reported.
  bool parse(const Arguments& arguments);
  int exit_code() const { return exit_code_; }

  bool has(const std::string& name) const { return values_.count(name) != 0; }
  bool flag(const std::string& name) const { return has(name) && values_[name].as<bool>(); }
  std::string text(const std::string& name) const {
    return has(name) ? values_[name].as<std::string>() : std::string();
  }
  std::vector<std::string> texts(const std::string& name) const;
  std::vector<std::string> operands() const {
    return operands_.empty() ? std::vector<std::string>() : texts(operands_);
  }
  template <class T>
  T get(const std::string& name) const {
    return values_[name].as<T>();
  }

  // Reports a wrong use of this command and remembers exit code 2.
  void wrong(base::Code code, const base::Args& args, const std::string& help = {});

 private:
  void print_help() const;

  const Command& command_;
  std::string operands_;
  po::options_description description_;
  po::variables_map values_;
  std::vector<std::string> formats_;
  int exit_code_ = kFine;
};

}  // namespace seg::tool
