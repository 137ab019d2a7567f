"""Who belonged to a body on a day, who led it, and how many there were of each. Always asked for a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Case, Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from zhibu.org.figures import profiles
from zhibu.org.models import (
    COMMITTEE_TITLES,
    GROUP_TITLES,
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

__all__ = [
    "below",
    "cells_of",
    "committee_on",
    "existing_on",
    "head_counts",
    "members_on",
    "posts_of",
    "posts_on",
    "profiles",
    "searched",
    "secretary_on",
    "voting_members_on",
    "with_heads",
    "with_posts",
]

TITLE_RANK = {title: rank for rank, title in enumerate(Title)}


def _of(organization: Organization, prefix: str) -> Q:
    """Status rows that count for this body: its own, its cell's, or those of all branches below a committee."""
    if organization.kind == OrganizationKind.CELL:
        return Q(**{f"{prefix}cell": organization})
    if organization.kind == OrganizationKind.BRANCH:
        return Q(**{f"{prefix}organization": organization})
    return Q(**{f"{prefix}organization__path__startswith": organization.path})


def members_on(organization: Organization, day: date, statuses: Iterable[str] = PRESENT_STATUSES) -> QuerySet[Member]:
    """Members of the body on `day`, each with `status` and `cell_pk` of that day; by number.

    Of a cell: those in the cell; of a committee: all in the branches below it.
    """
    rows = in_force(day, "statuses__") & _of(organization, "statuses__") & Q(statuses__status__in=list(statuses))
    return (
        Member.objects.filter(rows)
        .annotate(status=F("statuses__status"), cell_pk=F("statuses__cell_id"), status_since=F("statuses__since"))
        .order_by("organization_id", "number", "id")
    )


def voting_members_on(organization: Organization, day: date) -> QuerySet[Member]:
    """Members with the right to vote: full members, neither under 留党察看 nor suspended."""
    return members_on(organization, day, (Status.FULL,))


def posts_on(organization: Organization, day: date) -> QuerySet[Post]:
    """All posts of the body in force on `day`, in the order of their rank, with their members."""
    rank = Case(
        *(When(title=title, then=Value(place)) for title, place in TITLE_RANK.items()), output_field=IntegerField()
    )
    found = Post.objects.filter(in_force(day), organization=organization)
    return found.select_related("member").annotate(rank=rank).order_by("rank", "since", "id")


def committee_on(organization: Organization, day: date) -> QuerySet[Post]:
    """Posts of the body's committee on `day`, secretary first; of a leading group, its members' posts.

    One person may hold two posts: count distinct `member_id`.
    """
    if organization.kind == OrganizationKind.LEADING_GROUP:
        return posts_on(organization, day).filter(title__in=GROUP_TITLES)
    return posts_on(organization, day).filter(title__in=COMMITTEE_TITLES)


def secretary_on(organization: Organization, day: date) -> Member | None:
    """The secretary in office on `day`, of a cell its leader; None when the post is vacant."""
    titles = (Title.SECRETARY, Title.GROUP_SECRETARY, Title.CELL_LEADER)
    post = posts_on(organization, day).filter(title__in=titles).first()
    return post.member if post else None


def existing_on(day: date) -> Q:
    """Bodies founded by and not ended on `day`."""
    return Q(founded__lte=day) & (Q(ended=None) | Q(ended__gt=day))


def cells_of(organization: Organization, day: date) -> QuerySet[Organization]:
    """The branch's cells that exist on `day`."""
    below = Organization.objects.filter(path__startswith=organization.path, kind=OrganizationKind.CELL)
    return below.filter(existing_on(day)).exclude(pk=organization.pk).order_by("path")


# --- lists ------------------------------------------------------------------------------------------------------------


def below(organization: Organization, day: date) -> QuerySet[Organization]:
    """Bodies directly below, that exist on `day`, in the tree's order."""
    children = Organization.objects.filter(path__startswith=organization.path, depth=organization.depth + 1)
    return children.filter(existing_on(day)).order_by("path")


def searched(bodies: QuerySet[Organization], asked: str) -> QuerySet[Organization]:
    """Those whose code or name carries every word asked for."""
    for word in asked.split():
        bodies = bodies.filter(Q(code__icontains=word) | Q(name__icontains=word) | Q(short_name__icontains=word))
    return bodies.order_by("path")


def with_heads(bodies: QuerySet[Organization], day: date) -> QuerySet[Organization]:
    """The bodies, each with `secretary_name` (of a cell, its leader) and `size`, the members of a branch on `day`."""
    heads = Post.objects.filter(
        in_force(day),
        organization=OuterRef("pk"),
        title__in=(Title.SECRETARY, Title.GROUP_SECRETARY, Title.CELL_LEADER),
    )
    rows = MemberStatus.objects.filter(in_force(day), organization=OuterRef("pk"), status__in=PRESENT_STATUSES)
    counted = rows.order_by().values("organization").annotate(n=Count("id")).values("n")
    return bodies.annotate(
        secretary_name=Subquery(heads.order_by("-since").values("member__name")[:1]), size=Subquery(counted)
    )


def head_counts(organization: Organization, day: date) -> dict[str, int]:
    """Members and full members of the body on `day`, in one query."""
    rows = MemberStatus.objects.filter(in_force(day), _of(organization, ""), status__in=PRESENT_STATUSES)
    return rows.aggregate(members=Count("id"), full=Count("id", filter=~Q(status=Status.PROBATIONARY)))


def posts_of(members: Iterable[Member], day: date) -> dict[int, list[Post]]:
    """Member id → posts held on `day`, wherever, in one query."""
    found: dict[int, list[Post]] = {}
    rows = Post.objects.filter(in_force(day), member__in=[member.pk for member in members])
    for post in rows.select_related("organization").order_by("since", "id"):
        found.setdefault(post.member_id, []).append(post)
    return found


def with_posts(members: Iterable[Member], day: date, within: Organization) -> list[Member]:
    """The members, each with `held`: the posts in the body itself or below it, as a row of a list shows them."""
    shown = list(members)
    posts = posts_of(shown, day)
    for member in shown:
        member.held = [post for post in posts.get(member.pk, []) if post.organization.path.startswith(within.path)]
    return shown
