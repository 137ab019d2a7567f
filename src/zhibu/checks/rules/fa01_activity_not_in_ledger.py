from collections.abc import Iterator

from zhibu.checks.claims import claims, period
from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "FA01",
    "activity-not-in-ledger",
    severity="error",
    label="台账里没有这项活动",
    label_en="Activity not in the ledger",
    message=Sentence("activity-not-in-ledger", "“{excerpt}”在台账中查无记录（{period}没有{label}）。"),
    why=Sentence("activity-not-in-ledger-why", "述职所列活动应能在台账中找到。"),
    fix=Sentence("activity-not-in-ledger-fix", "请补录活动，或改正文字。"),
    needs_facts=True,
)
def activity_not_in_ledger(report: Outline, context: Context) -> Iterator[Hit]:
    """用台账快照核对：报告说召开、开展了某种活动，而台账在那几个月（没写月份的，全年）没有这种活动时报告。

    不好：9月召开党员大会。（台账9月没有党员大会）
    """
    facts = context.facts
    assert facts is not None
    seen: set[tuple[str, range]] = set()
    for claim in claims(report):
        held = [activity for activity in facts.of_kind(claim.kind) if activity.held.month in claim.months]
        if not held and (claim.kind, claim.months) not in seen:
            seen.add((claim.kind, claim.months))
            yield Hit(claim.start, claim.end, {"period": period(facts.year, claim.months), "label": claim.label})
