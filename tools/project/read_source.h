// One entry under `sources:` of seg.yaml.
// In: YAML nodes. Out: io::SourceSpec or a DatabaseSource. Internal to tools/project.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "base/source.h"
#include "tools/project/project.h"

namespace YAML {
class Node;
}

namespace seg::project {

// Where a project file is being read from, and where findings go.
struct Reading {
  base::SourceId source;
  std::string_view text;
  std::string folder;
  base::DiagnosticList& diagnostics;

  base::Span span(const YAML::Node& node) const;
  std::string path(const std::string& written) const;  // from the project's folder
  void wrong(const std::string& setting, const std::string& what, const YAML::Node& at, const std::string& help);
  void unknown(const YAML::Node& key, std::initializer_list<std::string_view> known, const std::string& where);
  // The text of a scalar; anything else is a finding.
  std::optional<std::string> scalar(const std::string& setting, const YAML::Node& node);
  std::optional<bool> flag(const std::string& setting, const YAML::Node& node);
  // A list of scalars, or one.
  std::vector<std::string> scalars(const std::string& setting, const YAML::Node& node);
  // A map whose keys are scalars and each there once.
  bool is_map(const std::string& setting, const YAML::Node& node);
};

void read_source(const std::string& name, const YAML::Node& name_node, const YAML::Node& node, Project& project,
                 Reading& reading);

}  // namespace seg::project
