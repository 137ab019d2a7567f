"""Whose report it is, as far as the names around it say: the writer's post decides which duties are to be told."""

from __future__ import annotations

from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern

BRANCH = Pattern(r"支部")
COMMITTEE = Pattern(r"(?:党委|党组|工委|委员会)(?:副)?书记")


def is_of_a_committee(report: Outline) -> bool:
    """Whether the title, the lines under it or the sign-off name a committee's or a leading group's secretary, and no
    branch's."""
    frame = "".join(line.text for line in report.lines("title", "preface", "byline", "signature"))
    return bool(COMMITTEE.search(frame)) and not BRANCH.search(frame)
