from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.checks.words import matches
from zhibu.errors import Sentence

KNOWN = Pattern(r"十五五|十四五|两个|四个|五个|三个|同年|多年|全年|青年|少年")
EXPLAINED = Pattern(
    r"[^，。；（：\n]{0,8}(?:（|：|，即|，就是|，?指|，?包括|，也就是|，每)|[^。；\n]{0,30}(?:即|指的是|包括)"
)


@rule(
    "WO06",
    "undefined-jargon",
    severity="warning",
    confidence="likely",
    label="没有解释的叫法",
    label_en="Local jargon without explanation",
    message=Sentence("undefined-jargon", "“{excerpt}”没有说明是什么。"),
    why=Sentence("undefined-jargon-why", "本单位自己的叫法，上级和别的单位看不懂，也看不出做了什么。"),
    fix=Sentence("undefined-jargon-fix", "请在第一次出现时用一句话说明，或直接写做了什么。"),
)
def undefined_jargon(report: Outline, context: Context) -> Iterator[Hit]:
    """查找本地活动和平台的叫法（“十个一”“某某年”“党建+”“大比拼”等）。第一次出现时后面有括号或“即”“包括”等说明的不算。

    不好：开展“十个一”警示教育。
    好：开展“十个一”警示教育（上一堂廉政党课、看一部警示片等十件事）。
    """
    seen: set[str] = set()
    for line in report.lines("lead-in", "body"):
        hits = sorted(matches("jargon", line.text), key=lambda pair: pair[0].start())
        for found, _word in hits:
            if found[0] in seen or KNOWN.search(found[0]):
                continue
            seen.add(found[0])
            if not EXPLAINED.match(line.text, found.end()):
                yield Hit(line.start + found.start(), line.start + found.end())
