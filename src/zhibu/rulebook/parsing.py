"""One duty, from data to `Duty` and back. Regulation files and the page for local duties both come through here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from zhibu.errors import Sentence
from zhibu.rulebook.duty import CONFIDENCES, STRENGTHS, Condition, Duty
from zhibu.rulebook.fields import Fields
from zhibu.rulebook.shapes import parse_condition, parse_shape, shape_to_data
from zhibu.rulebook.yamlfile import vocabulary


def parse_duty(
    id: str,
    data: Mapping[str, Any],
    *,
    regulation: str,
    since: date,
    until: date | None = None,
    origin: str = "",
    number: str = "",
    where: str = "",
) -> Duty:
    """A duty of the regulation or local document titled `regulation`, in force from `since` until `until`.

    `where` is named in errors (default: the id). Raises UserError naming the field for anything missing, misspelt or
    contradictory; nothing is guessed.
    """
    given = Fields.of(data, where or id)
    first, last = _in_force(given, since, until)
    duty = Duty(
        id=id,
        label=given.text("label"),
        label_en=given.text("label_en", ""),
        regulation=regulation,
        article=given.text("cites", ""),
        text=given.text("text"),
        strength=given.choice("strength", STRENGTHS),
        confidence=given.choice("confidence", CONFIDENCES),
        subject=given.words("subject", "organisations"),
        shape=parse_shape(given),
        sectors=given.words("sectors", "sectors", ()),
        when=_conditions(given),
        since=first,
        until=last,
        grace_days=given.integer("grace_days", 0),
        record=given.words("record", "records", ()),
        origin=origin,
        number=number,
        note=given.text("note", ""),
        note_en=given.text("note_en", ""),
    )
    given.done()
    return duty


def duty_to_data(duty: Duty) -> dict[str, Any]:
    """The fields of a duty as a rule file writes them: `parse_duty` of the result gives the same duty."""
    data: dict[str, Any] = {
        "label": duty.label,
        "label_en": duty.label_en,
        "subject": list(duty.subject),
        "sectors": list(duty.sectors),
        "cites": duty.article,
        "text": duty.text,
        "strength": duty.strength,
        "confidence": duty.confidence,
        **shape_to_data(duty.shape),
        "when": {one.measure: _bounds(one) for one in duty.when},
        "grace_days": duty.grace_days,
        "record": list(duty.record),
        "in_force": {"from": duty.since, "until": duty.until},
        "note": duty.note,
        "note_en": duty.note_en,
    }
    return {key: value for key, value in data.items() if value not in ("", [], {}, 0)}


def _bounds(condition: Condition) -> dict[str, int]:
    bounds = {"at_least": condition.at_least, "at_most": condition.at_most}
    return {key: value for key, value in bounds.items() if value is not None}


def _conditions(given: Fields) -> tuple[Condition, ...]:
    when = given.fields("when", {})
    conditions = []
    for measure in when.data:
        when.known(str(measure), measure, vocabulary()["measures"])
        bounds = when.fields(measure)
        conditions.append(parse_condition(measure, bounds))
        bounds.done()
    return tuple(conditions)


def _in_force(given: Fields, since: date, until: date | None) -> tuple[date, date | None]:
    """The duty's own dates, which may only narrow those of its regulation."""
    dates = given.fields("in_force", {})
    first, last = dates.day("from", since), dates.maybe_day("until") or until
    dates.taken.add("until")
    dates.done()
    if first < since:
        dates.wrong("from", first, Sentence("wanted-later-day", "不早于{since}的日期", since=since))
    if last is not None and (last < first or (until is not None and last > until)):
        dates.wrong(
            "until", last, Sentence("wanted-day-between", "不早于{first}、也不晚于依据的有效期的日期", first=first)
        )
    return first, last
