"""The ballot of a season: one line of the paper for each reporter, voters by category; what was counted goes on.

The ballot itself, its secrecy and its papers are `zhibu.ballots`; here it is made once and its result is taken in once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.urls import reverse

from zhibu.ballots import queries as ballots
from zhibu.ballots.counting import Results
from zhibu.ballots.manifest import APPRAISAL, MOST_QUESTIONS, Category, Question
from zhibu.ballots.models import Ballot
from zhibu.ballots.plan import Person, Plan
from zhibu.ballots.services import draft_ballot
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Post
from zhibu.org.spans import in_force
from zhibu.review.models import Cycle, CycleState, Entry, Stage
from zhibu.review.season import locked
from zhibu.scoring.grading import Vote

OVERALL = "overall"
"""The question of a scheme that the vote on a reporter answers; further items are item-1, item-2 …"""
SHARES = {"good": "100", "fair": "80", "average": "60", "poor": "0"}
"""What a choice counts, in percent, unless the committee says otherwise."""
MOST_ITEMS = 10


@dataclass(frozen=True, slots=True)
class Group:
    """A category of voters: its name, the weight of its votes, who is in it."""

    label: str
    weight: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Voting:
    """How the ballot is made. `shares`: slug of a choice → what it counts, in percent."""

    groups: tuple[Group, ...]
    items: tuple[str, ...] = ()
    shares: Mapping[str, str] = ()  # type: ignore[assignment]


def reporters(cycle: Cycle) -> list[Entry]:
    """Whom one votes on: those whose report passed, in the order of speaking."""
    rows = cycle.entries.filter(stage__in=(Stage.ACCEPTED, Stage.PRESENTED))
    return list(rows.select_related("organization", "reporter"))


def make_ballot(actor: Account, cycle: Cycle, voting: Voting, version: int, *, at: datetime) -> Cycle:
    """Draft the season's ballot, once. UserError as ballots says, and for a season that has one."""
    shares = _checked(voting)
    with transaction.atomic():
        current = locked(cycle.pk, version)
        if current.state != CycleState.OPEN:
            state = str(current.get_state_display())
            raise UserError("cycle-not-open", "“{title}”{state}，现在不能办理。", title=current.title, state=state)
        if current.ballot_id is not None:
            raise UserError("ballot-there", "这次述职评议已经有测评，请在测评页面上办理。")
        entries = reporters(current)
        if not entries:
            raise UserError("ballot-no-reporters", "还没有通过审阅的报告，不能准备测评。")
        questions = tuple(_questions(entries, voting.items))
        if len(questions) > MOST_QUESTIONS:
            raise UserError(
                "ballot-too-many", "每人{items}项、共{people}人，超过一张票的{most}项。请减少测评项目，或分几次评议。",
                items=1 + len(voting.items), people=len(entries), most=MOST_QUESTIONS,
            )  # fmt: skip
        categories = tuple(Category(f"c{n}", one.label, one.weight) for n, one in enumerate(voting.groups, start=1))
        plan = Plan(f"{current.title}民主测评"[:120], questions, categories)
        current.ballot = draft_ballot(actor, current.organization, plan, roll_of(current, voting.groups), at=at)
        current.voting = {
            "categories": [[one.label, one.weight] for one in voting.groups], "items": list(voting.items),
            "shares": shares,
        }  # fmt: skip
        current.version += 1
        current.save(update_fields=["ballot", "voting", "version"])
        note(actor, current.organization, "make-ballot", current, f"{current.title}：准备民主测评", **current.voting)
    return current


def _checked(voting: Voting) -> dict[str, str]:
    if len(voting.items) > MOST_ITEMS:
        raise UserError("ballot-items", "另外的测评项目最多{most}项。", most=MOST_ITEMS)
    shares = {choice.slug: dict(voting.shares).get(choice.slug, SHARES[choice.slug]) for choice in APPRAISAL}
    numbers = [Fraction(share) for share in shares.values()]
    if not all(0 <= share <= 100 for share in numbers) or sorted(numbers, reverse=True) != numbers:
        raise UserError("ballot-shares", "各档的得分率应在0到100之间，由“好”到“差”不增加。")
    return shares


def _questions(entries: Sequence[Entry], items: Sequence[str]) -> list[Question]:
    found = []
    for entry in entries:
        name = entry.reporter.name
        found.append(Question(slug_of(entry), f"{entry.organization.name}{name}，总体评价"[:200], subject=name))
        for number, item in enumerate(items, start=1):
            found.append(
                Question(slug_of(entry, number), f"{entry.organization.name}{name}，{item}"[:200], subject=name)
            )
    return found


def slug_of(entry: Entry, item: int = 0) -> str:
    return f"s{entry.pk}-{item}" if item else f"s{entry.pk}"


def roll_of(cycle: Cycle, groups: Sequence[Group]) -> list[Person]:
    """The names as lines of the roll. One who is invited is tied to his membership, so that he can vote logged in."""
    known: dict[str, list[int]] = {}
    for name, pk in _invited(cycle):
        known.setdefault(name, []).append(pk)
    return [
        Person(name, f"c{number}", known[name].pop(0) if known.get(name) else None)
        for number, group in enumerate(groups, start=1)
        for name in group.names
    ]


def _invited(cycle: Cycle) -> list[tuple[str, int]]:
    if cycle.meeting_id is None:
        return []
    rows = cycle.meeting.invitations.filter(leave=False)  # type: ignore[union-attr]
    return [(name, pk) for name, pk in rows.values_list("member__name", "member_id")]


def proposed(cycle: Cycle) -> dict[str, Any]:
    """What the form begins with: last year's categories and items, those invited in the first two of them."""
    before = Cycle.objects.filter(organization=cycle.organization, year__lt=cycle.year).exclude(voting={})
    last = before.order_by("-year", "-id").first()
    kept = last.voting if last else {}
    categories = kept.get("categories") or [["领导", "1"], ["代表", "1"], ["群众", "1"]]
    on = cycle.meeting.day if cycle.meeting else None
    posts = Post.objects.filter(in_force(on), organization=cycle.organization) if on else Post.objects.none()
    leading = set(posts.values_list("member_id", flat=True))
    invited = _invited(cycle)
    names = [[n for n, pk in invited if pk in leading], [n for n, pk in invited if pk not in leading]]
    return {
        "categories": categories,
        "items": kept.get("items", []),
        "shares": kept.get("shares", SHARES),
        "names": names,
    }


# --- the result ------------------------------------------------------------------------------------------------------


def ballot_of(cycle: Cycle) -> Ballot | None:
    """The season's ballot; where it was declared void and made anew, the one in its place."""
    return ballots.current(cycle.ballot) if cycle.ballot else None


def received(cycle: Cycle) -> int | None:
    """How many ballots came in; never by category, never who. None without a ballot."""
    ballot = ballot_of(cycle)
    return ballots.received(ballot) if ballot else None


def votes_of(cycle: Cycle, ballot: Ballot, results: Results, entry: Entry) -> dict[str, Vote]:
    """What the vote gave for one reporter, by question of the scheme; a share that cannot be told is None."""
    url = reverse("ballots:show", args=[cycle.organization.code, ballot.pk])
    shares = {slug: Fraction(share) / 100 for slug, share in cycle.voting["shares"].items()}
    found = {}
    for number in range(len(cycle.voting["items"]) + 1):
        try:
            result = results.of(slug_of(entry, number))
        except KeyError:
            continue
        total = None
        if result.weighted is not None:
            total = sum((shares[slug] * share for slug, share in result.weighted.items()), Fraction(0))
        found[f"item-{number}" if number else OVERALL] = Vote(total, ballot.title, url)
    return found


def take_result(actor: Account, cycle: Cycle, *, at: datetime) -> list[Entry]:
    """What was counted and published: those voted on are VOTED. UserError while it is not, or the ballot is void."""
    with transaction.atomic():
        current = locked(cycle.pk, cycle.version)
        ballot = ballot_of(current)
        results = ballots.results(ballot) if ballot else None
        if results is None:
            raise UserError("ballot-not-counted", "测评还没有公布结果。")
        asked = {one.question.slug for one in results.questions}
        rows = list(current.entries.filter(stage=Stage.PRESENTED).select_related("organization", "reporter"))
        voted = [entry for entry in rows if slug_of(entry) in asked]
        for entry in voted:
            entry.stage, entry.version = Stage.VOTED, entry.version + 1
        Entry.objects.bulk_update(voted, ["stage", "version"], 200)
        if voted:
            words = f"{current.title}：测评结果转入{len(voted)}人"
            note(actor, current.organization, "take-ballot", current, words, ballot=ballot.pk)  # type: ignore[union-attr]
    return voted
