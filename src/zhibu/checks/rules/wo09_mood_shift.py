from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern, clause
from zhibu.errors import Sentence

ORDER = Pattern(
    r"必须(?!的)|(?<=[，。；：\n])要(?![求点素害务闻件么是领事员义等看到靠])|(?<=[一二三四五六七八九]是)要(?![求点素害务闻件么是领等看到靠])"
    r"|(?:开展|落实)好(?![了的几多])"
)
REPORTED = Pattern(
    r"明确|规定|要求|提出|强调|制度为|约定|写明|提醒|指出|认识到|懂得|表示|讨论|定了|定下|议定|商定|决定|立了|约好"
)


@rule(
    "WO09",
    "mood-shift",
    severity="warning",
    confidence="likely",
    label="总结里出现命令、打算的口气",
    label_en="Orders or plans among the deeds",
    message=Sentence("mood-shift", "“{excerpt}”是提要求、作打算的口气，不是已经做了的事。"),
    why=Sentence("mood-shift-why", "履职部分写已经做了什么；这样的话常常是从制度或计划里照搬来的。"),
    fix=Sentence("mood-shift-fix", "请改写为谁在什么时候做了什么，或移到下一步措施。"),
)
def mood_shift(report: Outline, context: Context) -> Iterator[Hit]:
    """在履职部分查找“必须”“要……”“开展好”“落实好”等词。转述规定和会议要求的话（“明确”“规定”“要求”等）不算。

    不好：支部记录必须完整、规范。
    好：我每季度检查一次支部记录，全年补正7处。
    """
    for sentence in report.sentences_of("performance"):
        for found in ORDER.finditer(report.text, sentence.start, sentence.end):
            start, end = clause(report.text, found.start(), found.end())
            if not REPORTED.search(report.text, max(sentence.start, start - 20), end):
                yield Hit(start, end)
