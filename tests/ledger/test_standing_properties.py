"""What holds for every body, duty and day."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from zhibu.ledger.standing import PROGRESS, Standing, stand, stand_all
from zhibu.rulebook.duty import Duty
from zhibu.rulebook.facts import Record, Subject
from zhibu.rulebook.obligations import obligations
from zhibu.rulebook.reasons import REASONS, STATUSES

from .bodies import KINDS, OTHER_KIND, TAGS, YEAR, asked, days, duties, subjects

Duties = tuple[Duty, ...]


def by_cell(standings: list[Standing]) -> dict[tuple[str, str], Standing]:
    return {(one.duty.id, one.period.key): one for one in standings}


@given(duties(), subjects(), asked)
def test_every_cell_has_one_status_one_reason_and_evidence_that_exists(duties: Duties, subject: Subject, on: date):
    standings = stand_all(duties, subject, YEAR, on)
    held = {record.id: record.held for record in subject.records}
    assert max(Counter((one.duty.id, one.period.key) for one in standings).values(), default=1) == 1
    for one in standings:
        assert one.status in STATUSES
        assert REASONS[one.reason.code][0] == one.status
        assert "{" not in one.reason.text()
        assert one.duty.article in one.reason.text()
        assert len(set(one.evidence)) == len(one.evidence)
        assert [held[id] for id in one.evidence] == sorted(held[id] for id in one.evidence)
        assert all(held[id] <= on for id in one.evidence)


@given(duties(), subjects(), asked)
def test_one_cell_alone_is_judged_as_among_all(duties: Duties, subject: Subject, on: date):
    cells = obligations(duties, subject, YEAR, on)
    assert [stand(cell, subject, on) for cell in cells] == stand_all(duties, subject, YEAR, on)


@given(duties(), subjects(), asked, st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(duties: Duties, subject: Subject, on: date, random):
    def shuffled(things):
        return tuple(random.sample(things, len(things)))

    mixed = replace(
        subject,
        records=shuffled(subject.records),
        members=shuffled(subject.members),
        events=shuffled(subject.events),
    )
    assert stand_all(duties, mixed, YEAR, on) == stand_all(duties, subject, YEAR, on)


@given(duties(), subjects(), asked, days, st.sampled_from(KINDS))
def test_a_further_sound_record_never_makes_a_cell_worse(
    duties: Duties, subject: Subject, on: date, held: date, kind: str
):
    sound = Record(999, frozenset({kind}), held, held, entitled=10, present=10, tags=frozenset(TAGS))
    before = by_cell(stand_all(duties, subject, YEAR, on))
    after = by_cell(stand_all(duties, replace(subject, records=(*subject.records, sound)), YEAR, on))
    assert before.keys() == after.keys()
    for cell, standing in before.items():
        assert PROGRESS[after[cell].status] >= PROGRESS[standing.status], (standing, after[cell])


@given(duties(), subjects(), asked, days)
def test_a_record_of_another_kind_changes_nothing(duties: Duties, subject: Subject, on: date, held: date):
    other = Record(999, frozenset({OTHER_KIND}), held, held, lacks=("决议",))
    more = replace(subject, records=(*subject.records, other))
    assert stand_all(duties, more, YEAR, on) == stand_all(duties, subject, YEAR, on)


@given(duties(), subjects(), asked, st.integers(1, 400))
def test_a_body_founded_later_never_owes_more(duties: Duties, subject: Subject, on: date, later: int):
    younger = replace(subject, founded=subject.founded + timedelta(days=later))
    before = by_cell(stand_all(duties, subject, YEAR, on))
    after = by_cell(stand_all(duties, younger, YEAR, on))
    assert before.keys() == after.keys()
    changed = {cell for cell in before if before[cell] != after[cell]}
    assert {after[cell].status for cell in changed} <= {"exempt"}


@given(duties(), subjects(), asked, asked)
def test_what_is_done_or_missed_by_a_day_does_not_become_open_again(
    duties: Duties, subject: Subject, one: date, other: date
):
    early, late = sorted((one, other))
    before = by_cell(stand_all(duties, subject, YEAR, early))
    after = by_cell(stand_all(duties, subject, YEAR, late))
    assert before.keys() == after.keys()
    for cell, standing in before.items():
        if standing.reason.code in ("met", "met-outside-usual-months", "none-recorded") and not subject.profiles[1:]:
            assert after[cell].status != "not-yet-due"


@given(duties(), subjects(), asked)
def test_what_is_only_permitted_is_never_owed(duties: Duties, subject: Subject, on: date):
    permitted = [one for one in stand_all(duties, subject, YEAR, on) if one.duty.strength == "may"]
    assert not {one.status for one in permitted} & {"missing", "not-yet-due"}


@given(duties(), subjects(), asked)
def test_nothing_is_missing_before_its_period_has_ended(duties: Duties, subject: Subject, on: date):
    for one in stand_all(duties, subject, YEAR, on):
        if one.status == "missing" and one.reason.code in ("none-recorded", "too-few", "no-hours"):
            assert one.period.end < on
