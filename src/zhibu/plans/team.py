"""A business project's own people: who takes part, its temporary branch or cell, its vanguard posts.

The temporary body keeps no roster and no ledger: its members stay where they are, what it does is recorded once, in
their branch, and linked to the project. So nothing is owed or counted twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from zhibu.duties.models import Form, Origin, OriginState
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Member, Post, Title
from zhibu.org.posts import assign_post, end_post, end_span


def team_posts(project: Origin) -> list[Post]:
    """Leaders of the temporary body and vanguard posts, those held now first."""
    rows = Post.objects.filter(project=project.pk).select_related("member")
    return sorted(rows, key=lambda one: (one.until is not None, one.title != Title.TEAM_LEADER, one.since, one.pk))


def change_people(actor: Account, project: Origin, people: Sequence[Member], on: date) -> Origin:
    """Who takes part from now on. UserError for one who still has a post in it."""
    with transaction.atomic():
        current = _locked(project)
        gone = set(current.people.values_list("pk", flat=True)) - {one.pk for one in people}
        held = Post.objects.filter(project=current.pk, until=None, member__in=gone).select_related("member").first()
        if held is not None:
            raise UserError(
                "team-post-held", "{name}还有“{post}”，请先结束。", name=held.member.name,
                post=str(held.get_title_display()),
            )  # fmt: skip
        current.people.set(people)
        note(actor, current.organization, "change-people", current, current.title, people=len(people))
    return current


def found_team(actor: Account, project: Origin, name: str, leader: Member, since: date, basis: str, on: date) -> Post:
    """Set up the temporary branch or cell, or give it another leader; the one before ends that day."""
    name = " ".join(name.split())
    if len(name) < 2:
        raise UserError("team-name", "请写明临时党组织的名称。")
    with transaction.atomic():
        current = _locked(project)
        current.team = name[:120]
        current.save(update_fields=["team"])
        before = Post.objects.filter(project=current.pk, title=Title.TEAM_LEADER, until=None).first()
        if before is not None and before.member_id == leader.pk:
            raise UserError("team-same-leader", "{name}已经是负责人。", name=leader.name)
        if before is not None:
            end_post(actor, before, until=since, today=on)
        note(actor, current.organization, "found-team", current, f"{current.title}：{current.team}", leader=leader.pk)
        return _give(actor, current, leader, Title.TEAM_LEADER, since, basis, on)


def give_vanguard_post(actor: Account, project: Origin, member: Member, since: date, basis: str, on: date) -> Post:
    """A vanguard post for one who takes part; `basis`: what is done on it."""
    if len(basis.strip()) < 2:
        raise UserError("vanguard-what", "请写明岗位做什么。")
    with transaction.atomic():
        return _give(actor, _locked(project), member, Title.VANGUARD, since, basis, on)


def _give(actor: Account, project: Origin, member: Member, title: Title, since: date, basis: str, on: date) -> Post:
    if not project.people.filter(pk=member.pk).exists():
        raise UserError("team-not-in", "{name}不在项目的参加人员里。", name=member.name)
    if since < project.since or (project.until and since > project.until):
        raise UserError("team-outside", "日期应在项目的起止日期之内。")
    return assign_post(
        actor, project.organization, member, title=title, since=since, today=on, basis=basis.strip()[:200],
        project=project.pk,
    )  # fmt: skip


def end_team_post(actor: Account, project: Origin, pk: int, until: date, on: date) -> Post:
    post = Post.objects.filter(pk=pk, project=project.pk).first()
    if post is None:
        raise UserError("team-no-post", "这个项目里没有这个岗位。")
    return end_post(actor, post, until=until, today=on)


def end_team(project: Origin, on: date) -> int:
    """The project is over: so is every post in it. How many there were."""
    held = list(Post.objects.filter(project=project.pk, until=None))
    for post in held:
        end_span(post, max(on, post.since + timedelta(days=1)))
    return len(held)


def _locked(project: Origin) -> Origin:
    rows = Origin.objects.select_for_update(of=("self",)).select_related("organization")
    current = rows.get(pk=project.pk)
    if current.form != Form.PROJECT or current.state == OriginState.CLOSED:
        raise UserError("team-project", "只有进行中的业务项目才能设临时党组织和党员先锋岗。")
    return current
