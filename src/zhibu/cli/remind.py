"""`zhibu remind`: once a day, by a timer. A second run on the same day tells nobody anything twice."""

from __future__ import annotations

import argparse
from datetime import date

from zhibu.cli.main import use_django

SUMMARY = "按到期情况提醒有关的人（供定时任务每天运行）。"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="按哪一天计算，默认今天")
    parser.add_argument("--dry-run", action="store_true", help="只列出要提醒的事，不提醒")


def run(options: argparse.Namespace) -> int:
    use_django()
    from django.utils import timezone

    from zhibu.reminders.services import remind, reminders_on

    on = options.on or timezone.localdate()
    if options.dry_run:
        for one in reminders_on(on):
            people = "、".join(person.name for person in one.people) or "（没有可提醒的人）"
            print(f"{people}\t{one.reminder.sentence}")
        return 0
    told = remind(on, timezone.now())
    print(f"{on}：提醒{told.people}人，共{told.notices}条；群提醒{told.groups}条。")
    return 0
