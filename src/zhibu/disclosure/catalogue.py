"""The catalogue of what is disclosed, read from catalogue.yaml. Pure: adding a matter is adding lines to that file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from zhibu.errors import Sentence, UserError
from zhibu.periods import MONTHS_IN
from zhibu.rulebook.duty import CONFIDENCES, STRENGTHS
from zhibu.rulebook.fields import Fields, at_least
from zhibu.rulebook.reasons import name
from zhibu.rulebook.yamlfile import read_yaml, shown, vocabulary

FILE = Path(__file__).with_name("catalogue.yaml")
BODIES = ("branch", "general-branch", "organ-committee", "organs-work-committee")
"""Kinds of body that disclose; cells and leading groups do it through theirs."""
DUE = ("before", "within", "after")
SHOWN = ("period", "open", "working-days")
WALL = ("plan", "rules", "honours", "notices", "none")
SECTIONS = ("audiences", "rhythms", "asks", "regulations", "groups", "items")

Audience = Literal["branch", "unit", "public"]
AUDIENCES: tuple[Audience, ...] = ("branch", "unit", "public")
"""From the narrowest to the widest."""


@dataclass(frozen=True, slots=True)
class Basis:
    """The rule or habit behind a matter. Without `cites` the article's number was not seen."""

    title: str
    cites: str
    strength: str
    confidence: str
    since: date | None

    @property
    def verified(self) -> bool:
        return self.confidence == "V"

    @property
    def sentence(self) -> Sentence:
        """《…》第十三条（应当）; a remark in its place where the text was not verified; of local practice only that."""
        title = name(self.title)
        if self.confidence == "P":
            return title
        remark = _REMARKS.get(self.confidence) or (name(STRENGTHS[self.strength]) if self.strength else None)
        if remark is None:
            return Sentence("disclosure-basis", "《{title}》{cites}", title=title, cites=self.cites)
        return Sentence(
            "disclosure-basis-remarked", "《{title}》{cites}（{remark}）", title=title, cites=self.cites, remark=remark
        )


_REMARKS = {"V2": Sentence("told", "据转述，条文未核对"), "M": Sentence("not-verified", "未核对")}


@dataclass(frozen=True, slots=True)
class Item:
    """One matter. `called` is its name after that of a period (2026年3月 + 工作计划).

    `due` and `days` say by when a recurring one is up: before its period, within it, or so many days after it.
    `shown`: until the period's end, openly, for the working days asked for, or a number of days.
    """

    slug: str
    label: str
    label_en: str
    called: str
    group: str
    basis: Basis
    audience: Audience
    rhythm: str
    due: str
    days: int
    shown: str | int
    working_days: int
    kinds: tuple[str, ...]
    ask: tuple[str, ...]
    personal: bool
    wall: str
    note: str
    note_en: str

    @property
    def recurring(self) -> bool:
        return self.rhythm in MONTHS_IN

    def least_days(self, since: date) -> int:
        """Working days it must be shown when it goes up on `since`; none before the rule came into force."""
        in_force = self.basis.since is None or since >= self.basis.since
        return self.working_days if in_force else 0


@dataclass(frozen=True, slots=True)
class Catalogue:
    """`items` in the order of the file; the other sections give words their labels."""

    items: Mapping[str, Item]
    words: Mapping[str, Mapping[str, Mapping[str, str]]]

    def label(self, section: str, word: str) -> Mapping[str, str]:
        """{label, label_en} of an audience, rhythm, ask or group; an unknown word names itself."""
        return self.words[section].get(word, {"label": word, "label_en": word})


def parse_catalogue(data: Any, where: str) -> Catalogue:
    """The catalogue from the content of its file. Raises UserError naming item and field."""
    file = Fields.of(data, where)
    words = {section: dict(file.fields(section).data) for section in SECTIONS[:-1]}
    items = {str(slug): _item(str(slug), one, words, where) for slug, one in file.fields("items").data.items()}
    file.done()
    return Catalogue(items, words)


def _item(slug: str, data: Any, words: Mapping[str, Mapping[str, Any]], where: str) -> Item:
    given = Fields.of(data, f"{where}，{slug}")
    rhythm = given.choice("rhythm", tuple(words["rhythms"]))
    due = given.choice("due", DUE, "within")
    days = given.integer("days", 0)
    if (due != "within" and rhythm not in MONTHS_IN) or (due == "after") != (days > 0):
        given.wrong("due", due, Sentence("wanted-due", "与周期和天数相符的期限"))
    item = Item(
        slug=slug,
        label=given.text("label"),
        label_en=given.text("label_en"),
        called=given.text("called", given.text("label")),
        group=given.choice("group", tuple(words["groups"])),
        basis=_basis(given.fields("basis"), words["regulations"]),
        audience=given.choice("audience", AUDIENCES),
        rhythm=rhythm,
        due=due,
        days=days,
        shown=_shown(given),
        working_days=given.integer("working_days", 0),
        kinds=given.words("kinds", "kinds", ()),
        ask=_known(given, "ask", tuple(words["asks"])),
        personal=given.truth("personal", False),
        wall=given.choice("wall", WALL),
        note=given.text("note", ""),
        note_en=given.text("note_en", ""),
    )
    if (item.shown == "working-days") != (item.working_days > 0) or (item.shown == "period" and not item.recurring):
        given.wrong("shown", item.shown, Sentence("wanted-shown", "与周期和工作日数相符的公开期限"))
    given.done()
    return item


def _basis(given: Fields, regulations: Mapping[str, Any]) -> Basis:
    regulation = Fields.of(regulations[given.choice("regulation", tuple(regulations))], given.where)
    basis = Basis(
        title=regulation.text("label"),
        cites=given.text("cites", ""),
        strength=given.choice("strength", ("", *STRENGTHS), ""),
        confidence=given.choice("confidence", tuple(CONFIDENCES)),
        since=given.maybe_day("from"),
    )
    given.done()
    return basis


def _shown(given: Fields) -> str | int:
    value = given.take("shown")
    if type(value) is int:
        return given.integer("shown", low=1)
    if value not in SHOWN:
        given.wrong("shown", value, at_least(1))
    return str(value)


def _known(given: Fields, name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
    values = given.listed(name, ())
    for value in values:
        given.known(name, value, allowed)
    return tuple(values)


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return parse_catalogue(read_yaml(FILE), shown(FILE))


def find_item(slug: str) -> Item:
    """Raises UserError `unknown-item`."""
    try:
        return catalogue().items[slug]
    except KeyError:
        raise UserError("unknown-item", "公开目录中没有“{item}”这一项。", item=slug) from None


def kind_labels(item: Item) -> list[Mapping[str, str]]:
    """The kinds of record the matter usually comes from, with their labels."""
    return [vocabulary()["kinds"][kind] for kind in item.kinds]
