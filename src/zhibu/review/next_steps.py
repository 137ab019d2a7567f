"""From the draft to the submission: which steps are done, by whom, and which is next. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhibu.review.models import Submission

LABELS: dict[str, str | Promise] = {
    "draft": _("起草"),
    "freeze": _("定稿"),
    "agree": _("支部委员会审议"),
    "sign": _("述职人签字"),
    "submit": _("提交"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """`done`: by whom and when stands beside it, where that is known; `now`: it is the next one."""

    slug: str
    label: str
    done: bool
    now: bool = False
    by: str = ""
    at: datetime | None = None
    on_paper: bool = False


def steps_of(has_report: bool, way: Submission | None, there: Submission | None) -> list[Step]:
    """`way`: the submission being prepared; `there`: the one in force. A new one on the way begins the steps again."""
    shown = way or there
    facts: list[tuple[str, str, datetime | None, bool]] = [("draft", "", None, has_report or shown is not None)]
    if shown is None:
        facts += [(slug, "", None, False) for slug in ("freeze", "agree", "sign", "submit")]
    else:
        there_already = shown.submitted_at is not None
        facts += [
            ("freeze", str(shown.made_by), shown.made_at, True),
            ("agree", str(shown.agreed_by or ""), shown.agreed_at, there_already or shown.agreed_at is not None),
            ("sign", str(shown.signed_by or ""), shown.signed_at, there_already or shown.signed_at is not None),
            ("submit", str(shown.submitted_by or ""), shown.submitted_at, there_already),
        ]
    first = next((slug for slug, _by, _at, done in facts if not done), "")
    paper = shown is not None and shown.on_paper
    return [
        Step(slug, str(LABELS[slug]), done, slug == first, by if done else "", at if done else None,
             paper and slug == "sign" and done)
        for slug, by, at, done in facts
    ]  # fmt: skip
