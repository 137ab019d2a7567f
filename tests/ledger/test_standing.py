"""Every reason code once and at its edges: what was recorded, the day asked about, what the ledger says."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from zhibu.errors import Sentence
from zhibu.ledger.standing import Standing, stand_all
from zhibu.rulebook.duty import AtLeast, Condition, Duty, EachMember, Holds, Quorum, Share, Within
from zhibu.rulebook.facts import Event, MemberYear, Profile, Subject
from zhibu.rulebook.reasons import REASONS

from .bodies import body, duty, record

Q1_END, Q2, APRIL_5 = date(2025, 3, 31), date(2025, 4, 1), date(2025, 4, 5)
NEXT_YEAR = date(2026, 1, 10)
meeting = AtLeast(1, "quarter", ("general-meeting",))
two_a_year = AtLeast(2, "year", ("general-meeting",))
in_autumn = AtLeast(1, "year", ("general-meeting",), months=(10, 11, 12))
unnumbered = AtLeast(1, "year", ("general-meeting",), numbered=False)
talks = AtLeast(1, "year", ("talk",), tags=("member-member",))
hours = EachMember(32)
training = Within("secretary-appointed", ("training",), months=6)
in_ten_days = Within("secretary-appointed", ("training",), days=10)
quorum = Quorum(("general-meeting",), Fraction(1, 2))
strict_quorum = Quorum(("general-meeting",), Fraction(1, 2), strict=True)
excellent = Share(("member-appraisal",), "excellent", "appraised", Fraction(1, 3))


def on(month: int, day: int, *kinds: str, **fields: Any):
    return record(date(2025, month, day), *kinds, **fields)


def appraisal(part: float, whole: float):
    return on(12, 1, "member-appraisal", measures={"excellent": part, "appraised": whole})


def people(*each: float, **fields: Any) -> dict[str, Any]:
    return {"members": tuple(MemberYear(str(number), hours=one, **fields) for number, one in enumerate(each))}


def held(*records: Any) -> dict[str, Any]:
    return {"records": records}


def appointed(month: int, day: int, *records: Any) -> dict[str, Any]:
    return {"events": (Event("secretary-appointed", date(2025, month, day)),), "records": records}


def figures(**values: Any) -> dict[str, Any]:
    return {"profiles": (Profile(date(2020, 1, 1), **values),)}


def first(owed: Duty, subject: Subject, day: date) -> Standing:
    return stand_all([owed], subject, 2025, day)[0]


# (reason code, shape, fields of the duty, fields of the body, day asked about, evidence) — the first cell of the year.
TABLE: list[tuple[str, Any, dict[str, Any], dict[str, Any], date, tuple[int, ...]]] = [
    # Not asked for.
    ("in-force-during-period", meeting, {"since": date(2025, 1, 2)}, {}, Q2, ()),
    ("none-recorded", meeting, {"since": date(2025, 1, 1)}, {}, Q2, ()),
    ("not-founded-yet", meeting, {}, {"founded": date(2025, 4, 1)}, Q2, ()),
    ("not-founded-yet", meeting, {}, {"founded": date(2025, 2, 1)}, date(2025, 1, 31), ()),
    ("founded-during-period", meeting, {}, {"founded": date(2025, 2, 16)}, Q2, ()),
    ("none-recorded", meeting, {}, {"founded": date(2025, 2, 15)}, Q2, ()),
    ("ended", meeting, {}, {"ended": date(2025, 3, 31)}, Q2, ()),  # on the quarter's last day it was no more
    ("none-recorded", meeting, {}, {"ended": date(2025, 4, 1)}, Q2, ()),
    ("condition-not-met", meeting, {"when": (Condition("full_members", at_least=12),)}, {}, Q2, ()),
    ("condition-not-met", meeting, {"when": (Condition("full_members", at_most=10),)}, {}, Q2, ()),
    ("none-recorded", meeting, {"when": (Condition("full_members", 11, 11),)}, {}, Q2, ()),
    # Cannot be told.
    ("before-records", meeting, {}, {"recording_since": date(2025, 4, 1)}, Q2, ()),
    ("none-recorded", meeting, {}, {"recording_since": date(2025, 3, 31)}, Q2, ()),
    ("no-figures", meeting, {"when": (Condition("full_members", at_least=7),)}, {"profiles": ()}, Q2, ()),
    ("no-figures", Holds("members", at_most=50), {}, {"profiles": ()}, Q2, ()),
    ("no-figures", Holds("term_overrun", at_most=0), {}, {}, Q2, ()),
    ("no-number-in-text", unnumbered, {}, {}, NEXT_YEAR, ()),
    ("due-by", unnumbered, {}, {}, Q2, ()),
    # At least so many.
    ("met", meeting, {}, held(on(1, 1)), Q2, (1,)),
    ("met", meeting, {}, held(on(3, 31)), Q1_END, (1,)),
    ("met", meeting, {}, held(on(2, 1, lacks=("决议",)), on(3, 1, id=2)), Q2, (1, 2)),
    ("met", meeting, {}, held(on(1, 5, recorded=date(2025, 2, 4))), Q2, (1,)),
    ("met", meeting, {}, held(on(1, 5, recorded=NEXT_YEAR), on(2, 5, id=2)), Q2, (1, 2)),
    ("met", talks, {}, held(on(1, 5, "talk", tags=frozenset({"member-member", "secretary-talk"}))), Q2, (1,)),
    ("due-by", talks, {}, held(on(1, 5, "talk", tags=frozenset({"secretary-talk"}))), Q2, ()),
    ("met", in_autumn, {}, held(on(10, 1)), NEXT_YEAR, (1,)),
    ("met-outside-usual-months", in_autumn, {}, held(on(9, 30)), NEXT_YEAR, (1,)),
    ("recorded-late", meeting, {}, held(on(1, 5, recorded=date(2025, 2, 5))), Q2, (1,)),
    ("held-late", meeting, {"grace_days": 10}, held(on(4, 10)), date(2025, 4, 10), (1,)),
    ("none-recorded", meeting, {"grace_days": 10}, held(on(4, 11)), date(2025, 4, 11), ()),
    ("held-late", meeting, {"grace_days": 10}, held(on(3, 1, lacks=("决议",)), on(4, 2, id=2)), APRIL_5, (1, 2)),
    ("lacks-fields", meeting, {}, held(on(3, 1, lacks=("决议", "主持人"))), Q2, (1,)),
    ("lacks-fields", meeting, {}, held(on(3, 1, lacks=("决议",))), Q1_END, (1,)),
    ("lacks-fields", two_a_year, {}, held(on(3, 1), on(5, 1, id=2, lacks=("决议",))), NEXT_YEAR, (1, 2)),
    ("no-quorum", meeting, {}, held(on(3, 1, entitled=11, present=5)), Q2, (1,)),
    ("met", meeting, {}, held(on(3, 1, entitled=10, present=5)), Q2, (1,)),
    ("met", AtLeast(1, "year", ("themed-day",)), {}, held(on(3, 1, "themed-day", present=0)), Q2, (1,)),
    (
        "met",
        AtLeast(1, "year", ("themed-day",)),
        {},
        held(on(3, 1, "themed-day", "general-meeting", present=1)),
        Q2,
        (1,),
    ),
    ("due-by", meeting, {}, {}, Q1_END, ()),
    ("due-by", meeting, {}, held(on(3, 20)), date(2025, 3, 19), ()),
    ("due-by", two_a_year, {}, held(on(3, 20)), Q1_END, (1,)),
    ("in-grace", meeting, {"grace_days": 10}, {}, date(2025, 4, 10), ()),
    ("in-grace", meeting, {"grace_days": 10}, held(on(4, 2, lacks=("决议",))), date(2025, 4, 10), ()),
    ("none-recorded", meeting, {"grace_days": 10}, {}, date(2025, 4, 11), ()),
    ("optional", meeting, {"strength": "may"}, {}, Q2, ()),
    ("optional", meeting, {"strength": "may"}, {}, Q1_END, ()),
    ("none-recorded", meeting, {}, held(on(4, 1)), Q2, ()),
    ("too-few", two_a_year, {}, held(on(5, 1)), NEXT_YEAR, (1,)),
    (
        "missing-explained",
        meeting,
        {},
        {"explanations": {("test/general-meeting", "2025-Q1"): "防汛抢险"}},
        Q2,
        (),
    ),
    ("due-by", meeting, {}, {"explanations": {("test/general-meeting", "2025-Q1"): "防汛抢险"}}, Q1_END, ()),
    # Study hours.
    ("nobody-in-group", hours, {}, {}, NEXT_YEAR, ()),
    ("nobody-in-group", hours, {}, people(40, exempt=True), NEXT_YEAR, ()),
    ("hours-reached", hours, {}, people(32, 40), Q2, ()),
    ("hours-due-by", hours, {}, people(31.9, 40), date(2025, 12, 31), ()),
    ("hours-too-few", hours, {}, people(31.9, 0), NEXT_YEAR, ()),
    ("no-hours", hours, {}, people(0, 0), NEXT_YEAR, ()),
    ("hours-reached", hours, {}, {**people(32), **held(on(3, 1, "training", hours=32))}, Q2, (1,)),
    # Within so long after an event.
    ("no-such-event", training, {}, {}, NEXT_YEAR, ()),
    ("no-such-event", training, {}, appointed(5, 1), Q2, ()),
    ("done-in-time", training, {}, appointed(3, 1, on(9, 1, "training")), NEXT_YEAR, (1,)),
    ("done-after-limit", training, {}, appointed(3, 1, on(9, 2, "training")), NEXT_YEAR, (1,)),
    ("limit-ahead", training, {}, appointed(3, 1, on(2, 28, "training")), date(2025, 9, 1), ()),
    ("limit-passed", training, {}, appointed(3, 1), date(2025, 9, 2), ()),
    ("lacks-fields", training, {}, appointed(3, 1, on(4, 1, "training", lacks=("学时",))), NEXT_YEAR, (1,)),
    ("done-in-time", in_ten_days, {}, appointed(3, 1, on(3, 11, "training")), Q2, (1,)),
    ("done-after-limit", in_ten_days, {}, appointed(3, 1, on(3, 12, "training")), Q2, (1,)),
    ("optional", training, {"strength": "may"}, appointed(3, 1), NEXT_YEAR, ()),
    # A measure within bounds.
    ("within-bounds", Holds("members", at_most=12), {}, {}, Q2, ()),
    ("out-of-bounds", Holds("members", at_most=11), {}, {}, Q2, ()),
    ("out-of-bounds", Holds("secretaries", at_least=1), {}, {}, Q2, ()),
    ("optional", Holds("secretaries", at_least=1), {"strength": "may"}, {}, Q2, ()),
    ("within-bounds", Holds("term_overrun", at_most=0), {}, figures(term_ends=Q2), Q2, ()),
    ("out-of-bounds", Holds("term_overrun", at_most=0), {}, figures(term_ends=Q1_END), Q2, ()),
    # Every record of a kind.
    ("no-such-record", quorum, {}, held(on(1, 5, entitled=0, present=0)), NEXT_YEAR, ()),
    ("all-quorate", quorum, {}, held(on(1, 5, entitled=16, present=8)), NEXT_YEAR, (1,)),
    ("below-quorum", quorum, {}, held(on(1, 5), on(2, 5, id=2, entitled=15, present=7)), NEXT_YEAR, (2,)),
    ("below-quorum", strict_quorum, {}, held(on(1, 5, entitled=16, present=8)), NEXT_YEAR, (1,)),
    ("all-quorate", strict_quorum, {}, held(on(1, 5, entitled=16, present=9)), NEXT_YEAR, (1,)),
    ("no-such-record", excellent, {}, held(on(12, 1, "member-appraisal")), NEXT_YEAR, ()),
    ("within-share", excellent, {}, held(appraisal(4, 12)), NEXT_YEAR, (1,)),
    ("above-share", excellent, {}, held(appraisal(5, 12)), NEXT_YEAR, (1,)),
]  # fmt: skip


@pytest.mark.parametrize(("code", "shape", "duty_fields", "body_fields", "day", "evidence"), TABLE)
def test_reason(code, shape, duty_fields, body_fields, day, evidence) -> None:
    standing = first(duty(shape, **duty_fields), body(**body_fields), day)
    assert (standing.reason.code, standing.evidence) == (code, evidence)
    assert standing.status == REASONS[code][0]


def test_the_table_has_every_reason() -> None:
    assert {row[0] for row in TABLE} == set(REASONS)


@pytest.mark.parametrize(
    ("shape", "fields", "day", "sentence"),
    [
        (meeting, {}, Q2, "2025年第一季度没有党员大会记录。《试验条例》第一条：“一般每季度召开1次”。"),
        (meeting, {}, Q1_END, "2025年3月31日前还应完成1次党员大会。《试验条例》第一条：“一般每季度召开1次”。"),
        (
            meeting,
            held(on(3, 1, lacks=("决议", "主持人"))),
            Q2,
            "2025年3月1日的记录缺少决议、主持人。请补全。《试验条例》第一条：“一般每季度召开1次”。",
        ),
        (
            Holds("members", at_most=11),
            {},
            Q2,
            "2025年4月1日党员人数为12，要求不超过11。《试验条例》第一条：“一般每季度召开1次”。",
        ),
    ],
)
def test_sentence_says_period_thing_and_article(shape, fields, day, sentence) -> None:
    assert str(first(duty(shape), body(**fields), day).reason) == sentence


def test_an_unverified_article_is_marked_in_the_sentence() -> None:
    assert "第一条（未核对）：" in str(first(duty(confidence="M"), body(), Q2).reason)
    assert "未核对" not in str(first(duty(confidence="V"), body(), Q2).reason)


def test_names_inside_a_sentence_are_translated_with_it() -> None:
    english = {
        "{period}没有{label}记录。{basis}": "No {label} recorded for {period}. {basis}",
        "{year}年第一季度": "the first quarter of {year}",
        "党员大会": "general meeting",
    }
    text = first(duty(), body(), Q2).reason.text(lambda message: english.get(message, message))
    assert text.startswith("No general meeting recorded for the first quarter of 2025. ")


def test_the_event_that_stands_worst_speaks() -> None:
    events = tuple(Event("secretary-appointed", date(2025, month, 1), month) for month in (1, 3))
    subject = body(events=events, records=(on(2, 1, "training"),))
    standing = first(duty(training), subject, NEXT_YEAR)
    assert (standing.reason.code, standing.evidence) == ("limit-passed", (1,))
    assert "2025年3月1日" in str(standing.reason)


def test_figures_are_those_of_the_periods_end_and_of_the_day_asked_while_it_runs() -> None:
    subject = body(
        profiles=(Profile(date(2020, 1, 1), full_members=6), Profile(date(2025, 5, 10), full_members=7)),
    )
    owed = duty(meeting, when=(Condition("full_members", at_least=7),))
    codes = [one.reason.code for one in stand_all([owed], subject, 2025, date(2025, 5, 9))]
    assert codes == ["condition-not-met"] * 4
    codes = [one.reason.code for one in stand_all([owed], subject, 2025, date(2025, 7, 1))]
    assert codes == ["condition-not-met", "none-recorded", "due-by", "due-by"]


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": ("cell",)},
        {"sectors": ("village",)},
        {"since": date(2026, 1, 1)},
        {"until": date(2025, 3, 30)},
    ],
)
def test_a_duty_that_is_not_for_this_body_or_time_has_no_cell(fields) -> None:
    assert stand_all([duty(**fields)], body(), 2025, NEXT_YEAR) == []


def test_to_json_is_plain_and_complete() -> None:
    data = first(duty(meeting), body(records=(on(1, 5),)), Q2).to_json()
    assert data == {
        "duty": "test/general-meeting",
        "label": "党员大会",
        "subject": "B1",
        "period": "2025-Q1",
        "status": "met",
        "reason": "2025年第一季度党员大会已完成1次，应有1次。《试验条例》第一条：“一般每季度召开1次”。",
        "reason_code": "met",
        "article": "第一条",
        "evidence": [1],
        "confidence": "V",
        "strength": "usually",
    }


def test_sentences_compare_by_what_they_say() -> None:
    assert Sentence("a", "{x}", x=Sentence("b", "{y}", y=1)) == Sentence("a", "{x}", x=1)
