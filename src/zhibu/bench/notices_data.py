"""Fills the benchmark's empty database: `python -m zhibu.bench.notices_data URL PEOPLE` prints its times as JSON."""

from __future__ import annotations

import json
import sys
import time


def fill(url: str, people: int) -> dict[str, float]:
    from django.core.management import call_command
    from django.utils import timezone

    from zhibu.errors import Sentence
    from zhibu.notices.jobs import wake
    from zhibu.notices.models import Channel, Delivery
    from zhibu.notices.passing import pass_on
    from zhibu.notices.sealing import seal
    from zhibu.notices.services import tell
    from zhibu.org.models import Account

    call_command("migrate", verbosity=0)
    now = timezone.now()
    accounts = Account.objects.bulk_create(Account(username=f"a{number}") for number in range(people))
    Channel.objects.bulk_create(
        Channel(account=one, way="webhook", sealed=seal({"url": f"{url}/{one.username}"}), kinds=["due"],
                made_at=now, made_by=one, confirmed_at=now)
        for one in accounts
    )  # fmt: skip
    begun = time.perf_counter()
    tell(accounts, Sentence("due-soon", "快到期了"), kind="due", at=now, about="due/all")
    told = time.perf_counter()
    while pass_on(now):
        pass
    passed_on = time.perf_counter()
    Delivery.objects.update(due=now)
    wake()
    return {"told": told - begun, "passed_on": passed_on - told}


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(fill(sys.argv[1], int(sys.argv[2]))))
