"""A duty in plain words: what counts, for whom, when, and when not. For the command line and the regulation's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from zhibu.errors import Sentence
from zhibu.rulebook.duty import AtLeast, Duty, EachMember, Holds, Quorum, Shape, Share, Within
from zhibu.rulebook.reasons import bounds_name, day_name, word, words

UNVERIFIED: Mapping[str, Sentence] = {
    "V2": Sentence("unverified-secondary", "注意：这一条据转述，条文原文没有核对过，引用前请对照正式文本。"),
    "M": Sentence("unverified", "注意：这一条的条文没有核对过，引用前请对照正式文本。"),
    "P": Sentence("unverified-practice", "注意：这是地方或习惯做法，不是全国性规定，以上级党组织的要求为准。"),
}

STRENGTH_MEANINGS: Mapping[str, Sentence] = {
    "must": Sentence("strength-must", "必须：没有例外"),
    "shall": Sentence("strength-shall", "应当：没有正当理由不能不做"),
    "at-least": Sentence("strength-at-least", "至少：这是最低要求"),
    "usually": Sentence("strength-usually", "一般：通常要做，没有做的请说明原因"),
    "may": Sentence("strength-may", "可以：做不做都行，没有做不算欠"),
}


def what_counts(duty: Duty) -> list[Sentence]:
    """Sentences that say when the duty is fulfilled."""
    sentences = [_SHAPES[type(duty.shape)](duty.shape)]
    if isinstance(duty.shape, AtLeast):
        sentences += _at_least_remarks(duty.shape)
    if duty.grace_days:
        sentences.append(Sentence("explain-grace", "期限过后{days}天内补办的，算迟办。", days=duty.grace_days))
    if duty.record:
        records = words("records", duty.record)
        sentences.append(Sentence("explain-record", "要有的记录：{records}。", records=records))
    return sentences


def for_whom(duty: Duty) -> Sentence:
    """党支部（机关、企业）."""
    subject = words("organisations", duty.subject)
    if not duty.sectors:
        return Sentence("explain-subject", "{subject}", subject=subject)
    return Sentence(
        "explain-subject-sectors", "{subject}（{sectors}）", subject=subject, sectors=words("sectors", duty.sectors)
    )


def when_not(duty: Duty) -> list[Sentence]:
    """Sentences that say when nothing is asked for."""
    sentences = [
        Sentence(
            "explain-condition",
            "{measure}{bounds}时才适用。",
            measure=word("measures", one.measure),
            bounds=bounds_name(one.at_least, one.at_most),
        )
        for one in duty.when
    ]
    sentences.append(Sentence("explain-since", "{since}起施行，以前不作要求。", since=day_name(duty.since)))
    if duty.until:
        sentences.append(Sentence("explain-until", "{until}后不再施行。", until=day_name(duty.until)))
    if not isinstance(duty.shape, Holds):
        sentences.append(Sentence("explain-founding", "成立时期限已过半的，这一期不作要求；撤销后不作要求。"))
    return sentences


def _at_least(shape: AtLeast) -> Sentence:
    data = {"per": word("recurrences", shape.per), "kinds": "或".join(_kinds(shape.of)), "count": shape.count}
    if not shape.numbered:
        return Sentence(
            "explain-unnumbered", "{per}看有没有{kinds}；条文没有规定次数，没有记录时只显示“无法判断”。", **data
        )
    return Sentence("explain-at-least", "{per}至少有{count}次完整的{kinds}记录。", **data)


def _at_least_remarks(shape: AtLeast) -> list[Sentence]:
    remarks = []
    if shape.tags:
        remarks.append(Sentence("explain-tags", "只计：{tags}。", tags=words("tags", shape.tags)))
    if shape.months:
        months = "、".join(f"{month}月" for month in shape.months)
        remarks.append(Sentence("explain-months", "通常在{months}；其他月份办的也算，会注明。", months=months))
    return remarks


def _each_member(shape: EachMember) -> Sentence:
    return Sentence(
        "explain-each-member",
        "每年每名{group}不少于{hours}学时；免予要求的党员不计。",
        group=word("groups", shape.group),
        hours=f"{shape.hours:g}",
    )


def _within(shape: Within) -> Sentence:
    data = {"event": word("events", shape.event), "kinds": "或".join(_kinds(shape.of))}
    if shape.months:
        return Sentence("explain-within-months", "{event}后{months}个月内有{kinds}记录。", months=shape.months, **data)
    return Sentence("explain-within-days", "{event}后{days}天内有{kinds}记录。", days=shape.days, **data)


def _holds(shape: Holds) -> Sentence:
    bounds = bounds_name(shape.at_least, shape.at_most)
    return Sentence("explain-holds", "{measure}{bounds}。", measure=word("measures", shape.measure), bounds=bounds)


def _quorum(shape: Quorum) -> Sentence:
    data = {"kinds": "、".join(_kinds(shape.of)), "share": shape.share}
    if shape.strict:
        return Sentence("explain-quorum-strict", "每次{kinds}实到人数超过应到人数的{share}。", **data)
    return Sentence("explain-quorum", "每次{kinds}实到人数不少于应到人数的{share}。", **data)


def _share(shape: Share) -> Sentence:
    return Sentence(
        "explain-share",
        "每次{kinds}，{part}不超过{whole}的{at_most}。",
        kinds="、".join(_kinds(shape.of)),
        part=word("record_measures", shape.part),
        whole=word("record_measures", shape.whole),
        at_most=shape.at_most,
    )


def _kinds(of: tuple[str, ...]) -> list[str]:
    return [str(word("kinds", kind)) for kind in of]


_SHAPES: Mapping[type[Shape], Callable[[Any], Sentence]] = {
    AtLeast: _at_least,
    EachMember: _each_member,
    Within: _within,
    Holds: _holds,
    Quorum: _quorum,
    Share: _share,
}
