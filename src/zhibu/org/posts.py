"""Giving and ending posts."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q

from zhibu.errors import UserError
from zhibu.org.fields import not_future
from zhibu.org.journal import note
from zhibu.org.models import (
    COMMITTEE_TITLES,
    OUTSIDE_TITLES,
    PRESENT_STATUSES,
    PROJECT_TITLES,
    Account,
    Member,
    Organization,
    OrganizationKind,
    Post,
    Status,
    Title,
)
from zhibu.org.spans import in_force


def titles_for(kind: str) -> tuple[str, ...]:
    """Posts that a body of this kind has."""
    if kind == OrganizationKind.CELL:
        return (Title.CELL_LEADER,)
    if kind == OrganizationKind.LEADING_GROUP:
        return (Title.GROUP_SECRETARY, Title.GROUP_MEMBER, Title.CLERK)
    return (*COMMITTEE_TITLES, *(title for title in OUTSIDE_TITLES if title not in PROJECT_TITLES))


@transaction.atomic
def assign_post(
    actor: Account | None, organization: Organization, member: Member, *, title: str, since: date, today: date,
    term_ends: date | None = None, basis: str = "", project: int | None = None,
) -> Post:  # fmt: skip
    """Give a post from `since` on. A branch's posts go to its members, a committee's to any member.

    `project`: of the posts in a business project, which one.
    """
    Organization.objects.select_for_update().get(pk=organization.pk)
    not_future(since, today)
    if title not in (PROJECT_TITLES if project else titles_for(organization.kind)):
        raise UserError(
            "no-such-post",
            "{kind}没有“{title}”这个职务。",
            kind=organization.get_kind_display(),
            title=Title(title).label,
        )
    if term_ends and term_ends <= since:
        raise UserError("term-before-post", "任期届满日期应在任职日期之后。")
    _entitled(organization, member, title, since)
    _vacant(organization, member, title, since)
    post = Post.objects.create(
        organization=organization, member=member, title=title, since=since, term_ends=term_ends, basis=basis,
        project=project,
    )  # fmt: skip
    summary = f"{member.name}任{organization}{post.get_title_display()}"
    note(actor, organization, "assign-post", post, summary, member=member.pk, since=since, basis=basis)
    return post


def _entitled(organization: Organization, member: Member, title: str, since: date) -> None:
    rows = member.statuses.filter(in_force(since), status__in=PRESENT_STATUSES)
    if organization.kind == OrganizationKind.BRANCH and title not in OUTSIDE_TITLES:
        rows = rows.filter(organization=organization)
    if organization.kind == OrganizationKind.CELL:
        rows = rows.filter(organization__path=organization.path[: -Organization.steplen])
    row = rows.first()
    if row is None:
        raise UserError(
            "post-before-membership", "{name}在{day}还不是（或已不是）这里的党员，不能从这一天起任职。",
            name=member.name, day=since,
        )  # fmt: skip
    if title in COMMITTEE_TITLES and row.status != Status.FULL:
        raise UserError(
            "post-needs-full-member", "{name}在{day}不是正式党员，不能任委员。", name=member.name, day=since
        )


def _vacant(organization: Organization, member: Member, title: str, since: date) -> None:
    """Nobody holds two spans of one post, and there is one secretary at a time."""
    later = Post.objects.filter(Q(until=None) | Q(until__gt=since), organization=organization, title=title)
    if later.filter(member=member).exists():
        raise UserError("post-overlap", "{name}在这段时间已任{title}。", name=member.name, title=Title(title).label)
    if title in (Title.SECRETARY, Title.GROUP_SECRETARY, Title.CELL_LEADER) and (
        holder := later.select_related("member").first()
    ):
        raise UserError(
            "post-taken",
            "{title}现由{name}担任，请先填写其离任日期。",
            title=Title(title).label,
            name=holder.member.name,
        )


@transaction.atomic
def end_post(actor: Account | None, post: Post, *, until: date, today: date, reason: str = "") -> Post:
    """The post is held up to, not including, `until`."""
    post = Post.objects.select_for_update().select_related("organization", "member").get(pk=post.pk)
    not_future(until, today)
    if post.until is not None:
        raise UserError("post-ended", "这个职务已于{day}离任。", day=post.until)
    if until <= post.since:
        raise UserError("post-ends-first", "离任日期应在任职日期{since}之后。", since=post.since)
    end_span(post, until)
    summary = f"{post.member.name}不再任{post.organization}{post.get_title_display()}"
    note(actor, post.organization, "end-post", post, summary, member=post.member_id, until=until, reason=reason)
    return post


def end_span(post: Post, until: date) -> int:
    post.until = until
    post.save(update_fields=["until"])
    return post.pk


def end_posts(member: Member, on: date, branch: Organization | None) -> list[int]:
    """End the posts of one who leaves: those in `branch` and its cells, or, with None, all. Returns their ids.

    A post begun on that day or later stands in the way.
    """
    held = Post.objects.filter(Q(until=None) | Q(until__gt=on), member=member)
    if branch is not None:
        held = held.filter(organization__path__startswith=branch.path)
    found = list(held)
    if any(post.since >= on for post in found):
        raise UserError("post-later", "{name}有在{day}或之后开始的职务，请先处理职务。", name=member.name, day=on)
    return [end_span(post, on) for post in found]
