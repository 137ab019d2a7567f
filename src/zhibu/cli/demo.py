"""Fill an empty database with the made-up county."""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime, time, timedelta

from zhibu.cli.main import use_django

SUMMARY = "在空数据库中生成演示数据（全部虚构）。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--organizations", type=int, default=30, metavar="N", help="支部数，默认 30")
    parser.add_argument("--members", type=int, metavar="N", help="党员数，默认每个支部平均 20 人")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="随机种子，默认 1")
    parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="数据截至哪一天，默认今天")
    parser.add_argument("--years", type=int, default=2, metavar="N", help="几个年度的记录，默认 2")
    parser.add_argument("--if-empty", action="store_true", help="数据库已有数据时什么也不做")
    parser.add_argument("--accounts", action="store_true", help="只列出演示账号")


def run(options: argparse.Namespace) -> int:
    use_django()
    from django.core.management import call_command
    from django.utils import timezone

    from zhibu.demo.accounts import PASSWORD, demo_accounts
    from zhibu.demo.build import build_demo
    from zhibu.org.models import Organization

    if options.accounts:
        print(f"\n演示账号（密码都是 {PASSWORD}）：")
        for username, what in demo_accounts():
            print(f"  {username:<12}{what}")
        return 0
    call_command("migrate", verbosity=0)
    if options.if_empty and Organization.objects.exists():
        return 0
    build_demo(
        organizations=options.organizations,
        members=options.members or 20 * options.organizations,
        seed=options.seed,
        on=options.on or timezone.localdate(),
        years=options.years,
        progress=_progress if sys.stderr.isatty() or options.organizations > 100 else lambda done, of: None,
    )
    if options.organizations <= 100:
        _remind(options.on or timezone.localdate())
    return 0


def _remind(on: date) -> None:
    """The reminders of the demo's last day, as the timer would have sent them in the morning; older ones were read."""
    from django.db.models import F
    from django.utils import timezone

    from zhibu.notices.models import Notice
    from zhibu.reminders.services import remind

    morning = timezone.make_aware(datetime.combine(on, time(7, 30)))
    remind(on, morning)
    Notice.objects.filter(at__lt=morning - timedelta(days=7)).update(read_at=F("at"))


def _progress(done: int, of: int) -> None:
    print(f"\r生成演示数据：{done}/{of} 个支部", end="" if done < of else "\n", file=sys.stderr, flush=True)
