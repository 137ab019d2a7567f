"""Fills a database of its own for the tests that need real processes: `python -m tests.notices.outside URL PEOPLE`.

Every one of PEOPLE accounts has a robot at URL, confirmed, and one message that is due.
"""

from __future__ import annotations

import os
import sys


def fill(url: str, people: int) -> None:
    from django.core.management import call_command
    from django.utils import timezone

    from zhibu.errors import Sentence
    from zhibu.notices.jobs import wake
    from zhibu.notices.models import Channel, Delivery, Notice
    from zhibu.notices.passing import pass_on
    from zhibu.notices.sealing import seal
    from zhibu.notices.services import tell
    from zhibu.org.models import Account

    call_command("migrate", verbosity=0)
    now = timezone.now()
    accounts = Account.objects.bulk_create(Account(username=f"a{number}", password="!") for number in range(people))
    Channel.objects.bulk_create(
        Channel(account=one, way="webhook", sealed=seal({"url": f"{url}&who={one.username}"}), kinds=["due"],
                made_at=now, made_by=one, confirmed_at=now)
        for one in accounts
    )  # fmt: skip
    tell(accounts, Sentence("due-soon", "快到期了"), kind="due", at=now, about="due/all")
    while pass_on(now):
        pass
    Delivery.objects.update(due=now)
    assert Notice.objects.count() == people
    wake()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhibu.settings")
    import django

    django.setup()
    fill(sys.argv[1], int(sys.argv[2]))
