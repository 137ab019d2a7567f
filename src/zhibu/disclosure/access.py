"""Who may propose, review and approve, who reads what, and who answers. Three people, or it does not go up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from zhibu.disclosure.models import Publication, State
from zhibu.org.access import DUTY_TITLES, MANAGING_TITLES, may_manage, may_read_minutes, may_record, powers
from zhibu.org.models import COMMITTEE_TITLES, Organization, Title
from zhibu.org.queries import committee_on

REVIEWERS = frozenset(COMMITTEE_TITLES)
APPROVERS = frozenset({Title.SECRETARY, Title.DEPUTY_SECRETARY})
SMALL = 3
"""With fewer people in the committee the three steps cannot be three people's: the committee above steps in."""


@dataclass(frozen=True, slots=True)
class Hands:
    """Which of the steps an account may take in a body on a day; `small`: the committee has fewer than three people."""

    propose: bool
    review: bool
    approve: bool
    small: bool

    @property
    def any(self) -> bool:
        return self.propose or self.review or self.approve


def hands(account: Any, organization: Organization, on: date) -> Hands:
    """Committee, clerk or the committee above propose; the committee reviews; secretary or deputy approve.

    In a body with a small committee the secretary, organisation member or clerk of one above may review and approve
    too, and any member may propose. Whoever took one step is refused at the next by the service, whatever the post.
    """
    mine = powers(account, on)
    small = is_small(organization, on)
    above = small and mine.holds(MANAGING_TITLES, organization) and not mine.holds_in(MANAGING_TITLES, organization)
    return Hands(
        propose=may_record(account, organization, on) or (small and mine.belongs_to(organization)),
        review=mine.holds_in(REVIEWERS, organization) or above,
        approve=mine.holds_in(APPROVERS, organization) or above,
        small=small,
    )


def is_small(organization: Organization, on: date) -> bool:
    return committee_on(organization, on).order_by().values("member").distinct().count() < SMALL


def actions(publication: Publication, can: Hands, account: Any, committee: bool) -> frozenset[str]:
    """What this account may do with it now: edit, discard, propose, review, approve, give-back, correct, end.

    `committee`: `may_see_queue`. Whoever took a step is not offered the next; the service refuses it all the same.
    """
    state, who = publication.state, account.pk
    proposer, reviewer = publication.proposed_by_id, publication.reviewed_by_id
    found = set()
    if state == State.DRAFT and can.propose:
        found |= {"edit", "propose"}
        if publication.proposed_at is None:
            found.add("discard")
    if state == State.PROPOSED and can.review and who != proposer:
        found.add("review")
    if state == State.REVIEWED and can.approve and who not in (proposer, reviewer):
        found.add("approve")
    if state in (State.PROPOSED, State.REVIEWED) and (can.review or can.approve or who == proposer):
        found.add("give-back")
    if state in (State.APPROVED, State.WITHDRAWN) and can.propose and committee:
        found.add("correct")
    if state == State.APPROVED and committee and can.any:
        found.add("end")
    return frozenset(found)


def may_try(act: str, publication: Publication, can: Hands, account: Any, committee: bool) -> bool:
    """Whether the account's post lets it take a step. That the three steps are three people's, and that the state fits,
    is the service's to refuse, with its sentence."""
    needed = {
        "edit": can.propose,
        "propose": can.propose,
        "discard": can.propose,
        "review": can.review,
        "approve": can.approve,
        "give-back": can.review or can.approve or publication.proposed_by_id == account.pk,
        "correct": can.propose and committee,
        "end": can.any and committee,
    }
    return needed.get(act, False)


def may_see_queue(account: Any, organization: Organization, on: date) -> bool:
    """What is on its way, what was withdrawn, what readers wrote: the committee of the body or of one above."""
    return powers(account, on).holds(DUTY_TITLES, organization)


def may_answer(account: Any, organization: Organization, on: date) -> bool:
    """Answer opinions: those who read them."""
    return may_see_queue(account, organization, on)


def may_keep_board(account: Any, organization: Organization, on: date) -> bool:
    """Adopt the catalogue, open the public page, renew the wall's link."""
    return may_manage(account, organization, on)


def may_comment(account: Any, organization: Organization, on: date) -> bool:
    """Members of the branch, and whoever has a post in the body or above it."""
    return may_read_minutes(account, organization, on)


def publications_seen_by(account: Any, organization: Organization, on: date) -> QuerySet[Publication]:
    """The committee: everything. Members: what is or was up. Whoever wrote a draft: that too. An office: nothing."""
    mine = Publication.objects.filter(organization=organization)
    if may_see_queue(account, organization, on):
        return mine
    if not may_read_minutes(account, organization, on):
        return mine.none()
    was_up = Q(state__in=(State.APPROVED, State.ENDED), since__lte=on)
    return mine.filter(was_up | Q(made_by=account.pk) & ~Q(state=State.WITHDRAWN))
