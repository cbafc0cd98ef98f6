// Prints the sample diagnostics in one format: `render_sample sarif`. The check against SARIF's schema reads it.
#include <cstdio>
#include <string_view>

#include "base/render_gitlab.h"
#include "base/render_json.h"
#include "base/render_junit.h"
#include "base/render_sarif.h"
#include "tests/unit/base/sample_diagnostics.h"

int main(int num_arguments, char** arguments) {
  using namespace seg::base;
  const std::string_view format = num_arguments > 1 ? arguments[1] : "";
  SourceSet sources;
  const DiagnosticList list = sample_diagnostics(sources);
  std::string text;
  if (format == "sarif")
    text = render_sarif(list, sources, {.tool_version = "1.0.0", .page = [](Code) { return "page"; }});
  if (format == "sarif-empty") text = render_sarif(DiagnosticList{}, sources);
  if (format == "json") text = render_json(list, sources);
  if (format == "junit") text = render_junit(list, sources);
  if (format == "gitlab") text = render_gitlab(list, sources);
  std::fputs(text.c_str(), stdout);
  return text.empty() ? 2 : 0;
}
