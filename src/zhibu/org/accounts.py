"""Accounts: opened for a member, given a new password, locked. A password is shown once and kept nowhere in clear."""

from __future__ import annotations

import re
import secrets
from datetime import date

from axes.utils import reset as forget_failures
from django.db import transaction
from django.db.models import Q, QuerySet

from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Member
from zhibu.org.queries import posts_of
from zhibu.org.tokens import revoke_all

# Without 0 O 1 l I, which are mistaken for each other on paper.
_LETTERS, _CAPITALS, _DIGITS = "abcdefghijkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"


def new_password() -> str:
    """Twelve signs of three classes in groups of four, to be read aloud or copied: about 66 bits."""
    while True:
        text = "".join(secrets.choice(_LETTERS + _CAPITALS + _DIGITS) for _ in range(12))
        if all(set(text) & set(signs) for signs in (_LETTERS, _CAPITALS, _DIGITS)):
            return "-".join((text[:4], text[4:8], text[8:]))


@transaction.atomic
def create_account(actor: Account, member: Member, username: str) -> tuple[Account, str]:
    """An account for a member and its first password. What it may do follows from the member's posts."""
    username = username.strip()
    if not re.fullmatch(r"[\w.@+-]{3,60}", username):
        raise UserError("username-shape", "登录名用3到60个字母、汉字、数字或 . @ + - _，中间不留空格。")
    if Account.objects.filter(username__iexact=username).exists():
        raise UserError("username-taken", "登录名“{username}”已有人使用，请换一个。", username=username)
    if Account.objects.filter(member=member).exists():
        raise UserError("member-has-account", "{name}已有账号。", name=member.name)
    password = new_password()
    account = Account.objects.create_user(username, password=password, member=member)
    note(actor, member.organization, "add-account", account, f"为{member.name}开设账号{username}")
    return account, password


@transaction.atomic
def reset_password(actor: Account, account: Account) -> str:
    """A new password; sessions begun with the old one end, its tokens too, and failed log-ins are forgotten."""
    password = new_password()
    account.set_password(password)
    account.save(update_fields=["password"])
    revoke_all(actor, account)
    forget_failures(username=account.username)
    _note(actor, account, "reset-password", f"重设{account}的密码")
    return password


@transaction.atomic
def lock_account(actor: Account, account: Account, *, reason: str) -> None:
    """Nobody can log in with it from now on; open sessions end."""
    if account.pk == actor.pk:
        raise UserError("not-oneself", "不能停用自己的账号。")
    account.is_active = False
    account.save(update_fields=["is_active"])
    _note(actor, account, "lock-account", f"停用{account}的账号：{reason}" if reason else f"停用{account}的账号")


@transaction.atomic
def unlock_account(actor: Account, account: Account) -> None:
    account.is_active = True
    account.save(update_fields=["is_active"])
    forget_failures(username=account.username)
    _note(actor, account, "unlock-account", f"恢复{account}的账号")


def _note(actor: Account, account: Account, verb: str, summary: str) -> None:
    note(actor, account.member.organization if account.member else None, verb, account, summary)


def listed_accounts(asked: str) -> QuerySet[Account]:
    """Accounts whose log-in, name, branch or branch's code carries every word."""
    found = Account.objects.select_related("member__organization")
    for word in asked.split():
        found = found.filter(
            Q(username__icontains=word)
            | Q(member__name__icontains=word)
            | Q(member__organization__name__icontains=word)
            | Q(member__organization__code__iexact=word)
        )
    return found.order_by("-office", "member__organization__path", "username")


def with_roles(accounts: list[Account], day: date) -> list[Account]:
    """The accounts, each with `roles`: the posts of its member on `day`."""
    posts = posts_of([account.member for account in accounts if account.member], day)
    for account in accounts:
        account.roles = posts.get(account.member_id, [])
    return accounts


def without_account(asked: str) -> QuerySet[Member]:
    """Members an account can be opened for: by name, number, branch or its code."""
    found = Member.objects.filter(account=None).select_related("organization")
    for word in asked.split():
        found = found.filter(
            Q(name__icontains=word)
            | Q(number=word)
            | Q(organization__name__icontains=word)
            | Q(organization__code__iexact=word)
        )
    return found.order_by("organization__path", "number")
