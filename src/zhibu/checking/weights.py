"""Every number the comparison and the checker go by, with what it is for, as the engines have them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from zhibu.checks.borrowed import LEAST
from zhibu.checks.engine import Limits
from zhibu.trace.align import DRIFT, GAP, SMALL
from zhibu.trace.comparing import MOST_SOURCES
from zhibu.trace.grams import LENGTH
from zhibu.trace.kinds import LONGEST_NAME
from zhibu.trace.season import GROUP_AT, MOST_OTHERS
from zhibu.trace.weights import (
    EVIDENCE,
    FEW_OWNERS,
    FEWEST_OWNERS,
    FORMULA_SHARE,
    LONG,
    MANY_OWNERS,
    PHRASES,
    UNSHARED,
)
from zhibu.trace.words import formulas, synonyms


@dataclass(frozen=True, slots=True)
class Weight:
    value: str
    what: str


def weights() -> Sequence[Weight]:
    limits = Limits()
    return [
        Weight(str(LENGTH), _("连续相同这么多字，才看是不是同一段；一个数字算一个字，标点、空格、全半角不算。")),
        Weight(f"{EVIDENCE:.0f}", _("一段相同的文字里，自己的话至少有这么多字才列出；正式用语和数字不计。")),
        Weight(
            f"{PHRASES:.0f}",
            _("单位不到{few}个时，一篇来源里相同的合起来要有这么多字；单位越多要求越少，到{many}个时有一段就列出。").format(
                few=FEW_OWNERS, many=MANY_OWNERS
            ),
        ),
        Weight(f"{SMALL:.0%}", _("短的报告，相同的合起来占到这么多，也列出。")),
        Weight(str(GAP), _("两处相同之间改写的字不超过这么多，算同一段。")),
        Weight(str(DRIFT), _("改写的地方，两边字数相差不超过这么多。")),
        Weight(f"{FORMULA_SHARE:.0%}", _("资料库里有这么多比例的单位都写的话，是大家都用的提法，不计。")),
        Weight(str(FEWEST_OWNERS), _("资料库里不到这么多个单位时，看不出哪些是大家都用的提法，只用下面的固定提法表。")),
        Weight(str(UNSHARED), _("只有这么多个单位写的话，全部计入；再多就逐渐少计。")),
        Weight(str(LONG), _("许多单位都有、连续这么多字完全一样的，不是提法，是同一个模板，照样计入。")),
        Weight(str(LONGEST_NAME), _("只有这么多字以内的名称不同，归为“只改了数字、日期或名称”。")),
        Weight(str(MOST_SOURCES), _("一份报告最多列出这么多篇来源。")),
        Weight(str(MOST_OTHERS), _("一年的全部报告相互对照时，每份最多看这么多篇。")),
        Weight(f"{GROUP_AT:.0%}", _("相互对照时，任一方相同部分达到这么多的排在一组，只为便于查看。")),
        Weight(str(LEAST), _("校核意见里，不到这么多字的相同段落不提。")),
        Weight(f"{limits.shortest}–{limits.longest}", _("述职报告通常的字数；各单位的提纲可以另定。")),
        Weight(str(limits.sentence), _("一句话超过这么多字，提示拆开。")),
    ]  # fmt: skip


def lists() -> dict[str, list[str]]:
    """The comparison's word lists, to be read by anybody."""
    groups: dict[str, list[str]] = {}
    for word, form in synonyms().items():
        groups.setdefault(form, []).append(word)
    return {"formulas": list(formulas()), "synonyms": ["、".join([form, *words]) for form, words in groups.items()]}
