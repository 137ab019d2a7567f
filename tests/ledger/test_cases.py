"""The cases of the shipped regulations hold; and the runner catches cases that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhibu.errors import UserError
from zhibu.ledger.cases import Case, cases_of, load_cases, run_all, run_case
from zhibu.rulebook.regulations import load_regulations

SHIPPED = [(regulation, case) for regulation in load_regulations() for case in cases_of(regulation)]

REGULATION = """
title: 试验条例
issuer: 试验机关
source: 试验
in_force: {from: 2018-10-28}
duties:
  meeting:
    label: 党员大会
    subject: [branch]
    cites: 第一条
    text: 一般每季度召开1次
    strength: usually
    confidence: V
    at_least: {count: 1, per: quarter, of: [general-meeting]}
"""
CASE = """
- name: 一季度未开，欠一次
  subject: {kind: branch, founded: 2020-01-01, members: 12, full_members: 11}
  on: 2025-04-01
"""


@pytest.mark.parametrize(
    ("regulation", "case"), [pytest.param(*one, id=f"{one[0].slug}-{one[1].name}") for one in SHIPPED]
)
def test_shipped_case(regulation, case: Case) -> None:
    assert [str(failure.message) for failure in run_case(case, regulation.duties)] == []


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "test").mkdir()
    (tmp_path / "test" / "regulation.yaml").write_text(REGULATION, "utf-8")
    return tmp_path


def write(folder: Path, text: str) -> Path:
    file = folder / "test" / "cases.yaml"
    file.write_text(text, "utf-8")
    return file


@pytest.mark.parametrize(
    "says",
    [
        "owed: {meeting: 1}",
        "expect: {meeting/2025-Q1: missing}",
        "expect: {meeting/2025-Q1: [missing, none-recorded], meeting/2025-Q2: not-yet-due}",
        "expect: {meeting/2024-Q1: no-cell}",
        "{records: [{kind: general-meeting, held: 2025-01-10}], owed: {meeting: 0}, expect: {meeting/2025-Q1: met}}",
        "{records: [{kind: general-meeting, held: 2025-01-10, present: 5}], expect: {meeting/2025-Q1: defective}}",
        "{explanations: {meeting/2025-Q1: 防汛抢险}, expect: {meeting/2025-Q1: [missing, missing-explained]}}",
        "{year: 2019, owed: {meeting: 0}, exempt: [meeting/2019-Q4]}",
    ],
)
def test_a_right_case_passes(folder: Path, says: str) -> None:
    write(folder, _with(says))
    outcome = run_all(folder)
    assert (outcome.passed, outcome.failed, outcome.failures) == (1, 0, ())


@pytest.mark.parametrize(
    ("says", "cell", "expected", "got"),
    [
        ("owed: {meeting: 0}", "meeting", "0", "1"),
        ("owed: {meeting: 2}", "meeting", "2", "1"),
        ("owed: {meetings: 0}", "meetings", "0", ""),
        ("expect: {meeting/2025-Q1: met}", "meeting/2025-Q1", "met", "missing none-recorded"),
        (
            "expect: {meeting/2025-Q1: [missing, too-few]}",
            "meeting/2025-Q1",
            "missing too-few",
            "missing none-recorded",
        ),
        ("expect: {meeting/2025: missing}", "meeting/2025", "missing", "no-cell"),
        ("expect: {meeting/2025-Q1: no-cell}", "meeting/2025-Q1", "no-cell", "missing none-recorded"),
        ("expect: {meetings/2025-Q1: no-cell}", "meetings/2025-Q1", "no-cell", ""),
        ("exempt: [meeting/2025-Q1]", "meeting/2025-Q1", "exempt", "missing none-recorded"),
    ],
)
def test_a_wrong_case_fails_and_says_what_the_ledger_says(folder: Path, says, cell, expected, got) -> None:
    write(folder, _with(says))
    outcome = run_all(folder)
    assert (outcome.passed, outcome.failed) == (0, 1)
    (failure,) = outcome.failures
    assert (failure.where, failure.case) == ("test/cases.yaml", "一季度未开，欠一次")
    assert (failure.cell, failure.expected, failure.got) == (cell, expected, got)
    assert outcome.to_json()["failures"][0]["message"]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        (CASE, "rule-field-missing", ["一季度未开，欠一次", "expect"]),
        (CASE + "  ow: {meeting: 1}\n  owed: {meeting: 1}\n", "rule-field-unknown", ["ow", "owed"]),
        (CASE + "  expect: {meeting/2025-Q1: mett}\n", "rule-word-unknown", ["mett", "met"]),
        (CASE + "  expect: {meeting/2025-Q1: [met, none-recorded]}\n", "rule-word-unknown", ["none-recorded"]),
        (CASE + "  owed: {meeting: -1}\n", "rule-field-wrong", ["owed.meeting"]),
        (CASE + "  owed: {meeting: 1}\n  owed: {meeting: 2}\n", "rule-file-broken", ["第6行", "owed"]),
        (CASE + "  records: [{kind: meeting, held: 2025-01-01}]\n", "rule-word-unknown", ["records[1].kind"]),
        (CASE + "  records: [{kind: general-meeting}]\n", "rule-field-missing", ["records[1].held"]),
        (CASE + "  people: [{hour: 3}]\n", "rule-field-unknown", ["people[1].hour", "hours"]),
        (CASE + "  events: [{kind: secretary-appointed, on: 2025-13-01}]\n", "rule-field-wrong", ["events[1].on"]),
        (CASE.replace("founded:", "started:"), "rule-field-missing", ["subject.founded"]),
        (CASE.replace("members: 12", "member: 12"), "rule-field-unknown", ["subject.member"]),
        ("- 欠一次\n", "rule-not-fields", ["第1例"]),
        ("name: 欠一次\n", "rule-field-wrong", ["test/cases.yaml"]),
        ("- {name: [\n", "rule-file-broken", ["test/cases.yaml"]),
    ],
)
def test_a_case_that_cannot_be_read_is_an_error_naming_the_place(folder: Path, text, code, words) -> None:
    file = write(folder, text)
    with pytest.raises(UserError) as caught:
        load_cases(file)
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in ["test/cases.yaml", *words])


def test_figures_may_change_over_time_and_those_entitled_follow_them(folder: Path) -> None:
    file = write(
        folder,
        """
- name: 先少后多
  subject:
    founded: 2020-01-01
    profiles: [{since: 2025-05-01, full_members: 9}, {since: 2020-01-01, full_members: 5, committee: 3}]
  on: 2025-12-31
  records:
    - {kind: general-meeting, held: 2025-01-10}
    - {kind: general-meeting, held: 2025-06-10, present: 4}
    - {kind: committee-meeting, held: 2025-02-10}
  owed: {meeting: 1}
""",
    )
    (case,) = load_cases(file)
    assert [(one.entitled, one.present) for one in case.subject.records] == [(5, 5), (9, 4), (3, 3)]


def _with(says: str) -> str:
    """CASE with further fields given in one line."""
    if not says.startswith("{"):
        return f"{CASE}  {says}\n"
    return CASE + "".join(f"  {line}\n" for line in _split(says[1:-1]))


def _split(text: str) -> list[str]:
    """The top-level parts of a flow mapping."""
    parts, depth = [""], 0
    for char in text:
        depth += (char in "{[") - (char in "}]")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]
