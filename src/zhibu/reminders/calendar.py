"""A person's calendar as iCalendar text. Pure: events in, bytes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True)
class Entry:
    """A day, or a time of a day. `uid` stays the same as long as the matter is the same."""

    uid: str
    title: str
    day: date
    starts: datetime | None = None
    ends: datetime | None = None
    place: str = ""
    url: str = ""


def as_ics(name: str, entries: Iterable[Entry], zone: ZoneInfo, at: datetime) -> bytes:
    """The calendar, with the zone's own rules, so that every program shows the same hours."""
    calendar = Calendar()
    calendar.add("prodid", "-//Zhibu//Calendar//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", zone.key)
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, zone, at))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(entry: Entry, zone: ZoneInfo, at: datetime) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@zhibu")
    event.add("dtstamp", at.astimezone(UTC))
    event.add("summary", entry.title)
    if entry.starts:
        event.add("dtstart", entry.starts.astimezone(zone))
        event.add("dtend", (entry.ends or entry.starts + timedelta(hours=1)).astimezone(zone))
    else:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    if entry.place:
        event.add("location", entry.place)
    if entry.url:
        event.add("url", entry.url)
    return event
