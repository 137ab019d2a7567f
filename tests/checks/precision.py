"""Every finding on the texts of `styles/` and `honest/`, judged by hand in `judged.yaml`; by rule, how many were right.

A finding that nobody has judged, or that is no longer found, fails the test: look at it and mend rule or judgement.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zhibu.borrowing import borrowed
from zhibu.checks import Finding, all_rules, check
from zhibu.checks.findings import SEVERITIES
from zhibu.checks.output.text import NAMES
from zhibu.trace import Text
from zhibu.trace.memory import Memory

HERE = Path(__file__).parent
SOURCES = HERE / "styles" / "sources"
FLOOR, FLOOR_OF_ALL = 0.85, 0.95
"""Share of a rule's findings, and of all, that must be right: of rules on by default, errors and warnings."""
SHOWN = 14

Key = tuple[str, str, str]
"""Code, section, and the first characters of the excerpt."""


@dataclass(frozen=True)
class Judged:
    """A text with what was judged: `right` findings, `wrong` ones with the reason, and planted faults `missed`."""

    name: str
    style: str
    path: Path
    right: tuple[Key, ...]
    wrong: tuple[tuple[Key, str], ...]
    missed: tuple[tuple[str, str], ...]


@cache
def judged() -> tuple[Judged, ...]:
    rows = yaml.safe_load((HERE / "judged.yaml").read_text("utf-8"))
    return tuple(_judged(name, row) for name, row in rows.items())


def _judged(name: str, row: dict[str, Any]) -> Judged:
    assert set(row) <= {"style", "right", "wrong", "missed"}, name
    wrong = tuple((_key(each[:3]), each[3]) for each in row.get("wrong", ()))
    right = tuple(_key(each) for each in row.get("right", ()))
    missed = tuple((code, words) for code, words in row.get("missed", ()))
    return Judged(name, row["style"], HERE / f"{name}.txt", right, wrong, missed)


def _key(row: list[str]) -> Key:
    code, section, words = row
    return code, section, words


@cache
def _library() -> Memory:
    """What every text is compared with: a report of the year before, a template, another branch's report."""
    return Memory(
        [
            Text("畜牧站2024年报告", _read("veterinary_2024"), "云岭县畜牧站党支部", 2024, "own"),
            Text("范文", _read("template"), "", None, "template"),
            Text(
                "档案馆报告",
                (HERE / "styles/honest_concise.txt").read_text("utf-8"),
                "禾川县档案馆党支部",
                2025,
                "sister",
            ),
        ]
    )


def _read(name: str) -> str:
    return (SOURCES / f"{name}.txt").read_text("utf-8")


def findings_of(text: Judged) -> list[Finding]:
    words = text.path.read_text("utf-8")
    return check(words, borrowed=borrowed(words, _library()))


def key_of(finding: Finding) -> Key:
    return finding.code, finding.section, " ".join(finding.excerpt.split())[:SHOWN]


def counted() -> tuple[Counter[str], Counter[str], Counter[str]]:
    """By rule: findings judged right, judged wrong, and planted faults that were missed."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for text in judged():
        right.update(key[0] for key in text.right)
        wrong.update(key[0] for key, _why in text.wrong)
        missed.update(code for code, _words in text.missed)
    return right, wrong, missed


def share(right: int, wrong: int) -> float:
    return right / (right + wrong) if right + wrong else 1.0


def page() -> str:
    """docs/precision.md, whole."""
    return "\n".join(_lines()) + "\n"


ABOUT = """\
# Precision of the rules

Written by `python scripts/precision_page.py`; do not edit.

{count} texts in {styles} styles, all made up for this. Every finding was judged by hand
([judged.yaml](../tests/checks/judged.yaml)): right, if it is true and a careful reviewer would say so. Planted faults
that no rule found are listed as missed. A test fails when a finding has not been judged, when a rule that is on by
default and is an error or a warning is right in less than {floor:.0%} of its findings, or all of them together in less
than {floor_of_all:.0%}.

The figures are of these texts only, and rules were mended on them: they say that the rules do not cry wolf here, not
how often they will be right elsewhere. For that see what was right at first sight, before anything was mended, on texts
written later:

| written after each mending | errors and warnings | right at first sight |
| --- | --- | --- |
| honest_bank, honest_village_two, honest_formal, bought_other, padded_other, cousin_of_concise | 44 | 82% |
| honest_workshop, honest_institute, honest_kindergarten, bought_third | 26 | 88% |
| honest_law_firm, honest_clinic, honest_logistics, bought_fourth | 23 | 91% |

Most of what was wrong took a problem or a measure told in plain words for an empty one.
"""


def _lines() -> Iterator[str]:
    texts = judged()
    styles = len({text.style for text in texts})
    yield ABOUT.format(count=len(texts), styles=styles, floor=FLOOR, floor_of_all=FLOOR_OF_ALL)
    yield from ["## By rule", "", *_by_rule(), "", "## By text", "", *_by_text(), "", "## Wrong and missed", ""]
    for text in texts:
        for (code, section, words), why in text.wrong:
            yield f"- {text.name}: {code} {section} “{words}” is wrong: {why}"
        for code, words in text.missed:
            yield f"- {text.name}: {code} missed: {words}"


def _by_rule() -> Iterator[str]:
    right, wrong, missed = counted()
    yield "| rule | | severity | right | wrong | missed | precision |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    for rule in all_rules():
        good, bad, gone = right[rule.code], wrong[rule.code], missed[rule.code]
        found = f"{share(good, bad):.0%}" if good + bad else ""
        if good + bad + gone:
            cells = (rule.code, rule.label, NAMES[rule.severity], good, bad or "", gone or "", found)
            yield f"| {' | '.join(map(str, cells))} |"
    good, bad = right.total(), wrong.total()
    yield f"| all | | | {good} | {bad} | {missed.total()} | {share(good, bad):.1%} |"
    unseen = [rule.code for rule in all_rules() if not right[rule.code] + wrong[rule.code] + missed[rule.code]]
    yield ""
    yield f"With nothing to find in these texts, and nothing found: {', '.join(unseen)}."
    yield "Their cases stand beside the rules; several need a snapshot, last year's findings or a Word file."


def _by_text() -> Iterator[str]:
    yield "| text | style | characters | errors | warnings | hints | wrong | missed |"
    yield "| --- | --- | --- | --- | --- | --- | --- | --- |"
    for text in judged():
        severities = Counter(finding.severity for finding in findings_of(text))
        length = len("".join(text.path.read_text("utf-8").split()))
        found = [severities[each] or "" for each in SEVERITIES]
        cells = (
            f"[{text.name}](../tests/checks/{text.name}.txt)", text.style, length, *found,
            len(text.wrong) or "", len(text.missed) or "",
        )  # fmt: skip
        yield f"| {' | '.join(map(str, cells))} |"
