"""JSON: one list of findings over all files."""

from __future__ import annotations

import json
from collections.abc import Sequence

from zhibu.checks.files import Checked


def render(checked: Sequence[Checked]) -> str:
    rows = [finding.to_json() for each in checked for finding in each.findings]
    return json.dumps(rows, ensure_ascii=False, indent=2)
