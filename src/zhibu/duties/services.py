"""What is written about duties: local ones laid down and ended, and reasons for a 一般 duty that was not done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from zhibu.duties.models import Explanation, LocalDuty
from zhibu.errors import UserError
from zhibu.org.journal import note
from zhibu.org.models import Account, Organization
from zhibu.periods import Period
from zhibu.rulebook.duty import STRENGTHS, Duty
from zhibu.rulebook.regulations import parse_duty

DOCUMENT = ("document", "origin", "number", "since", "until")
"""What the document says of itself; the rest of the values are the duty's own fields."""


def lay_down_duty(actor: Account, organization: Organization, values: Mapping[str, Any]) -> LocalDuty:
    """Lay down a duty for the bodies below. `values`: document, origin, number, since, until and `data`.

    `data` are the fields of a duty as in a rule file. Raises UserError naming the field that is wrong.
    """
    for field, label in (("document", "文件名称"), ("origin", "发文单位"), ("number", "文号")):
        if not values.get(field):
            raise UserError("local-duty-source", "请填写{label}。本地任务必须有出处。", label=label)
    parse_duty(
        "local-0/duty",
        values["data"],
        regulation=values["document"],
        since=values["since"],
        until=values.get("until"),
        origin=values["origin"],
        number=values["number"],
        where=values["data"].get("label") or values["document"],
    )
    with transaction.atomic():
        duty = LocalDuty.objects.create(
            organization=organization,
            data=dict(values["data"]),
            made_at=timezone.now(),
            made_by=actor,
            **{field: values.get(field) for field in DOCUMENT},
        )
        note(actor, organization, "lay-down-duty", duty, duty.data["label"], number=duty.number)
    return duty


def end_duty(actor: Account, duty: LocalDuty, until: date) -> None:
    """The duty holds up to and including `until`; what it asked for before stays in the ledger."""
    if until < duty.since:
        raise UserError("local-duty-ends-early", "截止日期不能早于起始日期{since}。", since=duty.since)
    if duty.until is not None and until > duty.until:
        raise UserError("local-duty-ended", "这项任务已定于{until}截止，只能提前，不能延后。", until=duty.until)
    with transaction.atomic():
        duty.until = until
        duty.save(update_fields=["until"])
        note(actor, duty.organization, "end-duty", duty, duty.data["label"], until=until.isoformat())


def explain(actor: Account, organization: Organization, duty: Duty, period: Period, reason: str) -> Explanation:
    """Say why a 一般 duty was not done in a period. The cell stays as it is; the reason stands beside it."""
    if duty.strength != "usually":
        raise UserError(
            "explanation-not-asked",
            "原文用词是“{strength}”，不能以说明代替。只有“一般”的要求可以说明原因。",
            strength=STRENGTHS[duty.strength],
        )
    if not reason.strip():
        raise UserError("explanation-empty", "请写明没有开展的原因。")
    with transaction.atomic():
        explanation, _made = Explanation.objects.update_or_create(
            organization=organization,
            duty=duty.id,
            period=period.key,
            defaults={"reason": reason.strip(), "made_at": timezone.now(), "made_by": actor},
        )
        note(actor, organization, "explain", explanation, f"{duty.label} {period.key}：{explanation.reason}"[:300])
    return explanation
