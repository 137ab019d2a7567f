"""Items made ready for a page: the sentence, where it leads, and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhibu.activities.kinds import load_kinds
from zhibu.errors import Sentence
from zhibu.ledger.gathering import Item
from zhibu.ledger.month import act_kinds, due_day
from zhibu.ledger.standing import Standing
from zhibu.org.models import Organization
from zhibu.rulebook.duty import AtLeast, Duty, EachMember, Holds, Within
from zhibu.rulebook.yamlfile import vocabulary

AT_MOST_LINKS = 3

NEXT_STEPS: Mapping[str, Sentence] = {
    "none-recorded": Sentence("next-record", "已经开展的，请现在补录；没有开展的，不要补写。"),
    "too-few": Sentence("next-record-rest", "其余各次已经开展的，请补录；没有开展的，不要补写。"),
    "missing-explained": Sentence("next-explained", "原因已经说明，不影响判定；后来补办的，请照常录入。"),
    "due-by": Sentence("next-hold", "按时开展，会后随即录入。"),
    "in-grace": Sentence("next-grace", "还在宽限期内，补办后请如实录入日期。"),
    "lacks-fields": Sentence("next-complete", "打开这条记录，点“更正”补上缺少的内容。"),
    "no-quorum": Sentence("next-quorum", "到会人数没有记错的话，这次会议不能作出决定，请另行召开。"),
    "below-quorum": Sentence("next-quorum", "到会人数没有记错的话，这次会议不能作出决定，请另行召开。"),
    "recorded-late": Sentence("next-late", "今后请在活动后30天内录入。这条记录仍然有效。"),
    "out-of-bounds": Sentence("next-roster", "先核对党员名册和任职是否登记齐全；情况属实的，按规定报上级党组织处理。"),
    "no-figures": Sentence("next-figures", "请在党员名册和任职中补登，台账会自动重算。"),
    "before-records": Sentence("next-import", "以前年度的活动可以从 Excel 导入。"),
    "no-number-in-text": Sentence("next-unnumbered", "开展过的，请录入；本期确实没有这种情况的，不用处理。"),
    "hours-too-few": Sentence("next-hours", "核对培训、党课的学时和到会名单是否录全。"),
    "hours-due-by": Sentence("next-hours", "核对培训、党课的学时和到会名单是否录全。"),
    "no-hours": Sentence("next-hours", "核对培训、党课的学时和到会名单是否录全。"),
    "limit-ahead": Sentence("next-hold", "按时开展，会后随即录入。"),
    "limit-passed": Sentence("next-record", "已经开展的，请现在补录；没有开展的，不要补写。"),
    "above-share": Sentence("next-share", "核对评议结果的人数；属实的，请按比例重新确定等次。"),
}
"""What to do about a cell, by its reason code; a code that is not here needs nothing."""


@dataclass(frozen=True, slots=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One item on a page. `where` names a Party cell where the item is not the branch's own."""

    item: Item
    url: str
    due: date
    where: str
    records: Sequence[Link]
    """Where to record it now; empty for those who may not, and for what the roster decides."""
    mend: Sequence[Link]

    @property
    def duty(self) -> Duty:
        return self.item.duty

    @property
    def brief(self) -> Sentence:
        return brief(self.item.standing)


class Liner:
    """Makes lines for a body and its Party cells, for one reader."""

    def __init__(self, bodies: Iterable[Organization], year: int, may_record: bool) -> None:
        self.bodies = {body.code: body for body in bodies}
        self.own = next(iter(self.bodies), "")
        self.year = year
        self.may_record = may_record

    def line(self, item: Item) -> Line:
        code = item.standing.subject_code
        return Line(
            item=item,
            url=cell_url(code, self.year, item.standing),
            due=due_day(item),
            where="" if code == self.own else str(self.bodies[code]),
            records=self.record_links(code, item) if self.may_record else (),
            mend=self.mend_links(code, item),
        )

    def lines(self, items: Iterable[Item]) -> list[Line]:
        return [self.line(item) for item in items]

    def record_links(self, code: str, item: Item) -> list[Link]:
        """One link for each kind that would do and that this body records."""
        kind_of_body = self.bodies[code].kind
        kinds = [load_kinds().get(slug) for slug in act_kinds(item)]
        asked = urlencode(_asked(item))
        links = [
            Link(_(kind.label), f"{address}?{asked}")
            for kind in kinds
            if kind and kind_of_body in kind.bodies and (address := page("activities:record", code, kind.slug))
        ]
        return links[:AT_MOST_LINKS]

    def mend_links(self, code: str, item: Item) -> list[Link]:
        """Where to mend what is defective: the record, or the roster."""
        if item.status not in ("defective", "unknown"):
            return []
        if isinstance(item.duty.shape, Holds):
            links = [Link(_("任职"), page("org:posts", code)), Link(_("党员名册"), page("org:members", code))]
        else:
            links = [Link(_("打开记录"), page("activities:show", code, pk)) for pk in item.standing.evidence[:1]]
        return [link for link in links if link.url]


def _asked(item: Item) -> dict[str, str]:
    """What the form should know: the duty one comes from and, for a period that is over, a day within it."""
    asked = {"duty": item.duty.id}
    if item.status == "missing" and isinstance(item.duty.shape, AtLeast):
        asked["date"] = item.standing.period.end.isoformat()
    return asked


def brief(standing: Standing) -> Sentence:
    """The reason without title, article and quotation, for pages that show these beside it."""
    reason = standing.reason
    return Sentence(reason.code, reason.message, **{**reason.data, "basis": ""})


def page(name: str, *arguments: object) -> str:
    """The address of a page, empty where this installation has no such page."""
    try:
        return reverse(name, args=arguments)
    except NoReverseMatch:
        return ""


def cell_url(code: str, year: int, standing: Standing) -> str:
    slug, _slash, key = standing.duty.id.rpartition("/")
    return reverse("ledger:cell", args=(code, year, slug, key, standing.period.key))


def next_step(standing: Standing) -> Sentence | None:
    return NEXT_STEPS.get(standing.reason.code)


def recurrence_name(recurrence: str) -> str:
    return _(vocabulary()["recurrences"][recurrence]["label"])


def rhythm(duty: Duty) -> str:
    """每月1次, 每年每人32学时, 6个月内: the duty's number at a glance."""
    shape = duty.shape
    if isinstance(shape, AtLeast):
        if not shape.numbered:
            return _("次数不限")
        return _("{per}{count}次").format(per=recurrence_name(shape.per), count=shape.count)
    if isinstance(shape, EachMember):
        return _("每人{hours}学时").format(hours=f"{shape.hours:g}")
    if isinstance(shape, Within):
        return (
            _("{months}个月内").format(months=shape.months) if shape.months else _("{days}天内").format(days=shape.days)
        )
    return recurrence_name(duty.recurrence)
