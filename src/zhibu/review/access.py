"""Who leads a season, who reads and judges in it, and who hands in; nobody judges a report of his own body.

A season still in preparation is seen by the committee alone. Never an office (三员).
"""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from zhibu.org.access import DUTY_TITLES, MANAGING_TITLES, may_lay_down_duties, powers
from zhibu.org.models import ABOVE_BRANCHES, Account, Organization
from zhibu.reports.access import WRITING_TITLES
from zhibu.review.models import Cycle, CycleState, Entry


def may_lead(account: Account, organization: Organization, on: date) -> bool:
    """Prepare, open, pause and close seasons: posts in the committee itself."""
    return organization.kind in ABOVE_BRANCHES and may_lay_down_duties(account, organization, on)


def may_read_season(account: Account, organization: Organization, on: date) -> bool:
    """All reports of a season: posts in the committee or above it."""
    mine = powers(account, on)
    return not mine.office and mine.holds(DUTY_TITLES, organization)


def cycles_seen_by(account: Account, organization: Organization, on: date) -> QuerySet[Cycle]:
    """Seasons of the committee: whole for its posts; for those who report in one, once it is open."""
    cycles = Cycle.objects.filter(organization=organization)
    if may_read_season(account, organization, on):
        return cycles
    return cycles.exclude(state=CycleState.DRAFT).filter(entries__in=_own_entries(account, on)).distinct()


def entries_seen_by(account: Account, cycle: Cycle, on: date) -> QuerySet[Entry]:
    """The entries of a season the account may open: all, or those of bodies it acts for, and its own."""
    entries = cycle.entries.select_related("organization", "reporter", "cycle__organization")
    if may_read_season(account, cycle.organization, on):
        return entries
    if cycle.state == CycleState.DRAFT:
        return entries.none()
    return entries.filter(pk__in=_own_entries(account, on))


def entries_of(account: Account, organization: Organization, on: date) -> QuerySet[Entry]:
    """What a body reports in seasons above it, newest first: for its committee, and for the reporter himself."""
    rows = Entry.objects.filter(organization=organization).exclude(cycle__state=CycleState.DRAFT)
    rows = rows.select_related("cycle__organization", "reporter", "organization").order_by("-cycle__year", "-id")
    return rows.filter(pk__in=_own_entries(account, on))


def _own_entries(account: Account, on: date) -> QuerySet[Entry]:
    mine = powers(account, on)
    if mine.office or mine.home_id is None:
        return Entry.objects.none()
    paths = [post.path for post in mine.posts if post.title in DUTY_TITLES | WRITING_TITLES]
    return Entry.objects.filter(reporter=mine.member_id) | Entry.objects.filter(organization__path__in=paths)


def may_read_entry(account: Account, entry: Entry, on: date) -> bool:
    """`entries_seen_by` for one entry of a season that is open or was."""
    mine = powers(account, on)
    if mine.office or mine.home_id is None:
        return False
    own = mine.member_id == entry.reporter_id or mine.holds_in(DUTY_TITLES | WRITING_TITLES, entry.organization)
    return own or may_read_season(account, entry.cycle.organization, on)


def is_of_the_body(account: Account, entry: Entry, on: date) -> bool:
    """Whether the account belongs to the body that reports, holds a post in it, or is the reporter."""
    mine = powers(account, on)
    if mine.member_id is not None and mine.member_id == entry.reporter_id:
        return True
    return mine.belongs_to(entry.organization) or any(post.path == entry.organization.path for post in mine.posts)


def may_judge(account: Account, entry: Entry, on: date) -> bool:
    """Comment, return, accept, grade: the committee's posts, but nobody of the body that reports."""
    return may_lead(account, entry.cycle.organization, on) and not is_of_the_body(account, entry, on)


def may_hand_in(account: Account, entry: Entry, on: date) -> bool:
    """Prepare, submit and withdraw: the committee of the body that reports, and the reporter."""
    mine = powers(account, on)
    if mine.office or mine.home_id is None:
        return False
    return mine.member_id == entry.reporter_id or mine.holds_in(WRITING_TITLES | MANAGING_TITLES, entry.organization)


def may_agree(account: Account, entry: Entry, on: date) -> bool:
    """Agree for the body's committee (班子审议): somebody of it who is not the reporter."""
    mine = powers(account, on)
    return mine.member_id != entry.reporter_id and mine.holds_in(WRITING_TITLES, entry.organization)


def may_sign(account: Account, entry: Entry, on: date) -> bool:
    """Sign: the reporter himself, while he is in service."""
    mine = powers(account, on)
    return mine.home_id is not None and mine.member_id == entry.reporter_id
