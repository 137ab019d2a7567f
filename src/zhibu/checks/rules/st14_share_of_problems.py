from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit, Severity
from zhibu.checks.outline import Outline, Section
from zhibu.errors import Sentence

FEW = 0.6
"""Below this part of the wanted share it is a warning; well-written reports too may lie between the two."""


@rule(
    "ST14",
    "share-of-problems",
    severity="info",
    confidence="likely",
    label="谈问题的篇幅太少",
    label_en="Problems take too small a share",
    message=Sentence("share-of-problems", "从“{excerpt}”起，问题和原因约占全文{share}%，少于{least}%。"),
    why=Sentence("share-of-problems-why", "述职评议重在找问题，成绩讲得多、问题讲得少，评议就没有了对象。"),
    fix=Sentence("share-of-problems-fix", "请压缩成绩，把问题和原因讲具体。"),
)
def share_of_problems(report: Outline, context: Context) -> Iterator[Hit]:
    """问题和原因两部分合计不到四分之一时提示，不到15%时警告；基本情况和上年度问题整改两部分不计入全文。

    没有全国统一的规定，比例可在 .zhibu.toml 中另设（length.problems）。
    """
    parts = report.tops("problems", "causes")
    length = report.length - sum(_length(report, part) for part in report.tops("basic", "last-findings"))
    if not parts or length <= 0:
        return
    share = 100 * sum(_length(report, part) for part in parts) / length
    least = context.limits.problems
    if share < least:
        severity: Severity = "warning" if share < FEW * least else "info"
        yield Hit(*report.head(parts[0]), {"share": int(share), "least": least}, severity=severity)


def _length(report: Outline, part: Section) -> int:
    return len("".join(report.text[part.start : part.end].split()))
