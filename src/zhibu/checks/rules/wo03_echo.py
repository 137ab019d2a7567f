import re
from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.frame import Paragraph
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import HAN, Pattern
from zhibu.checks.words import matches
from zhibu.errors import Sentence

SAME = Pattern(rf"([{HAN}]{{2}})(?:必须|应当|需要|要做到)\1[{HAN}]{{0,2}}")
BREAK = Pattern(r"[，,；;：:。！？!?、《》“”（）\n]")


@rule(
    "WO03",
    "echo",
    severity="warning",
    label="同一小句里用词重复",
    label_en="The same word twice in a clause",
    message=Sentence("echo", "“{excerpt}”里“{word}”用了两次。"),
    why=Sentence("echo-why", "重复的修饰词没有增加意思，多半是拼接造成的。"),
    fix=Sentence("echo-fix", "请留一处，另一处删去或换词。"),
)
def echo(report: Outline, context: Context) -> Iterator[Hit]:
    """查找同一小句里重复的修饰词，和“记录必须记录”一类的首尾同词。

    不好：深刻汲取案件的深刻教训；支部记录必须记录完整
    好：深刻汲取案件的教训；支部记录必须完整
    """
    for line in report.lines("lead-in", "body"):
        for found in SAME.finditer(line.text):
            yield Hit(line.start + found.start(), line.start + found.end(), {"word": found[1]})
        yield from _twice(line)


def _twice(line: Paragraph) -> Iterator[Hit]:
    last: re.Match[str] | None = None
    for found, _word in matches("echoes", line.text):
        if last and last[0] == found[0] and not BREAK.search(line.text, last.end(), found.start()):
            yield Hit(line.start + last.start(), line.start + found.end(), {"word": found[0]})
        last = found
