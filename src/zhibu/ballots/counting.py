"""From opened papers to a result. Whole numbers and exact fractions; no rounding before something is printed.

Three things that are not the same: who did not vote (absent), who left a line empty (abstained), a paper or a line that
cannot be counted (invalid).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from zhibu.ballots.canonical import bytes_of
from zhibu.ballots.manifest import Manifest, Pool, Question
from zhibu.ballots.sealing import Paper, Vote, paper_of
from zhibu.ballots.thresholds import Elected, elected
from zhibu.errors import UserError


@dataclass(frozen=True, slots=True)
class Tally:
    """One question's votes in one pool, or in all: choice → votes. Everything adds up to the ballots collected."""

    votes: Mapping[str, int]
    abstained: int
    invalid: int

    @property
    def valid(self) -> int:
        """Votes and abstentions."""
        return sum(self.votes.values()) + self.abstained

    @property
    def collected(self) -> int:
        return self.valid + self.invalid

    def share(self, choice: str) -> Fraction | None:
        """Of the valid ones, abstentions among them. None: there is no valid one."""
        return Fraction(self.votes[choice], self.valid) if self.valid else None


@dataclass(frozen=True, slots=True)
class PoolResult:
    """A pool: which categories (`label` names them), their weight, how many were entitled and voted."""

    categories: tuple[str, ...]
    label: str
    weight: Fraction
    entitled: int
    collected: int


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """`pools`: in the order of `Results.pools`. `weighted`: choice → share by the categories' weights; None when a pool
    has no valid ballot, for then a weight has nothing to weigh. `passed`: None when the rule decides nothing."""

    question: Question
    total: Tally
    pools: tuple[Tally, ...]
    weighted: Mapping[str, Fraction] | None
    passed: bool | None


@dataclass(frozen=True, slots=True)
class Results:
    entitled: int
    """On the roll."""
    present: int
    """Of them, those who were there; by a ballot without a meeting, those who voted."""
    collected: int
    invalid: int
    """Papers that could not be read at all; each counts as invalid in every question."""
    pools: tuple[PoolResult, ...]
    questions: tuple[QuestionResult, ...]
    quorum: bool | None
    """None: the rule asks for none."""
    needed: int | None
    """Yes-votes it takes to pass."""
    election: Elected | None = None
    """Numbers of questions (candidates); None unless it is one."""

    @property
    def absent(self) -> int:
        return self.entitled - self.present

    def of(self, slug: str) -> QuestionResult:
        """The result of a question. KeyError when there is none of that name."""
        found = next((one for one in self.questions if one.question.slug == slug), None)
        if found is None:
            raise KeyError(slug)
        return found


@dataclass(frozen=True, slots=True)
class PaperCount:
    """Paper ballots of one pool as counted by hand: how many came back, and for each question its tally."""

    collected: int
    tallies: tuple[Tally, ...]

    def to_json(self) -> dict[str, Any]:
        rows = [{"votes": dict(t.votes), "abstained": t.abstained, "invalid": t.invalid} for t in self.tallies]
        return {"collected": self.collected, "tallies": rows}


NO_PAPER = PaperCount(0, ())


def paper_count_of(data: Any, manifest: Manifest, issued: int) -> PaperCount:
    """Read a hand count. UserError unless every line adds up to the ballots collected, and those are not more than
    were handed out."""
    try:
        rows = data["tallies"]
        tallies = tuple(Tally(dict(one["votes"]), one["abstained"], one["invalid"]) for one in rows)
        found = PaperCount(data["collected"], tallies)
        numbers = [found.collected, *(n for t in tallies for n in (*t.votes.values(), t.abstained, t.invalid))]
        shaped = all(type(number) is int and number >= 0 for number in numbers) and len(rows) in (
            0 if found.collected == 0 else len(manifest.questions),
            len(manifest.questions),
        )
    except (TypeError, KeyError, AttributeError):
        shaped = False
    if not shaped:
        raise UserError("paper-shape", "纸质票的计数不完整，请每一格都填数字，没有的填0。")
    if found.collected > issued:
        raise UserError(
            "paper-too-many", "收回{got}张，多于发出的{issued}张：按规定这次投票无效，请核对。", got=found.collected,
            issued=issued,
        )  # fmt: skip
    for question, tally in zip(manifest.questions, found.tallies, strict=False):
        if set(tally.votes) != {choice.slug for choice in question.choices}:
            raise UserError("paper-shape", "纸质票的计数不完整，请每一格都填数字，没有的填0。")
        if tally.collected != found.collected:
            raise UserError(
                "paper-sum", "“{text}”各格合计{sum}张，应等于收回的{got}张。", text=question.text, sum=tally.collected,
                got=found.collected,
            )  # fmt: skip
    return found


# --- papers -----------------------------------------------------------------------------------------------------------


def papers(entries: Sequence[str], manifest: Manifest) -> list[Paper]:
    """The papers of a last list that can be counted."""
    read = (paper_of(bytes_of(entry) or b"") for entry in entries)
    return [paper for paper in read if paper is not None and is_countable(paper.vote, manifest)]


def is_countable(vote: Vote, manifest: Manifest) -> bool:
    """One answer a question, each one of its choices; in an election not more yes-votes than seats."""
    if len(vote) != len(manifest.questions):
        return False
    if any(n is not None and n >= len(one.choices) for n, one in zip(vote, manifest.questions, strict=True)):
        return False
    if not manifest.seats:
        return True
    chosen = [one.choices[n].slug for n, one in zip(vote, manifest.questions, strict=True) if n is not None]
    return chosen.count(manifest.yes) <= manifest.seats


def tally(question: Question, number: int, votes: Sequence[Vote], invalid: int) -> Tally:
    found = dict.fromkeys((choice.slug for choice in question.choices), 0)
    for vote in votes:
        if (chosen := vote[number]) is not None:
            found[question.choices[chosen].slug] += 1
    return Tally(found, sum(vote[number] is None for vote in votes), invalid)


def added(tallies: Sequence[Tally], question: Question) -> Tally:
    votes = {choice.slug: sum(one.votes[choice.slug] for one in tallies) for choice in question.choices}
    return Tally(votes, sum(one.abstained for one in tallies), sum(one.invalid for one in tallies))


# --- the result -------------------------------------------------------------------------------------------------------


def count(
    manifest: Manifest,
    pools: Sequence[Pool],
    lists: Sequence[Sequence[str]],
    by_hand: Sequence[PaperCount],
    present: int,
) -> Results:
    """`lists`: the last list of each pool; `by_hand`: its paper ballots (NO_PAPER: none). What went into the box and
    did not come out as a paper is invalid. ValueError when more came out than went in."""
    opened = [[paper.vote for paper in papers(entries, manifest)] for entries in lists]
    lost = [pool.cast - len(votes) for pool, votes in zip(pools, opened, strict=True)]
    if any(number < 0 for number in lost):
        raise ValueError("more papers than ballots")
    collected = [pool.cast + paper.collected for pool, paper in zip(pools, by_hand, strict=True)]
    entitled = sum(manifest.entitled.values())
    results = tuple(
        _question(manifest, number, pools, opened, lost, by_hand, present) for number in range(len(manifest.questions))
    )
    rule = manifest.law
    yes = [one.total.votes[manifest.yes] for one in results] if manifest.seats else []
    return Results(
        entitled=entitled,
        present=present,
        collected=sum(collected),
        invalid=sum(lost),
        pools=tuple(_pool(manifest, pool, got) for pool, got in zip(pools, collected, strict=True)),
        questions=results,
        quorum=rule.has_quorum(present, entitled),
        needed=rule.needed(present, entitled),
        election=elected(yes, manifest.seats, present, entitled) if manifest.seats else None,
    )


def _question(
    manifest: Manifest, number: int, pools: Sequence[Pool], opened: Sequence[Sequence[Vote]], lost: Sequence[int],
    by_hand: Sequence[PaperCount], present: int,
) -> QuestionResult:  # fmt: skip
    question = manifest.questions[number]
    each = []
    for votes, invalid, paper in zip(opened, lost, by_hand, strict=True):
        parts = [tally(question, number, votes, invalid)]
        each.append(added([*parts, paper.tallies[number]] if paper.tallies else parts, question))
    total = added(each, question)
    entitled = sum(manifest.entitled.values())
    passed = manifest.law.is_passed(total.votes.get(manifest.yes, 0), present, entitled)
    return QuestionResult(question, total, tuple(each), _weighted(manifest, pools, each, question), passed)


def _weighted(
    manifest: Manifest, pools: Sequence[Pool], tallies: Sequence[Tally], question: Question
) -> dict[str, Fraction] | None:
    weights = [_weight(manifest, pool) for pool in pools]
    if not all(one.valid for one in tallies):
        return None
    return {
        choice.slug: sum(
            (
                weight * Fraction(one.votes[choice.slug], one.valid)
                for weight, one in zip(weights, tallies, strict=True)
            ),
            Fraction(0),
        )
        / sum(weights)
        for choice in question.choices
    }


def _weight(manifest: Manifest, pool: Pool) -> Fraction:
    return sum((one.share for one in manifest.categories if one.slug in pool.categories), Fraction(0))


def _pool(manifest: Manifest, pool: Pool, collected: int) -> PoolResult:
    own = [one for one in manifest.categories if one.slug in pool.categories]
    entitled = sum(manifest.entitled[one.slug] for one in own)
    label = "、".join(one.label for one in own)
    return PoolResult(pool.categories, label, _weight(manifest, pool), entitled, collected)
