from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

POST = Pattern(r"书记|委员|主任|院长|校长|局长|组长|总支|负责人|[：:]")
NO_POST = Sentence("missing-post", "署名“{excerpt}”没有写职务。")


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
    """查找标题与称呼之间有没有述职人的单位、职务和姓名；写在标题里的也算。有署名而没有职务的也报告。

    不好：2025年度抓基层党建工作述职报告 ↵ 县直机关工委：
    好：2025年度抓基层党建工作述职报告 ↵ 县审计局党支部书记 张三 ↵ 县直机关工委：
    """
    title = "".join(line.text for line in report.lines("title", "preface"))
    byline = report.lines("byline")
    if report.lines("title") and report.lines("body") and not byline and "书记" not in title:
        yield Hit(*report.top)
    elif byline and not POST.search(title + "".join(line.text for line in byline)):
        yield Hit(byline[0].start, byline[-1].end, message=NO_POST)
