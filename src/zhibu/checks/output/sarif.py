"""SARIF 2.1.0, for code-scanning services and editors. Columns and offsets count characters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from zhibu.checks.engine import Rule, all_rules
from zhibu.checks.files import Checked
from zhibu.checks.findings import Finding
from zhibu.checks.output import Lines

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def render(checked: Sequence[Checked], version: str = "") -> str:
    used = {finding.code for each in checked for finding in each.findings}
    rules = [rule for rule in all_rules() if rule.code in used]
    index = {rule.code: number for number, rule in enumerate(rules)}
    results: list[dict[str, Any]] = []
    for each in checked:
        lines = Lines(each.text)
        results.extend(_result(finding, index[finding.code], lines) for finding in each.findings)
    driver = {"name": "zhibu", "version": version, "rules": [_rule(rule) for rule in rules]}
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, ensure_ascii=False, indent=2)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "name": rule.slug,
        "shortDescription": {"text": rule.label},
        "fullDescription": {"text": rule.explanation},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
    }


def _result(finding: Finding, index: int, lines: Lines) -> dict[str, Any]:
    line, column = lines.at(finding.start)
    end_line, end_column = lines.at(finding.end)
    region = {
        "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column,
        "charOffset": finding.start, "charLength": finding.end - finding.start, "snippet": {"text": finding.excerpt},
    }  # fmt: skip
    uri = quote(PurePath(finding.file or "text").as_posix())
    return {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": LEVELS[finding.severity],
        "message": {"text": f"{finding.message}{finding.why}{finding.fix}"},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}],
    }
