// Data files for the tests of `seg init`, in a folder of their own that goes away with them.
#pragma once

#include <initializer_list>
#include <string>
#include <vector>

#include "tools/init/propose.h"

namespace seg::init {

class WrittenFiles {
 public:
  struct File {
    std::string name;
    std::string text;
  };
  WrittenFiles(std::initializer_list<File> files);
  ~WrittenFiles();
  WrittenFiles(const WrittenFiles&) = delete;
  WrittenFiles& operator=(const WrittenFiles&) = delete;

  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  // Samples of all of them, in order.
  std::vector<Input> inputs() const;

 private:
  std::string folder_;
  std::vector<std::string> names_;
};

const ProposedTable* table_named(const Proposal& proposal, const std::string& name);
const Field* field_named(const std::vector<Field>& fields, const std::string& name);
bool has_remark(const Proposal& proposal, const std::string& part);
// What the checker says of the project that is made of it; empty: nothing.
std::string check_findings(const Proposal& proposal, const std::vector<Input>& inputs);

}  // namespace seg::init
