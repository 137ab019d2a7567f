from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence

COMMENTS = Sentence("drafting-comments", "文件里还有{count}条批注，第一条在“{excerpt}”。")


@rule(
    "ST19",
    "drafting-left",
    severity="warning",
    label="修订或批注没有清理",
    label_en="Tracked changes or comments left in the file",
    message=Sentence("drafting-changes", "文件里还有{count}处修订没有接受或拒绝，第一处在“{excerpt}”。"),
    why=Sentence("drafting-left-why", "收到文件的人看得见谁改过什么、删了什么，报上去的应是定稿。"),
    fix=Sentence("drafting-left-fix", "请在 Word 或 WPS 的“审阅”里接受或拒绝全部修订、删去批注，再保存。"),
)
def drafting_left(report: Outline, context: Context) -> Iterator[Hit]:
    """Word 文件里留有修订（插入、删除、移动）或批注时各报一次，指在第一处。校核时按接受全部修订后的文字计。"""
    for comments in (False, True):
        places = [trace.offset for trace in context.traces if (trace.kind == "comment") is comments]
        if places:
            start, end = _shown(report, min(places))
            yield Hit(start, end, {"count": len(places)}, message=COMMENTS if comments else None)


def _shown(report: Outline, offset: int) -> tuple[int, int]:
    """The sentence at the offset, else the paragraph it stands in."""
    for place in (offset, offset - 1):  # what stands at the end of a paragraph belongs to its last sentence
        start, end = report.sentence_at(place)
        if start < end:
            return start, end
    paragraph = report.paragraph_at(offset)
    return (paragraph.start, paragraph.end) if paragraph else (0, 0)
