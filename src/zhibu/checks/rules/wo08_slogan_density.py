from collections import Counter
from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import matches
from zhibu.errors import Sentence

DENSEST = 3.5
"""Stock words per 100 characters above which a part counts as slogans: bought reports have over 5, padded ones about 4,
well-written ones at most 2.2 (tests/checks/styles)."""
SHORTEST = 200


@rule(
    "WO08",
    "slogan-density",
    severity="warning",
    confidence="likely",
    label="套话太密",
    label_en="Too many stock words",
    message=Sentence("slogan-density", "“{excerpt}”这一部分每百字有{density}个套词（{words}）。"),
    why=Sentence("slogan-density-why", "套词多、事实少，评议的人看不出与别的支部有什么不同。"),
    fix=Sentence("slogan-density-fix", "请删去不带事实的套词，换成次数、人数、日期和结果。"),
)
def slogan_density(report: Outline, context: Context) -> Iterator[Hit]:
    """履职部分每百字套词超过3.5个时报告一次，列出最多的几个。词表在 wording/slogans.yaml，书名号里的字不算。"""
    for part in report.tops("performance"):
        length = len("".join(report.text[part.start : part.end].split()))
        if length < SHORTEST:
            continue
        count = Counter(found[0] for found, _word in matches("slogans", report.text, part.start, part.end))
        density = 100 * count.total() / length
        if density > DENSEST:
            words = "、".join(f"{word}{times}次" for word, times in count.most_common(3))
            yield Hit(*report.head(part), {"density": round(density, 1), "words": words})
