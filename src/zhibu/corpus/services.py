"""Add texts to a body's corpus, take one out, write the file anew: each with its line in the journal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from zhibu.corpus import file
from zhibu.corpus.models import CorpusText, Visibility
from zhibu.corpus.reading import checked
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Organization

FIRST_YEAR = 1990


@dataclass(frozen=True, slots=True)
class NewText:
    """A text somebody looked over and wants in the corpus."""

    title: str
    owner: str
    year: int | None
    visibility: str
    text: str
    file_name: str = ""


def add_texts(
    actor: Account, organization: Organization, texts: Sequence[NewText], *, at: datetime
) -> list[CorpusText]:
    """All of them or none. UserError names the one that is empty, too long, or in this corpus already."""
    with transaction.atomic():
        return [_add(actor, organization, text, at) for text in texts]


def _add(actor: Account, organization: Organization, new: NewText, at: datetime) -> CorpusText:
    title = " ".join(new.title.split())
    if not title:
        raise UserError("corpus-no-title", "请给每一篇写上标题。")
    if new.visibility not in Visibility.values:
        raise UserError("corpus-visibility", "请说明《{title}》是哪里来的。", title=title)
    if new.year is not None and not FIRST_YEAR <= new.year <= at.year + 1:
        raise UserError("corpus-year", "《{title}》的年度应在{first}年以后。", title=title, first=FIRST_YEAR)
    words = checked(new.text, title)
    row = CorpusText(
        organization=organization, title=title[:200], owner=" ".join(new.owner.split())[:120], year=new.year,
        visibility=new.visibility, text=words, file_name=new.file_name[:200],
        digest=hashlib.sha256(words.encode("utf-8", "replace")).hexdigest(), added_at=at, added_by=actor,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise UserError("corpus-twice", "《{title}》的文字已在资料库里，没有重复收入。", title=title) from None
    note(actor, organization, "add-corpus-text", row, f"{_name(row)}收入资料库", digest=row.digest)
    return row


def rename_text(actor: Account, text: CorpusText, title: str) -> CorpusText:
    """Put the title right; the words stay as they are."""
    title = " ".join(title.split())[:200]
    if not title:
        raise UserError("corpus-no-title", "请给每一篇写上标题。")
    with transaction.atomic():
        row = CorpusText.objects.select_for_update(of=("self",)).select_related("organization").get(pk=text.pk)
        before, row.title = row.title, title
        if before != title:
            row.save(update_fields=["title"])
            note(actor, row.organization, "rename-corpus-text", row, f"《{before}》改题为《{title}》")
    return row


def remove_text(actor: Account, text: CorpusText) -> None:
    """Delete a text; what it was stays in the journal, its words do not."""
    with transaction.atomic():
        row = (
            CorpusText.objects.select_for_update(of=("self",)).select_related("organization").filter(pk=text.pk).first()
        )
        if row is None:
            return
        note(
            actor, row.organization, "remove-corpus-text", row, f"{_name(row)}移出资料库",
            owner=row.owner, file_name=row.file_name, digest=row.digest,
        )  # fmt: skip
        row.delete()


def rebuild(actor: Account, organization: Organization) -> int:
    """Write the file of the body's tree anew from the database; how many texts are in it."""
    count = len(file.rebuild(file.root_of(organization)).versions)
    with transaction.atomic():
        note(actor, organization, "rebuild-corpus", None, f"重建资料库索引，共{count}篇")
    return count


def _name(row: CorpusText) -> str:
    year = f"{row.year}年，" if row.year else ""
    return f"《{row.title}》（{year}{Visibility(row.visibility).label}）"
