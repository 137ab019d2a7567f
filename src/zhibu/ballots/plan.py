"""A ballot as another stage asks for it: plain data, no models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from zhibu.ballots.manifest import Category, Choice, Question, check_categories, check_questions
from zhibu.errors import UserError

EVERYBODY = Category("voters", "投票人")


@dataclass(frozen=True, slots=True)
class Plan:
    """`rule`: a slug of thresholds.RULES; `yes`: the choice that approves, where it decides; `seats`: of an election.
    Without `opens_at` the chair opens, without `closes_at` the chair closes."""

    title: str
    questions: tuple[Question, ...]
    categories: tuple[Category, ...] = (EVERYBODY,)
    rule: str = "appraisal"
    yes: str = ""
    seats: int = 0
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    objection_days: int = 5

    def words(self) -> dict[str, Any]:
        """What is kept as JSON while the ballot is drafted."""
        return {
            "questions": [asdict(one) for one in self.questions],
            "categories": [asdict(one) for one in self.categories],
            "rule": self.rule,
            "yes": self.yes,
            "seats": self.seats,
        }


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the roll; `member` is the key of an org.Member, None for somebody who is none or is not known here."""

    name: str
    category: str = EVERYBODY.slug
    member: int | None = None


def plan_of(title: str, words: Mapping[str, Any], **more: Any) -> Plan:
    """`words` as `Plan.words` gives them."""
    questions = tuple(
        Question(**{**one, "choices": tuple(Choice(**choice) for choice in one["choices"])})
        for one in words["questions"]
    )
    categories = tuple(Category(**one) for one in words["categories"])
    return Plan(title, questions, categories, words["rule"], words["yes"], words["seats"], **more)


def check_plan(plan: Plan, roll: Sequence[Person]) -> None:
    """UserError for what cannot be voted on, or a roll that does not fit it."""
    if not 2 <= len(plan.title.strip()) <= 120:
        raise UserError("ballot-title", "请写明票决的名称，2至120个字。")
    check_questions(plan.questions, plan.rule, plan.yes, plan.seats)
    check_categories(plan.categories)
    if plan.opens_at and plan.closes_at and plan.closes_at <= plan.opens_at:
        raise UserError("ballot-span", "截止时间应在开始时间之后。")
    if not 0 <= plan.objection_days <= 365:
        raise UserError("ballot-objection", "异议期应为0至365天。")
    known = {one.slug for one in plan.categories}
    members = [person.member for person in roll if person.member is not None]
    if len(set(members)) != len(members):
        raise UserError("roll-twice", "名册里有人列了两次。")
    for person in roll:
        if not person.name.strip() or len(person.name) > 60 or person.category not in known:
            raise UserError("roll-line", "名册里“{name}”一行不对：要有姓名和已设的类别。", name=person.name[:30])
