"""Duties and bodies for tests, by hand and generated: small enough to read, wide enough to meet every branch."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from zhibu.rulebook.duty import AtLeast, Condition, Duty, EachMember, Holds, Quorum, Shape, Share, Within
from zhibu.rulebook.facts import Event, MemberYear, Profile, Record, Subject

YEAR = 2025
KINDS = ("general-meeting", "committee-meeting", "themed-day", "lecture", "talk", "training", "member-appraisal")
OTHER_KIND = "volunteer-service"
"""A kind no duty here asks for."""
TAGS = ("committee-member", "member-member")
GROUPS = ("member", "committee")
EVENTS = ("secretary-appointed", "branch-founded")
GENERAL_MEETING = AtLeast(1, "quarter", ("general-meeting",))


def duty(shape: Shape = GENERAL_MEETING, id: str = "test/general-meeting", **fields: Any) -> Duty:
    """A duty of branches with a made-up citation."""
    values: dict[str, Any] = {
        "label": "党员大会",
        "label_en": "General membership meeting",
        "regulation": "试验条例",
        "article": "第一条",
        "text": "一般每季度召开1次",
        "strength": "usually",
        "confidence": "V",
        "subject": ("branch",),
        "since": date(2018, 10, 28),
    }
    return Duty(id=id, shape=shape, **(values | fields))


def body(**fields: Any) -> Subject:
    """A branch of twelve, founded long ago, with no records."""
    values: dict[str, Any] = {
        "code": "B1",
        "name": "某支部",
        "kind": "branch",
        "sector": "organ",
        "founded": date(2020, 1, 1),
        "profiles": (Profile(date(2020, 1, 1), members=12, full_members=11, voting_members=11, committee=5),),
    }
    return Subject(**(values | fields))


def record(held: date, *kinds: str, id: int = 1, **fields: Any) -> Record:
    """A record made on the day itself with everyone present."""
    values: dict[str, Any] = {"recorded": held, "entitled": 11, "present": 11}
    return Record(id=id, kinds=frozenset(kinds or ("general-meeting",)), held=held, **(values | fields))


def some(values: tuple[str, ...], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(values), unique=True, min_size=least, max_size=2).map(tuple)


days = st.dates(date(YEAR - 1, 10, 1), date(YEAR + 1, 4, 30))
asked = st.one_of(
    days, st.sampled_from([date(YEAR, 3, 31), date(YEAR, 4, 1), date(YEAR, 12, 31), date(YEAR + 1, 1, 1)])
)

shapes: st.SearchStrategy[Shape] = st.one_of(
    st.builds(
        AtLeast,
        count=st.integers(1, 3),
        per=st.sampled_from(("month", "quarter", "half-year", "year")),
        of=some(KINDS, 1),
        months=st.sampled_from(((), (10, 11, 12))),
        tags=some(TAGS),
    ),
    st.builds(AtLeast, count=st.just(1), per=st.just("year"), of=some(KINDS, 1), numbered=st.just(False)),
    st.builds(EachMember, hours=st.sampled_from((32.0, 56.0)), group=st.sampled_from(GROUPS)),
    st.builds(Within, event=st.sampled_from(EVENTS), of=some(KINDS, 1), months=st.integers(1, 6)),
    st.builds(Within, event=st.sampled_from(EVENTS), of=some(KINDS, 1), days=st.integers(1, 90)),
    st.builds(Holds, measure=st.sampled_from(("members", "secretaries", "term_overrun")), at_most=st.integers(0, 40)),
    st.builds(Holds, measure=st.sampled_from(("full_members", "committee")), at_least=st.integers(1, 9)),
    st.builds(Quorum, of=some(KINDS, 1), share=st.sampled_from((Fraction(1, 2), Fraction(2, 3))), strict=st.booleans()),
    st.builds(
        Share,
        of=some(KINDS, 1),
        part=st.just("excellent"),
        whole=st.just("appraised"),
        at_most=st.just(Fraction(1, 3)),
    ),
)


@st.composite
def duties(draw: st.DrawFn) -> tuple[Duty, ...]:
    """Up to four duties that differ in shape, strength, condition, grace and dates."""
    return tuple(
        duty(
            draw(shapes),
            id=f"test/duty-{number}",
            strength=draw(st.sampled_from(("must", "usually", "may"))),
            subject=draw(st.sampled_from((("branch",), ("branch", "general-branch"), ("cell",)))),
            sectors=draw(st.sampled_from(((), ("organ",), ("village",)))),
            when=draw(st.sampled_from(((), (Condition("full_members", at_least=7),), (Condition("cells", 1, 3),)))),
            since=draw(st.sampled_from((date(2018, 10, 28), date(YEAR, 5, 20)))),
            until=draw(st.sampled_from((None, None, date(YEAR, 8, 31)))),
            grace_days=draw(st.sampled_from((0, 0, 10, 31))),
        )
        for number in range(draw(st.integers(1, 4)))
    )


profiles = st.builds(
    Profile,
    since=days,
    members=st.integers(0, 60),
    full_members=st.integers(0, 50),
    committee=st.integers(0, 9),
    cells=st.integers(0, 4),
    secretaries=st.integers(0, 1),
    term_ends=st.none() | st.dates(date(YEAR, 1, 1), date(YEAR + 1, 6, 30)),
)


@st.composite
def records(draw: st.DrawFn, id: int) -> Record:
    held = draw(days)
    entitled = draw(st.integers(0, 16))
    measures = {"appraised": draw(st.integers(0, 12)), "excellent": draw(st.integers(0, 6))}
    return Record(
        id=id,
        kinds=frozenset(draw(some(KINDS, 1))),
        held=held,
        recorded=held + timedelta(days=draw(st.sampled_from((0, 3, 30, 31, 200)))),
        entitled=entitled,
        present=draw(st.integers(0, entitled)),
        hours=draw(st.sampled_from((0.0, 4.0, 8.0))),
        lacks=draw(st.sampled_from(((), (), (), ("决议",), ("主持人", "记录人")))),
        tags=frozenset(draw(some(TAGS))),
        measures=draw(st.sampled_from(({}, measures))),
    )


members = st.builds(
    MemberYear,
    code=st.uuids().map(str),
    groups=some(GROUPS, 1).map(frozenset),
    hours=st.sampled_from((0.0, 31.5, 32.0, 60.0)),
    exempt=st.booleans(),
)


@st.composite
def subjects(draw: st.DrawFn) -> Subject:
    """A body of any kind with any year behind it, its profiles in order."""
    founded = draw(st.sampled_from((date(2020, 1, 1),)) | days)
    figures = sorted(draw(st.lists(profiles, max_size=3)), key=lambda profile: profile.since)
    figures = [replace(figures[0], since=founded), *figures[1:]] if figures else []
    count = draw(st.integers(0, 10))
    return Subject(
        code="B1",
        name="某支部",
        kind=draw(st.sampled_from(("branch", "branch", "general-branch"))),
        sector=draw(st.sampled_from(("organ", "village"))),
        founded=founded,
        ended=draw(st.none() | days),
        recording_since=draw(st.none() | days),
        profiles=tuple(sorted(figures, key=lambda profile: profile.since)),
        records=tuple(draw(records(id=number)) for number in draw(st.permutations(range(1, count + 1)))),
        members=tuple(draw(st.lists(members, max_size=4))),
        events=tuple(
            Event(draw(st.sampled_from(EVENTS)), draw(days), number) for number in range(draw(st.integers(0, 3)))
        ),
        explanations=draw(st.sampled_from(({}, {("test/duty-0", str(YEAR)): "防汛抢险"}))),
    )
