#!/usr/bin/env python3
"""Checks what the renderers write against the published schemas.

  check_schemas.py RENDER_SAMPLE              the sample of tests/unit/base/sample_diagnostics.h, in every format that has a schema
  check_schemas.py --sarif PROGRAM ARGS …     what a command prints is SARIF, whatever its exit code (for `seg check --format sarif`)
"""
import json
import pathlib
import subprocess
import sys
import xml.etree.ElementTree

import jsonschema

SCHEMAS = pathlib.Path(__file__).resolve().parent / "schemas"


def validator(name):
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    return kind(schema, format_checker=jsonschema.FormatChecker())


def findings(text, schema):
    return [f"{error.json_path}: {error.message}" for error in validator(schema).iter_errors(json.loads(text))]


def output(command, codes=(0,)):
    run = subprocess.run(command, capture_output=True)
    if run.returncode not in codes:
        sys.exit(f"{command}: exit code {run.returncode}\n{run.stderr.decode()}")
    return run.stdout.decode("utf-8")  # strictly: no renderer may write anything else


def main():
    if sys.argv[1] == "--sarif":
        found = findings(output(sys.argv[2:], codes=(0, 1, 2)), "sarif-2.1.0.schema.json")
    else:
        program = sys.argv[1]
        found = []
        for form, schema in [("sarif", "sarif-2.1.0.schema.json"), ("sarif-empty", "sarif-2.1.0.schema.json"), ("json", "diagnostics.schema.json")]:
            found += [f"{form}: {finding}" for finding in findings(output([program, form]), schema)]
        xml.etree.ElementTree.fromstring(output([program, "junit"]))
        json.loads(output([program, "gitlab"]))
        # The check itself: a schema that lets everything pass would prove nothing.
        broken = json.loads(output([program, "sarif"]))
        broken["runs"][0]["results"][0]["level"] = "catastrophe"
        if not findings(json.dumps(broken), "sarif-2.1.0.schema.json"):
            found.append("the schema accepts a level that SARIF does not have")
    if found:
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()
