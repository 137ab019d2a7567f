"""What is voted on, by whom and how, as plain data: the manifest, whose hash is the ballot's name in every envelope."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from fractions import Fraction
from typing import Any

from zhibu.ballots.canonical import bytes_of, canonical, digest
from zhibu.ballots.sealing import CODE, SIGNS, SIZE, Paper, public_key
from zhibu.ballots.thresholds import RULES, Rule
from zhibu.errors import UserError

FORMAT = "zhibu-ballot/1"
FEWEST = 5
"""A group of fewer voters is not broken down."""
SLUG = re.compile("[a-z][a-z0-9-]{0,39}")
WEIGHT = re.compile(r"\d{1,4}(\.\d{1,4})?")
MOST_QUESTIONS, MOST_CHOICES, MOST_CATEGORIES = 80, 20, 12
SCRUTINEERS = (2, 3)


@dataclass(frozen=True, slots=True)
class Choice:
    slug: str
    label: str


APPRAISAL = (Choice("good", "好"), Choice("fair", "较好"), Choice("average", "一般"), Choice("poor", "差"))
APPROVAL = (Choice("yes", "赞成"), Choice("no", "不赞成"))


@dataclass(frozen=True, slots=True)
class Question:
    """One line of the ballot paper. `subject`: whom it is about; a paper without a choice here abstains."""

    slug: str
    text: str
    choices: tuple[Choice, ...] = APPRAISAL
    subject: str = ""

    @property
    def short(self) -> str:
        """For the edge of a table."""
        return self.subject or self.text


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of voters, with the weight of their votes as decimal text."""

    slug: str
    label: str
    weight: str = "1"

    @property
    def share(self) -> Fraction:
        return Fraction(self.weight)


@dataclass(frozen=True, slots=True)
class Scrutineer:
    """Who holds a key: the points to seal to and to check signatures with, as base64url."""

    name: str
    sealing: str
    signing: str

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.sealing, self.signing)


def fingerprint(sealing: str, signing: str) -> str:
    """80 bits of the hash of both keys, for reading aloud: 20 signs in fives."""
    return mark_of(digest(f"{sealing}.{signing}".encode()))


def mark_of(hash: str) -> str:
    """The beginning of a hash as people compare it."""
    signs = hash[:20].upper()
    return " ".join(signs[n : n + 5] for n in range(0, 20, 5))


@dataclass(frozen=True, slots=True)
class Manifest:
    """Sealed before opening. `entitled`: category → voters on the roll; `roll`: hash of the roll; `receipts`: the key
    the server signs receipts with; `booth`: file → hash of the scripts voters are to run; times are ISO, or ""."""

    ballot: str
    body: str
    title: str
    questions: tuple[Question, ...]
    categories: tuple[Category, ...]
    entitled: Mapping[str, int]
    roll: str
    scrutineers: tuple[Scrutineer, ...]
    receipts: str
    booth: Mapping[str, str]
    rule: str = "appraisal"
    yes: str = ""
    seats: int = 0
    opens: str = ""
    closes: str = ""
    format: str = FORMAT

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def name(self) -> str:
        """Its hash: what every envelope and signature is bound to."""
        return digest(canonical(self.to_json()))

    @property
    def mark(self) -> str:
        return mark_of(self.name)

    @property
    def law(self) -> Rule:
        return RULES[self.rule]

    @property
    def keys(self) -> tuple[bytes, ...]:
        """The points to seal to, the outermost envelope's first."""
        return tuple(bytes_of(one.sealing) or b"" for one in self.scrutineers)


_TEXTS = ("ballot", "body", "title", "roll", "receipts", "rule", "yes", "opens", "closes")


def manifest_of(data: Any) -> Manifest:
    """Read a manifest back. UserError `bad-manifest` when it is not one."""
    try:
        if not isinstance(data, dict) or set(data) != {field.name for field in fields(Manifest)}:
            raise ValueError("names")
        questions = tuple(
            Question(**{**one, "choices": tuple(Choice(**choice) for choice in one["choices"])})
            for one in data["questions"]
        )
        categories = tuple(Category(**one) for one in data["categories"])
        scrutineers = tuple(Scrutineer(**one) for one in data["scrutineers"])
        found = Manifest(**{**data, "questions": questions, "categories": categories, "scrutineers": scrutineers})
        check_questions(questions, found.rule, found.yes, found.seats)
        check_categories(categories)
        check_keys(scrutineers)
        if set(found.entitled) != {one.slug for one in categories} or found.format != FORMAT:
            raise ValueError("entitled")
        if not all(isinstance(getattr(found, name), str) for name in _TEXTS):
            raise ValueError("text")
        if any(type(number) is not int or number < 0 for number in found.entitled.values()):
            raise ValueError("entitled")
    except (TypeError, ValueError, KeyError, UserError) as error:
        raise UserError("bad-manifest", "票决说明书不完整或被改动过：{why}。", why=str(error)[:80]) from None
    return found


# --- checks, each a sentence ------------------------------------------------------------------------------------------


def check_questions(questions: tuple[Question, ...], rule: str = "appraisal", yes: str = "", seats: int = 0) -> None:
    """UserError for a paper nobody could fill in or count."""
    if not 1 <= len(questions) <= MOST_QUESTIONS:
        raise UserError("ballot-questions", "票决事项应有1至{most}项。", most=MOST_QUESTIONS)
    _distinct([one.slug for one in questions])
    for one in questions:
        if not one.text.strip() or not 2 <= len(one.choices) <= MOST_CHOICES:
            raise UserError("ballot-choices", "每一项都要有文字和至少两个选项：“{text}”。", text=one.text[:30])
        _distinct([choice.slug for choice in one.choices])
    if rule not in RULES:
        raise UserError("ballot-rule", "没有这种计票规则：{rule}。", rule=rule)
    decides = RULES[rule].passes is not None
    if decides and any(yes not in [choice.slug for choice in one.choices] for one in questions):
        raise UserError("ballot-yes", "要定通过与否，每一项都要有同一个表示赞成的选项。")
    if type(seats) is not int or not 0 <= seats <= len(questions) or (rule == "election") != (seats > 0):
        raise UserError("ballot-seats", "选举要写明应选名额，不多于候选人数；其他票决不写。")
    longest = Paper(SIGNS[0] * CODE, tuple(None for _ in questions))
    if len(canonical({"c": longest.code, "v": list(longest.vote)})) > SIZE:
        raise UserError("ballot-long", "票决事项太多，一张票写不下，请分成几次。")


def check_categories(categories: tuple[Category, ...]) -> None:
    if not 1 <= len(categories) <= MOST_CATEGORIES:
        raise UserError("ballot-categories", "投票人应分为1至{most}类。", most=MOST_CATEGORIES)
    _distinct([one.slug for one in categories])
    for one in categories:
        if not one.label.strip() or not WEIGHT.fullmatch(one.weight) or one.share <= 0:
            raise UserError("ballot-weight", "“{label}”的权重应是大于零的数，如 0.4 或 40。", label=one.label)


def check_keys(scrutineers: tuple[Scrutineer, ...]) -> None:
    if len(scrutineers) not in SCRUTINEERS:
        raise UserError("ballot-scrutineers", "监票人应有2至3名，各持一把密钥。")
    points = [text for one in scrutineers for text in (one.sealing, one.signing)]
    if len(set(points)) != len(points):
        raise UserError("ballot-same-key", "两名监票人的密钥相同，请重新生成。")
    for text in points:
        check_point(text)


def check_point(text: object) -> bytes:
    """The point a text stands for. UserError when it is none."""
    try:
        data = bytes_of(text) or b""
        public_key(data)
    except ValueError:
        raise UserError("ballot-key", "这不是一把可用的公钥，请在监票人页面重新生成。") from None
    return data


def _distinct(slugs: list[str]) -> None:
    if len(set(slugs)) != len(slugs) or not all(SLUG.fullmatch(slug) for slug in slugs):
        raise UserError("ballot-slugs", "事项、选项、类别的代号应各不相同，用小写字母、数字和短横线。")


# --- pools ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pool:
    """Categories whose ballots are mixed and counted together; `weight` is the sum of theirs."""

    categories: tuple[str, ...]
    cast: int
    """Ballots in the box, sealed."""
    paper: int
    """Paper ballots handed out."""


def pools(categories: Iterable[Category], cast: Mapping[str, int], paper: Mapping[str, int]) -> tuple[Pool, ...]:
    """Which categories are counted apart. One with 1 to 4 sealed ballots, or 1 to 4 papers, would show how its few
    people voted: such ones are put together, and while that is still too few, the next smallest joins them. One in
    which nobody voted stays apart: it shows nothing, and its weight is nobody else's."""

    def pool(some: Iterable[str]) -> Pool:
        names = tuple(some)
        return Pool(names, sum(cast.get(one, 0) for one in names), sum(paper.get(one, 0) for one in names))

    order = [one.slug for one in categories]
    alone = [slug for slug in order if is_enough(pool([slug]))]
    joined = [slug for slug in order if slug not in alone]
    others = sorted((cast.get(slug, 0) + paper.get(slug, 0), order.index(slug), slug) for slug in alone)
    for votes, _place, slug in others:
        if joined and votes and not is_enough(pool(joined)):
            alone.remove(slug)
            joined.append(slug)
    found = [pool([slug]) for slug in alone]
    if joined:
        found.append(pool(sorted(joined, key=order.index)))
    return tuple(sorted(found, key=lambda one: order.index(one.categories[0])))


def is_enough(pool: Pool) -> bool:
    """Whether the pool may be counted apart."""
    return all(part == 0 or part >= FEWEST for part in (pool.cast, pool.paper))
