"""Oneself, bodies, and the members one may see."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Schema

from zhibu.api.answers import PageOf, Paging, PathId, Person, answers, missing, page_of
from zhibu.api.keys import actor
from zhibu.org import access, queries
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import Member, Organization, OrganizationKind, Status

router = Router(tags=["组织和党员"])


class Held(Schema):
    organization: str
    title: str
    title_label: str


class Me(Schema):
    username: str
    name: str
    office: str
    scope: str
    expires: date
    organization: str | None
    posts: list[Held]


class OrganizationOut(Schema):
    code: str
    name: str
    short_name: str
    kind: str
    sector: str
    founded: date
    ended: date | None
    secretary: str | None
    members: int | None
    """Members of a branch today; of other bodies nothing."""
    children: int


class Organizations(PageOf):
    items: list[OrganizationOut]


class MemberOut(Schema):
    id: int
    number: str
    name: str
    organization: str
    status: str
    cell: str | None
    posts: list[Held]
    joined: date | None
    """For those who keep the roster only."""


class Members(PageOf):
    items: list[MemberOut]


class StatusOut(Schema):
    organization: str
    status: str
    cell: str | None
    since: date
    until: date | None
    reason: str


class PostOut(Schema):
    organization: str
    title: str
    since: date
    until: date | None
    basis: str


class MemberFile(Person):
    number: str
    gender: str
    born: date | None
    identity_tail: str
    education: str
    job: str
    joined: date | None
    confirmed: date | None
    cared_for: bool
    statuses: list[StatusOut]
    posts: list[PostOut]


@router.get("/me", response=answers(Me), summary="令牌是谁的，能做什么")
def me(request: HttpRequest) -> Any:
    account, token = actor(request), request.auth  # type: ignore[attr-defined]
    mine = access.powers(account, today())
    posts = queries.posts_of([account.member], today()).get(account.member_id, []) if account.member_id else []
    home = Organization.objects.filter(pk=mine.home_id).first() if mine.home_id else None
    return {
        "username": account.username, "name": str(account), "office": account.office, "scope": token.scope,
        "expires": token.expires, "organization": home.code if home else None, "posts": [_held(one) for one in posts],
    }  # fmt: skip


def _held(post: Any) -> dict[str, str]:
    return {"organization": post.organization.code, "title": post.title, "title_label": post.get_title_display()}


@router.get("/organizations", response=answers(Organizations), summary="看得到的组织")
def organizations(request: HttpRequest, paging: Query[Paging], q: str = "", kind: str = "") -> Any:
    """按组织树的顺序。`q`：名称或代码中的词；`kind`：类别，例如 branch。"""
    bodies = queries.searched(access.seen_by(actor(request), today()), q[:60])
    if kind:
        bodies = bodies.filter(kind=kind)
    shown, page = page_of(bodies, paging)
    found = {
        one.pk: one for one in queries.with_heads(Organization.objects.filter(pk__in=[b.pk for b in shown]), today())
    }
    return {"items": [_body(found[one.pk]) for one in shown], **page}


def _body(body: Any) -> dict[str, Any]:
    names = ("code", "name", "short_name", "kind", "sector", "founded", "ended")
    return {name: getattr(body, name) for name in names} | {
        "secretary": body.secretary_name,
        "members": (body.size or 0) if body.kind == "branch" else None,
        "children": body.numchild,
    }


@router.get("/organizations/{code}", response=answers(OrganizationOut), summary="一个组织")
def organization(request: HttpRequest, code: str) -> Any:
    body = get_seen_or_404(actor(request), code, on=today())
    return _body(queries.with_heads(Organization.objects.filter(pk=body.pk), today()).get())


@router.get("/organizations/{code}/members", response=answers(Members), summary="今天的党员名单")
def members(request: HttpRequest, code: str, paging: Query[Paging], q: str = "", status: str = "") -> Any:
    """`q`：姓名中的词或编号；`status`：状态，例如 probationary。入党日期只给管理名册的人。"""
    account, on = actor(request), today()
    body = get_seen_or_404(account, code, on=on)
    require(access.may_see_members(account, body, on))
    manages = access.may_manage(account, body, on)
    known = Status.values if manages else list(queries.PRESENT_STATUSES)
    wanted = {"statuses": [status]} if status in known else {}
    rows = queries.members_on(body, on, **wanted).select_related("organization")
    for word in q[:60].split():
        rows = rows.filter(Q(name__icontains=word) | Q(number=word))
    shown, page = page_of(rows, paging)
    cells = {one.pk: one.code for one in queries.cells_of(body, on)} if body.kind == OrganizationKind.BRANCH else {}
    return {"items": [_member(one, cells, manages) for one in queries.with_posts(shown, on, body)], **page}


def _member(member: Any, cells: dict[int, str], manages: bool) -> dict[str, Any]:
    return {
        "id": member.pk, "number": member.number, "name": member.name, "organization": member.organization.code,
        "status": member.status, "cell": cells.get(member.cell_pk), "posts": [_held(one) for one in member.held],
        "joined": member.joined if manages else None,
    }  # fmt: skip


@router.get("/organizations/{code}/members/{pk}", response=answers(MemberFile), summary="一名党员的资料")
def member(request: HttpRequest, code: str, pk: PathId) -> Any:
    """只给本人和管理名册的人。已不在本支部的，只有在本支部期间的状态和职务。"""
    account, on = actor(request), today()
    body = get_seen_or_404(account, code, on=on)
    here = Member.objects.filter(Q(organization=body) | Q(statuses__organization=body), pk=pk).distinct()
    found = here.first()
    if found is None or not access.may_read_file_of(account, body, found.pk, on):
        missing()
    statuses = found.statuses.select_related("organization", "cell").order_by("since", "id")
    posts = found.posts.select_related("organization").order_by("since", "id")
    whole = found.organization_id == body.pk
    if not whole:
        statuses = statuses.filter(organization=body)
        posts = posts.filter(organization__path__startswith=body.path)
    own = ("number", "gender", "born", "identity_tail", "education", "job", "joined", "confirmed", "cared_for")
    blank = {"born": None, "joined": None, "confirmed": None, "cared_for": False}
    return {
        "id": found.pk,
        "name": found.name,
        **{name: getattr(found, name) if whole else blank.get(name, "") for name in own},
        "statuses": [_status(one) for one in statuses],
        "posts": [_post(one) for one in posts],
    }


def _status(row: Any) -> dict[str, Any]:
    return {
        "organization": row.organization.code, "status": row.status, "cell": row.cell.code if row.cell else None,
        "since": row.since, "until": row.until, "reason": row.reason,
    }  # fmt: skip


def _post(row: Any) -> dict[str, Any]:
    names = ("title", "since", "until", "basis")
    return {"organization": row.organization.code} | {name: getattr(row, name) for name in names}
