"""Text for a terminal: where, what, why, what next; one finding a paragraph, errors red, warnings yellow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from zhibu.checks.engine import all_rules
from zhibu.checks.files import Checked
from zhibu.checks.findings import SEVERITIES, Finding
from zhibu.checks.output import Lines

NAMES = {"error": "错误", "warning": "警告", "info": "提示"}
COLOURS = {"error": "31", "warning": "33", "info": "36"}


def render(checked: Sequence[Checked], colour: bool = False, *, brief: bool = False, failed: int = 0) -> str:
    """`brief`: of each document only its line. `failed`: how many more could not be read."""
    blocks = [_line(each) if brief else _block(each, colour) for each in checked]
    if brief or len(checked) + failed > 1:
        totals = _totals(checked, failed)
        return "\n".join([*blocks, "", totals]) if brief else "\n\n".join([*blocks, totals])
    return "\n\n".join(blocks)


def _totals(checked: Sequence[Checked], failed: int) -> str:
    """How many in all, and rule by rule, the most frequent first."""
    findings = [finding for each in checked for finding in each.findings]
    clean = sum(not each.findings for each in checked)
    notes = [f"{clean} 份没有发现问题"] if clean and findings else []
    notes += [f"{failed} 份没有读成"] if failed else []
    head = f"共 {len(checked) + failed} 份文档{'（' + '，'.join(notes) + '）' if notes else ''}，{counts(findings)}"
    labels = {rule.code: (rule.severity, rule.label) for rule in all_rules()}
    places = Counter(finding.code for finding in findings)
    documents = Counter(code for each in checked for code in {finding.code for finding in each.findings})
    rows = [
        f"  {code}  {NAMES[labels[code][0]]}  {labels[code][1]}：{count} 处，{documents[code]} 份"
        for code, count in sorted(places.items(), key=lambda row: (-row[1], row[0]))
    ]
    return "\n".join([head, *rows])


def _block(checked: Checked, colour: bool) -> str:
    lines = Lines(checked.text)
    rows = [_row(finding, lines, colour) for finding in checked.findings]
    return "\n".join([*rows, _line(checked)])


def _line(checked: Checked) -> str:
    return f"{checked.file}：{counts(checked.findings)}"


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
