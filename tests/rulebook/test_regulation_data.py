"""The shipped regulations as data: complete, cited, no surer than what was read, and each duty shown by cases."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import zhibu.rulebook
from zhibu.rulebook.duty import CONFIDENCES, STRENGTHS
from zhibu.rulebook.yamlfile import read_yaml, vocabulary

FOLDER = Path(zhibu.rulebook.__file__).with_name("regulations")
SHAPES = ("at_least", "each_member", "within", "holds", "quorum", "share")
DEADLINE_SHAPES = ("at_least", "each_member", "within")
WORDS = {"must": ("必须", "须"), "at-least": ("至少", "不少于"), "usually": ("一般",), "may": ("可以",)}
"""How each strength shows in the quoted phrase; 应当 is often left out of it."""
LONGEST_QUOTE = 40

# What was read, row by row, written down apart from the data: (article, confidence). V: the article's text was read;
# V2: told by a second source; M: from memory. Where number and wording differ, the weaker counts.
READ: dict[str, dict[str, tuple[str, str]]] = {
    "branch-work": {
        "general-meeting": ("第十一条", "V"),
        "general-meeting-quorum": ("第十一条", "V"),
        "committee-meeting": ("第十二条", "V"),
        "committee-meeting-quorum": ("第十二条", "V"),
        "cell-meeting": ("第十三条", "V"),
        "lecture": ("第十六条", "V2"),
        "lecture-leader": ("第十六条", "V2"),
        "themed-day": ("第十六条", "V2"),
        "organizational-life-meeting": ("第十七条", "V"),
        "member-appraisal": ("第十八条", "V2"),
        "talk-committee-committee": ("第十九条", "V"),
        "talk-committee-member": ("第十九条", "V"),
        "talk-member-member": ("第十九条", "V"),
        "secretary-report": ("第二十六条", "M"),
        "secretary-training": ("第二十五条", "M"),
        "full-members-min": ("第四条", "V2"),
        "members-max": ("第四条", "V2"),
        "joint-units-max": ("第五条", "V2"),
        "committee-min": ("第二十条", "M"),
        "committee-max": ("第二十条", "M"),
        "secretary": ("第二十条、第二十一条", "M"),
        "discipline-member": ("第二十条", "M"),
        "term-village": ("第二十一条", "M"),
        "term-other": ("第二十一条", "M"),
    },
    "member-education": {
        "themed-day": ("第十六条", "V"),
        "organizational-life-meeting": ("第十七条", "V"),
        "member-appraisal": ("第十八条", "V"),
        "excellent-share": ("", "V2"),
        "rotation-training": ("第二十条", "V"),
        "member-hours": ("第二十条", "V"),
        "mobile-contact": ("第三十二条", "V"),
        "annual-report-up": ("第四十三条", "V"),
    },
    "training-plan": {
        "member-hours-2019": ("", "V2"),
        "committee-hours-2019": ("", "V2"),
        "committee-training-2019": ("", "V2"),
        "new-secretary-training-2019": ("", "V2"),
        "probation-training-2019": ("", "V2"),
        "member-hours-2024": ("", "M"),
        "committee-hours-2024": ("", "M"),
        "committee-training-2024": ("", "M"),
        "new-secretary-training-2024": ("", "M"),
        "probation-training-2024": ("", "M"),
    },
    "organ-organizations": {
        "committee-threshold": ("第五条", "V"),
        "committee-term": ("第五条", "V"),
        "general-branch-threshold": ("第六条", "V"),
        "general-branch-term": ("第六条", "V"),
        "branch-threshold": ("第七条", "V"),
        "branch-committee": ("第七条", "V"),
        "branch-term": ("第七条", "V"),
        "discipline-member": ("第九条", "V"),
        "thought-report": ("第十七条", "V"),
        "yearly-training": ("第十八条", "V"),
        "attendance-notice": ("第二十六条第一项", "V"),
        "head-briefing": ("第二十六条第六项", "V"),
        "governance-study": ("第三十五条", "V"),
        "leading-group-report": ("第三十五条", "V"),
        "work-committee-heard": ("第三十八条", "V"),
        "annual-debrief": ("第三十九条", "V"),
    },
    "democratic-life": {
        "democratic-life-meeting": ("", "V2"),
        "democratic-life-quorum": ("", "V2"),
        "democratic-life-report": ("", "M"),
    },
    "debrief": {
        "work-committee-debrief": ("第三条", "V"),
        "committee-debrief": ("第三条", "V"),
        "leading-group-debrief": ("第三条", "V"),
    },
}

IN_FORCE = {
    "branch-work": date(2018, 10, 28),
    "member-education": date(2019, 5, 6),
    "organ-organizations": date(2019, 11, 29),
}
"""The days that are known exactly."""

REGULATIONS: dict[str, Any] = {slug: read_yaml(FOLDER / slug / "regulation.yaml") for slug in READ}
CASES: dict[str, list[dict[str, Any]]] = {slug: read_yaml(FOLDER / slug / "cases.yaml") for slug in READ}
DUTIES = {
    f"{slug}/{key}": duty for slug, regulation in REGULATIONS.items() for key, duty in regulation["duties"].items()
}
EXPECTED_READ = {f"{slug}/{key}": row for slug, rows in READ.items() for key, row in rows.items()}

every_duty = pytest.mark.parametrize("identity", DUTIES)
every_regulation = pytest.mark.parametrize("slug", READ)


def expected_statuses(identity: str) -> set[str]:
    """Every status some case expects of the duty; unknown for want of figures is none of its own."""
    slug, key = identity.split("/")
    found: set[str] = set()
    for case in CASES[slug]:
        for cell, expected in case["expect"].items() if "expect" in case else ():
            if cell.split("/")[0] == key:
                found.add(expected if isinstance(expected, str) else expected[0])
    return found


def shape_of(duty: dict[str, Any]) -> str:
    (shape,) = (name for name in SHAPES if name in duty)
    return shape


def test_there_are_enough_duties_and_cases() -> None:
    assert len(DUTIES) >= 40
    assert sum(map(len, CASES.values())) >= 150


def test_confidences_are_those_of_what_was_read() -> None:
    assert {identity: duty["confidence"] for identity, duty in DUTIES.items()} == {
        identity: confidence for identity, (_, confidence) in EXPECTED_READ.items()
    }


def test_articles_are_those_of_what_was_read() -> None:
    assert {identity: duty["cites"] for identity, duty in DUTIES.items()} == {
        identity: article for identity, (article, _) in EXPECTED_READ.items()
    }


@every_duty
def test_duty_has_exactly_one_shape_and_known_words(identity: str) -> None:
    duty = DUTIES[identity]
    words = vocabulary()
    assert sum(shape in duty for shape in SHAPES) == 1
    assert duty["strength"] in STRENGTHS
    assert duty["confidence"] in CONFIDENCES
    assert set(duty["subject"]) <= set(words["organisations"])
    assert set(duty.get("sectors", [])) <= set(words["sectors"])
    assert set(duty.get("record", [])) <= set(words["records"])
    assert set(duty.get("when", {})) <= set(words["measures"])


@every_duty
def test_quoted_phrase_is_short_and_carries_its_strength(identity: str) -> None:
    duty = DUTIES[identity]
    assert 0 < len(duty["text"]) < LONGEST_QUOTE
    assert not duty["text"].endswith("。")
    if duty["strength"] in WORDS:
        assert any(word in duty["text"] for word in WORDS[duty["strength"]])


@every_duty
def test_duty_is_labelled_and_explained_in_both_languages(identity: str) -> None:
    duty = DUTIES[identity]
    assert all(duty[name].strip() for name in ("label", "label_en", "note", "note_en"))
    assert duty["label_en"].isascii() or "–" in duty["label_en"]
    assert duty["note"].endswith("。")


@every_duty
def test_unverified_duty_says_so_in_its_note(identity: str) -> None:
    duty = DUTIES[identity]
    said = any(phrase in duty["note"] for phrase in ("未核对", "没有核对", "不是条例条文"))
    assert duty["confidence"] == "V" or said


@every_duty
def test_duty_without_an_article_is_not_verified(identity: str) -> None:
    duty = DUTIES[identity]
    assert duty["cites"] or duty["confidence"] != "V"


@every_duty
def test_cases_show_the_duty_done_and_not_done(identity: str) -> None:
    statuses = expected_statuses(identity)
    duty = DUTIES[identity]
    assert "met" in statuses
    if duty["strength"] == "may":
        assert "exempt" in statuses
    else:
        assert statuses & {"missing", "defective", "unknown"}


@every_duty
def test_cases_show_a_duty_with_a_deadline_before_it(identity: str) -> None:
    duty = DUTIES[identity]
    if duty["strength"] == "may" or shape_of(duty) not in DEADLINE_SHAPES:
        assert "not-yet-due" not in expected_statuses(identity)
    else:
        assert "not-yet-due" in expected_statuses(identity)


@every_duty
def test_duty_without_a_number_is_never_shown_as_missing(identity: str) -> None:
    duty = DUTIES[identity]
    if not duty.get("at_least", {}).get("numbered", True):
        assert "missing" not in expected_statuses(identity)
        assert "unknown" in expected_statuses(identity)


@every_regulation
def test_regulation_names_itself_and_its_source(slug: str) -> None:
    regulation = REGULATIONS[slug]
    assert all(regulation[name].strip() for name in ("title", "title_en", "issuer", "source"))
    assert "number" in regulation
    assert regulation["in_force"]["from"] == IN_FORCE.get(slug, regulation["in_force"]["from"])


@every_regulation
def test_cases_have_names_of_their_own_and_name_real_duties(slug: str) -> None:
    names = Counter(case["name"] for case in CASES[slug])
    assert [name for name, count in names.items() if count > 1] == []
    keys = {cell.split("/")[0] for case in CASES[slug] for cell in case.get("expect", {})}
    keys |= {key for case in CASES[slug] for key in case.get("owed", {})}
    assert keys == set(REGULATIONS[slug]["duties"])


@every_regulation
def test_cases_say_what_they_expect_in_known_words(slug: str) -> None:
    words = vocabulary()
    for case in CASES[slug]:
        assert case.get("expect") or case.get("owed"), case["name"]
        for record in case.get("records", []):
            assert set(record.get("kinds", [record.get("kind")])) <= set(words["kinds"]), case["name"]
            assert set(record.get("tags", [])) <= set(words["tags"]), case["name"]
        assert {event["kind"] for event in case.get("events", [])} <= set(words["events"]), case["name"]


def test_duties_of_two_plans_never_overlap() -> None:
    spans: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for key, duty in REGULATIONS["training-plan"]["duties"].items():
        spans[key.rpartition("-")[0]].append((duty["in_force"]["from"], duty["in_force"]["until"]))
    for earlier, later in spans.values():
        assert earlier[1] < later[0]


def test_democratic_life_meeting_is_never_owed_by_a_branch() -> None:
    for identity, duty in DUTIES.items():
        kinds = duty.get("at_least", {}).get("of", []) + duty.get("quorum", {}).get("of", [])
        if "democratic-life-meeting" in kinds:
            assert duty["subject"] == ["leading-group"], identity
        if "organizational-life-meeting" in kinds:
            assert duty["subject"] == ["branch"], identity
