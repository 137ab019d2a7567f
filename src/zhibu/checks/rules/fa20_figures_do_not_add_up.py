from collections.abc import Iterator

from zhibu.checks.engine import Context, rule
from zhibu.checks.findings import Hit
from zhibu.checks.outline import Outline
from zhibu.checks.patterns import Pattern
from zhibu.errors import Sentence

SUM = Sentence("figures-sum", "“{excerpt}”：{parts}合计{sum}，不是{total}。")
MORE = Sentence("figures-more", "“{excerpt}”：{part}比{whole}还多。")
RATE = Sentence("figures-rate", "“{excerpt}”：{part}除以{whole}是{right}%，不是{rate}%。")
OVER = Sentence("figures-over", "“{excerpt}”：这个比例不会超过100%。")
MEMBERS = Pattern(
    r"党员(?:总数|共有|共|有)?(\d{1,4})[名人](?:（|，)?其中[，：:]?正式党员(?:有)?(\d{1,4})[名人](?:[、，]|和)预备党员(?:有)?(\d{1,4})[名人]"
)
PRESENT = Pattern(r"应到(?:党员|会)?(\d{1,4})[名人][，、]?实到(?:党员|会)?(\d{1,4})[名人]")
PRESENT_RATE = Pattern(
    PRESENT.source + r"[，、]?(?:到会率|参会率|出席率|到课率)(?:为|达|达到)?(\d{1,4}(?:\.\d{1,2})?)[%％]"
)
DONE = Pattern(
    r"(?:查摆|查找|发现|检视|反馈)(?:的)?问题(?:共)?(\d{1,4})[个条项](?:[，、]|，已|，现已)(?:已)?(?:完成)?整改(?:完成|到位)?(?:问题)?(\d{1,4})[个条项]"
)
SHARE = Pattern(
    r"(?:到会|参会|出席|到课|参学|参与|参加|覆盖|合格|满意|优秀|收缴|缴纳|知晓|同意|按时)率(?:为|达|达到|保持在)?(\d{3,4}(?:\.\d{1,2})?)[%％]"
)


@rule(
    "FA20",
    "figures-do-not-add-up",
    severity="error",
    label="数字算不拢",
    label_en="Figures that do not add up",
    message=SUM,
    why=Sentence("figures-do-not-add-up-why", "自己写的几个数互相对不上，至少有一个错了。"),
    fix=Sentence("figures-do-not-add-up-fix", "请查台账和会议记录，改正数字。"),
)
def figures_do_not_add_up(report: Outline, context: Context) -> Iterator[Hit]:
    """查找一句话里算不拢的数：正式党员加预备党员不等于党员总数；实到多于应到；到会率与应到、实到不符；整改的问题多于查摆的；到会率、覆盖率等超过100%。

    不好：现有党员23名，其中正式党员20名、预备党员2名。
    好：现有党员22名，其中正式党员20名、预备党员2名。
    """
    for sentence in report.sentences:
        for found in MEMBERS.finditer(report.text, sentence.start, sentence.end):
            total, full, probationary = map(int, found.groups())
            if total != full + probationary:
                parts = f"{full}+{probationary}"
                yield Hit(*found.span(), {"parts": parts, "sum": full + probationary, "total": total}, message=SUM)
        yield from _parts(report, sentence.start, sentence.end)
        for found in SHARE.finditer(report.text, sentence.start, sentence.end):
            if float(found[1]) > 100:
                yield Hit(*found.span(), message=OVER)


def _parts(report: Outline, start: int, end: int) -> Iterator[Hit]:
    """What is a part of another figure and yet more than it; and a rate that is not the one of its two figures."""
    for pattern in (PRESENT, DONE):
        for found in pattern.finditer(report.text, start, end):
            whole, part = int(found[1]), int(found[2])
            if part > whole:
                yield Hit(*found.span(), {"part": part, "whole": whole}, message=MORE)
    for found in PRESENT_RATE.finditer(report.text, start, end):
        whole, part, rate = int(found[1]), int(found[2]), float(found[3])
        right = 100 * part / whole if whole else rate
        if part <= whole and abs(right - rate) >= 1:
            data = {"part": part, "whole": whole, "right": f"{right:.1f}", "rate": found[3]}
            yield Hit(*found.span(), data, message=RATE)
