"""Runs the cases that stand beside each rule, and holds rules, cases and documents together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from zhibu.checks import Waiver, all_rules, check, load_facts, rules
from zhibu.checks.borrowed import Borrowed
from zhibu.checks.explain import page
from zhibu.checks.last_findings import LastFinding
from zhibu.documents.paragraphs import Trace

FOLDER = Path(rules.__path__[0])
FACTS = load_facts(Path(__file__).with_name("snapshot.json"))
KEYS = {"name", "text", "finds", "year", "facts", "waivers", "also", "traces", "borrowed", "owner", "last_findings"}


def cases() -> list[Any]:
    found = []
    for path in sorted(FOLDER.glob("*.yaml")):
        code = path.name[:4].upper()
        found += [
            pytest.param(code, case, id=f"{code}-{case['name']}") for case in yaml.safe_load(path.read_text("utf-8"))
        ]
    return found


def borrowed_of(case: dict[str, Any]) -> list[Borrowed] | None:
    """`passage` says what of the text stands in another one."""
    if "borrowed" not in case:
        return None
    places = [case["text"].index(row["passage"]) for row in case["borrowed"]]
    return [
        Borrowed(place, place + len(row["passage"]), **{key: value for key, value in row.items() if key != "passage"})
        for place, row in zip(places, case["borrowed"], strict=True)
    ]


def last_findings_of(case: dict[str, Any]) -> list[LastFinding] | None:
    rows = case.get("last_findings")
    return None if rows is None else [LastFinding(row["problem"], tuple(row.get("words", ()))) for row in rows]


@pytest.mark.parametrize(("code", "case"), cases())
def test_case(code: str, case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    selected = [code, case["also"]] if "also" in case else [code]
    waivers = [Waiver(**row) for row in case.get("waivers", ())]
    facts = FACTS if case.get("facts") else None
    traces = [Trace(offset, kind) for offset, kind in case.get("traces", ())]
    findings = check(
        case["text"], year=case.get("year"), facts=facts, select=selected, waivers=waivers, traces=traces,
        borrowed=borrowed_of(case), owner=case.get("owner", ""), last_findings=last_findings_of(case),
    )  # fmt: skip
    assert [finding.excerpt for finding in findings] == case["finds"]
    for finding in findings:
        assert finding.code == code
        for sentence in (finding.message, finding.why, finding.fix):
            assert "{" not in sentence.text()
            assert sentence.text().endswith(("。", "？"))


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.code)
def test_rule_has_file_cases_and_words(rule: Any) -> None:
    name = f"{rule.code.lower()}_{rule.slug.replace('-', '_')}"
    assert (FOLDER / f"{name}.py").is_file()
    written = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    assert any(case["finds"] for case in written), "a case that finds"
    assert any(not case["finds"] for case in written), "a case that passes"
    assert rule.explanation
    assert rule.label
    assert rule.label_en


def test_page_of_rules_is_current() -> None:
    root = Path(__file__).resolve().parents[2]
    assert (root / "docs/rules/README.md").read_text("utf-8") == page(), "run: python scripts/rules_page.py"
