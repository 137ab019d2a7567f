"""A submission as a text: what it rests on, what the checker says of it, what of it stands elsewhere too.

Of a report composed here the frozen words are read again with their frozen figures; should they no longer come out as
they were submitted, what was submitted counts, and is read like a text from outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from zhibu.checks import Finding, check
from zhibu.checks.borrowed import Borrowed
from zhibu.checks.frame import paragraphs
from zhibu.checks.outline import parse
from zhibu.corpus.comparing import Compared, compared, told
from zhibu.corpus.feeds import named
from zhibu.corpus.passages import Sheet
from zhibu.org.models import Account
from zhibu.reports.comparing import Row, Side, compare
from zhibu.reports.composing import TOKEN
from zhibu.reports.feed import ReportFeed, sheet_of
from zhibu.reports.models import Report
from zhibu.reports.queries import Text
from zhibu.reports.reviewing import Figure
from zhibu.review.feed import SubmissionFeed, sheet_of_outside
from zhibu.review.models import Entry, Submission


@dataclass
class Handed:
    """A submission of an entry. Computed when asked for."""

    entry: Entry
    submission: Submission

    @cached_property
    def source(self) -> Text | None:
        """The composed text behind it; None for a text from outside."""
        report, snapshot = self.entry.report, self.submission.snapshot
        if report is None or snapshot is None:
            return None
        text = Text(report, self.submission.body, snapshot)
        return text if text.document().text == self.submission.text else None

    @cached_property
    def sheet(self) -> Sheet:
        return sheet_of(self.source) if self.source else sheet_of_outside(self.submission.text)

    def compared(self, account: Account, on: date) -> Compared:
        """It held against everything but itself and its earlier drafts. UserError when the corpus cannot be read."""
        kept = self.entry.submissions.values_list("pk", flat=True)
        own = [named(SubmissionFeed.kind, pk) for pk in kept]
        if self.entry.report_id is not None:
            own.append(named(ReportFeed.kind, self.entry.report_id))
        return compared(self.sheet.compared, self.entry.organization, account, on, without=own)

    def checked(self, found: Compared | None) -> tuple[Sequence[Finding], Sequence[Figure]]:
        """Findings at their places, and the numbers typed by hand. `found`: None when nobody compared."""
        borrowed: Sequence[Borrowed] | None = None
        if found is not None:
            borrowed = told(found, self.sheet, self.entry.organization)
        if self.source is not None:
            review = self.source.review(borrowed)
            return review.findings, review.figures
        body, year = self.entry.organization.name, self.entry.cycle.year
        return check(self.submission.text, year=year, borrowed=borrowed, owner=body), ()

    @property
    def length(self) -> int:
        """Characters of the body, as the checker counts them."""
        return parse(self.submission.text).length

    @property
    def side(self) -> Side:
        """For a comparison with another version."""
        if self.source is not None:
            return Side(self.source.body, self.source.found)
        return plain_side(self.submission.text)

    def figures_by_line(self) -> Mapping[int, Sequence[tuple[str, str]]]:
        """Paragraph, from 0 → (claim, what it says) of the figures in it that rest on records."""
        found: dict[int, list[tuple[str, str]]] = {}
        if self.source is None:
            return found
        for number, block in enumerate(_shown(self.source)):
            for token in TOKEN.findall(block):
                claim = self.source.found.get(token)
                if claim is not None:
                    found.setdefault(number, []).append((token, claim.text))
        return found


def _shown(text: Text) -> list[str]:
    """The blocks that are paragraphs of the text, in its order."""
    blocks = [str(block["text"]) for block in text.body["blocks"]]
    kept = [block for block in blocks if block.strip()]
    return kept if len(kept) == len(paragraphs(text.document().text)) else []


def plain_side(text: str) -> Side:
    blocks: list[dict[str, Any]] = [
        {"kind": "paragraph", "level": 0, "text": line.text.replace("[[", "［［")} for line in paragraphs(text)
    ]
    return Side({"blocks": blocks, "claims": {}}, {})


def changes(old: Handed, new: Handed | Report) -> list[Row]:
    """Paragraph by paragraph. Where one of the two rests on no records, both are compared as plain words."""
    if isinstance(new, Report):
        text = Text.of(new)
        newer, words = Side(text.body, text.found), text.document().text
        composed = old.source is not None
    else:
        newer, words = new.side, new.submission.text
        composed = old.source is not None and new.source is not None
    if composed:
        return compare(old.side, newer)
    return compare(plain_side(old.submission.text), plain_side(words))
