"""A record being filled in: form, roster, rows, files and remarks together, whatever state they are in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from zhibu.activities import files as store
from zhibu.activities import studied
from zhibu.activities.entry import Entry
from zhibu.activities.entry_checks import Remark, check_entry, errors, warnings
from zhibu.activities.forms import ActivityForm, Choices, ResolutionForm, Roster, VoteForm, first_title, row_numbers
from zhibu.activities.kinds import Kind
from zhibu.activities.models import Activity
from zhibu.activities.queries import around, entry_of, usual_values
from zhibu.activities.roster import charged_on, people_on
from zhibu.activities.services import completed, names_in
from zhibu.errors import Sentence, UserError
from zhibu.org.models import Organization


def _plain(hours: float | None) -> float | int | None:
    """2.0 reads 2; no hours is an empty field."""
    return int(hours) if hours and hours == int(hours) else hours or None


class Sheet:
    """Built from what was sent (`data`), from a saved record, or empty for a day. Nothing in it is lost by an error."""

    def __init__(
        self,
        organization: Organization,
        kind: Kind,
        *,
        today: date,
        held: date | None = None,
        data: QueryDict | None = None,
        activity: Activity | None = None,
    ) -> None:
        self.organization, self.kind, self.today, self.activity, self.data = organization, kind, today, activity, data
        self.saved = entry_of(activity) if activity else None
        self.form = ActivityForm(kind, {}, data, initial=self._initial(held or today))
        self.day = self._day(held)
        self.people = people_on(organization, self.day, kind)
        self.form = ActivityForm(kind, self.people, data, initial=self._initial(self.day), extra=self._gone())
        self.roster = Roster(kind, self.people, data, self.saved)
        self.resolutions = self._resolutions()
        self.votes = self._votes()
        self.studied = self._studied()
        self.kept = list(store.from_tickets(data.getlist("kept"))) if data else []
        self.file_errors: list[Sentence] = []

    def _day(self, held: date | None) -> date:
        if self.data is not None:
            try:
                sent: date = self.form.fields["held"].clean(self.data.get("held"))
            except Exception:
                return self.saved.held if self.saved else self.today
            return sent
        return self.saved.held if self.saved else (held or self.today)

    def _initial(self, day: date) -> dict[str, Any]:
        if self.saved is None:
            return {"held": day, "title": first_title(self.kind, day), "hours": _plain(self.kind.hours), **self._usual}
        saved = self.saved
        names = (
            "title",
            "held",
            "starts",
            "ends",
            "place",
            "chair",
            "recorder",
            "agenda",
            "minutes",
            "guests",
            "hours",
        )
        initial = {name: getattr(saved, name) for name in names} | {"also": list(saved.also)}
        initial["hours"] = _plain(saved.hours)
        for field in self.kind.fields:
            value = saved.fields.get(field.slug)
            if field.type == "yes-no" and value is not None:
                value = "yes" if value else "no"
            initial[f"f-{field.slug}"] = value
        return initial

    @cached_property
    def _usual(self) -> dict[str, Any]:
        return usual_values(self.organization, self.kind)

    def _gone(self) -> Choices:
        """Members the saved record names who are not of the body on the day now given; they stay selectable."""
        if self.saved is None:
            return []
        known = {pk: person.name for pk, person in self.people.items()}
        return [(str(pk), name) for pk, name in names_in(self.saved, known).items() if pk not in self.people]

    def _resolutions(self) -> list[ResolutionForm]:
        if not self.kind.has("resolutions"):
            return []
        members = self._owners
        if self.data is not None:
            numbers = row_numbers(self.data, "resolution")
            return [ResolutionForm(self.data, prefix=f"resolution-{n}", members=members) for n in numbers]
        rows = self.saved.resolutions if self.saved else ()
        return [
            ResolutionForm(
                prefix=f"resolution-{n}", members=members,
                initial={"id": row.id, "text": row.text, "owner": row.owner, "due": row.due, "done": row.done},
            )
            for n, row in enumerate(rows)
        ]  # fmt: skip

    @cached_property
    def _owners(self) -> Choices:
        """Who may be charged with a resolution: those at the meeting, and the other members of the body."""
        there = self.form.members
        if self.kind.attends != "committee":
            return there
        known = {pk for pk, _name in there}
        others = charged_on(self.organization, self.day, self.people)
        return [*there, *(one for one in others if one[0] not in known)]

    def _votes(self) -> list[VoteForm]:
        if not self.kind.has("votes"):
            return []
        if self.data is not None:
            return [VoteForm(self.data, prefix=f"vote-{n}") for n in row_numbers(self.data, "vote")]
        rows = self.saved.votes if self.saved else ()
        names = ("matter", "rule", "method", "entitled", "present", "yes", "no", "abstain", "written", "passed")
        return [
            VoteForm(prefix=f"vote-{n}", initial={name: getattr(row, name) for name in names})
            for n, row in enumerate(rows)
        ]

    def _studied(self) -> list[str]:
        if self.data is not None:
            return [title.strip()[:200] for title in self.data.getlist("studied") if title.strip()][:30]
        return list(self.saved.studied) if self.saved else []

    # --- rows ---------------------------------------------------------------------------------------------------------

    def add_row(self, what: str) -> None:
        rows: list[Any] = self.resolutions if what == "resolution" else self.votes
        number = max([int(row.prefix.rpartition("-")[2]) for row in rows], default=-1) + 1
        prefix = f"{what}-{number}"
        if what == "resolution":
            self.resolutions.append(ResolutionForm(prefix=prefix, members=self._owners))
        else:
            found = self.counted
            initial = {"entitled": found[0], "present": found[1], "rule": self.kind.vote or "ordinary"}
            self.votes.append(VoteForm(prefix=prefix, initial=initial))

    def drop_row(self, prefix: str) -> None:
        self.resolutions = [row for row in self.resolutions if row.prefix != prefix]
        self.votes = [row for row in self.votes if row.prefix != prefix]

    @property
    def counted(self) -> tuple[int, int]:
        """应到 and 实到 as the roster stands: those with a vote, and those of them present."""
        entitled = [row for row in self.roster.rows if row.person.voting and row.presence not in ("", "observer")]
        return len(entitled), sum(row.presence == "present" for row in entitled)

    # --- files --------------------------------------------------------------------------------------------------------

    def take(self, uploads: Iterable[UploadedFile]) -> None:
        """Keep what was uploaded with this request, so that it need not be chosen again; note what is refused."""
        for upload in uploads:
            try:
                kept = store.keep(upload, upload.name or "")
            except UserError as refused:
                self.file_errors.append(refused.sentence)
            else:
                self.kept = [*(one for one in self.kept if one != kept), kept]

    @property
    def tickets(self) -> list[tuple[store.Kept, str]]:
        return [(one, store.ticket(one)) for one in self.kept]

    @cached_property
    def dropped(self) -> list[int]:
        """Attachments of the saved record that are to be taken off."""
        if self.data is None or self.activity is None:
            return []
        wanted = self.data.getlist("drop-file")
        return [one.pk for one in self.activity.attachments.all() if str(one.pk) in wanted]

    # --- judging ------------------------------------------------------------------------------------------------------

    def is_valid(self) -> bool:
        rows = [row.is_valid() for row in (*self.resolutions, *self.votes) if row.is_bound]
        return self.form.is_valid() and all(rows) and not self.file_errors

    def entry(self) -> Entry | None:
        """The entry as far as it can be read; None while the day is missing."""
        self.is_valid()
        data = self.form.cleaned_data
        if not data.get("held"):
            return None
        plain = {name: data.get(name) or "" for name in ("place", "agenda", "minutes", "guests")}
        entry = Entry(
            kind=self.kind.slug,
            title=data.get("title") or "",
            held=data["held"],
            also=tuple(data.get("also") or ()),
            starts=data.get("starts"),
            ends=data.get("ends"),
            chair=data.get("chair"),
            recorder=data.get("recorder"),
            hours=data.get("hours"),
            studied=tuple(self.studied),
            fields=self.form.own_values(),
            attendance=self.roster.attendance(),
            **plain,
        )
        resolutions = [row.row() for row in self.resolutions if row.is_bound and row.is_valid()]
        votes = [row.row() for row in self.votes if row.is_bound and row.is_valid()]
        entry = replace(
            entry,
            resolutions=tuple(row for row in resolutions if row),
            votes=tuple(row for row in votes if row),
        )
        return completed(entry, self.kind)

    @cached_property
    def remarks(self) -> list[Remark]:
        entry = self.entry()
        if entry is None:
            return []
        but = self.activity.pk if self.activity else None
        known = around(self.organization, entry, self.kind, self.today, but=but)
        return check_entry(entry, self.kind, known)

    @property
    def errors(self) -> list[Remark]:
        return errors(self.remarks)

    @property
    def warnings(self) -> list[Remark]:
        return warnings(self.remarks)

    @property
    def seen(self) -> str:
        """A fingerprint of the warnings shown; saving anyway means these and no others."""
        said = "\n".join(sorted(str(one.sentence) for one in self.warnings))
        return hashlib.sha256(said.encode()).hexdigest()[:16] if said else ""

    def suggestions(self) -> list[str]:
        return studied.suggestions(self.day)
