"""The ledger: how each duty of a body stands, and why."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import StringConstraints

from zhibu.api.answers import PageOf, Paging, PathYear, Refusal, answers, missing, page_of
from zhibu.api.keys import actor
from zhibu.duties.services import explain
from zhibu.ledger.queries import STATUS_ORDER, ledger_of
from zhibu.ledger.standing import Standing
from zhibu.org.access import get_seen_or_404, may_record, require, today

router = Router(tags=["台账"])
StatusName = Literal["met", "late", "defective", "missing", "not-yet-due", "exempt", "unknown"]


class Cell(Schema):
    duty: str
    label: str
    subject: str
    period: str
    since: date
    until: date
    status: str
    reason: str
    reason_code: str
    article: str
    strength: str
    confidence: str
    """V: the regulation's own text was read; otherwise not verified."""
    evidence: list[int]
    """Ids of activities."""


class Ledger(PageOf):
    year: int
    on: date
    counts: dict[str, int]
    """Of all cells, by status, whatever is filtered."""
    items: list[Cell]


class Explained(Schema):
    duty: str
    period: str
    reason: str


class ExplanationIn(Schema):
    duty: str
    period: str
    reason: Annotated[str, StringConstraints(min_length=1, max_length=300)]


@router.get("/organizations/{code}/ledger/{year}", response=answers(Ledger), summary="一个组织一年的台账")
def ledger(
    request: HttpRequest, code: str, year: PathYear, paging: Query[Paging], status: StatusName | None = None,
    kind: str = "", duty: str = "",
) -> Any:  # fmt: skip
    """当天的判定，每一格都有理由和依据。`kind`：哪种活动完成的；`duty`：哪项职责。"""
    on = today()
    body = get_seen_or_404(actor(request), code, on=on)
    every = ledger_of(body, year, on)
    counts = dict.fromkeys(STATUS_ORDER, 0)
    for one in every:
        counts[one.status] += 1
    wanted = [one for one in every if not status or one.status == status]
    wanted = [one for one in wanted if not duty or one.duty.id == duty]
    wanted = [one for one in wanted if not kind or kind in getattr(one.duty.shape, "of", ())]
    shown, page = page_of(wanted, paging)
    return {"year": year, "on": on, "counts": counts, "items": [_cell(one) for one in shown], **page}


def _cell(standing: Standing) -> dict[str, Any]:
    return standing.to_json(_) | {"since": standing.period.start, "until": standing.period.end}


@router.put(
    "/organizations/{code}/ledger/{year}/explanation", response=answers(Explained), summary="说明没有开展的原因"
)
def explanation(request: HttpRequest, code: str, year: PathYear, data: ExplanationIn) -> Any:
    """只限原文用“一般”、判定为未完成的一格；判定不变，原因显示在旁边。"""
    account, on = actor(request), today()
    body = get_seen_or_404(account, code, on=on)
    require(may_record(account, body, on))
    cells = (one for one in ledger_of(body, year, on) if (one.duty.id, one.period.key) == (data.duty, data.period))
    standing = next(cells, None) or missing()
    if standing.duty.strength == "usually" and standing.status != "missing":
        raise Refusal(422, "cell-not-missing", "这一格不是未完成，不用说明原因。")
    made = explain(account, body, standing.duty, standing.period, data.reason)
    return {"duty": made.duty, "period": made.period, "reason": made.reason}
