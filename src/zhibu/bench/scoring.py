"""A scheme over three hundred branches, from the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime

from zhibu.bench.measure import DEMO_YEAR, Row, demo_home, peak_megabytes, timed

SUMMARY = "300 个支部按样例办法评价一遍，从数据库读起（SQLite）。"
BRANCHES = 300


def run() -> Iterator[Row]:
    demo_home(BRANCHES)
    from zhibu.cli.main import use_django

    use_django()
    from zhibu.ledger.queries import ledgers_of
    from zhibu.org.models import Organization
    from zhibu.scoring import queries
    from zhibu.scoring.models import Evaluation
    from zhibu.scoring.points import total
    from zhibu.scoring.reading import load_schemes

    scheme, data = load_schemes()["standard-branch"]
    on = date(DEMO_YEAR, 12, 31)
    branches = list(Organization.objects.filter(kind="branch").order_by("path")[:BRANCHES])
    made = datetime(DEMO_YEAR, 12, 31, tzinfo=UTC)
    group = [
        Evaluation(
            pk=number, organization=branch, committee=branch, year=DEMO_YEAR, scheme=scheme.slug,
            scheme_data=json.dumps(dict(data)), made_at=made,
        )
        for number, branch in enumerate(branches, 1)
    ]  # fmt: skip
    for one in group:
        one._prefetched_objects_cache = {"items": []}

    def judged() -> int:
        found = queries.points_of_all(group, on)
        return len([total(points, scheme) for points in found.values()])

    def ledgers() -> int:
        return sum(len(standings) for _body, standings in ledgers_of(branches, DEMO_YEAR, on))

    whole, plain = timed(judged, runs=5), timed(ledgers, runs=5)
    note = f"{len(scheme.items)} 项，CPU {whole.cpu:.2f} s，最多占内存 {peak_megabytes():.0f} MB"
    yield Row(f"{whole.result} 个支部全部重算", whole.wall, 2.0, note=note)
    yield Row("只读这些支部的台账（不算党小组）", plain.wall, note=f"{plain.result} 格")
