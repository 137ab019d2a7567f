"""The shapes a duty may have, read from and written to data. A new shape is a class in duty.py and a line in SHAPES."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from fractions import Fraction
from typing import Any

from zhibu.errors import Sentence, UserError
from zhibu.periods import MONTHS_IN
from zhibu.rulebook.duty import AtLeast, Condition, EachMember, Holds, Quorum, Shape, Share, Within
from zhibu.rulebook.fields import Fields, at_least
from zhibu.rulebook.yamlfile import vocabulary


def parse_shape(duty: Fields) -> Shape:
    """The one shape a duty has. Raises UserError when it has none or several, or when a field of it is wrong."""
    found = [name for name in SHAPES if duty.has(name)]
    if len(found) != 1:
        raise UserError(
            "rule-shape-count",
            "{where}：应当恰好写一种要求（{allowed}），现有{count}种。",
            where=duty.where,
            allowed="、".join(SHAPES),
            count=len(found),
        )
    inner = duty.fields(found[0])
    shape = SHAPES[found[0]][1](inner)
    inner.done()
    return shape


def shape_to_data(shape: Shape) -> dict[str, Any]:
    """The inverse of `parse_shape`: {shape key: its fields}, fields at their defaults left out."""
    key = next(name for name, (kind, _) in SHAPES.items() if isinstance(shape, kind))
    data = {}
    for one in fields(shape):
        value = getattr(shape, one.name)
        if value is not None and (one.default is MISSING or value != one.default):
            data[one.name] = _plain(value)
    return {key: data}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Fraction) else value


def _at_least(given: Fields) -> AtLeast:
    shape = AtLeast(
        count=given.integer("count", 1, low=1),
        per=given.choice("per", tuple(MONTHS_IN)),
        of=given.words("of", "kinds"),
        months=_months(given),
        numbered=given.truth("numbered", True),
        tags=given.words("tags", "tags", ()),
    )
    if not shape.numbered and shape.count != 1:
        given.wrong("count", shape.count, Sentence("wanted-one", "1（条文没有规定次数时）"))
    return shape


def _months(given: Fields) -> tuple[int, ...]:
    months = given.listed("months", ())
    if any(type(month) is not int or not 1 <= month <= 12 for month in months):
        given.wrong("months", list(months), Sentence("wanted-months", "1至12的月份"))
    return months


def _each_member(given: Fields) -> EachMember:
    return EachMember(given.number("hours"), given.choice("group", vocabulary()["groups"], "member"))


def _within(given: Fields) -> Within:
    shape = Within(
        event=given.choice("event", vocabulary()["events"]),
        of=given.words("of", "kinds"),
        days=given.integer("days", 0),
        months=given.integer("months", 0),
    )
    if bool(shape.days) == bool(shape.months):
        given.wrong("days", shape.days, Sentence("wanted-limit", "天数，或改写 months 月数，二者写一个"))
    return shape


def _holds(given: Fields) -> Holds:
    bounds = parse_condition(given.choice("measure", vocabulary()["measures"]), given)
    return Holds(bounds.measure, bounds.at_least, bounds.at_most)


def parse_condition(measure: str, given: Fields) -> Condition:
    """Bounds of a measure: at least one of at_least and at_most, in the right order."""
    low, high = given.maybe_integer("at_least"), given.maybe_integer("at_most")
    given.taken.update(("at_least", "at_most"))
    if low is None and high is None:
        given.wrong("at_least", "", Sentence("wanted-bound", "整数，或改写 at_most"))
    if low is not None and high is not None and low > high:
        given.wrong("at_most", high, at_least(low))
    return Condition(measure, low, high)


def _quorum(given: Fields) -> Quorum:
    return Quorum(given.words("of", "kinds"), given.share("share"), given.truth("strict", False))


def _share(given: Fields) -> Share:
    measures = vocabulary()["record_measures"]
    return Share(
        of=given.words("of", "kinds"),
        part=given.choice("part", measures),
        whole=given.choice("whole", measures),
        at_most=given.share("at_most"),
    )


SHAPES: Mapping[str, tuple[type[Shape], Callable[[Fields], Shape]]] = {
    "at_least": (AtLeast, _at_least),
    "each_member": (EachMember, _each_member),
    "within": (Within, _within),
    "holds": (Holds, _holds),
    "quorum": (Quorum, _quorum),
    "share": (Share, _share),
}
