"""The cases beside each scheme, which test its arithmetic in words a clerk can read. Pure.

A case that names an unknown item, duty, answer or figure fails as an error; it is never skipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from zhibu.disclosure.catalogue import catalogue
from zhibu.errors import Sentence, UserError
from zhibu.ledger.standing import Standing
from zhibu.periods import Period
from zhibu.rulebook.facts import Profile, Record, Subject
from zhibu.rulebook.fields import Fields
from zhibu.rulebook.reasons import STATUSES
from zhibu.rulebook.regulations import all_duties
from zhibu.rulebook.yamlfile import read_yaml, shown, vocabulary
from zhibu.scoring.points import Answer, DisclosureFact, Facts, Point, Ruling, TaskFact, points, ruled, total
from zhibu.scoring.reading import FOLDER, load_schemes
from zhibu.scoring.scheme import ORIGINS, ByBallot, Scheme

YEAR = 2025
TASKS = tuple(
    f"{of}{how}" for of in ("", "given_", *(f"{one}_" for one in ORIGINS)) for how in ("timely", "late", "open")
)
MATTERS = ("met", "late", "missing")


@dataclass(frozen=True, slots=True)
class Case:
    """What is there, and what the items must then give."""

    name: str
    where: str
    standings: tuple[Standing, ...]
    facts: Facts
    answers: Mapping[str, Answer]
    rulings: Mapping[str, Ruling]
    expect: Mapping[str, Any]
    struck: tuple[str, ...] | None
    levels: tuple[str, ...] | None
    sum: Any = None


@dataclass(frozen=True, slots=True)
class Failure:
    where: str
    case: str
    message: Sentence


def run_all(folder: Path = FOLDER) -> tuple[int, list[Failure]]:
    """How many cases there are, and what fails of the schemes shipped."""
    count, failures = 0, []
    for slug, (scheme, _data) in load_schemes().items():
        for case in cases_of(scheme, folder / slug / "cases.yaml"):
            count += 1
            failures += run_case(case, scheme)
    return count, failures


def run_case(case: Case, scheme: Scheme) -> list[Failure]:
    found = {
        one.slug: ruled(one, case.rulings.get(one.slug))
        for one in points(case.standings, case.facts, case.answers, scheme)
    }
    failures = [
        Failure(case.where, case.name, Sentence(
            "case-points", "“{item}”应为{wanted}，算出来是{got}。", item=slug, wanted=_wanted(wanted),
            got=_wanted(_given(found[slug])),
        ))
        for slug, wanted in case.expect.items()
        if _wanted(wanted) != _wanted(_given(found[slug]))
    ]  # fmt: skip
    whole = total(found.values(), scheme)
    if case.struck is not None and case.struck != whole.struck:
        got = "、".join(whole.struck) or "—"
        failures.append(
            Failure(case.where, case.name, Sentence("case-struck", "否决项应不同，算出来是{got}。", got=got))
        )
    got = [whole.low, whole.high] if whole.low != whole.high else whole.low
    if case.sum is not None and _wanted(case.sum) != _wanted(got):
        said = Sentence("case-sum", "合计应为{wanted}，算出来是{got}。", wanted=_wanted(case.sum), got=_wanted(got))
        failures.append(Failure(case.where, case.name, said))
    levels = tuple(level.label for level in whole.levels)
    if case.levels is not None and case.levels != levels:
        got = "、".join(levels)
        failures.append(Failure(case.where, case.name, Sentence("case-level", "等次应不同，算出来是{got}。", got=got)))
    return failures


def _given(point: Point) -> Any:
    if point.state == "exempt":
        return "exempt"
    return point.low if point.certain else [point.low, point.high]


def _wanted(value: Any) -> str:
    if isinstance(value, list | tuple):
        return f"{_wanted(value[0])}—{_wanted(value[1])}"
    return value if isinstance(value, str) else f"{Decimal(str(value)).normalize():f}"


def cases_of(scheme: Scheme, file: Path) -> Iterator[Case]:
    """The cases in `file`. UserError for one that cannot be read."""
    data = read_yaml(file)
    if not isinstance(data, list) or not data:
        raise UserError("scheme-no-cases", "{file}：没有事例。", file=shown(file))
    for number, one in enumerate(data, 1):
        yield _case(scheme, Fields.of(one, f"{shown(file)}，第{number}例"))


def _case(scheme: Scheme, given: Fields) -> Case:
    items = {item.slug: item for item in scheme.items}
    on = given.day("on", date(YEAR + 1, 1, 20))
    answers = given.fields("answers", {})
    for slug in answers.data:
        answers.known(str(slug), slug, items)
        answers.choice(slug, [choice.slug for choice in items[slug].choices])
    expect, rulings = given.fields("expect", {}), given.fields("rulings", {})
    for fields in (expect, rulings):
        for slug in fields.data:
            fields.known(str(slug), slug, items)
    case = Case(
        name=given.text("name"),
        where=given.where,
        standings=tuple(_standings(given.fields("standings", {}))),
        facts=Facts(
            _subject(given), YEAR, on, tuple(_tasks(given.fields("tasks", {}))),
            tuple(_disclosures(given.fields("disclosures", {}))), _ballots(given.fields("ballots", {}), scheme),
        ),
        answers={slug: Answer(choice) for slug, choice in answers.data.items()},
        rulings={slug: Ruling(Decimal(str(rulings.number(slug))), "事例") for slug in rulings.data},
        expect=expect.data,
        struck=tuple(given.listed("struck", ())) if given.has("struck") else None,
        levels=tuple(given.listed("levels")) if given.has("levels") else None,
        sum=given.take("sum", None),
    )  # fmt: skip
    given.taken.update(("struck", "levels"))
    given.done()
    return case


def _standings(given: Fields) -> Iterator[Standing]:
    duties = {duty.id: duty for duty in all_duties()}
    for id in given.data:
        given.known("standings", id, duties)
        for number, status in enumerate(given.listed(id), 1):
            given.known(id, status, STATUSES)
            period = Period(date(YEAR, 1, 1), date(YEAR, 12, 31), f"{YEAR}-{number:02}")
            yield Standing(duties[id], "例", period, status, Sentence(status, "事例。"))


def _subject(given: Fields) -> Subject:
    figures, attendance, counts = (given.fields(name, {}) for name in ("figures", "attendance", "records"))
    for measure in figures.data:
        figures.known(str(measure), measure, vocabulary()["measures"])
    founded = date(YEAR - 5, 1, 1)
    profile = Profile(founded, **{"secretaries": 1, "full_members": 9, **figures.data})
    day, records = date(YEAR, 3, 1), list[Record]()
    for kind in counts.data:
        counts.known(str(kind), kind, vocabulary()["kinds"])
        present, entitled = attendance.listed(kind, (0, 0))
        for number in range(counts.integer(kind)):
            records.append(
                Record(len(records) + 1, frozenset({kind}), day + timedelta(number), day,
                       entitled=0 if number else entitled, present=0 if number else present)
            )  # fmt: skip
    return Subject(
        "例", "例", "branch", "organ", founded, recording_since=given.maybe_day("recording_since"),
        profiles=(profile,), records=tuple(records),
    )  # fmt: skip


def _tasks(given: Fields) -> Iterator[TaskFact]:
    number, due = 0, date(YEAR, 6, 30)
    for name in given.data:
        given.known(str(name), name, TASKS)
        of, _underscore, how = name.rpartition("_")
        done = {"timely": due, "late": due + timedelta(9), "open": None}[how]
        for _ in range(given.integer(name)):
            number += 1
            yield TaskFact(number, due, done, of == "given", "" if of == "given" else of)


def _disclosures(given: Fields) -> Iterator[DisclosureFact]:
    """How many deadlines of a matter were met, late, missed; a matter is named as in the catalogue."""
    for item in given.data:
        given.known(str(item), item, catalogue().items)
        counts = given.fields(item)
        for status in counts.data:
            counts.known(str(status), status, MATTERS)
            for _ in range(counts.integer(status)):
                yield DisclosureFact(None, item, catalogue().items[item].label, date(YEAR, 6, 30), status)


def _ballots(given: Fields, scheme: Scheme) -> dict[str, Fraction | None]:
    questions = [item.judged.question for item in scheme.items if isinstance(item.judged, ByBallot)]
    for question in given.data:
        given.known(str(question), question, questions)
    return {question: given.share(question) for question in given.data}
