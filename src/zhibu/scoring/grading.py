"""The overall grade of those who report: begun for each part of the year, fed with votes, frozen. For the review.

`review` calls `begin_reports`, `set_ballots`, `services.save_opinions`, `freeze`, then `settling`; it reads
`queries.grades_of`. The levels and their limits are the scheme's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from django.db import transaction

from zhibu.errors import UserError
from zhibu.ledger.models import Snapshot
from zhibu.ledger.snapshots import take_snapshot
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Organization
from zhibu.scoring import queries
from zhibu.scoring.access import UNSETTLED, may_run
from zhibu.scoring.models import Evaluation, State
from zhibu.scoring.scheme import ByBallot, Scheme
from zhibu.scoring.services import begin, check_body, unset_level


@dataclass(frozen=True, slots=True)
class Vote:
    """What a vote gave on a question: the weighted share between 0 and 1; None: it cannot be told (yet).

    `url`: a path of this site where its result can be read; `label`: what it is called.
    """

    share: Fraction | None
    label: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """Whose report, of which body, from which to which day of the year; both included, None: the whole year."""

    organization: Organization
    member: Member
    since: date | None = None
    until: date | None = None
    ballots: Mapping[str, Vote] = field(default_factory=dict)


def begin_reports(
    actor: Account | None,
    committee: Organization,
    offered: queries.Offered,
    year: int,
    parts: Iterable[Part],
    *,
    at: datetime,
) -> list[Evaluation]:
    """An evaluation for each part, all or none. UserError for a scheme that is not about reports, a part outside the
    year, two that overlap for one person, a body that is not below, or one that is there already."""
    wanted, scheme = list(parts), offered.scheme
    if scheme.about != "report":
        raise UserError("evaluation-of-body", "“{title}”评的是组织，不能用来评述职。", title=scheme.title)
    _check_parts(wanted, year)
    with transaction.atomic():
        for part in wanted:
            check_body(committee, part.organization, offered)
        there = Evaluation.objects.filter(
            scheme=scheme.slug, year=year, member__in=[part.member for part in wanted],
            organization__in=[part.organization for part in wanted],
        ).values_list("organization", "member", "since")  # fmt: skip
        have = set(there)
        for part in wanted:
            if (part.organization.pk, part.member.pk, part.since) in have:
                raise UserError(
                    "evaluation-report-there", "“{member}”{year}年已经有这项评价。", member=part.member.name, year=year
                )
        return [
            begin(
                actor, committee, part.organization, offered, year, at,
                member=part.member, since=part.since, until=part.until, ballots=_kept(part.ballots, offered.scheme),
            )
            for part in wanted
        ]  # fmt: skip


def _check_parts(parts: list[Part], year: int) -> None:
    first, last = date(year, 1, 1), date(year, 12, 31)
    seen: dict[tuple[int, int], list[tuple[date, date]]] = {}
    for part in parts:
        since, until = part.since or first, part.until or last
        if not first <= since <= until <= last:
            raise UserError(
                "evaluation-part",
                "“{member}”的起止日期应在{year}年内，先后不能颠倒。",
                member=part.member.name,
                year=year,
            )
        others = seen.setdefault((part.organization.pk, part.member.pk), [])
        if any(since <= end and start <= until for start, end in others):
            raise UserError("evaluation-parts-overlap", "“{member}”的两段任职重叠。", member=part.member.name)
        others.append((since, until))


def _kept(ballots: Mapping[str, Vote], scheme: Scheme) -> dict[str, dict[str, str | None]]:
    questions = {item.judged.question for item in scheme.items if isinstance(item.judged, ByBallot)}
    for question, vote in ballots.items():
        if question not in questions:
            raise UserError("evaluation-question", "办法中没有“{question}”这项表决。", question=question[:40])
        if vote.share is not None and not 0 <= vote.share <= 1:
            raise UserError("evaluation-share", "表决的得分率应在0和1之间。")
        if vote.url and (not vote.url.startswith("/") or vote.url.startswith("//")):
            raise ValueError(f"the result of a vote is a page of this site, not {vote.url}")
    return {
        question: {"share": None if vote.share is None else str(vote.share), "label": vote.label, "url": vote.url}
        for question, vote in ballots.items()
    }


def set_ballots(actor: Account | None, votes: Mapping[int, Mapping[str, Vote]], *, at: datetime) -> list[Evaluation]:
    """Take in what votes gave, by the evaluation's key; other questions stay. UserError once a result is published.

    Who may count a vote is decided where it is held.
    """
    with transaction.atomic():
        rows = locked(votes, UNSETTLED)
        changed = []
        for one in rows:
            ballots = {**one.ballots, **_kept(votes[one.pk], queries.scheme_of(one))}
            if ballots != one.ballots:
                one.ballots = ballots
                unset_level(one)
                one.version += 1
                changed.append(one)
                shares = {question: told["share"] for question, told in ballots.items()}
                note(actor, one.organization, "take-in-votes", one, str(one), shares=shares)
        Evaluation.objects.bulk_update(changed, ["ballots", "level", "level_reason", "level_by", "version"], 200)
    return rows


def freeze(
    actor: Account | None,
    keys: Collection[int],
    on: date,
    *,
    at: datetime,
    snapshots: Mapping[int, Snapshot] | None = None,
) -> list[Evaluation]:
    """End the trial: the points rest on the ledger of the day from now on. `snapshots`: by the evaluation's key, where
    the ledger was frozen already (with the report); else it is now. UserError for one that is not in trial."""
    with transaction.atomic():
        rows = locked(keys, (State.TRIAL,))
        if actor is not None and not all(may_run(actor, one.committee, on) for one in rows):
            raise UserError("evaluation-not-run", "只有组织评价的委员会可以核定得分。")
        found = queries.points_of_all(rows, on)
        for one in rows:
            one.snapshot = (snapshots or {}).get(one.pk) or take_snapshot(actor, one.organization, one.year, on)
            one.points = [point.to_json() for point in found[one.pk]]
            one.state, one.on = State.VERIFIED, on
            one.submitted_at, one.verified_at, one.verified_by = at, at, actor
            one.version += 1
            note(actor, one.organization, "freeze-evaluation", one, str(one), snapshot=one.snapshot.digest)
        changed = ["snapshot", "points", "state", "on", "submitted_at", "verified_at", "verified_by", "version"]
        Evaluation.objects.bulk_update(rows, changed, 100)
    return rows


def locked(keys: Collection[int], states: Collection[str]) -> list[Evaluation]:
    """The evaluations, locked, in the order of the tree. UserError naming the first that is in another state."""
    list(Evaluation.objects.select_for_update().filter(pk__in=list(keys)).values_list("pk"))
    rows = list(queries.with_items(Evaluation.objects.filter(pk__in=list(keys))).order_by("organization__path", "id"))
    for one in rows:
        if one.state not in states:
            raise UserError(
                "evaluation-states", "{body}的评价现在是“{state}”，不能这样办。", body=one.organization.name,
                state=str(one.get_state_display()),
            )  # fmt: skip
    return rows
