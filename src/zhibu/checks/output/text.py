"""Text for a terminal: where, what, why, what next; one finding a paragraph, errors red, warnings yellow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zhibu.checks.files import Checked
from zhibu.checks.findings import SEVERITIES, Finding
from zhibu.checks.output import Lines

NAMES = {"error": "错误", "warning": "警告", "info": "提示"}
COLOURS = {"error": "31", "warning": "33", "info": "36"}


def render(checked: Sequence[Checked], colour: bool = False) -> str:
    blocks = [_block(each, colour) for each in checked]
    if len(checked) > 1:
        blocks.append(f"共 {len(checked)} 份文档，" + counts([f for each in checked for f in each.findings]))
    return "\n\n".join(blocks)


def _block(checked: Checked, colour: bool) -> str:
    lines = Lines(checked.text)
    rows = [_row(finding, lines, colour) for finding in checked.findings]
    return "\n".join([*rows, f"{checked.file}：{counts(checked.findings)}"])


def _row(finding: Finding, lines: Lines, colour: bool) -> str:
    line, column = lines.at(finding.start)
    head = f"{finding.code} {NAMES[finding.severity]}"
    if colour:
        head = f"\x1b[{COLOURS[finding.severity]}m{head}\x1b[0m"
    place = f"{finding.section} 第{finding.paragraph}段" if finding.paragraph else "全文"
    return f"{finding.file}:{line}:{column} {head} {place}：{finding.message}{finding.why}{finding.fix}"


def counts(findings: Sequence[Finding]) -> str:
    """How many findings, and of which degree, in one sentence."""
    if not findings:
        return "没有发现问题。"
    count = Counter(finding.severity for finding in findings)
    parts = [f"{NAMES[severity]} {count[severity]}" for severity in SEVERITIES if count[severity]]
    return f"{len(findings)} 处需要看一看（{'，'.join(parts)}）。"
