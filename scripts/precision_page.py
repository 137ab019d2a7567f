"""Write docs/precision.md from the texts of tests/checks and what was judged of their findings."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.checks.precision import page  # noqa: E402

(ROOT / "docs" / "precision.md").write_text(page(), "utf-8")
