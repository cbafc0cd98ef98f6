#include "tests/unit/init/written_files.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/render_human.h"
#include "compiler/check/check.h"
#include "compiler/syntax/parse.h"
#include "tools/init/write_project.h"

namespace seg::init {

WrittenFiles::WrittenFiles(std::initializer_list<File> files) {
  std::string pattern = (std::filesystem::temp_directory_path() / "seg-init-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  folder_ = pattern;
  for (const auto& [name, text] : files) {
    std::ofstream(path(name), std::ios::binary) << text;
    names_.push_back(name);
  }
}

WrittenFiles::~WrittenFiles() {
  std::error_code error;
  std::filesystem::remove_all(folder_, error);
}

std::vector<Input> WrittenFiles::inputs() const {
  std::vector<Input> inputs;
  for (const std::string& name : names_) {
    auto sample = io::sample_files(path(name), {});
    REQUIRE(sample.ok());
    inputs.push_back({path(name), std::move(sample).value()});
  }
  return inputs;
}

const ProposedTable* table_named(const Proposal& proposal, const std::string& name) {
  for (const ProposedTable& table : proposal.tables) {
    if (table.name == name) return &table;
  }
  return nullptr;
}

const Field* field_named(const std::vector<Field>& fields, const std::string& name) {
  for (const Field& field : fields) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

bool has_remark(const Proposal& proposal, const std::string& part) {
  for (const Decision& remark : proposal.remarks) {
    if (remark.text.find(part) != std::string::npos) return true;
  }
  return false;
}

std::string check_findings(const Proposal& proposal, const std::vector<Input>& inputs) {
  base::SourceSet sources;
  base::DiagnosticList diagnostics;
  const std::vector<std::string> texts = {schema_text(proposal, inputs), first_rule_text(proposal, inputs)};
  check::CheckInput input;
  std::vector<syntax::ParseResult> trees;
  trees.reserve(texts.size());
  for (const std::string& text : texts) {
    const base::SourceId source = sources.add("project.seg", text);
    trees.push_back(syntax::parse(source, sources.text(source), diagnostics));
    (trees.size() == 1 ? input.schema : input.rules).push_back({source, &trees.back().tree, trees.back().has_errors});
  }
  input.settings.currency = proposal.currency;
  const check::CheckResult checked = check::check(input, sources, diagnostics);
  return diagnostics.items().empty() && checked.ok
             ? std::string()
             : base::render_human(diagnostics, sources, {.has_color = false, .shows_summary = false});
}

}  // namespace seg::init
