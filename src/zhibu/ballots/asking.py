"""An anonymous questionnaire as plain data: its words, what may be answered, what is shown of the answers."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from zhibu.ballots.manifest import FEWEST, MOST_CHOICES, Choice, Question
from zhibu.errors import UserError

MOST_QUESTIONS = 40
LONGEST = 500
"""Signs of an answer in words."""


def questions_of(data: Iterable[Mapping[str, Any]]) -> tuple[Question, ...]:
    """Read back what `words_of` gave. A question without choices is answered in words."""
    return tuple(Question(**{**one, "choices": tuple(Choice(**choice) for choice in one["choices"])}) for one in data)


def words_of(questions: Sequence[Question]) -> list[dict[str, Any]]:
    return [asdict(one) for one in questions]


def check_words(title: str, questions: Sequence[Question]) -> None:
    """UserError for a questionnaire nobody could answer."""
    if not 2 <= len(title.strip()) <= 120:
        raise UserError("ask-title", "请写明问卷的名称，2至120个字。")
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise UserError("ask-questions", "问卷应有1至{most}题。", most=MOST_QUESTIONS)
    for one in questions:
        labels = [choice.label for choice in one.choices]
        if not one.text.strip() or len(labels) == 1 or len(labels) > MOST_CHOICES or not all(labels):
            raise UserError("ask-choices", "“{text}”一题要有2至{most}个选项。", text=one.text[:30], most=MOST_CHOICES)
        if len(set(labels)) != len(labels):
            raise UserError("ask-choice-twice", "“{text}”一题有两个相同的选项。", text=one.text[:30])


def checked(questions: Sequence[Question], given: object) -> dict[str, str]:
    """The answers as they are kept: question → choice or words, in the order of the questions. UserError for an empty
    sheet, and for what the questionnaire does not ask."""
    if not isinstance(given, dict) or not set(given) <= {one.slug for one in questions}:
        raise UserError("ask-unknown", "答卷与问卷对不上，没有收下。请重新打开问卷。")
    found: dict[str, str] = {}
    for one in questions:
        value = given.get(one.slug, "")
        if not isinstance(value, str) or (value and one.choices and value not in {c.slug for c in one.choices}):
            raise UserError("ask-unknown", "答卷与问卷对不上，没有收下。请重新打开问卷。")
        if len(value) > LONGEST:
            raise UserError("ask-long", "“{text}”写了{n}个字，最多{most}个字。", text=one.text[:30], n=len(value),
                            most=LONGEST)  # fmt: skip
        if value.strip():
            found[one.slug] = value.strip()
    if not found:
        raise UserError("ask-empty", "一题也没有答，请至少答一题。")
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one question. `votes`: label, number, share of those who answered it; `words`: in an order that
    says nothing."""

    question: Question
    votes: tuple[tuple[str, int, Fraction], ...]
    skipped: int
    words: tuple[str, ...] = ()

    @property
    def answered(self) -> int:
        return sum(number for _label, number, _share in self.votes)


def found(questions: Sequence[Question], answers: Sequence[Mapping[str, str]]) -> list[Found]:
    """Every question by itself: how the answers of one person belong together is shown nowhere. None of it under five
    answers."""
    return [_found(one, answers) for one in questions] if len(answers) >= FEWEST else []


def _found(one: Question, answers: Sequence[Mapping[str, str]]) -> Found:
    given = [answer[one.slug] for answer in answers if one.slug in answer]
    skipped = len(answers) - len(given)
    if not one.choices:
        return Found(one, (), skipped, tuple(sorted(given, key=lambda words: _shuffle(one, words))))
    votes = Counter(given)
    whole = len(given) or 1
    return Found(
        one, tuple((choice.label, votes[choice.slug], Fraction(votes[choice.slug], whole)) for choice in one.choices),
        skipped,
    )  # fmt: skip


def _shuffle(one: Question, words: str) -> bytes:
    """A place that depends on nothing but the words, and differs from question to question."""
    return hashlib.sha256(f"{one.slug}\n{words}".encode()).digest()
