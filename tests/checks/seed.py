"""Where the bought report of 2020 lies that the project began with. It is not ours to ship."""

from __future__ import annotations

import os
from pathlib import Path

BESIDE = Path(__file__).resolve().parents[2] / "../shared/data/seed-report.txt"
SEED = Path(os.environ.get("SEED_REPORT", BESIDE))
