"""The ledger of a county from its database, beside the plain loop over its bodies."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date

from zhibu.bench.measure import DEMO_YEAR, Row, demo_home, peak_megabytes, timed

SUMMARY = "2000 个支部（连同党小组、党委等）一年的台账，从数据库读起（SQLite）。"
SAMPLE = 100
"""Bodies of the plain loops, which are too slow to run over all of them; their time is scaled up."""


def run() -> Iterator[Row]:
    demo_home(2000)
    from zhibu.cli.main import use_django

    use_django()
    from zhibu.ledger.feeding import Tree, facts_below, from_database, scoped_duties
    from zhibu.ledger.queries import bodies_below
    from zhibu.org.models import Organization

    root, on = Organization.objects.get(depth=1), date(DEMO_YEAR, 12, 31)
    bodies = list(bodies_below(root))
    sample = bodies[:: len(bodies) // SAMPLE][:SAMPLE]
    alone, together = _loops(sample, on)
    scale = len(bodies) / len(sample)
    tree = Tree.below(root)
    duties = scoped_duties(tree, DEMO_YEAR)
    facts = timed(lambda: facts_below(tree, duties, DEMO_YEAR, on), runs=3)

    def whole() -> int:
        with from_database(Tree.below(root), DEMO_YEAR, on) as warehouse:
            return len(warehouse.codes()[0])

    found = timed(whole, runs=5)
    note = f"{len(bodies)} 个组织，{found.result} 格，CPU {found.cpu:.2f} s，最多占内存 {peak_megabytes():.0f} MB"
    yield Row("读库和判定，合计", found.wall, 2.0, "逐个组织的循环", alone * scale / found.wall, note)
    yield Row("其中读库", facts.wall, note=f"CPU {facts.cpu:.2f} s")
    yield Row(
        "其中 DuckDB 判定", found.wall - facts.wall, peer="成批读库的循环", ratio=together * scale / found.wall,
        note="倍数为合计之比",
    )  # fmt: skip
    yield Row("逐个组织的循环", alone * scale, note=f"{len(sample)} 个组织实测，按比例推算")
    yield Row("成批读库的循环", together * scale, note=f"{len(sample)} 个组织实测，按比例推算")


def _loops(sample: list, on: date) -> tuple[float, float]:  # type: ignore[type-arg]
    """Seconds of judging the sample body by body, and of reading it in one go and judging it in Python."""
    from zhibu.ledger.queries import ledger_of, ledgers_of

    ledger_of(sample[0], DEMO_YEAR, on)
    begun = time.perf_counter()
    for body in sample:
        ledger_of(body, DEMO_YEAR, on)
    between = time.perf_counter()
    for _ in ledgers_of(sample, DEMO_YEAR, on):
        pass
    return between - begun, time.perf_counter() - between
