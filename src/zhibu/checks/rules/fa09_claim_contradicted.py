import re
from collections.abc import Iterator

from zhibu.checks.engine import Context, rule, section_name
from zhibu.checks.findings import Hit, shown
from zhibu.checks.outline import Kind, Outline
from zhibu.checks.patterns import Pattern, pattern
from zhibu.checks.words import table
from zhibu.errors import Sentence


@rule(
    "FA09",
    "claim-contradicted",
    severity="error",
    confidence="likely",
    label="成绩和问题自相矛盾",
    label_en="An achievement denied by a problem",
    message=Sentence("claim-contradicted", "“{excerpt}”，而{section}又说“{denial}”。"),
    why=Sentence("claim-contradicted-why", "前面说做到了，后面说没做到，至少有一处不实。"),
    fix=Sentence("claim-contradicted-fix", "请按实际情况改其中一处，写明做到几次、没做到几次。"),
)
def claim_contradicted(report: Outline, context: Context) -> Iterator[Hit]:
    """按 wording/contradictions.yaml 的主题，对照履职部分的成绩和问题、原因部分的说法。

    不好：一（三）及时在公开栏公示；二（一）应公开的事项公开不及时。
    """
    for topic in table("contradictions"):
        denial = _first(report, ("problems", "causes"), pattern(topic["denial"]))
        if denial is None:
            continue
        claim = pattern(topic["claim"])
        for part in report.tops("performance"):
            for found in claim.finditer(report.text, part.start, part.end):
                data = {"denial": shown(denial[0]), "section": section_name(report, denial.start())}
                yield Hit(found.start(), found.end(), data)


def _first(report: Outline, kinds: tuple[Kind, ...], pattern: Pattern) -> re.Match[str] | None:
    found = (pattern.search(report.text, part.start, part.end) for part in report.tops(*kinds))
    return next((match for match in found if match), None)
