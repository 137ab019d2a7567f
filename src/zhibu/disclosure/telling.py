"""Who is told when a matter has come to them, and when an opinion came or was answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from zhibu.disclosure.access import APPROVERS, REVIEWERS, is_small
from zhibu.disclosure.models import Comment, Publication
from zhibu.errors import Sentence
from zhibu.notices.services import tell
from zhibu.org.access import MANAGING_TITLES
from zhibu.org.models import Member, Organization, Post
from zhibu.org.spans import in_force


def tell_reviewers(publication: Publication, at: datetime) -> None:
    _tell(publication, REVIEWERS, Sentence("to-review", "“{title}”等您审核。", title=publication.title), at)


def tell_approvers(publication: Publication, at: datetime) -> None:
    _tell(publication, APPROVERS, Sentence("to-approve", "“{title}”等您审批。", title=publication.title), at)


def tell_proposer(publication: Publication, at: datetime) -> None:
    """It was given back, or approved."""
    data = {"title": publication.title, "reason": publication.reason}
    if publication.reason:
        sentence = Sentence("given-back", "“{title}”被退回：{reason}", **data)
    else:
        sentence = Sentence("publication-approved", "“{title}”已批准公开。", **data)
    whom = [publication.proposed_by] if publication.proposed_by else []
    tell(whom, sentence, kind="publication", at=at, url=_url(publication), organization=publication.organization)


def tell_of_comment(row: Comment, at: datetime) -> None:
    """The committee, without a word of what was said: that is read on the page."""
    people = _holders(row.organization, REVIEWERS, timezone.localdate(at))
    sentence = Sentence("opinion-received", "收到一条意见建议。")
    url = reverse("disclosure:suggestions", args=[row.organization.code])
    tell(people, sentence, kind="opinion", at=at, url=url, organization=row.organization)


def tell_of_answer(row: Comment, at: datetime) -> None:
    """The member who signed; who did not, looks with the receipt."""
    whom = [row.account] if row.account else []
    url = reverse("disclosure:suggestions", args=[row.organization.code])
    sentence = Sentence("opinion-answered", "您的意见建议有了答复。")
    tell(whom, sentence, kind="opinion", at=at, url=url, organization=row.organization)


def _tell(publication: Publication, titles: frozenset[str], sentence: Sentence, at: datetime) -> None:
    """Those who may take the next step; of a body with a small committee those above it too."""
    body, on = publication.organization, timezone.localdate(at)
    took = {one.member_id for one in (publication.proposed_by, publication.reviewed_by) if one}
    people = [*_holders(body, titles, on)]
    if is_small(body, on):
        people += _holders_above(body, on)
    whom = [one for one in people if one.pk not in took]
    tell(whom, sentence, kind="publication", at=at, url=_url(publication), organization=body)


def _holders(body: Organization, titles: frozenset[str], on: date) -> Iterable[Member]:
    posts = Post.objects.filter(in_force(on), organization=body, title__in=titles)
    return [post.member for post in posts.select_related("member")]


def _holders_above(body: Organization, on: date) -> Iterable[Member]:
    above = Organization.objects.get_ancestors(body)
    posts = Post.objects.filter(in_force(on), organization__in=above, title__in=MANAGING_TITLES)
    return [post.member for post in posts.select_related("member")]


def _url(publication: Publication) -> str:
    return reverse("disclosure:show", args=[publication.organization.code, publication.pk])
