"""A season as a board: every reporter with how far he is, what is late and why, and the counts of each state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhibu.org.models import Account
from zhibu.reports.models import Report
from zhibu.review.access import is_of_the_body
from zhibu.review.models import Cycle, Entry, Remark, Stage, Submission, Verb
from zhibu.review.steps import DONE_FROM, Late, days_of, late

DRAFTING = "drafting"
LATE = "late"
STATES = {
    Stage.WAITING: _("未开始"), DRAFTING: _("起草中"), Stage.SUBMITTED: _("待审阅"), Stage.RETURNED: _("已退回"),
    Stage.ACCEPTED: _("已通过"), Stage.PRESENTED: _("已述职"), Stage.VOTED: _("已测评"), Stage.GRADED: _("已定等次"),
    Stage.FED_BACK: _("整改中"), Stage.CLOSED: _("已结束"),
}  # fmt: skip
"""States of the board, in order: the stages, and between them what only the records show."""


@dataclass(frozen=True, slots=True)
class Row:
    """One reporter on the board."""

    entry: Entry
    state: str
    late: Late | None
    submission: Submission | None
    """The one in force, without its text."""
    read_by: tuple[str, ...]
    comments: int
    """Comments on it that are not settled."""
    own: bool
    """Whether the reader is of the reporting body, and so may not judge."""
    url: str

    @property
    def label(self) -> str:
        return str(STATES[self.state])

    def fits(self, wish: str) -> bool:
        """Whether it is of the state that is wanted; `late` wants what is late, nothing wants all."""
        return self.late is not None if wish == LATE else not wish or self.state == wish

    def names(self, asked: str) -> bool:
        """Whether the body or the reporter is called so."""
        body = self.entry.organization
        return not asked or any(asked in words for words in (body.name, body.short_name, self.entry.reporter.name))


def board(cycle: Cycle, entries: QuerySet[Entry], account: Account, on: date) -> list[Row]:
    """The rows in the order of speaking. Four queries, whatever their number."""
    rows = list(entries)
    drafting = _drafting(cycle, rows)
    submissions = _in_force([row.pk for row in rows])
    remarks = _remarks([one.pk for one in submissions.values()])
    days, start = days_of(cycle.days), reverse("review:board", args=[cycle.organization.code, cycle.pk])
    found = []
    for entry in rows:
        submission = submissions.get(entry.pk)
        said = remarks.get(submission.pk, []) if submission else []
        state = DRAFTING if entry.stage == Stage.WAITING and _key(entry) in drafting else entry.stage
        readers = tuple(dict.fromkeys(str(one.by) for one in said if one.verb == Verb.READ))
        open_comments = sum(one.verb == Verb.COMMENT and one.settled_at is None for one in said)
        own = is_of_the_body(account, entry, on)
        url = f"{start}{entry.pk}/"
        found.append(Row(entry, state, late(entry.stage, days, on), submission, readers, open_comments, own, url))
    return found


def with_counts(cycles: QuerySet[Cycle]) -> QuerySet[Cycle]:
    """The newest first, each with how many report (`reporters`), how many of them have handed in or are further
    (`handed_in`), and how many are still to be judged (`waiting`)."""
    return cycles.annotate(
        reporters=Count("entries"),
        handed_in=Count("entries", filter=Q(entries__stage__in=DONE_FROM["submit"])),
        waiting=Count("entries", filter=Q(entries__stage=Stage.SUBMITTED)),
    ).order_by("-year", "-id")


def counts(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """(state, label, how many) of every state of the board, in order."""
    found = Counter(row.state for row in rows)
    return [(str(state), str(label), found[state]) for state, label in STATES.items()]


def _key(entry: Entry) -> tuple[int, int]:
    return entry.organization_id, entry.reporter_id


def _drafting(cycle: Cycle, rows: Sequence[Entry]) -> set[tuple[int, int]]:
    """Who has begun a report of the year here."""
    found = Report.objects.filter(organization__in=[row.organization_id for row in rows], year=cycle.year)
    return set(found.values_list("organization_id", "writer_id"))


def _in_force(entries: Sequence[int]) -> dict[int, Submission]:
    """The newest that was submitted, where it was not withdrawn: an earlier one does not come back."""
    rows = Submission.objects.filter(entry__in=entries, submitted_at__isnull=False)
    newest = {row.entry_id: row for row in rows.defer("text", "body").order_by("number")}
    return {key: row for key, row in newest.items() if row.in_force}


def _remarks(submissions: Sequence[int]) -> Mapping[int, list[Remark]]:
    rows = Remark.objects.filter(submission__in=submissions, verb__in=(Verb.READ, Verb.COMMENT))
    found: dict[int, list[Remark]] = {}
    for row in rows.select_related("by__member").defer("text"):
        found.setdefault(row.submission_id or 0, []).append(row)
    return found


def submission_in_force(entry: Entry) -> Submission | None:
    """The newest that was submitted, with its text; None when it was withdrawn."""
    rows = entry.submissions.filter(submitted_at__isnull=False)
    newest = rows.select_related("snapshot", "file").order_by("-number").first()
    return newest if newest is not None and newest.in_force else None


def on_the_way(entry: Entry) -> Submission | None:
    """The submission that is being prepared, if one is."""
    return entry.submissions.filter(submitted_at=None).order_by("-number").first()


def submissions_of(entry: Entry) -> QuerySet[Submission]:
    """All of them, oldest first, without their texts."""
    people = ("made_by__member", "agreed_by__member", "signed_by__member", "submitted_by__member")
    return entry.submissions.defer("text", "body").select_related("file", *people).order_by("number")


def comments_on(submission: Submission) -> QuerySet[Remark]:
    rows = submission.remarks.filter(verb=Verb.COMMENT)
    return rows.select_related("by__member", "settled_by__member").order_by("id")


def last_return(entry: Entry, remarks: Iterable[Remark]) -> Remark | None:
    """Why it came back, while nothing was handed in since."""
    if entry.stage != Stage.RETURNED:
        return None
    return next((one for one in reversed(list(remarks)) if one.verb == Verb.RETURN), None)


def history(entry: Entry) -> QuerySet[Remark]:
    """All that was said or done, oldest first; submissions without their texts."""
    rows = entry.remarks.filter(key="").select_related("by__member", "submission", "settled_by__member").order_by("id")
    return rows.defer("submission__text", "submission__body")


def neighbours(entry: Entry) -> tuple[int | None, int | None]:
    """The keys of the reporters before and after him, in the order of speaking, whose reports can be read."""
    rows = Submission.objects.filter(entry__cycle=entry.cycle_id, submitted_at__isnull=False).order_by("number")
    newest = dict(rows.values_list("entry", "withdrawn_at"))
    order = entry.cycle.entries.order_by("place", "id").values_list("pk", flat=True)
    keys = [key for key in order if key in newest and newest[key] is None]
    if entry.pk not in keys:
        return None, None
    at = keys.index(entry.pk)
    return keys[at - 1] if at else None, keys[at + 1] if at + 1 < len(keys) else None
