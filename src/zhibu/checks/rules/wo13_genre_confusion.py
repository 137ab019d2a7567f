from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

MEETING = Pattern(r"民主生活会[^，。；]{0,10}")
BODY = Pattern(r"全体党员|(?:召开|开展|组织)[^。]{0,12}支部|支部[^。]{0,8}(?:召开|开展|组织)")
OTHERS = Pattern(r"组织生活会|党组(?!织)|领导班子|班子成员|党委班子")


@rule(
    "WO13",
    "genre-confusion",
    severity="error",
    label="把民主生活会当成支部会议",
    label_en="Democratic life meeting mixed with a branch meeting",
    message=Sentence("genre-confusion", "“{excerpt}”把民主生活会的要求用在了支部党员会议上。"),
    why=Sentence("genre-confusion-why", "民主生活会由党员领导干部参加；支部召开的是组织生活会，两者的程序不同。"),
    fix=Sentence("genre-confusion-fix", "请核实开的是哪一种会，写组织生活会的名称、日期和到会人数。"),
)
def genre_confusion(report: Outline, context: Context) -> Iterator[Hit]:
    """查找同一句话里既说民主生活会，又以支部或全体党员为主体，且没有提到组织生活会、党组、领导班子的。

    不好：按照民主生活会的要求，组织全体党员召开专题会议。
    好：2月10日召开2024年度组织生活会，应到21人，实到21人。
    """
    for sentence in report.sentences_of("performance"):
        found = MEETING.search(sentence.text)
        if found and BODY.search(sentence.text) and not OTHERS.search(sentence.text):
            start = sentence.start + found.start()
            yield Hit(start, start + len(found[0]))
