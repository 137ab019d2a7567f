"""What a secretary did in a year, read from the database for `responsibility.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time

from django.db.models import Q
from django.utils import timezone

from zhibu.activities.access import private_kinds
from zhibu.activities.models import Activity, Attendance, Presence
from zhibu.duties.models import Form
from zhibu.handbook.responsibility import Act, Step, duty_record
from zhibu.handbook.year import DutyRecord
from zhibu.ledger.facts import Span
from zhibu.org.models import Organization, Post, Title
from zhibu.tasks.models import TaskStep, Verb

HEADS = (Title.SECRETARY, Title.GROUP_SECRETARY)


def heads_of(organization: Organization, span: Span) -> list[Post]:
    """Those who were secretary in the year or a part of it, the latest first."""
    rows = Post.objects.filter(
        Q(until=None) | Q(until__gt=span.first), organization=organization, title__in=HEADS, since__lte=span.last
    )
    return list(rows.select_related("member", "organization").order_by("-since", "-id"))


def duty_record_of(post: Post, span: Span) -> DutyRecord:
    """What the holder of the post did in the year while in office, in the body itself and in those below it."""
    ended = post.until if post.until and post.until <= span.last else None
    acts = list(_acts(post, span))
    steps = list(_steps(post, span))
    return duty_record(post.member.name, str(post.get_title_display()), post.since, ended, acts, steps)


def _acts(post: Post, span: Span) -> Iterable[Act]:
    member, top = post.member_id, post.organization
    there = Attendance.objects.filter(
        member=member, presence__in=(Presence.PRESENT, Presence.OBSERVER), activity__held__range=(span.first, span.last)
    )
    took_part = set(there.values_list("activity_id", flat=True))
    found = Activity.objects.filter(
        Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=span.evening),
        Q(chair=member) | Q(pk__in=took_part) | Q(fields__lecturer=member),
        organization__path__startswith=top.path,
        held__range=(span.first, span.last),
        recorded_at__lt=span.evening,
    )
    columns = ("pk", "organization__code", "organization__name", "organization_id", "kind", "also", "title", "held",
               "chair_id", "fields__lecturer")  # fmt: skip
    for pk, code, body, organization, kind, also, title, held, chair, lecturer in (
        found.order_by("held", "pk").values_list(*columns)
    ):  # fmt: skip
        kinds = frozenset({kind, *also})
        yield Act(
            pk, code, body, organization == top.pk, kinds, title, held,
            chaired=chair == member,
            lectured=lecturer == member and "lecture" in kinds,
            took_part=pk in took_part,
            private=kind in private_kinds(),
        )  # fmt: skip


def _steps(post: Post, span: Span) -> Iterable[Step]:
    """Steps taken by the person: not those that follow from a record being saved, nor reports on tasks of one's own."""
    top = post.organization
    rows = TaskStep.objects.filter(
        by__member=post.member_id, organization__path__startswith=top.path, at__gte=_morning(span.first),
        at__lt=min(span.evening, _morning(date(span.year + 1, 1, 1))),
    ).exclude(task__activity__kind__in=private_kinds()).select_related("task__origin", "organization")  # fmt: skip
    for step in rows.order_by("id"):
        if step.data.get("by_record") or step.data.get("resolved"):
            continue
        if step.verb == Verb.PROGRESS and step.task.owner_id == post.member_id:
            continue
        if step.verb == Verb.GIVE and step.task.origin and step.task.origin.form == Form.PLAN:
            continue  # the meeting that approved the plan stands for its items
        body = step.organization
        yield Step(
            step.task_id,
            body.code,
            str(body),
            body.pk == top.pk,
            step.verb,
            step.task.text,
            timezone.localdate(step.at),
        )


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
