from collections.abc import Iterator

from zhibu.checks.engine import Context, rule, section_name
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline, Stretch
from zhibu.checks.patterns import HAN, Pattern
from zhibu.errors import Sentence

RULES = Pattern(r"“?三会一课”?(?:等\d*项?)?制度|党员大会制度|民主评议党员制度")
HEAD = Pattern(rf"[一二三四五六七八九十]{{1,2}}是([{HAN}、“”]{{4,30}})")
SHORTEST = 5
SAME_HEAD = Sentence("told-twice-head", "“{excerpt}”与前面{section}的“{other}”是同一件事。")


@rule(
    "FA07",
    "told-twice",
    severity="warning",
    confidence="likely",
    label="一件事说了几遍",
    label_en="One act told under several heads",
    message=Sentence("told-twice", "“{excerpt}”在{sections}说了{count}遍。"),
    why=Sentence("told-twice-why", "一件事分到几处说，成绩看起来多了，其实没有增加。"),
    fix=Sentence("told-twice-fix", "请合到一处，写清做了什么、做了几次。"),
)
def told_twice(report: Outline, context: Context) -> Iterator[Hit]:
    """在履职部分查找：同一制度在三处以上当作成绩说，而每处都没有次数；同一部分两条的标题是同一件事。

    不好：（二）修订“三会一课”制度；（四）印发“三会一课”制度，严格执行“三会一课”制度。
    """
    yield from _same_rules(report)
    yield from _same_heads(report)


def _same_rules(report: Outline) -> Iterator[Hit]:
    found = [m for part in report.tops("performance") for m in RULES.finditer(report.text, part.start, part.end)]
    sections = list(dict.fromkeys(section_name(report, match.start()) for match in found))
    if len(found) >= 3 and len(sections) >= 2:
        last = found[-1]
        yield Hit(*last.span(), {"sections": "、".join(sections), "count": len(found)})


def _same_heads(report: Outline) -> Iterator[Hit]:
    heads: list[Stretch] = []
    for item in report.items:
        if report.sections[item.section].kind != "performance":
            continue
        found = HEAD.match(item.text)
        if not found or len(found[1]) < SHORTEST:
            continue
        title = found[1]
        start = item.start + found.start(1)
        for other in heads:
            short, long = sorted((title, other.text), key=len)
            if len(short) >= SHORTEST and long.endswith(short):
                data = {"other": other.text, "section": section_name(report, other.start)}
                yield Hit(start, start + len(title), data, message=SAME_HEAD)
                break
        heads.append(Stretch(start, start + len(title), title, item.section))
