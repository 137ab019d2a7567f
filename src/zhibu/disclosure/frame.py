"""What the pages of a board share: the body, the publication, and what the frame of each page shows."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from zhibu.disclosure import queries
from zhibu.disclosure.access import may_comment, may_keep_board, may_see_queue, publications_seen_by
from zhibu.disclosure.catalogue import BODIES, Item, catalogue, kind_labels
from zhibu.disclosure.models import Publication
from zhibu.org.access import get_seen_or_404, require, today
from zhibu.org.models import Organization

PAGE = 20
"""Rows of a list page."""


def now() -> datetime:
    return timezone.now()


def read_body(request: HttpRequest, code: str) -> Organization:
    """A body that discloses and whose board the account reads; an administrator's office reads none."""
    organization = get_seen_or_404(request.user, code, on=today())
    if organization.kind not in BODIES:
        raise Http404
    require(may_comment(request.user, organization, today()))
    return organization


def read_publication(request: HttpRequest, organization: Organization, pk: int) -> Publication:
    seen = publications_seen_by(request.user, organization, today())
    rows = seen.select_related("about", "record", "replaces", "organization")
    return get_object_or_404(queries.with_steps(rows), pk=pk)


def is_committee(request: HttpRequest, organization: Organization) -> bool:
    return may_see_queue(request.user, organization, today())


def frame(request: HttpRequest, organization: Organization, **more: Any) -> dict[str, Any]:
    return {
        "organization": organization,
        "committee": is_committee(request, organization),
        "may_keep": may_keep_board(request.user, organization, today()),
        "today": today(),
        **more,
    }


def items_by_group(items: Iterable[Item]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The catalogue's matters under the labels of its groups."""
    found = groupby(items, key=lambda item: item.group)
    return [(catalogue().label("groups", group), [described(item) for item in some]) for group, some in found]


def described(item: Item) -> dict[str, Any]:
    """A matter with the words of everything the catalogue says of it."""
    words = catalogue().label
    return {
        "item": item,
        "rhythm": words("rhythms", item.rhythm),
        "audience": words("audiences", item.audience),
        "asks": [words("asks", ask) for ask in item.ask],
        "kinds": kind_labels(item),
        "basis": item.basis.sentence,
        "note": {"label": item.note, "label_en": item.note_en},
    }
