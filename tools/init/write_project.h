// A proposal written down as a project: seg.yaml, schema.seg, segments/first.seg.
// In: a Proposal and where the project will lie. Out: texts, in the one format; nothing is written to disk here. Part
// of `seg init`.
#pragma once

#include <string>
#include <vector>

#include "tools/init/propose.h"

namespace seg::init {

struct ProjectFile {
  std::string path;  // from the project's folder
  std::string text;
};

// `paths`: of the inputs, as seg.yaml shall name them.
std::vector<ProjectFile> write_project(const Proposal& proposal, const std::vector<Input>& inputs,
                                       const std::vector<std::string>& paths);

std::string schema_text(const Proposal& proposal, const std::vector<Input>& inputs);
std::string settings_text(const Proposal& proposal, const std::vector<Input>& inputs,
                          const std::vector<std::string>& paths);
// A first metric, two segments and a test of them, over the proposal's main event or else the subject's fields.
std::string first_rule_text(const Proposal& proposal, const std::vector<Input>& inputs);

}  // namespace seg::init
