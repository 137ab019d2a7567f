"""Access tokens: keys a person makes for programs. One is shown once; what it may do is judged whenever it is used."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from zhibu.errors import UserError
from zhibu.org.access import is_in_service
from zhibu.org.journal import note
from zhibu.org.models import Account, Scope, Token

DAYS = (30, 90, 180, 365)
"""For how long a token may be made."""
MOST = 10
"""Tokens one account may have in force."""
SHAPE = re.compile(r"zhibu_([0-9a-f]{10})_([A-Za-z0-9_-]{43})")


def tokens_of(account: Account, on: date) -> QuerySet[Token]:
    """The account's tokens in force, newest first."""
    return Token.objects.filter(account=account, revoked_at=None, expires__gte=on)


@transaction.atomic
def make_token(actor: Account, name: str, scope: str, days: int, on: date, *, at: datetime) -> tuple[Token, str]:
    """A token of the actor's own and its text, which nobody can read again. UserError when there are too many."""
    Account.objects.select_for_update().get(pk=actor.pk)
    if tokens_of(actor, on).count() >= MOST:
        raise UserError("tokens-many", "有效的访问令牌最多{most}个，请先作废不用的。", most=MOST)
    if scope not in Scope.values or days not in DAYS:
        raise ValueError((scope, days))
    key, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    token = Token.objects.create(
        account=actor, name=" ".join(name.split())[:40], scope=scope, key=key, digest=_digest(secret), made_at=at,
        expires=on + timedelta(days=days),
    )  # fmt: skip
    _note(actor, token, "make-token", f"新建访问令牌“{token.name}”（{token.get_scope_display()}）")
    return token, f"zhibu_{key}_{secret}"


@transaction.atomic
def revoke_token(actor: Account, token: Token, *, at: datetime) -> None:
    """Nothing can be done with it from now on. A second time changes nothing."""
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        _note(actor, token, "revoke-token", f"作废访问令牌“{token.name}”")


@transaction.atomic
def revoke_all(actor: Account | None, account: Account) -> None:
    """End every token of an account, as with a new password."""
    for token in Token.objects.filter(account=account, revoked_at=None).select_related("account__member__organization"):
        Token.objects.filter(pk=token.pk).update(revoked_at=timezone.now())
        _note(actor, token, "revoke-token", f"作废{account}的访问令牌“{token.name}”")


def _note(actor: Account | None, token: Token, verb: str, summary: str) -> None:
    member = token.account.member
    note(actor, member.organization if member else None, verb, token, summary, key=token.key, scope=token.scope)


# --- used -------------------------------------------------------------------------------------------------------------


def named(text: str) -> Token | None:
    """The token that a text names by its public part; whether it opens anything is for `opens` to say."""
    match = SHAPE.fullmatch(text)
    return Token.objects.select_related("account").filter(key=match[1]).first() if match else None


def opens(token: Token, text: str, on: date) -> bool:
    """Whether the text is this token's, and the token and its account are in force on the day."""
    match = SHAPE.fullmatch(text)
    if match is None or not hmac.compare_digest(_digest(match[2]), token.digest):
        return False
    return token.revoked_at is None and on <= token.expires and is_in_service(token.account, on)


def mark_used(token: Token, on: date) -> None:
    """The day of its last use: one write a day, however often it is used."""
    if token.last_used != on:
        Token.objects.filter(pk=token.pk).update(last_used=on)


def _digest(secret: str) -> str:
    """Of 256 random bits a plain hash suffices: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).hexdigest()
