"""Benchmarks: figures of this machine, always beside the stated peer. `zhibu bench NAME` runs one.

A benchmark is a module with SUMMARY and `run() -> Iterator[Row]`. docs/benchmarks.md keeps the figures.
"""

NAMES = (
    "check",
    "report",
    "handbook",
    "ledger",
    "arrival",
    "country",
    "pages",
    "scoring",
    "season",
    "ballots",
    "similarity",
    "notices",
)
