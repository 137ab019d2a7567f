"""Why a cell is as it is: each reason code has exactly one status and one sentence. Both ledger paths use this table.

Every reason is given `period`, `label` and `basis` (title, article and quoted phrase, with a remark where the text is
not verified); what else it needs is named in its template.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from zhibu.errors import Sentence
from zhibu.periods import Period
from zhibu.rulebook.duty import Duty
from zhibu.rulebook.yamlfile import label

Status = Literal["met", "late", "defective", "missing", "not-yet-due", "exempt", "unknown"]
STATUSES: Mapping[Status, Sentence] = {
    "met": Sentence("met", "已完成"),
    "late": Sentence("late", "迟办"),
    "defective": Sentence("defective", "有缺项"),
    "missing": Sentence("missing", "未完成"),
    "not-yet-due": Sentence("not-yet-due", "未到期"),
    "exempt": Sentence("exempt", "不适用"),
    "unknown": Sentence("unknown", "无法判断"),
}

_TABLE: tuple[tuple[Status, Sentence], ...] = (
    # Not asked for: decided by obligations, in this order.
    ("exempt", Sentence("in-force-during-period", "这项要求{since}起施行，{period}不作要求。{basis}")),
    ("exempt", Sentence("not-founded-yet", "{subject}{founded}成立，{period}不作要求。{basis}")),
    ("exempt", Sentence("founded-during-period", "{subject}{founded}成立，{period}已过半，不作要求。{basis}")),
    ("exempt", Sentence("ended", "{subject}{ended}撤销，{period}不作要求。{basis}")),
    ("exempt", Sentence("condition-not-met", "{measure}{bounds}时适用，{day}为{figure}，{period}不作要求。{basis}")),
    # Cannot be told.
    ("unknown", Sentence("before-records", "本系统从{recording_since}开始记录，{period}的{label}无从查考。{basis}")),
    ("unknown", Sentence("no-figures", "没有登记{measure}，{label}无法判断。请补录后再看。{basis}")),
    ("unknown", Sentence("no-number-in-text", "{period}没有{label}记录；条文没有规定次数，不判为未完成。{basis}")),
    # At least so many activities a period.
    ("met", Sentence("met", "{period}{label}已完成{done}次，应有{count}次。{basis}")),
    ("met", Sentence("met-outside-usual-months", "{period}{label}已完成{done}次，但不在通常的{months}。{basis}")),
    ("late", Sentence("recorded-late", "{held}的{label}到{recorded}才补记，超过{late_days}天。{basis}")),
    ("late", Sentence("held-late", "{period}的{label}到{held}才办，超过了期限{due}。{basis}")),
    ("defective", Sentence("lacks-fields", "{held}的记录缺少{lacks}。请补全。{basis}")),
    ("defective", Sentence("no-quorum", "{held}应到{entitled}人、实到{present}人，不到半数。{basis}")),
    ("not-yet-due", Sentence("due-by", "{due}前还应完成{left}次{label}。{basis}")),
    ("not-yet-due", Sentence("in-grace", "{period}已过，{label}最迟可在{due}前补办。{basis}")),
    ("exempt", Sentence("optional", "{label}是可以做的事，没有做不算欠。{basis}")),
    ("missing", Sentence("none-recorded", "{period}没有{label}记录。{basis}")),
    ("missing", Sentence("too-few", "{period}{label}应有{count}次，只完成{done}次。{basis}")),
    ("missing", Sentence("missing-explained", "{period}没有完成{label}，说明：{explanation}。{basis}")),
    # Study hours of each member.
    ("exempt", Sentence("nobody-in-group", "{period}没有应计学时的{group}。{basis}")),
    ("met", Sentence("hours-reached", "{period}{group}{total}人都达到{hours}学时。{basis}")),
    ("not-yet-due", Sentence("hours-due-by", "{group}{total}人中{reached}人已达到{hours}学时，期限{due}。{basis}")),
    ("defective", Sentence("hours-too-few", "{period}{group}{total}人中只有{reached}人达到{hours}学时。{basis}")),
    ("missing", Sentence("no-hours", "{period}{group}{total}人都没有学时记录。{basis}")),
    # Within so long after an event.
    ("exempt", Sentence("no-such-event", "{period}没有发生“{event}”，不作要求。{basis}")),
    ("met", Sentence("done-in-time", "{period}“{event}”{total}次，都按期完成了{label}。{basis}")),
    ("late", Sentence("done-after-limit", "{happened}{event}，{label}应在{due}前完成，实际在{held}。{basis}")),
    ("not-yet-due", Sentence("limit-ahead", "{happened}{event}，{label}应在{due}前完成。{basis}")),
    ("missing", Sentence("limit-passed", "{happened}{event}，{label}应在{due}前完成，没有记录。{basis}")),
    # A measure within bounds.
    ("met", Sentence("within-bounds", "{day}{measure}为{figure}，{bounds}，符合要求。{basis}")),
    ("defective", Sentence("out-of-bounds", "{day}{measure}为{figure}，要求{bounds}。{basis}")),
    # Every record of a kind.
    ("exempt", Sentence("no-such-record", "{period}没有可以核对的{kinds}记录。{basis}")),
    ("met", Sentence("all-quorate", "{period}{total}次{kinds}到会人数都符合要求。{basis}")),
    ("defective", Sentence("below-quorum", "{held}应到{entitled}人、实到{present}人，到会人数不够。{basis}")),
    ("met", Sentence("within-share", "{period}{total}次{kinds}的{part}都没有超过比例。{basis}")),
    ("defective", Sentence("above-share", "{held}{whole}{whole_figure}、{part}{part_figure}，超过{at_most}。{basis}")),
)
REASONS: Mapping[str, tuple[Status, Sentence]] = {sentence.code: (status, sentence) for status, sentence in _TABLE}

_BASIS = Sentence("basis", "《{title}》{article}：“{text}”。")
_UNVERIFIED_BASIS = Sentence("basis-unverified", "《{title}》{article}（{confidence}）：“{text}”。")
_PERIODS: Mapping[str, Sentence] = {
    "": Sentence("period-year", "{year}年"),
    "H1": Sentence("period-first-half", "{year}年上半年"),
    "H2": Sentence("period-second-half", "{year}年下半年"),
    "Q1": Sentence("period-first-quarter", "{year}年第一季度"),
    "Q2": Sentence("period-second-quarter", "{year}年第二季度"),
    "Q3": Sentence("period-third-quarter", "{year}年第三季度"),
    "Q4": Sentence("period-fourth-quarter", "{year}年第四季度"),
}
_MONTH = Sentence("period-month", "{year}年{month}月")
_DAY = Sentence("day", "{year}年{month}月{day}日")
_AT_LEAST = Sentence("bounds-at-least", "不少于{low}")
_AT_MOST = Sentence("bounds-at-most", "不超过{high}")
_EXACTLY = Sentence("bounds-exactly", "为{low}")
_BETWEEN = Sentence("bounds-between", "在{low}和{high}之间")
_CONFIDENCE_NOTES: Mapping[str, Sentence] = {
    "V": Sentence("confidence-verified", "条文已核对"),
    "V2": Sentence("confidence-secondary", "据转述，条文未核对"),
    "M": Sentence("confidence-unverified", "未核对"),
    "P": Sentence("confidence-practice", "地方或习惯做法"),
}


def status_of(code: str) -> Status:
    return REASONS[code][0]


def reason(code: str, duty: Duty, period: Period, **data: Any) -> Sentence:
    """The sentence of a reason code for one cell; `data` are what its template names beyond period, label and basis."""
    message = REASONS[code][1].message
    return Sentence(code, message, period=period_name(period), label=name(duty.label), basis=basis(duty), **data)


def basis(duty: Duty) -> Sentence:
    """Title, article and quoted phrase; a remark where the article's text has not been verified."""
    form = _BASIS if duty.verified else _UNVERIFIED_BASIS
    return Sentence(
        form.code,
        form.message,
        title=name(duty.regulation),
        article=duty.article,
        text=duty.text,
        confidence=_CONFIDENCE_NOTES[duty.confidence],
    )


def name(text: str) -> Sentence:
    """A label from a data file, as something the catalogue may translate."""
    return Sentence("name", text)


def word(section: str, slug: str) -> Sentence:
    """The name of a word of the vocabulary."""
    return name(label(section, slug))


def words(section: str, slugs: tuple[str, ...]) -> str:
    return "、".join(label(section, slug) for slug in slugs)


def period_name(period: Period) -> Sentence:
    """2025-Q3 → 2025年第三季度."""
    year, _, rest = period.key.partition("-")
    form = _PERIODS.get(rest, _MONTH)
    return Sentence(form.code, form.message, year=int(year), month=period.start.month)


def day_name(day: date) -> Sentence:
    return Sentence(_DAY.code, _DAY.message, year=day.year, month=day.month, day=day.day)


def bounds_name(low: int | None, high: int | None) -> Sentence:
    """不少于3, 不超过50, 在3和5之间."""
    if low is None:
        form = _AT_MOST
    elif high is None:
        form = _AT_LEAST
    else:
        form = _EXACTLY if low == high else _BETWEEN
    return Sentence(form.code, form.message, low=low, high=high)
