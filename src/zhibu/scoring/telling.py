"""Who is told of a published result, of an objection, and of its answer; never the one who did it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from zhibu.errors import Sentence
from zhibu.notices.services import tell
from zhibu.org.access import MANAGING_TITLES
from zhibu.org.models import Account, Member, Post
from zhibu.org.spans import in_force
from zhibu.rulebook.reasons import day_name
from zhibu.scoring.models import Evaluation, Objection


def tell_of_result(actor: Account | None, rows: Sequence[Evaluation], at: datetime) -> None:
    """Of a body's result its secretary and who keeps its papers; of a report he who reported as well."""
    holders = _holders([one.organization_id for one in rows], at)
    for one in rows:
        if one.objection_until is None:
            continue
        sentence = Sentence(
            "told-evaluation", "“{title}”的结果已经公布，有异议请在{day}前提出。", title=one.title,
            day=day_name(one.objection_until),
        )  # fmt: skip
        people = [*holders[one.organization_id], *([one.member] if one.member else [])]
        tell(_others(people, actor), sentence, kind="evaluation", at=at, url=_url(one), organization=one.organization)


def tell_of_objection(row: Objection, at: datetime) -> None:
    one = row.evaluation
    sentence = Sentence(
        "told-objection", "{body}对“{title}”的结果提出异议，请答复。", body=one.organization.name, title=one.title
    )
    people = _holders([one.committee_id], at)[one.committee_id]
    tell(_others(people, row.made_by), sentence, kind="evaluation", at=at, url=_url(one), organization=one.committee)


def tell_of_answer(row: Objection, at: datetime) -> None:
    one = row.evaluation
    sentence = Sentence("told-objection-answered", "您对“{title}”的异议有了答复。", title=one.title)
    tell([row.made_by], sentence, kind="evaluation", at=at, url=_url(one), organization=one.organization)


def _holders(bodies: Iterable[int], at: datetime) -> dict[int, list[Member]]:
    found: dict[int, list[Member]] = defaultdict(list)
    posts = Post.objects.filter(in_force(timezone.localdate(at)), organization__in=bodies, title__in=MANAGING_TITLES)
    for post in posts.select_related("member"):
        found[post.organization_id].append(post.member)
    return found


def _others(people: Iterable[Member], actor: Account | None) -> list[Member]:
    me = actor.member_id if actor else None
    return [one for one in {one.pk: one for one in people}.values() if one.pk != me]


def _url(evaluation: Evaluation) -> str:
    return reverse("scoring:show", args=[evaluation.organization.code, evaluation.pk])
