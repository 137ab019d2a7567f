"""Many bodies and many duties at once, from a seed: breadth where hypothesis gives depth."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from zhibu.rulebook.duty import AtLeast, Condition, Duty, EachMember, Holds, Quorum, Share, Within
from zhibu.rulebook.facts import Event, MemberYear, Profile, Record, Subject

from .bodies import EVENTS, GROUPS, KINDS, TAGS, YEAR, duty

PERIODS = ("month", "quarter", "half-year", "year")
MEASURES = ("members", "full_members", "committee", "cells", "secretaries", "term_overrun")


def crowd(random: Random, count: int) -> list[Subject]:
    """`count` bodies, each with its own history."""
    return [_body(random, f"B{number}", number * 1000) for number in range(count)]


def rules(random: Random, count: int) -> tuple[Duty, ...]:
    """`count` duties of all shapes, some of them alike but for their number."""
    return tuple(_duty(random, f"test/duty-{number}") for number in range(count))


def _day(random: Random, first: date = date(YEAR - 1, 11, 1), days: int = 520) -> date:
    return first + timedelta(days=random.randrange(days))


def _some(random: Random, words: tuple[str, ...], least: int = 0) -> tuple[str, ...]:
    return tuple(random.sample(words, random.randint(least, 2)))


def _duty(random: Random, id: str) -> Duty:
    of = _some(random, KINDS[:4], 1)
    at_least = AtLeast(
        random.choice((1, 1, 2, 3)),
        random.choice(PERIODS),
        of,
        months=random.choice(((), (), (10, 11, 12), (3,))),
        tags=random.choice(((), (), _some(random, TAGS))),
    )
    bounds = random.choice(((None, 5), (3, None), (1, 1), (0, 2)))
    shape = random.choice(
        (
            at_least, at_least, at_least, at_least,
            replace(at_least, count=1, numbered=False),
            EachMember(random.choice((4.0, 32.0)), random.choice(GROUPS)),
            Within(random.choice(EVENTS), of, days=random.choice((15, 60))),
            Within(random.choice(EVENTS), of, months=random.choice((1, 6))),
            Holds(random.choice(MEASURES), *bounds),
            Quorum(of, random.choice((Fraction(1, 2), Fraction(2, 3))), random.random() < 0.5),
            Share(of, "excellent", "appraised", Fraction(1, 3)),
        )
    )  # fmt: skip
    conditions = (Condition("full_members", at_least=7), Condition("cells", 1, 3), Condition("term_overrun", at_most=9))
    return duty(
        shape,
        id=id,
        strength=random.choice(("must", "usually", "usually", "may")),
        subject=random.choice((("branch",), ("branch", "general-branch"))),
        sectors=random.choice(((), (), ("organ",))),
        when=tuple(random.sample(conditions, random.choice((0, 0, 0, 1, 2)))),
        since=random.choice((date(2018, 10, 28), date(2018, 10, 28), date(YEAR, 5, 20))),
        until=random.choice((None, None, None, date(YEAR, 8, 31))),
        grace_days=random.choice((0, 0, 10, 40)),
    )


def _body(random: Random, code: str, number: int) -> Subject:
    founded = random.choice((date(2020, 1, 1), date(2020, 1, 1), _day(random)))
    since = [founded, *sorted(_day(random) for _ in range(random.choice((0, 0, 1, 2))))]
    period = random.choice((f"{YEAR}-02", f"{YEAR}-Q1", f"{YEAR}-H1", str(YEAR)))
    explained = {(f"test/duty-{duty}", period): "防汛抢险" for duty in range(45)}
    return Subject(
        code=code,
        name=f"{code}支部",
        kind=random.choice(("branch", "branch", "general-branch")),
        sector=random.choice(("organ", "village")),
        founded=founded,
        ended=_day(random) if random.random() < 0.1 else None,
        recording_since=_day(random) if random.random() < 0.2 else None,
        profiles=tuple(_profile(random, day) for day in since) if random.random() < 0.9 else (),
        records=tuple(_record(random, number + one) for one in random.sample(range(40), random.randrange(40))),
        members=tuple(_member(random, str(one)) for one in range(random.choice((0, 1, 3)))),
        events=tuple(Event(random.choice(EVENTS), _day(random), one) for one in range(random.choice((0, 1, 3)))),
        explanations=explained if random.random() < 0.5 else {},
    )


def _profile(random: Random, since: date) -> Profile:
    figures = {name: random.randrange(10) for name in ("members", "full_members", "committee", "cells", "secretaries")}
    return Profile(since, term_ends=random.choice((None, _day(random))), **figures)


def _record(random: Random, id: int) -> Record:
    held, entitled = _day(random), random.randrange(12)
    figures = {"appraised": random.randrange(12), "excellent": random.randrange(6)}
    return Record(
        id=id,
        kinds=frozenset(_some(random, KINDS[:5], 1)),
        held=held,
        recorded=held + timedelta(days=random.choice((0, 3, 30, 31, 200))),
        entitled=entitled,
        present=random.randint(0, entitled),
        hours=random.choice((0.0, 4.0)),
        lacks=random.choice(((), (), (), ("决议",), ("主持人", "记录人"))),
        tags=frozenset(_some(random, TAGS)),
        measures=random.choice(({}, figures, {"excellent": 2})),
    )


def _member(random: Random, code: str) -> MemberYear:
    groups = frozenset(_some(random, GROUPS, 1))
    return MemberYear(code, groups, random.choice((0.0, 4.0, 31.5, 32.0)), random.random() < 0.2)
