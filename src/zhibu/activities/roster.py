"""Who belongs at an activity of a kind on a day: one day for a form, all days at once for an import."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Q

from zhibu.activities.entry import Person
from zhibu.activities.kinds import Kind
from zhibu.org.models import (
    COMMITTEE_TITLES,
    GROUP_TITLES,
    OUTSIDE_TITLES,
    PRESENT_STATUSES,
    Member,
    MemberStatus,
    Organization,
    OrganizationKind,
    Post,
    Status,
    Title,
)
from zhibu.org.spans import in_force

_RANK = {title: rank for rank, title in enumerate((*GROUP_TITLES, *COMMITTEE_TITLES, Title.CELL_LEADER))}
_LAST = 99


def people_on(organization: Organization, on: date, kind: Kind) -> dict[int, Person]:
    """The people by member id, posts first, then by number. Three queries at most.

    A branch or cell: its members; a committee meeting: the committee; a body without members of its own (a committee
    above branches, a leading group): those who hold its posts. Posts in the branch count in its cells.
    """
    return _people(_statuses(organization, in_force(on)), _posts(organization, in_force(on)), kind)


def charged_on(organization: Organization, on: date, people: Mapping[int, Person]) -> list[tuple[str, str]]:
    """(id, name) of members of the body who are not among `people`: a committee charges others with things too."""
    rows = MemberStatus.objects.filter(in_force(on), status__in=PRESENT_STATUSES, organization=organization)
    found = rows.exclude(member__in=people).order_by("member__number").values_list("member_id", "member__name")
    return [(str(pk), name) for pk, name in found]


class Rosters:
    """The same for every day of a body, in three queries altogether."""

    def __init__(self, organization: Organization) -> None:
        self.organization = organization
        self._all_statuses = _statuses(organization, Q())
        self._all_posts = _posts(organization, Q())
        self._known: dict[tuple[date, bool], dict[int, Person]] = {}

    def on(self, day: date, kind: Kind) -> dict[int, Person]:
        key = (day, kind.attends == "committee")
        if key not in self._known:
            statuses = [row for row in self._all_statuses if _holds(row, day)]
            posts = [row for row in self._all_posts if _holds(row, day)]
            self._known[key] = _people(statuses, posts, kind)
        return self._known[key]


def _holds(row: MemberStatus | Post, day: date) -> bool:
    return row.since <= day and (row.until is None or row.until > day)


def _statuses(organization: Organization, when: Q) -> list[MemberStatus]:
    mine = {"cell": organization} if organization.kind == OrganizationKind.CELL else {"organization": organization}
    rows = MemberStatus.objects.filter(when, status__in=PRESENT_STATUSES, **mine)
    return list(rows.select_related("member"))


def _posts(organization: Organization, when: Q) -> list[Post]:
    bodies = [organization.pk]
    if organization.kind == OrganizationKind.CELL:
        above = organization.path[: -Organization.steplen]
        bodies += Organization.objects.filter(path=above).values_list("pk", flat=True)
    rows = Post.objects.filter(when, organization__in=bodies).exclude(title__in=OUTSIDE_TITLES)
    return list(rows.select_related("member"))


def _people(statuses: Iterable[MemberStatus], posts: Iterable[Post], kind: Kind) -> dict[int, Person]:
    held: dict[int, list[Post]] = {}
    for post in posts:
        held.setdefault(post.member_id, []).append(post)
    members = {} if kind.attends == "committee" else {row.member_id: row for row in statuses}
    if members:
        found = [_person(row.member, held.get(pk, []), row.status) for pk, row in members.items()]
    else:
        committee = (*COMMITTEE_TITLES, *GROUP_TITLES)
        sitting = [rows for rows in held.values() if any(row.title in committee for row in rows)]
        found = [_person(rows[0].member, rows, str(Status.FULL)) for rows in sitting]
    found.sort(key=lambda pair: pair[0])
    return {person.id: person for _place, person in found}


def _person(member: Member, posts: list[Post], status: str) -> tuple[tuple[int, str], Person]:
    """The person and the place on the list."""
    titles = sorted((Title(post.title) for post in posts), key=lambda title: _RANK.get(title, _LAST))
    person = Person(
        id=member.pk,
        name=member.name,
        status=status,
        voting=status == Status.FULL,
        committee=any(title in COMMITTEE_TITLES for title in titles),
        secretary=Title.SECRETARY in titles,
        post=str(titles[0]) if titles else "",
        cared_for=member.cared_for,
        number=member.number,
    )
    return (_RANK.get(titles[0], _LAST) if titles else _LAST, member.number), person
