from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

TOPIC = Pattern(r"民主评议|民主测评|参加测评|参评")
WHOLE = Pattern(
    r"(?:参评|评议|参加评议|参加测评|测评)(?:的)?(?:正式)?党员(?:共)?(\d{1,4})[名人]|(\d{1,4})[名人](?:正式)?党员(?:全部)?(?:参加|参评)|(\d{1,4})[名人]参[加评]"
)
GOOD = Pattern(r"(?:评[出定为]{0,2}|评定为|其中)?[“‘]?优秀[”’]?(?:等次|党员)?(?:的)?(?:有)?(\d{1,4})[名人]")


@rule(
    "FA21",
    "too-many-excellent",
    severity="warning",
    confidence="likely",
    label="评为优秀的超过三分之一",
    label_en="More than a third appraised as excellent",
    message=Sentence("too-many-excellent", "“{excerpt}”：优秀占参评党员的{share}%，一般不超过三分之一。"),
    why=Sentence(
        "too-many-excellent-why",
        "民主评议党员，优秀等次一般不超过参评党员的三分之一（据共产党员网民主评议党员专题，未核对原文）。",
    ),
    fix=Sentence("too-many-excellent-fix", "请核对人数；当地另有比例的，写明依据。"),
)
def too_many_excellent(report: Outline, context: Context) -> Iterator[Hit]:
    """同一句话写明了参加民主评议的党员人数和评为优秀的人数，而优秀超过三分之一时报告。

    不好：21名党员参加民主评议，评出优秀9名。
    好：21名党员参加民主评议，评出优秀7名。
    """
    for sentence in report.sentences_of("performance", "basic"):
        if not TOPIC.search(sentence.text):
            continue
        whole, good = WHOLE.search(sentence.text), GOOD.search(sentence.text)
        if whole and good:
            total, best = int(next(filter(None, whole.groups()))), int(good[1])
            if 0 < total < 3 * best:
                start = sentence.start + min(whole.start(), good.start())
                end = sentence.start + max(whole.end(), good.end())
                yield Hit(start, end, {"share": round(100 * best / total)})
