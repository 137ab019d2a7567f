"""Writes, one verb each: atomic, journaled. Views ask `access` first; here it is asked whether the facts can be so.

Members and their status are here; bodies and posts, in files of their own, go through the same door.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from zhibu.errors import UserError
from zhibu.org.bodies import edit_organization, end_organization, found_organization
from zhibu.org.fields import change, life_in_order, not_future, only
from zhibu.org.journal import note
from zhibu.org.models import (
    PRESENT_STATUSES,
    Account,
    Member,
    MemberStatus,
    Organization,
    OrganizationKind,
    Post,
    Status,
)
from zhibu.org.posts import assign_post, end_post, end_posts

__all__ = [
    "add_member",
    "assign_post",
    "change_status",
    "edit_member",
    "edit_organization",
    "end_organization",
    "end_post",
    "found_organization",
    "move_to_cell",
    "take_back_status",
]

MEMBER_FIELDS = ("number", "name", "gender", "born", "education", "job", "joined", "confirmed", "cared_for")


@transaction.atomic
def add_member(
    actor: Account | None, organization: Organization, *, name: str, status: str, since: date, today: date,
    cell: Organization | None = None, identity_digest: str = "", identity_tail: str = "", namesake: bool = False,
    reason: str = "", **fields: Any,
) -> Member:  # fmt: skip
    """Enter a member into a branch's roster from `since` on. `namesake`: yes, another person of the same name."""
    _keeps_a_roster(organization, since)
    not_future(since, today)
    values = {"name": name.strip(), "number": "", **only(fields, MEMBER_FIELDS)}
    values["number"] = values["number"] or next_number(organization)
    life_in_order(values, today)
    _new_to(organization, values["name"], values["number"], identity_digest, namesake)
    _cell_of(organization, cell)
    try:
        with transaction.atomic():
            member = Member.objects.create(
                organization=organization, identity_digest=identity_digest, identity_tail=identity_tail, **values
            )
    except IntegrityError:
        raise _number_taken(values["number"]) from None
    MemberStatus.objects.create(
        organization=organization, member=member, cell=cell, status=status, since=since, reason=reason
    )
    note(actor, organization, "add-member", member, f"登记党员{member.name}", status=status, since=since)
    return member


@transaction.atomic
def edit_member(actor: Account | None, member: Member, *, today: date, **fields: Any) -> Member:
    """Correct a member's own data; membership and posts have verbs of their own."""
    member = Member.objects.select_for_update().get(pk=member.pk)
    given = only(fields, (*MEMBER_FIELDS, "identity_digest", "identity_tail"))
    life_in_order({name: given.get(name, getattr(member, name)) for name in MEMBER_FIELDS}, today)
    others = Member.objects.exclude(pk=member.pk)
    if others.filter(organization=member.organization_id, number=given.get("number", member.number)).exists():
        raise _number_taken(given["number"])
    if given.get("identity_digest") and others.filter(identity_digest=given["identity_digest"]).exists():
        raise _known_identity()
    changed = change(member, given)
    changed.pop("identity_digest", None)
    if changed:
        note(actor, member.organization, "edit-member", member, f"修改{member.name}的资料", fields=sorted(changed))
    return member


def next_number(organization: Organization) -> str:
    """The number after the highest plain one of the branch: 012 → 013."""
    taken = Member.objects.filter(organization=organization).values_list("number", flat=True)
    highest = max((number for number in taken if number.isascii() and number.isdigit()), key=int, default="000")
    return str(int(highest) + 1).zfill(len(highest))


def _new_to(organization: Organization, name: str, number: str, digest: str, namesake: bool) -> None:
    if Member.objects.filter(organization=organization, number=number).exists():
        raise _number_taken(number)
    if digest and (known := Member.objects.filter(identity_digest=digest).first()):
        if known.organization_id == organization.pk:
            raise UserError("member-known", "{name}（同一身份证号）已在名册中。", name=known.name)
        raise _known_identity()
    if not namesake and Member.objects.filter(organization=organization, name=name).exists():
        raise UserError(
            "namesake", "名册里已有一位{name}。如果确是同名的另一人，请勾选“同名的另一人”再保存。", name=name
        )


def _number_taken(number: str) -> UserError:
    return UserError("number-taken", "编号“{number}”在本支部已有人使用。", number=number)


def _known_identity() -> UserError:
    # Neither the name nor the branch: who asks may not be entitled to know where a person is a member.
    return UserError("identity-known", "这个身份证号已在另一个支部登记，请由原支部办理转接。")


def _keeps_a_roster(organization: Organization, since: date) -> None:
    if organization.kind != OrganizationKind.BRANCH:
        raise UserError("not-a-branch", "党员登记在党支部，{name}不是党支部。", name=organization.name)
    if since < organization.founded:
        raise UserError(
            "before-founding", "日期{day}早于支部成立日期{founded}。", day=since, founded=organization.founded
        )
    if organization.ended and since >= organization.ended:
        raise UserError("after-end", "{name}已于{day}撤销。", name=organization.name, day=organization.ended)


def _cell_of(organization: Organization, cell: Organization | None) -> None:
    if cell and not (cell.kind == OrganizationKind.CELL and cell.path.startswith(organization.path)):
        raise UserError("cell-elsewhere", "{cell}不是{name}的党小组。", cell=cell.name, name=organization.name)


MAY_BECOME: Mapping[str, tuple[str, ...]] = {
    Status.PROBATIONARY: (Status.FULL, Status.TRANSFERRED, Status.REMOVED, Status.DECEASED),
    Status.FULL: (Status.PROBATION_IN_PARTY, Status.SUSPENDED, Status.TRANSFERRED, Status.REMOVED, Status.DECEASED),
    Status.PROBATION_IN_PARTY: (Status.FULL, Status.TRANSFERRED, Status.REMOVED, Status.DECEASED),
    Status.SUSPENDED: (Status.FULL, Status.REMOVED, Status.DECEASED),
    Status.TRANSFERRED: (Status.PROBATIONARY, Status.FULL, Status.PROBATION_IN_PARTY),
    Status.REMOVED: (Status.FULL,),
    Status.DECEASED: (),
}


@transaction.atomic
def change_status(
    actor: Account | None, member: Member, *, status: str, since: date, today: date, reason: str = "",
    destination: Organization | None = None,
) -> MemberStatus:  # fmt: skip
    """From `since` on the member is something else. Who leaves loses the posts; `destination` receives a transfer.

    The span before ends on that day; half-open spans neither overlap nor leave a gap.
    """
    member = Member.objects.select_for_update().select_related("organization").get(pk=member.pk)
    organization = member.organization
    last = _last_status(member, since, today)
    if status not in MAY_BECOME[last.status]:
        raise UserError(
            "status-not-possible", "{name}现为{now}，不能改为{then}。", name=member.name,
            now=last.get_status_display(), then=Status(status).label,
        )  # fmt: skip
    if status in PRESENT_STATUSES:
        _keeps_a_roster(organization, since)
    ended = [] if status in PRESENT_STATUSES else end_posts(member, since, organization if destination else None)
    row = _succeed(last, status, since, reason, last.cell if status in PRESENT_STATUSES else None)
    if status == Status.FULL and last.status == Status.PROBATIONARY and not member.confirmed:
        member.confirmed = since
        member.save(update_fields=["confirmed"])
    if destination is not None:
        _receive(member, last.status, since, organization, destination)
    summary = f"{member.name}：{last.get_status_display()}→{row.get_status_display()}"
    where = destination.code if destination else ""
    note(actor, organization, "change-status", member, summary, since=since, reason=reason, to=where, posts_ended=ended)
    if destination is not None:
        note(
            actor,
            destination,
            "receive-member",
            member,
            f"转入党员{member.name}",
            since=since,
            origin=organization.code,
        )
    return row


@transaction.atomic
def move_to_cell(
    actor: Account | None, member: Member, *, cell: Organization | None, since: date, today: date
) -> MemberStatus:
    """The same status, in another cell of the branch from `since` on."""
    member = Member.objects.select_for_update().select_related("organization").get(pk=member.pk)
    _cell_of(member.organization, cell)
    last = _last_status(member, since, today, same_day=True)
    if last.since == since:
        last.cell = cell
        last.save(update_fields=["cell"])
        row = last
    else:
        row = _succeed(last, last.status, since, "", cell)
    note(actor, member.organization, "move-to-cell", member, f"{member.name}编入{cell or '（不编组）'}", since=since)
    return row


@transaction.atomic
def take_back_status(actor: Account | None, member: Member) -> MemberStatus:
    """Remove the last, mistaken change; the span before goes on. Posts ended by the change stay ended."""
    member = Member.objects.select_for_update().select_related("organization").get(pk=member.pk)
    rows = list(member.statuses.filter(organization=member.organization).order_by("-since")[:2])
    if len(rows) < 2:
        raise UserError("nothing-to-take-back", "{name}只有一条状态，没有可以撤回的更改。", name=member.name)
    wrong, before = rows
    elsewhere = member.statuses.exclude(organization=member.organization)
    if elsewhere.filter(since=wrong.since, status=Status.TRANSFERRED).exists():
        # Taken back here alone, the member would be nowhere: the branch of origin keeps "transferred".
        raise UserError("transfer-stands", "{name}是由另一个支部转入的，转错的请再转回去。", name=member.name)
    if Post.objects.filter(member=member, since__gte=wrong.since).exists():
        raise UserError("post-depends", "{name}在这次更改之后任了职，请先处理职务。", name=member.name)
    wrong.delete()
    before.until = None
    before.save(update_fields=["until"])
    if before.status == Status.PROBATIONARY and member.confirmed == wrong.since:
        member.confirmed = None
        member.save(update_fields=["confirmed"])
    summary = f"撤回{member.name}的更改：{wrong.get_status_display()}"
    note(actor, member.organization, "take-back-status", member, summary, since=wrong.since)
    return before


def _last_status(member: Member, since: date, today: date, same_day: bool = False) -> MemberStatus:
    not_future(since, today)
    last = member.statuses.filter(organization=member.organization).order_by("-since").first()
    if last is None:
        raise UserError("no-status", "{name}没有党员状态记录，请重新登记。", name=member.name)
    end = last.until or last.since
    if since < end or (since == last.since and not same_day):
        raise UserError(
            "status-overlap", "{name}自{day}起已是{status}，新的日期应晚于这一天。", name=member.name,
            day=end, status=last.get_status_display(),
        )  # fmt: skip
    return last


def _succeed(last: MemberStatus, status: str, since: date, reason: str, cell: Organization | None) -> MemberStatus:
    if last.until is None:
        last.until = since
        last.save(update_fields=["until"])
    return MemberStatus.objects.create(
        organization_id=last.organization_id, member_id=last.member_id, cell=cell, status=status, since=since,
        reason=reason,
    )  # fmt: skip


def _receive(member: Member, status: str, since: date, origin: Organization, destination: Organization) -> None:
    _keeps_a_roster(destination, since)
    if destination.pk == origin.pk:
        raise UserError("same-branch", "转入的支部就是现在的支部。")
    if member.statuses.filter(Q(until=None) | Q(until__gt=since), organization=destination).exclude(
        status=Status.TRANSFERRED
    ):
        raise UserError("already-there", "{name}在{there}已有状态记录。", name=member.name, there=destination.name)
    member.statuses.filter(organization=destination, until=None).update(until=since)
    if Member.objects.filter(organization=destination, number=member.number).exclude(pk=member.pk).exists():
        member.number = next_number(destination)
    member.organization = destination
    member.save(update_fields=["organization", "number"])
    MemberStatus.objects.create(organization=destination, member=member, status=status, since=since, reason="转入")
