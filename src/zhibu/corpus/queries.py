"""The texts of a body's corpus, and how they come into the file."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.db.models.functions import Length
from django.urls import reverse

from zhibu.corpus.access import may_read_text
from zhibu.corpus.feeds import Origin, feeds, named
from zhibu.corpus.models import SHARED, CorpusText, Visibility
from zhibu.org.models import Organization
from zhibu.trace import Text


def paths_above(path: str) -> list[str]:
    """The paths of the bodies above, the highest first."""
    step = Organization.steplen
    return [path[:end] for end in range(step, len(path), step)]


def texts_serving(organization: Organization) -> QuerySet[CorpusText]:
    """The body's own texts, and the templates and material of the bodies above it, without their words."""
    above = Q(organization__path__in=paths_above(organization.path), visibility__in=SHARED)
    return (
        CorpusText.objects.filter(Q(organization=organization) | above)
        .defer("text")
        .annotate(characters=Length("text"))
        .select_related("organization", "added_by__member")
        .order_by("-year", "-id")
    )


def narrowed(
    texts: QuerySet[CorpusText], *, words: str = "", visibility: str = "", year: int | None = None
) -> QuerySet[CorpusText]:
    for word in words.split():
        texts = texts.filter(Q(title__icontains=word) | Q(owner__icontains=word) | Q(file_name__icontains=word))
    if visibility:
        texts = texts.filter(visibility=visibility)
    return texts.filter(year=year) if year else texts


def years_of(texts: QuerySet[CorpusText]) -> list[int]:
    found = texts.exclude(year=None).order_by("-year").values_list("year", flat=True).distinct()
    return [year for year in found if year is not None]


def held(root: Organization) -> dict[str, int]:
    """How many texts of each kind the tree's corpus holds when it is up to date: {"report": 36, "text": 4}."""
    return {feed.kind: feed.mark(root)[0] for feed in feeds()}


class TextFeed:
    """Texts somebody added. They never change: a corrected one is another row."""

    kind = "text"

    def mark(self, root: Organization) -> list[int]:
        found = _of_tree(root).aggregate(count=Count("id"), last=Max("id"))
        return [found["count"], found["last"] or 0]

    def versions(self, root: Organization) -> dict[int, str]:
        return dict(_of_tree(root).values_list("pk", "digest"))

    def texts(self, keys: Collection[int]) -> Iterator[tuple[int, Text]]:
        for row in CorpusText.objects.filter(pk__in=keys).select_related("organization"):
            yield row.pk, Text(named(self.kind, row.pk), row.text, _owner(row), row.year, row.visibility)

    def shown(self, key: int) -> str:
        return CorpusText.objects.filter(pk=key).values_list("text", flat=True).first() or ""

    def origins(self, keys: Collection[int], account: Any, on: date) -> Iterator[tuple[int, Origin]]:
        rows = CorpusText.objects.filter(pk__in=keys).defer("text").select_related("organization")
        for row in rows:
            yield (
                row.pk,
                Origin(
                    named(self.kind, row.pk), row.organization, row.title, row.owner, row.year, row.visibility,
                    may_read_text(account, row, on), reverse("corpus:show", args=[row.organization.code, row.pk]),
                ),
            )  # fmt: skip


def _of_tree(root: Organization) -> QuerySet[CorpusText]:
    return CorpusText.objects.filter(organization__path__startswith=root.path)


def _owner(row: CorpusText) -> str:
    """Whose text it is when wording is counted: a body's own texts count with its reports, others by what is known."""
    return row.owner or (row.organization.name if row.visibility == Visibility.OWN else "")
