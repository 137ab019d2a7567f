from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.errors import Sentence


@rule(
    "ST04",
    "missing-author",
    severity="error",
    label="标题下没有署名",
    label_en="No author under the title",
    message=Sentence("missing-author", "标题“{excerpt}”下没有写明述职人的单位、职务和姓名。"),
    why=Sentence("missing-author-why", "述职是个人的事，读的人先要知道是谁、任什么职务。"),
    fix=Sentence("missing-author-fix", "请在标题下居中写一行：单位、职务、姓名。"),
)
def missing_author(report: Outline, context: Context) -> Iterator[Hit]:
    """查找标题与称呼之间有没有述职人的单位、职务和姓名；写在标题里的也算。

    不好：2025年度抓基层党建工作述职报告 ↵ 县直机关工委：
    好：2025年度抓基层党建工作述职报告 ↵ 县审计局党支部书记 张三 ↵ 县直机关工委：
    """
    title = "".join(line.text for line in report.lines("title", "preface"))
    if report.lines("title") and report.lines("body") and not report.lines("byline") and "书记" not in title:
        yield Hit(*report.top)
