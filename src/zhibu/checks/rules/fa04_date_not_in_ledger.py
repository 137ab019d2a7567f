from collections.abc import Iterator

from zhibu.checks.claims import dated_claims
from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "FA04",
    "date-not-in-ledger",
    severity="error",
    label="日期与台账不符",
    label_en="Date not in the ledger",
    message=Sentence("date-not-in-ledger", "“{excerpt}”：台账在这一天没有{label}{nearest}。"),
    why=Sentence("date-not-in-ledger-why", "活动日期是台账里最容易核对的一项。"),
    fix=Sentence("date-not-in-ledger-fix", "请按台账改正日期；台账记错的，先更正台账。"),
    needs_facts=True,
)
def date_not_in_ledger(report: Outline, context: Context) -> Iterator[Hit]:
    """用台账快照核对写明月、日的活动。台账有同类活动时，给出最近的一次。

    不好：3月8日召开党员大会。（台账为3月5日）
    """
    facts = context.facts
    assert facts is not None
    for dated in dated_claims(report, facts.year):
        records = facts.of_kind(dated.kind) if dated.kind else list(facts.activities)
        if dated.day not in {activity.held for activity in records}:
            near = (
                min(records, key=lambda activity: abs(activity.held - dated.day), default=None) if dated.kind else None
            )
            nearest = f"，最近的一次是{near.held.month}月{near.held.day}日" if near else ""
            yield Hit(dated.start, dated.end, {"label": dated.label or "活动", "nearest": nearest})
