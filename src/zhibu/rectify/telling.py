"""Who is told of a problem: those who lead the body it was found at, never the one who entered it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from zhibu.errors import Sentence
from zhibu.notices.services import tell
from zhibu.org.models import Account, Member, Organization, Post
from zhibu.org.spans import in_force
from zhibu.rectify.models import Problem
from zhibu.tasks.queries import LEADING

FOUND = Sentence("told-problem-found", "{finder}提出了问题，请定整改措施：{text}")
FOUND_MORE = Sentence("told-problems-found", "{finder}提出了{n}个问题，请逐个定整改措施：{text}……")


def tell_found(actor: Account, organization: Organization, problems: Sequence[Problem], at: datetime) -> None:
    """One notice for all that was entered at once; none of what a body found itself."""
    first = problems[0]
    if first.origin.organization_id == organization.pk:
        return
    form = FOUND if len(problems) == 1 else FOUND_MORE
    sentence = Sentence(form.code, form.message, finder=first.origin.issuer, n=len(problems), text=first.text[:80])
    code = organization.code
    url = (
        reverse("rectify:show", args=[code, first.pk]) if len(problems) == 1 else reverse("rectify:index", args=[code])
    )
    people = [one for one in _leaders(organization, at) if one.pk != actor.member_id]
    if people:
        tell(people, sentence, kind="task", at=at, url=url, organization=organization)


def _leaders(organization: Organization, at: datetime) -> list[Member]:
    rows = Post.objects.filter(in_force(timezone.localdate(at)), organization=organization, title__in=LEADING)
    return list({row.member_id: row.member for row in rows.select_related("member").order_by("pk")}.values())
