"""A duty from data and back; every slip names where it is and what would be right."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from tests.ledger.bodies import duties
from zhibu.errors import UserError
from zhibu.rulebook.duty import AtLeast, Condition, Duty, EachMember, Holds, Quorum, Share, Within
from zhibu.rulebook.regulations import all_duties, duty_to_data, parse_duty

SINCE = date(2018, 10, 28)
DATA: dict[str, Any] = {
    "label": "党员大会",
    "subject": ["branch"],
    "cites": "第十一条",
    "text": "一般每季度召开1次",
    "strength": "usually",
    "confidence": "V",
    "at_least": {"count": 1, "per": "quarter", "of": ["general-meeting"]},
}


def parse(data: dict[str, Any], **given: Any) -> Duty:
    return parse_duty("test/meeting", data, regulation="试验条例", since=SINCE, **given)


def with_shape(key: str, **fields: Any) -> dict[str, Any]:
    return {name: value for name, value in DATA.items() if name != "at_least"} | {key: fields}


def again(duty: Duty) -> Duty:
    return parse_duty(
        duty.id,
        duty_to_data(duty),
        regulation=duty.regulation,
        since=duty.since,
        until=duty.until,
        origin=duty.origin,
        number=duty.number,
    )


@given(duties())
def test_a_duty_written_as_data_reads_back_the_same(generated: tuple[Duty, ...]) -> None:
    for duty in generated:
        assert again(duty) == duty


def test_every_shipped_duty_reads_back_the_same() -> None:
    assert [again(duty) for duty in all_duties()] == list(all_duties())


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        (DATA, AtLeast(1, "quarter", ("general-meeting",))),
        (
            with_shape("at_least", per="year", of=["talk"], months=[10, 11], numbered=False, tags=["member-member"]),
            AtLeast(1, "year", ("talk",), (10, 11), False, ("member-member",)),
        ),
        (with_shape("each_member", hours=32), EachMember(32.0)),
        (with_shape("each_member", hours=56.5, group="committee"), EachMember(56.5, "committee")),
        (
            with_shape("within", event="secretary-appointed", of=["training"], months=6),
            Within("secretary-appointed", ("training",), months=6),
        ),
        (with_shape("holds", measure="members", at_most=50), Holds("members", at_most=50)),
        (with_shape("quorum", of=["general-meeting"], share="1/2"), Quorum(("general-meeting",), Fraction(1, 2))),
        (
            with_shape("share", of=["member-appraisal"], part="excellent", whole="appraised", at_most="1/3"),
            Share(("member-appraisal",), "excellent", "appraised", Fraction(1, 3)),
        ),
    ],
)
def test_each_shape_is_read(data, shape) -> None:
    assert parse(data).shape == shape


def test_the_rest_of_a_duty_is_read() -> None:
    data = DATA | {"when": {"full_members": {"at_least": 7}}, "sectors": ["organ"], "grace_days": 5, "record": ["R0"]}
    duty = parse(data | {"in_force": {"from": "2019-01-01", "until": date(2020, 1, 1)}}, origin="某工委", number="1号")
    assert duty.when == (Condition("full_members", at_least=7),)
    assert (duty.sectors, duty.grace_days, duty.record) == (("organ",), 5, ("R0",))
    assert (duty.since, duty.until) == (date(2019, 1, 1), date(2020, 1, 1))
    assert (duty.origin, duty.number, duty.key, duty.recurrence) == ("某工委", "1号", "meeting", "quarter")


@pytest.mark.parametrize(
    ("change", "code", "words"),
    [
        ({"label": ""}, "rule-field-wrong", ["label"]),
        ({"label": None}, "rule-field-missing", ["label"]),
        ({"label": "{0}"}, "rule-field-wrong", ["label", "花括号"]),
        ({"text": 3}, "rule-field-wrong", ["text"]),
        ({"lable_en": "x"}, "rule-field-unknown", ["lable_en", "label_en"]),
        ({"subject": []}, "rule-field-wrong", ["subject"]),
        ({"subject": "branch"}, "rule-field-wrong", ["subject"]),
        ({"subject": ["brunch"]}, "rule-word-unknown", ["brunch", "branch"]),
        ({"sectors": ["organs"]}, "rule-word-unknown", ["sectors", "organs"]),
        ({"strength": "should"}, "rule-word-unknown", ["strength", "should", "shall"]),
        ({"confidence": "V3"}, "rule-word-unknown", ["confidence", "V3"]),
        ({"grace_days": -1}, "rule-field-wrong", ["grace_days"]),
        ({"grace_days": True}, "rule-field-wrong", ["grace_days"]),
        ({"record": ["R9"]}, "rule-word-unknown", ["record", "R9"]),
        ({"when": {"full_member": {"at_least": 3}}}, "rule-word-unknown", ["full_member", "full_members"]),
        ({"when": {"full_members": 3}}, "rule-not-fields", ["when.full_members"]),
        ({"when": {"full_members": {}}}, "rule-field-wrong", ["when.full_members.at_least"]),
        ({"when": {"full_members": {"atleast": 3}}}, "rule-field-wrong", ["when.full_members"]),
        ({"when": {"full_members": {"at_least": 7, "at_most": 3}}}, "rule-field-wrong", ["at_most"]),
        ({"in_force": {"from": date(2017, 1, 1)}}, "rule-field-wrong", ["in_force.from", "2018-10-28"]),
        ({"in_force": {"until": date(2017, 1, 1)}}, "rule-field-wrong", ["in_force.until"]),
        ({"in_force": {"from": "2025-02-30"}}, "rule-field-wrong", ["in_force.from"]),
        ({"holds": {"measure": "members", "at_most": 50}}, "rule-shape-count", ["2"]),
        ({"at_least": None}, "rule-field-missing", ["at_least"]),
        ({"at_least": {"per": "quarter"}}, "rule-field-missing", ["at_least.of"]),
        ({"at_least": {"per": "week", "of": ["talk"]}}, "rule-word-unknown", ["at_least.per", "week"]),
        ({"at_least": {"count": 0, "per": "year", "of": ["talk"]}}, "rule-field-wrong", ["at_least.count"]),
        ({"at_least": {"per": "year", "of": ["tlak"]}}, "rule-word-unknown", ["at_least.of", "talk"]),
        ({"at_least": {"per": "year", "of": ["talk"], "months": [13]}}, "rule-field-wrong", ["at_least.months"]),
        ({"at_least": {"per": "year", "of": ["talk"], "numbered": "no"}}, "rule-field-wrong", ["at_least.numbered"]),
        ({"at_least": {"per": "year", "of": ["talk"], "count": 2, "numbered": False}}, "rule-field-wrong", ["count"]),
        ({"at_least": {"per": "year", "of": ["talk"], "time": 2}}, "rule-field-unknown", ["at_least.time"]),
    ],
)
def test_a_slip_names_duty_and_field(change, code, words) -> None:
    with pytest.raises(UserError) as caught:
        parse(DATA | change)
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in ["test/meeting", *words])


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (with_shape("each_member", hours="32"), ["each_member.hours"]),
        (with_shape("within", event="secretary-appointed", of=["training"]), ["within.days"]),
        (with_shape("within", event="secretary-appointed", of=["training"], days=3, months=1), ["within.days"]),
        (with_shape("within", event="appointed", of=["training"], days=3), ["within.event"]),
        (with_shape("holds", measure="members"), ["holds.at_least"]),
        (with_shape("holds", measure="age", at_most=3), ["holds.measure"]),
        (with_shape("quorum", of=["general-meeting"], share="half"), ["quorum.share"]),
        (with_shape("quorum", of=["general-meeting"], share="3/2"), ["quorum.share"]),
        (with_shape("quorum", of=["general-meeting"], share="1/0"), ["quorum.share"]),
        (with_shape("share", of=["member-appraisal"], part="best", whole="appraised", at_most="1/3"), ["share.part"]),
    ],
)
def test_a_slip_in_a_shape_names_its_field(data, words) -> None:
    with pytest.raises(UserError) as caught:
        parse(data)
    assert all(word in str(caught.value) for word in ["test/meeting", *words])


def test_dates_of_the_regulation_bind_the_duty() -> None:
    assert parse(DATA, until=date(2020, 1, 1)).until == date(2020, 1, 1)
    with pytest.raises(UserError, match=r"in_force\.until"):
        parse(DATA | {"in_force": {"until": date(2021, 1, 1)}}, until=date(2020, 1, 1))


def test_local_duties_may_lack_an_article() -> None:
    duty = parse({name: value for name, value in DATA.items() if name != "cites"})
    assert replace(duty, article="第十一条") == parse(DATA)
