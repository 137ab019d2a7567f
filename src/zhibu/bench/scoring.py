"""Schemes over three hundred branches, from the database: a trial, a round of reports frozen, what swaps bodies."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from zhibu.bench.measure import DEMO_YEAR, Row, demo_home, peak_megabytes, timed

SUMMARY = "300 个支部按样例办法评价一遍，从数据库读起（SQLite）。"
BRANCHES = 300


def run() -> Iterator[Row]:
    demo_home(BRANCHES)
    from zhibu.cli.main import use_django

    use_django()
    from zhibu.ledger.queries import ledgers_of
    from zhibu.org.models import Organization

    on = date(DEMO_YEAR, 12, 31)
    branches = list(Organization.objects.filter(kind="branch").order_by("path")[:BRANCHES])

    def ledgers() -> int:
        return sum(len(standings) for _body, standings in ledgers_of(branches, DEMO_YEAR, on))

    yield from _trials(branches, on)
    plain = timed(ledgers, runs=5)
    yield Row("只读这些支部的台账（不算党小组）", plain.wall, note=f"{plain.result} 格")
    yield from _round(branches, on)


def _trials(branches: list[Any], on: date) -> Iterator[Row]:
    """Points anew from the ledger; nothing is stored."""
    from zhibu.scoring import queries
    from zhibu.scoring.models import Evaluation, State
    from zhibu.scoring.points import total
    from zhibu.scoring.reading import load_schemes

    for slug, (scheme, data) in load_schemes().items():
        state = State.SELF if scheme.self_assessed else State.TRIAL
        group = [
            Evaluation(
                pk=number, organization=branch, committee=branch, year=DEMO_YEAR, scheme=slug, state=state,
                scheme_data=json.dumps(dict(data)), made_at=datetime(DEMO_YEAR, 12, 31, tzinfo=UTC),
            )
            for number, branch in enumerate(branches, 1)
        ]  # fmt: skip
        for one in group:
            one._prefetched_objects_cache = {"items": []}

        def judged(group: list[Evaluation] = group, scheme: Any = scheme) -> int:
            found = queries.points_of_all(group, on)
            return len([total(points, scheme) for points in found.values()])

        whole = timed(judged, runs=5)
        note = f"{len(scheme.items)} 项，CPU {whole.cpu:.2f} s，最多占内存 {peak_megabytes():.0f} MB"
        yield Row(f"{whole.result} 个支部全部重算，{slug}", whole.wall, 2.0, note=note)


def _round(branches: list[Any], on: date) -> Iterator[Row]:
    """A round of reports as the review runs it, taken back afterwards; then what would swap bodies."""
    from django.db import transaction

    from zhibu.org.models import Member, Organization
    from zhibu.scoring import grading, queries
    from zhibu.scoring.grading import Part, Vote
    from zhibu.scoring.models import Evaluation
    from zhibu.scoring.points import Point
    from zhibu.scoring.weighing import swaps, weigh

    root = Organization.objects.get(depth=1)
    first = {row.organization_id: row for row in Member.objects.order_by("-pk")}
    votes = {"overall": Vote(Fraction(9, 10))}
    parts = [Part(branch, first[branch.pk], ballots=votes) for branch in branches]
    at = datetime(DEMO_YEAR, 12, 31, tzinfo=UTC)
    offered = queries.schemes_for(root)
    with transaction.atomic():
        begun = timed(lambda: grading.begin_reports(None, root, offered["report-grade"], DEMO_YEAR, parts, at=at), 1, 0)
        keys = [one.pk for one in begun.result]
        rows = queries.with_items(Evaluation.objects.filter(pk__in=keys))
        live = timed(lambda: queries.grades_of(rows.all(), on), runs=3)
        frozen = timed(lambda: grading.freeze(None, keys, on, at=at), 1, 0)
        read = timed(lambda: queries.grades_of(rows.all(), on), runs=5)
        transaction.set_rollback(True)
    yield Row(f"{len(keys)} 份述职的评价全部重算，核定以前", live.wall, 2.0, note=f"CPU {live.cpu:.2f} s")
    yield Row(f"{len(keys)} 份述职的评价全部重算，核定以后", read.wall, 2.0, note=f"CPU {read.cpu:.2f} s")
    yield Row(f"{len(keys)} 份开始评价", begun.wall, note="每份一条操作日志")
    yield Row(f"{len(keys)} 份核定，连同台账快照", frozen.wall, note="述职时已有快照的不用再做")
    scheme = offered["year-end"].scheme
    bodies = [weigh(number, _made_up(scheme, number, Point), scheme) for number in range(len(branches))]
    swapped = timed(lambda: swaps(bodies, scheme), runs=3)
    yield Row(f"{len(bodies)} 个组织“名次怎样会变”", swapped.wall, 2.0, note=f"{len(swapped.result)} 对")


def _made_up(scheme: Any, number: int, point: Any) -> list[Any]:
    """Points that differ from body to body in every item."""
    from decimal import Decimal

    found = []
    for place, item in enumerate(scheme.items):
        share = Decimal((number * 37 + place * 101) % 100) / 100
        full = item.points if item.role == "scored" else Decimal(0)
        worth = (full * share).quantize(Decimal("0.01"))
        found.append(point(item.slug, item.role, "part", worth, worth, full, item.sort, False, ()))
    return found
