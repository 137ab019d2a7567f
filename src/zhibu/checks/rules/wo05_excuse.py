from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.words import matches
from zhibu.errors import Sentence


@rule(
    "WO05",
    "excuse",
    severity="warning",
    confidence="likely",
    label="把原因推给外部",
    label_en="An excuse instead of a cause",
    message=Sentence("excuse", "“{excerpt}”把原因推给了说不清的因素。"),
    why=Sentence("excuse-why", "找原因要从自己找起，笼统的客观因素改不了，也查不了。"),
    fix=Sentence("excuse-fix", "请写明是什么因素、自己当时怎样处理、应当怎样处理。"),
)
def excuse(report: Outline, context: Context) -> Iterator[Hit]:
    """在问题和原因两部分里，查找“受各种因素影响”“工作太忙”一类的话。

    不好：受各种因素的制约和影响，下基层调查研究少。
    好：全年只下基层2次，原因是我没有把调研排进每月计划。
    """
    for section in report.tops("problems", "causes"):
        for found, _word in matches("excuses", report.text, section.start, section.end):
            yield Hit(found.start(), found.end())
