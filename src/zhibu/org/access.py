"""Who may do what. Denied unless allowed: a right comes from a membership or a post in force on the day, or an office.

`Powers` are read once per account object and day (two queries) and decide in plain Python from then on, for one body
or as a filter; pages of thousands of bodies ask nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from zhibu.org.models import (
    COMMITTEE_TITLES,
    GROUP_TITLES,
    PRESENT_STATUSES,
    PROJECT_TITLES,
    Account,
    MemberStatus,
    Office,
    Organization,
    OrganizationKind,
    Post,
    Title,
)
from zhibu.org.spans import in_force

RECORDING_TITLES = frozenset({*COMMITTEE_TITLES, *GROUP_TITLES, Title.CLERK, Title.CELL_LEADER})
MANAGING_TITLES = frozenset({Title.SECRETARY, Title.ORGANIZATION_MEMBER, Title.CLERK, Title.GROUP_SECRETARY})
DUTY_TITLES = frozenset({*COMMITTEE_TITLES, Title.GROUP_SECRETARY, Title.CLERK})


@dataclass(frozen=True, slots=True)
class Held:
    """A post in force: where (a path is the range of its subtree), what kind of body, which post."""

    path: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Powers:
    """What one account is on one day. An empty one may do nothing."""

    office: str = ""
    member_id: int | None = None
    home_id: int | None = None
    home_path: str = ""
    posts: tuple[Held, ...] = field(default=())

    def holds(self, titles: frozenset[str], organization: Organization) -> bool:
        """A post of `titles` in the body itself or in one above it."""
        return any(post.title in titles and organization.path.startswith(post.path) for post in self.posts)

    def holds_in(self, titles: frozenset[str], organization: Organization) -> bool:
        """A post of `titles` in this very body."""
        return any(post.title in titles and organization.path == post.path for post in self.posts)

    def belongs_to(self, organization: Organization) -> bool:
        """A member of this branch, or of the branch this cell is part of."""
        if self.home_id is None:
            return False
        return organization.pk == self.home_id or (
            organization.kind == OrganizationKind.CELL and organization.path.startswith(self.home_path)
        )

    def reaches(self, organization: Organization) -> bool:
        return any(organization.path.startswith(post.path) for post in self.posts)

    def subtrees(self) -> Q:
        """The bodies in which, or above which, a post is held."""
        wanted = Q(pk__in=[])
        for path in sorted({post.path for post in self.posts}):
            wanted |= Q(path__startswith=path)
        return wanted


def powers(account: Any, on: date) -> Powers:
    """The account's powers on that day, remembered on the account object (one request, one object)."""
    remembered: dict[date, Powers] = account.__dict__.setdefault("_powers_by_day", {})
    if on not in remembered:
        remembered[on] = _load(account, on)
    return remembered[on]


def forget(account: Any) -> None:
    """After a write that may have changed the account's own posts."""
    account.__dict__.pop("_powers_by_day", None)


def _load(account: Any, on: date) -> Powers:
    if not isinstance(account, Account) or not account.is_active:
        return Powers()
    if account.office:
        return Powers(office=account.office)
    if account.member_id is None:
        return Powers()
    belongs = (
        MemberStatus.objects.filter(in_force(on), member=account.member_id, status__in=PRESENT_STATUSES)
        .select_related("organization", "member")
        .order_by("-since")
        .first()
    )
    if belongs is None:  # moved away, removed: a post somebody forgot to end gives nothing
        return Powers(member_id=account.member_id)
    account.member = belongs.member  # every page shows the name; it need not be asked for again
    posts = Post.objects.filter(in_force(on), member=account.member_id).exclude(title__in=PROJECT_TITLES)
    held = posts.values_list("organization__path", "organization__kind", "title")
    home = belongs.organization
    return Powers("", account.member_id, home.pk, home.path, tuple(Held(*row) for row in held))


def is_in_service(account: Account, on: date) -> bool:
    """Whether the account is anybody today: not locked, and an office or a member who has not left."""
    mine = powers(account, on)
    return bool(mine.office) or mine.home_id is not None


# --- bodies ------------------------------------------------------------------------------------------------------


def seen_by(account: Any, on: date) -> QuerySet[Organization]:
    """Bodies whose pages the account may open: own branch and its cells; bodies of own posts and all below them."""
    mine = powers(account, on)
    if mine.office in (Office.SYSTEM, Office.AUDIT):
        return Organization.objects.all()
    wanted = mine.subtrees()
    if mine.home_id is not None:
        wanted |= Q(pk=mine.home_id) | Q(path__startswith=mine.home_path, kind=OrganizationKind.CELL)
    return Organization.objects.filter(wanted)


def may_see(account: Any, organization: Organization, on: date) -> bool:
    """`seen_by` for one body."""
    mine = powers(account, on)
    return mine.office in (Office.SYSTEM, Office.AUDIT) or mine.belongs_to(organization) or mine.reaches(organization)


def managed_by(account: Any, on: date) -> QuerySet[Organization]:
    """Bodies whose roster and posts the account keeps: `may_manage` as a filter."""
    wanted = Q(pk__in=[])
    for post in powers(account, on).posts:
        if post.title in MANAGING_TITLES:
            wanted |= Q(path__startswith=post.path)
    return Organization.objects.filter(wanted)


def may_record(account: Any, organization: Organization, on: date) -> bool:
    """Record activities: the committee, clerk or cell leader of the body itself, or of one above."""
    return powers(account, on).holds(RECORDING_TITLES, organization)


def may_manage(account: Any, organization: Organization, on: date) -> bool:
    """Keep the roster and the posts: secretary, organisation member, clerk of the body or of one above."""
    return powers(account, on).holds(MANAGING_TITLES, organization)


def may_lay_down_duties(account: Any, organization: Organization, on: date) -> bool:
    """Lay down local duties of this body: posts in the body itself."""
    return powers(account, on).holds_in(DUTY_TITLES, organization)


def may_read_minutes(account: Any, organization: Organization, on: date) -> bool:
    """Members of the branch and holders of posts in it or above it. Never an office (三员)."""
    mine = powers(account, on)
    return mine.belongs_to(organization) or mine.reaches(organization)


# --- people, journal, accounts -----------------------------------------------------------------------------------


def may_see_members(account: Any, organization: Organization, on: date) -> bool:
    """The list of names: those of the branch, posts in it or above, and the system administrator (for accounts)."""
    mine = powers(account, on)
    return mine.office == Office.SYSTEM or mine.belongs_to(organization) or mine.reaches(organization)


def may_read_file_of(account: Any, organization: Organization, member_id: int, on: date) -> bool:
    """A member's own data (birth, education, status history): oneself, and those who keep the roster."""
    mine = powers(account, on)
    return mine.member_id == member_id or mine.holds(MANAGING_TITLES, organization)


def may_read_journal(account: Any, organization: Organization, on: date) -> bool:
    """The committee of the body or of one above, and the audit administrator."""
    mine = powers(account, on)
    return mine.office == Office.AUDIT or mine.holds(DUTY_TITLES, organization)


def may_found(account: Any, parent: Organization, on: date) -> bool:
    """Found, change and end bodies below `parent`: who manages `parent`, and the system administrator."""
    mine = powers(account, on)
    return mine.office == Office.SYSTEM or mine.holds(MANAGING_TITLES, parent)


def may_keep_accounts(account: Any, on: date) -> bool:
    """Create, reset and lock accounts."""
    return powers(account, on).office == Office.SYSTEM


def may_lock_accounts(account: Any, on: date) -> bool:
    """See the accounts, and lock those that `may_lock` allows."""
    return powers(account, on).office in (Office.SYSTEM, Office.SECURITY)


def may_reset(account: Any, whom: Account, on: date) -> bool:
    """Give a new password; not to another of the three offices, which would then be in one hand."""
    return may_keep_accounts(account, on) and (not whom.office or whom.pk == account.pk)


def may_lock(account: Any, whom: Account, on: date) -> bool:
    """The security administrator locks every account, the system administrator those of members."""
    office = powers(account, on).office
    return office == Office.SECURITY or (office == Office.SYSTEM and not whom.office)


# --- for views ---------------------------------------------------------------------------------------------------


def get_seen_or_404(account: Any, code: str, on: date) -> Organization:
    """Load and authorise in one call. What may not be seen does not exist."""
    organization = Organization.objects.filter(code=code).first()
    if organization is None or not may_see(account, organization, on):
        raise Http404
    return organization


def require(allowed: bool) -> None:
    """403 with a sentence unless allowed."""
    if not allowed:
        raise PermissionDenied


def today() -> date:
    """The day on the reader's calendar. Called by views only."""
    return timezone.localdate()
