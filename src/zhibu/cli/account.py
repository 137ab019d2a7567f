"""`zhibu account`: the first administrator, and a way back in when a password was lost. Passwords never stand on the
command line, where the shell's history and every other process would see them."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from typing import Any

from zhibu.cli.main import use_django
from zhibu.errors import UserError

SUMMARY = "开设账号、重设密码、列出账号。"
OFFICES = ("system", "security", "audit")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    add = actions.add_parser("add", help="开设账号")
    whose = add.add_mutually_exclusive_group(required=True)
    whose.add_argument("--office", choices=OFFICES, help="三员之一：system 系统、security 安全、audit 审计")
    whose.add_argument("--member", metavar="CODE/NUMBER", help="党员：支部代码/党员编号，如 ZB001/003")
    password = actions.add_parser("password", help="重设密码")
    for action in (add, password):
        action.add_argument("username", help="登录名")
        action.add_argument("--password-stdin", action="store_true", help="从标准输入的第一行读取密码")
    listing = actions.add_parser("list", help="列出账号")
    listing.add_argument("--format", choices=("table", "json"), default="table", help="table：文字；json：供程序读取")


def run(options: argparse.Namespace) -> int:
    use_django()
    {"add": _add, "password": _password, "list": _list}[options.action](options)
    return 0


def _add(options: argparse.Namespace) -> None:
    from django.db import transaction

    from zhibu.org.journal import note
    from zhibu.org.models import Account

    if not options.username.strip():
        raise UserError("no-username", "登录名不能为空。")
    if Account.objects.filter(username__iexact=options.username).exists():
        raise UserError(
            "account-exists", "账号“{name}”已经有了。重设密码请用 zhibu account password。", name=options.username
        )
    member = _member(options.member) if options.member else None
    account = Account(username=options.username, member=member, office=options.office or "")
    account.set_password(_asked(options, account))
    with transaction.atomic():
        account.save()
        note(None, member and member.organization, "add-account", account, f"在命令行开设账号{account.username}")
    print(f"已开设账号 {account.username}。")


def _password(options: argparse.Namespace) -> None:
    from axes.utils import reset
    from django.db import transaction

    from zhibu.org.journal import note
    from zhibu.org.models import Account

    account = Account.objects.select_related("member__organization").filter(username=options.username).first()
    if account is None:
        raise UserError("no-such-account", "没有账号“{name}”。zhibu account list 列出全部账号。", name=options.username)
    account.set_password(_asked(options, account))
    with transaction.atomic():
        account.save(update_fields=["password"])
        reset(username=account.username)  # failed log-ins no longer lock it
        organization = account.member.organization if account.member else None
        note(None, organization, "reset-password", account, f"在命令行重设账号{account.username}的密码")
    print(f"已重设账号 {account.username} 的密码，原有登录随即失效。")


def _list(options: argparse.Namespace) -> None:
    from zhibu.org.models import Account

    rows = [_row(account) for account in Account.objects.select_related("member__organization").order_by("username")]
    if options.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        stopped = "" if row["active"] else "（已停用）"
        print(f"{row['username']}\t{row['office'] or row['organization']}\t{row['member']}{stopped}")
    if not rows:
        print("还没有账号。开设第一个：zhibu account add 登录名 --office system")


def _row(account: Any) -> dict[str, Any]:
    member = account.member
    return {
        "username": account.username,
        "office": account.office,
        "member": member.name if member else "",
        "organization": member.organization.code if member else "",
        "active": account.is_active,
    }


def _member(given: str) -> Any:
    from zhibu.org.models import Member

    code, _slash, number = given.rpartition("/")
    member = Member.objects.select_related("organization").filter(organization__code=code, number=number).first()
    if member is None:
        raise UserError("no-such-member", "没有找到党员“{given}”，应写作 支部代码/党员编号。", given=given)
    if hasattr(member, "account"):
        raise UserError(
            "member-has-account", "{name}已有账号“{username}”。", name=member.name, username=member.account.username
        )
    return member


def _asked(options: argparse.Namespace, account: Any) -> str:
    """The password, asked for twice at a terminal, and held to the same rules as on the page."""
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    if options.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif not sys.stdin.isatty():
        raise UserError("no-terminal", "这里没有终端可以输入密码，请用 --password-stdin 从标准输入读取。")
    else:
        password = getpass.getpass("密码：")
        if getpass.getpass("再输一次：") != password:
            raise UserError("passwords-differ", "两次输入的密码不一样，请重来。")
    try:
        validate_password(password, account)
    except ValidationError as error:
        raise UserError("weak-password", "密码不合要求：{why}", why="".join(error.messages)) from error
    return password
