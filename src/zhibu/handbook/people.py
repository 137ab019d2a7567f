"""The roster, the posts, the cells and the study hours of a branch's year, read from the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from django.db.models import Count, Q, Sum

from zhibu.activities.models import Attendance, Presence
from zhibu.handbook.year import Cell, Change, Figures, Held, Person, Reader, Studied
from zhibu.ledger.facts import Span
from zhibu.org.models import PRESENT_STATUSES, PROJECT_TITLES, Member, MemberStatus, Organization, Post, Status, Title
from zhibu.org.queries import TITLE_RANK
from zhibu.org.spans import in_force
from zhibu.rulebook.facts import Subject


def figures(subject: Subject, roster: Sequence[Member], span: Span) -> Figures:
    profile = subject.profile(span.last)
    statuses = Counter(str(getattr(member, "status", "")) for member in roster)
    return Figures(
        members=len(roster),
        full=len(roster) - statuses[Status.PROBATIONARY],
        probationary=statuses[Status.PROBATIONARY],
        committee=profile.committee or 0,
        cells=profile.cells or 0,
    )


def persons(
    organization: Organization, roster: Iterable[Member], cells: Iterable[Organization], span: Span, reader: Reader
) -> Iterable[Person]:
    """The roster in its own order, each with the posts held in the branch and its cells."""
    names = {cell.pk: str(cell) for cell in cells}
    held: dict[int, list[str]] = defaultdict(list)
    posts = Post.objects.filter(in_force(span.last), organization__path__startswith=organization.path)
    for post in sorted(posts, key=lambda post: (TITLE_RANK[Title(post.title)], post.since)):
        held[post.member_id].append(post.get_title_display())
    for member in roster:
        person = Person(
            number=member.number,
            name=member.name,
            status=str(Status(member.status).label),  # type: ignore[attr-defined]
            post="、".join(held[member.pk]),
            cell=names.get(member.cell_pk, ""),  # type: ignore[attr-defined]
        )
        yield _with_personal_data(person, member) if reader.keeps else person


def _with_personal_data(person: Person, member: Member) -> Person:
    return replace(
        person,
        gender=member.get_gender_display() if member.gender else "",
        born=member.born,
        education=member.education,
        job=member.job,
        joined=member.joined,
        confirmed=member.confirmed,
    )


def study_hours(roster: Sequence[Member], span: Span, reader: Reader) -> Iterable[Studied]:
    """Hours of each member in the order of the roster, wherever held; of others' hours only for who records."""
    shown = roster if reader.records else [member for member in roster if member.pk == reader.member]
    rows = _hours_rows([member.pk for member in shown], span)
    for member in shown:
        hours, times = rows.get(member.pk, (0.0, 0))
        yield Studied(member.number, member.name, hours, times)


def _hours_rows(members: Sequence[int], span: Span) -> dict[int, tuple[float, int]]:
    rows = Attendance.objects.filter(
        Q(activity__withdrawn_at__isnull=True) | Q(activity__withdrawn_at__gte=span.evening),
        member__in=members,
        presence=Presence.PRESENT,
        activity__hours__gt=0,
        activity__held__range=(span.first, span.last),
        activity__recorded_at__lt=span.evening,
    )
    found = rows.order_by().values_list("member").annotate(hours=Sum("activity__hours"), times=Count("id"))
    return {member: (hours, times) for member, hours, times in found}


def roster_changes(organization: Organization, span: Span) -> tuple[Change, ...]:
    """What changed in the year, by the statuses in the branch: admitted, confirmed, moved in, moved out, others."""
    rows = MemberStatus.objects.filter(organization=organization, since__lte=span.last).order_by("since", "id")
    rows = rows.select_related("member")
    elsewhere = _from_elsewhere([row.member_id for row in rows], organization)
    last: dict[int, str] = {}
    found: list[Change] = []
    for row in rows:
        before = last.get(row.member_id)
        last[row.member_id] = row.status
        if row.since < span.first or row.since == organization.founded or before == row.status:
            continue
        arrived = before in (None, Status.TRANSFERRED)
        what, name = _change(row, before, arrived and (before is not None or row.member_id in elsewhere))
        found.append(Change(row.since, what, name, row.member.name, row.reason))
    return tuple(found)


def _from_elsewhere(members: Iterable[int], organization: Organization) -> set[int]:
    """Members with a status in another branch: who comes to this one was transferred, not admitted."""
    rows = MemberStatus.objects.filter(member__in=set(members), status__in=PRESENT_STATUSES)
    return set(rows.exclude(organization=organization).values_list("member_id", flat=True))


def _change(row: MemberStatus, before: str | None, from_elsewhere: bool) -> tuple[str, str]:
    if row.status == Status.PROBATIONARY and before is None and not from_elsewhere:
        return "admitted", "接收为预备党员"
    if row.status == Status.FULL and before == Status.PROBATIONARY:
        return "confirmed", "转为正式党员"
    if row.status == Status.TRANSFERRED:
        return "moved-out", "转出"
    if row.status in PRESENT_STATUSES and (from_elsewhere or before is None):
        return "moved-in", "转入"
    return "other", str(row.get_status_display())


def posts_held(organization: Organization, span: Span) -> Iterable[Held]:
    """Posts of the branch held in the year or a part of it, by rank."""
    rows = Post.objects.filter(Q(until=None) | Q(until__gt=span.first), organization=organization, since__lte=span.last)
    rows = rows.exclude(title__in=PROJECT_TITLES)
    found = sorted(rows.select_related("member"), key=lambda post: (TITLE_RANK[Title(post.title)], post.since, post.pk))
    for post in found:
        ended = post.until if post.until and post.until <= span.last else None
        yield Held(post.get_title_display(), post.member.name, post.since, ended, post.term_ends, post.basis)


def cells_in_year(cells: Sequence[Organization], roster: Iterable[Member], span: Span) -> Iterable[Cell]:
    """Cells that existed in the year, with their leader and size on its last day."""
    there = [one for one in cells if one.founded <= span.last and (one.ended is None or one.ended > span.first)]
    if not there:
        return
    rows = Post.objects.filter(in_force(span.last), organization__in=there, title=Title.CELL_LEADER)
    leaders = {post.organization_id: post.member.name for post in rows.select_related("member")}
    sizes = Counter(member.cell_pk for member in roster)  # type: ignore[attr-defined]
    for cell in there:
        ended = cell.ended if cell.ended and cell.ended <= span.last else None
        yield Cell(cell.name, leaders.get(cell.pk, ""), sizes[cell.pk], cell.founded, ended)
