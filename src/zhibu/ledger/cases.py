"""The cases beside each regulation, in the words of those who do the work, run against the ledger. Pure.

A case is one body, one day, what was recorded, and what the ledger must then say. The format is shown in
docs/how-to-add-a-regulation.md. A case that names an unknown duty or cell fails; it is never skipped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from zhibu.errors import Sentence
from zhibu.ledger.standing import Standing, stand_all
from zhibu.rulebook.duty import Duty, Regulation
from zhibu.rulebook.facts import Event, MemberYear, Profile, Record, Subject
from zhibu.rulebook.fields import Fields
from zhibu.rulebook.reasons import REASONS, STATUSES
from zhibu.rulebook.regulations import FOLDER, load_regulations
from zhibu.rulebook.yamlfile import read_yaml, shown, vocabulary

OWED = frozenset({"missing", "defective"})
"""Statuses that `owed` counts: what still has to be done or mended."""
NO_CELL = "no-cell"
"""In `expect`: the duty has no such cell at all (not in force, other kind of body)."""


@dataclass(frozen=True, slots=True)
class Case:
    """One case. `expect`: cell (key/period) → status and reason code ("" for any); `owed`: key → number of cells."""

    name: str
    where: str
    subject: Subject
    on: date
    year: int
    owed: Mapping[str, int] = field(default_factory=dict)
    expect: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def concerns(self, key: str) -> bool:
        """Whether the case says something of the duty `key`."""
        return key in self.owed or any(cell.rpartition("/")[0] == key for cell in self.expect)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a case wanted (`expected`) of `cell` and what the ledger says (`got`); `message` says it in a sentence."""

    where: str
    case: str
    cell: str
    expected: str
    got: str
    message: Sentence

    def to_json(self) -> dict[str, str]:
        return {
            "file": self.where,
            "case": self.case,
            "cell": self.cell,
            "expected": self.expected,
            "got": self.got,
            "message": str(self.message),
        }


@dataclass(frozen=True, slots=True)
class Outcome:
    """`passed` counts cases; a failed case has one or more failures."""

    passed: int
    failed: int
    failures: tuple[Failure, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "passed": self.passed,
            "failed": self.failed,
            "failures": [failure.to_json() for failure in self.failures],
        }


def run_all(folder: Path = FOLDER) -> Outcome:
    """Every case of every regulation under `folder`."""
    results = [
        run_case(case, regulation.duties)
        for regulation in load_regulations(folder)
        for case in cases_of(regulation, folder)
    ]
    failed = [failures for failures in results if failures]
    return Outcome(len(results) - len(failed), len(failed), tuple(one for failures in failed for one in failures))


def cases_of(regulation: Regulation, folder: Path = FOLDER) -> tuple[Case, ...]:
    """The cases of a regulation; none where there is no file yet."""
    file = folder / regulation.slug / "cases.yaml"
    return load_cases(file) if file.exists() else ()


def run_case(case: Case, duties: Iterable[Duty]) -> tuple[Failure, ...]:
    """The failures of one case, none when all is as it says."""
    duties = tuple(duties)
    cells = {f"{one.duty.key}/{one.period.key}": one for one in stand_all(duties, case.subject, case.year, case.on)}
    keys = {duty.key for duty in duties}
    owed = Counter(one.duty.key for one in cells.values() if one.status in OWED)
    failures = [
        _owed_failure(case, key, number, owed[key] if key in keys else None)
        for key, number in case.owed.items()
        if key not in keys or owed[key] != number
    ]
    for cell, wanted in case.expect.items():
        known = cell.rpartition("/")[0] in keys
        if not known or not _agrees(cells.get(cell), wanted):
            failures.append(_cell_failure(case, cell, wanted, cells.get(cell), known))
    return tuple(failures)


def _agrees(standing: Standing | None, wanted: tuple[str, str]) -> bool:
    status, code = wanted
    if standing is None:
        return status == NO_CELL
    return status == standing.status and code in ("", standing.reason.code)


def _owed_failure(case: Case, key: str, number: int, got: int | None) -> Failure:
    if got is None:
        message = Sentence("case-duty-unknown", "本规定没有“{key}”这项要求。", key=key)
    else:
        message = Sentence("case-owed", "{key}应欠{number}项，台账欠{got}项。", key=key, number=number, got=got)
    return Failure(case.where, case.name, key, str(number), "" if got is None else str(got), message)


def _cell_failure(case: Case, cell: str, wanted: tuple[str, str], got: Standing | None, known: bool) -> Failure:
    expected = " ".join(filter(None, wanted))
    if not known:
        message = Sentence("case-duty-unknown", "本规定没有“{key}”这项要求。", key=cell.rpartition("/")[0])
        return Failure(case.where, case.name, cell, expected, "", message)
    found = f"{got.status} {got.reason.code}" if got else NO_CELL
    message = Sentence(
        "case-cell",
        "{cell}应为 {expected}，台账为 {got}。{reason}",
        cell=cell,
        expected=expected,
        got=found,
        reason=got.reason if got else "",
    )
    return Failure(case.where, case.name, cell, expected, found, message)


def load_cases(file: Path) -> tuple[Case, ...]:
    """The cases of one file. Raises UserError naming the case and the field when it cannot be read."""
    where = shown(file)
    rows = Fields({"cases": read_yaml(file)}, where).listed("cases")
    return tuple(_case(Fields.of(row, f"{where}，第{number}例"), where) for number, row in enumerate(rows, start=1))


def _case(given: Fields, file: str) -> Case:
    name = given.text("name")
    given.where = f"{file}，“{name}”"
    on = given.day("on")
    case = Case(
        name=name,
        where=file,
        subject=_subject(given),
        on=on,
        year=given.integer("year", on.year),
        owed={str(key): _count(given, key) for key in given.fields("owed", {}).data},
        expect={**_exempt(given), **_expect(given)},
    )
    given.done()
    if not case.owed and not case.expect:
        given.take("expect")
    return case


def _count(given: Fields, key: str) -> int:
    return given.fields("owed").integer(key)


def _exempt(given: Fields) -> dict[str, tuple[str, str]]:
    """`exempt: [key/period]` is short for `expect: {key/period: exempt}`."""
    return {str(cell): ("exempt", "") for cell in given.listed("exempt", ())}


def _expect(given: Fields) -> dict[str, tuple[str, str]]:
    cells = given.fields("expect", {})
    expected = {}
    for cell, wanted in cells.data.items():
        status, code = wanted if isinstance(wanted, list) and len(wanted) == 2 else (wanted, "")
        cells.known(cell, status, (*STATUSES, NO_CELL))
        if code:
            cells.known(cell, code, [one for one, (belongs, _) in REASONS.items() if belongs == status])
        expected[str(cell)] = (status, code)
    return expected


def _subject(case: Fields) -> Subject:
    given = case.fields("subject")
    founded = given.day("founded")
    subject = Subject(
        code="case",
        name=given.text("name", "该支部"),
        kind=given.choice("kind", vocabulary()["organisations"], "branch"),
        sector=given.choice("sector", vocabulary()["sectors"], "organ"),
        founded=founded,
        ended=given.maybe_day("ended"),
        recording_since=given.maybe_day("recording_since"),
        profiles=_profiles(given, founded),
        members=tuple(_member(one, number) for number, one in _rows(case, "people")),
        events=tuple(_event(one, number) for number, one in _rows(case, "events")),
        explanations=_explanations(case),
    )
    given.taken.update(("ended", "recording_since"))
    given.done()
    records = tuple(_record(one, number, subject) for number, one in _rows(case, "records"))
    return Subject(**{name: getattr(subject, name) for name in subject.__dataclass_fields__} | {"records": records})


_FIGURES = tuple(name for name in Profile.__dataclass_fields__ if name not in ("since", "term_ends"))


def _profiles(given: Fields, founded: date) -> tuple[Profile, ...]:
    """`profiles: [{since: …, members: …}]`, or one profile from `founded` written straight into the subject."""
    if given.has("profiles"):
        profiles = [_profile(one, None) for _, one in _rows(given, "profiles")]
        return tuple(sorted(profiles, key=lambda profile: profile.since))
    if not any(given.has(name) for name in (*_FIGURES, "term_ends")):
        return ()
    return (_profile(given, founded),)


def _profile(given: Fields, since: date | None) -> Profile:
    figures = {name: given.integer(name) for name in _FIGURES if given.has(name)}
    figures.setdefault("voting_members", figures.get("full_members", 0))
    profile = Profile(since or given.day("since"), term_ends=given.maybe_day("term_ends"), **figures)
    given.taken.add("term_ends")
    if since is None:
        given.done()
    return profile


def _record(given: Fields, number: int, subject: Subject) -> Record:
    """A record; those entitled default to the body's own figure, those present to all of them."""
    kinds = frozenset(given.words("kinds", "kinds") if given.has("kinds") else (given.take("kind"),))
    given.known("kind", next(iter(kinds)), vocabulary()["kinds"])
    held = given.day("held")
    profile = subject.profile(held)
    own = profile.committee if kinds == {"committee-meeting"} else profile.voting_members
    entitled = given.integer("entitled", own)
    measures = given.fields("measures", {})
    record = Record(
        id=number,
        kinds=kinds,
        held=held,
        recorded=given.day("recorded", held),
        entitled=entitled,
        present=given.integer("present", entitled),
        hours=given.number("hours", 0),
        lacks=given.listed("lacks", ()),
        tags=frozenset(given.words("tags", "tags", ())),
        measures={name: measures.number(name) for name in measures.data},
    )
    for name in record.measures:
        measures.known(name, name, vocabulary()["record_measures"])
    given.done()
    return record


def _member(given: Fields, number: int) -> MemberYear:
    member = MemberYear(
        code=str(number),
        groups=frozenset(given.words("groups", "groups", ("member",))),
        hours=given.number("hours", 0),
        exempt=given.truth("exempt", False),
    )
    given.done()
    return member


def _event(given: Fields, number: int) -> Event:
    event = Event(given.choice("kind", vocabulary()["events"]), given.day("on"), number)
    given.done()
    return event


def _explanations(case: Fields) -> dict[tuple[str, str], str]:
    """`explanations: {key/period: text}`, of the case file's own regulation."""
    given = case.fields("explanations", {})
    slug = case.where.partition("/")[0]
    cells = {str(cell).rpartition("/"): given.text(cell) for cell in given.data}
    return {(f"{slug}/{key}", period): text for (key, _, period), text in cells.items()}


def _rows(given: Fields, name: str) -> list[tuple[int, Fields]]:
    rows = enumerate(given.listed(name, ()), start=1)
    return [(number, Fields.of(row, given.where, f"{name}[{number}]")) for number, row in rows]
