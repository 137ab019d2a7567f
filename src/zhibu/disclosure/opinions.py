"""Opinions on what was disclosed, and suggestions: kept as they came, answered by the committee."""

from __future__ import annotations

import re
import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from zhibu.disclosure.models import Comment, Publication
from zhibu.disclosure.telling import tell_of_answer, tell_of_comment
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Organization
from zhibu.tasks.models import Task
from zhibu.tasks.services import Terms, give_task

TEXT, NAME = 1000, 30
RECEIPT_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Signs nobody takes for another when writing them down."""


def comment(
    organization: Organization,
    publication: Publication | None,
    text: str,
    *,
    source: str,
    at: datetime,
    name: str = "",
    account: Account | None = None,
) -> Comment:
    """Keep an opinion or a suggestion. `account` only where a member signs: otherwise the journal names nobody either.

    Raises UserError for an empty or endless text and for a publication that is not up.
    """
    text, name = text.strip(), name.strip()
    if not text:
        raise UserError("comment-empty", "请写下意见建议。")
    if len(text) > TEXT or len(name) > NAME:
        raise UserError("comment-too-long", "意见建议不超过{text}字，姓名不超过{name}字。", text=TEXT, name=NAME)
    if publication is not None and not publication.is_up(timezone.localdate(at)):
        raise UserError("comment-too-late", "这件事已经不再公开。您的意见可以作为一般建议提出。")
    with transaction.atomic():
        row = Comment.objects.create(
            organization=organization,
            publication=publication,
            text=text,
            name=name,
            source=source,
            account=account,
            receipt=_receipt(),
            at=at,
        )
        note(account, organization, "comment", row, "收到意见建议", source=source)
        tell_of_comment(row, at)
    return row


def _receipt() -> str:
    signs = "".join(secrets.choice(RECEIPT_SIGNS) for _ in range(10))
    return f"{signs[:5]}-{signs[5:]}"


def with_receipt(typed: str) -> Comment | None:
    """The opinion a receipt stands for, however it was typed."""
    signs = re.sub(r"[^0-9A-Z]", "", typed.upper())
    if len(signs) != 10:
        return None
    rows = Comment.objects.select_related("organization", "publication")
    return rows.filter(receipt=f"{signs[:5]}-{signs[5:]}").first()


def answer(actor: Account, row: Comment, text: str, *, at: datetime) -> Comment:
    """Answer, or put an answer right; the writer reads it with the receipt."""
    text = text.strip()
    if not text:
        raise UserError("answer-empty", "请写下答复。")
    if len(text) > TEXT:
        raise UserError("answer-too-long", "答复不超过{limit}字。", limit=TEXT)
    with transaction.atomic():
        current = Comment.objects.select_for_update().get(pk=row.pk)
        earlier = {"earlier": current.answer} if current.answer else {}
        current.answer, current.answered_at, current.answered_by = text, at, actor
        current.save()
        note(actor, current.organization, "answer-comment", current, "答复意见建议", **earlier)
        tell_of_answer(current, at)
    return current


def take_up(actor: Account, row: Comment, terms: Terms, on: date, *, at: datetime) -> Task:
    """Make a task of a suggestion, once; its state is shown beside it. Raises UserError as `give_task`."""
    with transaction.atomic():
        current = Comment.objects.select_for_update(of=("self",)).select_related("organization", "task").get(pk=row.pk)
        if current.task is not None:
            raise UserError("taken-up", "这条意见已经转为任务。")
        current.task = give_task(actor, current.organization, terms, on, at=at)
        current.save()
    return current.task
