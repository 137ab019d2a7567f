"""Founding, changing and ending bodies."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.db import transaction

from zhibu.errors import UserError
from zhibu.org.fields import change, not_future, only
from zhibu.org.journal import note
from zhibu.org.models import (
    Account,
    Organization,
    OrganizationKind,
)
from zhibu.org.posts import end_span
from zhibu.org.queries import existing_on, members_on, posts_on

BELOW = {
    OrganizationKind.ORGANS_WORK_COMMITTEE: ("organ-committee", "general-branch", "branch", "leading-group"),
    OrganizationKind.ORGAN_COMMITTEE: ("general-branch", "branch", "leading-group"),
    OrganizationKind.GENERAL_BRANCH: ("branch",),
    OrganizationKind.BRANCH: ("cell",),
}
"""Which kinds may be founded below which."""
RESERVED = ("accounts", "journal", "new", "tokens")
"""Words that stand in addresses where a code stands."""
BODY_FIELDS = ("name", "short_name", "sector", "founded", "recording_since", "units", "related_to")


@transaction.atomic
def found_organization(
    actor: Account | None, parent: Organization | None, *, code: str, name: str, kind: str, founded: date, today: date,
    **fields: Any,
) -> Organization:  # fmt: skip
    """A new body below `parent` (None: a root). `fields` are of BODY_FIELDS."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", code):
        raise UserError("code-shape", "代码“{value}”只能用字母、数字、点和短横，最多40位。", value=code)
    if code in RESERVED or Organization.objects.filter(code=code).exists():
        raise UserError("code-taken", "代码“{value}”已经有组织在用，请换一个。", value=code)
    if parent is not None and kind not in BELOW.get(OrganizationKind(parent.kind), ()):
        raise UserError(
            "kind-not-below", "{parent}是{above}，下面不能设{kind}。", parent=parent.name,
            above=parent.get_kind_display(), kind=OrganizationKind(kind).label,
        )  # fmt: skip
    not_future(founded, today)
    values = {"code": code, "name": name, "kind": kind, "founded": founded, **only(fields, BODY_FIELDS)}
    manager = Organization.objects
    body: Organization = manager.add_child(parent, values) if parent else manager.add_root(values)
    note(actor, body, "found-organization", body, f"成立{body.name}", code=code, kind=kind, founded=founded)
    return body


@transaction.atomic
def edit_organization(actor: Account | None, body: Organization, *, today: date, **fields: Any) -> Organization:
    not_future(fields.get("founded", body.founded), today)
    changed = change(body, only(fields, BODY_FIELDS))
    if changed:
        note(actor, body, "edit-organization", body, f"修改{body.name}的资料", changed=changed)
    return body


@transaction.atomic
def end_organization(actor: Account | None, body: Organization, *, on: date, reason: str, today: date) -> Organization:
    """End a body. Its members and the bodies below it must have found another place first."""
    body = Organization.objects.select_for_update().get(pk=body.pk)
    not_future(on, today)
    if body.ended:
        raise UserError("already-ended", "{name}已于{day}撤销。", name=body.name, day=body.ended)
    if on <= body.founded:
        raise UserError("ended-before-founded", "撤销日期应在成立日期{day}之后。", day=body.founded)
    below = Organization.objects.filter(existing_on(on), path__startswith=body.path).exclude(pk=body.pk)
    if first := below.order_by("path").first():
        raise UserError(
            "bodies-below", "下面还有{name}等{count}个组织，请先撤销或调整。", name=first, count=below.count()
        )
    if count := members_on(body, on).count():
        raise UserError("members-left", "还有{count}名党员，请先办理转出或调整。", count=count)
    ended = [end_span(post, on) for post in posts_on(body, on)]
    body.ended = on
    body.save(update_fields=["ended"])
    note(actor, body, "end-organization", body, f"撤销{body.name}", on=on, reason=reason, posts_ended=ended)
    return body
