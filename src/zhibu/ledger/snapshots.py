"""Freezing a year: the ledger of a body as canonical JSON with its hash, so that a report can rest on it for ever.

Canonical JSON: UTF-8, keys sorted, no spaces, no NaN. The file people download is the same with one more key, `hash`:
{"algorithm", "value"}; `verify_file` takes it out, computes again and compares. Minutes and other long texts are not
in it, nor anything written at a talk.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from zhibu.activities.kinds import Field, load_kinds
from zhibu.activities.models import Activity, Resolution
from zhibu.duties.queries import duties_of
from zhibu.errors import UserError
from zhibu.ledger.facts import Span, activities_as_of, subjects
from zhibu.ledger.models import Snapshot
from zhibu.ledger.queries import cells_below
from zhibu.ledger.standing import Standing, stand_all
from zhibu.org.journal import note
from zhibu.org.models import OUTSIDE_TITLES, Account, Member, MemberStatus, Organization, Post, Status, Title
from zhibu.org.spans import in_force
from zhibu.rulebook.facts import MemberYear, Subject

FORMAT = 1
ALGORITHMS = ("sha256", "sm3")
HOURS = 32
"""Study hours a year that a member normally reaches (党员教育管理工作条例 第二十条)."""
SHOWN_TYPES = ("text", "number", "date", "time", "choice", "yes-no", "member")
"""Types of fields that go into a snapshot; long texts do not."""


Part = Callable[[Organization, int, date], Any]
_PARTS: dict[str, Part] = {}


def register_part(key: str, part: Part) -> None:
    """Let a stage above put what it keeps into every snapshot, under `key`: JSON, of the body's year as it stood on the
    day. Nothing is frozen where it gives nothing, so that such a year has the hash it always had. ValueError for a key
    that is taken."""
    if key in _PARTS:
        raise ValueError(f"{key}: registered twice")
    _PARTS[key] = part


def take_snapshot(actor: Account | None, organization: Organization, year: int, on: date) -> Snapshot:
    """Freeze the year as it stands on `on`. The same ledger frozen twice is one snapshot."""
    text = canonical(snapshot_data(organization, year, on))
    algorithm = settings.SNAPSHOT_HASH
    with transaction.atomic():
        snapshot, made = Snapshot.objects.get_or_create(
            organization=organization,
            digest=digest_of(text, algorithm),
            defaults={
                "year": year,
                "on": on,
                "data": text,
                "algorithm": algorithm,
                "made_at": timezone.now(),
                "made_by": actor,
            },
        )
        if made:
            note(actor, organization, "snapshot", snapshot, f"{year}年台账快照，截至{on}", digest=snapshot.digest)
    return snapshot


def digest_of(text: str, algorithm: str) -> str:
    """The hash of the text's UTF-8 bytes in hexadecimal."""
    try:
        return hashlib.new(algorithm, text.encode()).hexdigest()
    except ValueError:
        raise UserError("hash-unknown", "本机不能计算“{algorithm}”校验值。", algorithm=algorithm) from None


def canonical(data: Mapping[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def is_intact(snapshot: Snapshot) -> bool:
    """Whether the frozen text still has the hash it was frozen with."""
    return digest_of(snapshot.data, snapshot.algorithm) == snapshot.digest


def as_file(snapshot: Snapshot) -> str:
    """The JSON people download and `zhibu check --facts` reads: the frozen data and their hash."""
    hashed = {"algorithm": snapshot.algorithm, "value": snapshot.digest}
    return json.dumps({**json.loads(snapshot.data), "hash": hashed}, ensure_ascii=False, sort_keys=True, indent=1)


def verify_file(text: str) -> bool:
    """Whether a downloaded snapshot is as it was frozen. Raises UserError where the text is no snapshot."""
    try:
        data = json.loads(text)
        hashed = data.pop("hash")
        algorithm, value = hashed["algorithm"], hashed["value"]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UserError("not-a-snapshot", "这不是台账快照文件。请选择从本页下载的 JSON 文件。") from None
    return algorithm in ALGORITHMS and digest_of(canonical(data), algorithm) == value


def snapshot_data(organization: Organization, year: int, on: date) -> dict[str, Any]:
    """What is frozen; docs/snapshot.md describes every key. Cells of the body itself; activities of its cells too."""
    span = Span(year, on)
    (subject,) = subjects([organization], year, on)
    standings = stand_all(duties_of(organization, year), subject, year, on)
    bodies = [organization, *cells_below(organization)]
    activities = _activities(bodies, span)
    parts = {key: found for key, part in _PARTS.items() if (found := part(organization, year, on))}
    return {
        **parts,
        "format": FORMAT,
        "organization": {"code": organization.code, "name": organization.name, "kind": organization.kind},
        "year": year,
        "on": on.isoformat(),
        "members": _members(subject, organization, span),
        "cells": [standing.to_json() | _citation(standing) for standing in standings],
        "activities": activities,
        "resolutions": _resolutions(bodies, span),
        "totals": dict(Counter(kind for activity in activities for kind in activity["kinds"])),
        "hours": _hours(subject.members),
        "admissions": _admissions(organization, span),
        "posts": _posts(organization, span),
    }


def _citation(standing: Standing) -> dict[str, str]:
    return {"regulation": standing.duty.regulation, "text": standing.duty.text}


def _members(subject: Subject, organization: Organization, span: Span) -> dict[str, int]:
    profile = subject.profile(span.last)
    rows = MemberStatus.objects.filter(in_force(span.last), organization=organization, status=Status.PROBATIONARY)
    return {
        "members": profile.members,
        "full_members": profile.full_members,
        "probationary": rows.values("member_id").distinct().count(),
        "committee": profile.committee,
        "cells": profile.cells,
    }


def _hours(members: Sequence[MemberYear]) -> dict[str, float]:
    """Members of whom the hours are asked, how many reached them, the average; nothing is said of single people."""
    counted = [one.hours for one in members if not one.exempt]
    average = round(sum(counted) / len(counted), 1) if counted else 0
    return {"members": len(counted), "reached_32": sum(hours >= HOURS for hours in counted), "average": average}


def _activities(bodies: Sequence[Organization], span: Span) -> list[dict[str, Any]]:
    rows = activities_as_of([body.pk for body in bodies], span).filter(held__lte=span.last)
    found = list(rows.select_related("chair").defer("minutes", "agenda"))
    codes = {body.pk: body.code for body in bodies}
    names = _names(found)
    return [_activity(activity, codes[activity.organization_id], names) for activity in found]


def _names(activities: Iterable[Activity]) -> dict[int, str]:
    """Names of the members whom fields of the records point to."""
    ids = {
        activity.fields[field.slug]
        for activity in activities
        for field in _shown_fields(activity)
        if field.type == "member" and isinstance(activity.fields.get(field.slug), int)
    }
    return dict(Member.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _shown_fields(activity: Activity) -> list[Field]:
    """The short fields of all its kinds; none of a talk, which only those concerned may read."""
    kinds = [load_kinds().get(slug) for slug in (activity.kind, *activity.also)]
    if any(kind is None or kind.private for kind in kinds):
        return []
    return [field for kind in kinds if kind for field in kind.fields if field.type in SHOWN_TYPES]


def _activity(activity: Activity, code: str, names: Mapping[int, str]) -> dict[str, Any]:
    kind = load_kinds().get(activity.kind)
    fields = {
        field.slug: _shown(field, activity.fields[field.slug], names)
        for field in _shown_fields(activity)
        if activity.fields.get(field.slug) not in (None, "")
    }
    return {
        "id": activity.pk,
        "organization": code,
        "kind": activity.kind,
        "kinds": sorted(activity.kinds),
        "label": kind.label if kind else activity.kind,
        "title": kind.label if kind and kind.private else activity.title,
        "held": activity.held.isoformat(),
        "place": activity.place,
        "entitled": activity.entitled,
        "present": activity.present,
        "attended": activity.attended,
        "hours": activity.hours,
        "late_days": max(0, (timezone.localtime(activity.recorded_at).date() - activity.held).days),
        "lacks": list(activity.lacks),
        "tags": sorted(activity.tags),
        "studied": list(activity.studied),
        "lecturer": str(fields.get("lecturer") or fields.get("guest_lecturer") or ""),
        "chair": activity.chair.name if activity.chair else "",
        "fields": fields,
    }


def _shown(field: Field, value: Any, names: Mapping[int, str]) -> Any:
    """The value as a reader knows it: a choice and a member by their names."""
    if field.type == "choice":
        return field.choice_label(str(value))
    return names.get(value, value) if field.type == "member" else value


def _resolutions(bodies: Sequence[Organization], span: Span) -> list[dict[str, Any]]:
    """Resolutions of the year's activities; one carried out after the day asked about was still open on it."""
    held = activities_as_of([body.pk for body in bodies], span).filter(held__lte=span.last)
    rows = Resolution.objects.filter(activity_id__in=held.order_by().values("id")).select_related("owner")
    return [
        {
            "activity": row.activity_id,
            "text": row.text,
            "owner": row.owner.name if row.owner else "",
            "due": row.due.isoformat() if row.due else None,
            "done": row.done.isoformat() if row.done and row.done <= span.on else None,
        }
        for row in rows.order_by("activity__held", "id")
    ]


def _admissions(organization: Organization, span: Span) -> dict[str, int]:
    """How many were admitted on probation, confirmed, moved in and moved out this year, by the roster's statuses."""
    rows = MemberStatus.objects.filter(organization=organization, since__lte=span.last).order_by("since", "id")
    counts = Counter({"admitted": 0, "confirmed": 0, "moved_in": 0, "moved_out": 0})
    last = dict.fromkeys(_from_elsewhere(organization, span), str(Status.TRANSFERRED))
    for member, status, since in rows.values_list("member_id", "status", "since"):
        if since >= span.first:
            counts[_change(last.get(member), status, founded=since == organization.founded)] += 1
        last[member] = status
    return {key: counts[key] for key in ("admitted", "confirmed", "moved_in", "moved_out")}


def _from_elsewhere(organization: Organization, span: Span) -> QuerySet[Any]:
    """Members who were in another branch before this one: transferred here, not admitted here."""
    here = MemberStatus.objects.filter(organization=organization, since__lte=span.last)
    first = here.filter(member=OuterRef("member")).order_by("since").values("since")[:1]
    rows = MemberStatus.objects.filter(member__in=here.order_by().values("member"), since__lt=Subquery(first))
    return rows.exclude(organization=organization).order_by().values_list("member_id", flat=True)


def _change(before: str | None, status: str, founded: bool) -> str:
    if status == Status.TRANSFERRED:
        return "moved_out"
    if status == Status.PROBATIONARY and before is None:
        return "admitted"
    if status == Status.FULL and before == Status.PROBATIONARY:
        return "confirmed"
    return "moved_in" if before in (None, Status.TRANSFERRED) and not founded else "other"


def _posts(organization: Organization, span: Span) -> list[dict[str, str]]:
    rows = Post.objects.filter(in_force(span.last), organization=organization).exclude(title__in=OUTSIDE_TITLES)
    order = list(Title.values)
    found = sorted(rows.select_related("member"), key=lambda post: (order.index(post.title), post.since, post.pk))
    return [{"title": post.title, "name": post.member.name, "since": post.since.isoformat()} for post in found]
