"""Every shipped duty can be explained; each shape says its figure."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.ledger.bodies import duty
from zhibu.rulebook.duty import AtLeast, Condition, EachMember, Holds, Quorum, Share, Within
from zhibu.rulebook.explain import STRENGTH_MEANINGS, UNVERIFIED, for_whom, what_counts, when_not
from zhibu.rulebook.regulations import all_duties

KIND = ("general-meeting",)


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        (AtLeast(2, "half-year", KIND), "每半年至少有2次完整的党员大会记录。"),
        (AtLeast(1, "year", (*KIND, "lecture")), "每年至少有1次完整的党员大会或党课记录。"),
        (
            AtLeast(1, "year", KIND, numbered=False),
            "每年看有没有党员大会；条文没有规定次数，没有记录时只显示“无法判断”。",
        ),
        (EachMember(32), "每年每名党员不少于32学时；免予要求的党员不计。"),
        (Within("secretary-appointed", ("training",), months=6), "书记任职后6个月内有集中培训记录。"),
        (Within("secretary-appointed", ("training",), days=10), "书记任职后10天内有集中培训记录。"),
        (Holds("committee", 3, 7), "委员会人数在3和7之间。"),
        (Quorum(KIND, Fraction(1, 2)), "每次党员大会实到人数不少于应到人数的1/2。"),
        (Quorum(KIND, Fraction(1, 2), strict=True), "每次党员大会实到人数超过应到人数的1/2。"),
        (
            Share(("member-appraisal",), "excellent", "appraised", Fraction(1, 3)),
            "每次民主评议党员，优秀人数不超过参加评议人数的1/3。",
        ),
    ],
)
def test_a_shape_in_plain_words(shape, sentence) -> None:
    assert str(what_counts(duty(shape))[0]) == sentence


def test_remarks_name_grace_usual_months_tags_and_records() -> None:
    owed = duty(AtLeast(1, "year", ("talk",), (10, 11), tags=("member-member",)), grace_days=5, record=("RT",))
    said = "".join(map(str, what_counts(owed)))
    assert all(words in said for words in ("党员之间", "10月、11月", "5天", "谈话记录"))


def test_limits_name_condition_dates_and_sectors() -> None:
    owed = duty(when=(Condition("full_members", 7),), sectors=("organ", "school"))
    said = "".join(map(str, when_not(owed)))
    assert "正式党员人数不少于7时才适用。" in said
    assert "2018年10月28日起施行" in said
    assert str(for_whom(owed)) == "党支部（机关、学校）"


def test_every_shipped_duty_has_an_explanation_without_gaps() -> None:
    for owed in all_duties():
        sentences = [*map(str, what_counts(owed)), *map(str, when_not(owed)), str(for_whom(owed))]
        assert all(sentence and "{" not in sentence and "None" not in sentence for sentence in sentences)
        assert STRENGTH_MEANINGS[owed.strength]
        assert owed.verified or UNVERIFIED[owed.confidence]
