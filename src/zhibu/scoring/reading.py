"""Reads scheme files. A slip is an error that names file, item and field; nothing is guessed. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from zhibu.disclosure.catalogue import catalogue
from zhibu.errors import Sentence, UserError
from zhibu.rulebook.duty import CONFIDENCES, Condition, Duty
from zhibu.rulebook.fields import Fields
from zhibu.rulebook.regulations import all_duties
from zhibu.rulebook.shapes import parse_condition
from zhibu.rulebook.yamlfile import read_yaml, read_yaml_text, shown, vocabulary
from zhibu.scoring.scheme import (
    OBJECTION_DAYS,
    ORIGINS,
    ByBallot,
    ByDisclosure,
    ByLedger,
    ByPerson,
    ByRecords,
    ByRoster,
    ByTasks,
    Choice,
    Item,
    Level,
    Measure,
    Part,
    Role,
    Scheme,
    Step,
)

FOLDER = Path(__file__).with_name("schemes")
LONGEST = 60_000
"""Characters of a scheme file."""
MOST_ITEMS = 200
MEASURES = ("ledger", "records", "tasks", "disclosure", "roster", "ballot", "person")
TASKS = ("all", "given", *ORIGINS)
LONGEST_OBJECTION = 30
SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
SHARES = {"met": Fraction(1), "late": Fraction(1, 2), "defective": Fraction(1, 2), "missing": Fraction(0)}
"""What a cell counts unless the item says otherwise."""
REFUSED = re.compile(
    r"照片|图片|截图|自拍|拍照|录像|视频|点赞|转发|阅读量|浏览量|访问量|下载量|粉丝|登录|登陆|注册率|活跃度|在线时长|学习时长"
    r"|打卡|签到|定位|轨迹|积分|排名|名次|简报篇数|信息篇数|报道篇数|\bphotos?\b|\bselfies?\b|\bscreenshots?\b|\blikes?\b"
    r"|\blog-?ins?\b|\bcheck-?ins?\b|\bonline time\b|\brank(?:ing|s)?\b",
    re.IGNORECASE,
)
"""Traces instead of work: none of these may be an indicator."""

_SHARE = Sentence("wanted-share-or-nought", "0到1之间的分数，如 1/2")
_STEPS = Sentence("wanted-steps", "“数目: 得分比例”，数目和比例都由小到大，如 1: 1/2, 2: 1")
_SLUG = Sentence("wanted-slug", "小写英文字母开头，由小写字母、数字和连字符组成的编号（2至40个字符）")
_DAYS = Sentence("wanted-objection-days", "1到{most}之间的工作日数", most=LONGEST_OBJECTION)
_QUOTA = Sentence("wanted-quota", "1到100之间的百分比")
_LEVELS = Sentence("wanted-levels", "由高到低、不超过100、名称不重复、最后一级为0的百分比")
_CITED = Sentence("wanted-cites", "出处，如“第八条”。否决和扣分都要有据可查")
_POINTS = Sentence("wanted-points", "大于0、不超过两位小数的分数")


@lru_cache(maxsize=1)
def load_schemes() -> Mapping[str, tuple[Scheme, Mapping[str, Any]]]:
    """The schemes shipped, by slug, each with its data."""
    found = {}
    for file in sorted(FOLDER.glob("*/scheme.yaml")):
        data = read_yaml(file)
        found[file.parent.name] = (parse_scheme(file.parent.name, data, where=shown(file)), data)
    return found


def read_scheme(slug: str, text: str, duties: Mapping[str, Duty] | None = None) -> tuple[Scheme, dict[str, Any]]:
    """A scheme from what somebody typed or uploaded, and its data, which fit JSON. UserError for anything wrong."""
    if len(text) > LONGEST:
        raise UserError("scheme-too-long", "评价办法不能超过{most}个字符。", most=LONGEST)
    if not SLUG.fullmatch(slug):
        raise UserError("scheme-slug", "编号应为{wanted}，现为“{slug}”。", wanted=_SLUG, slug=slug[:40])
    data = read_yaml_text(text, f"{slug}.yaml")
    return parse_scheme(slug, data, duties, where=f"{slug}.yaml"), data


def parse_scheme(
    slug: str, data: Any, duties: Mapping[str, Duty] | None = None, *, where: str = "", frozen: bool = False
) -> Scheme:
    """The scheme in `data`. `duties`: those it may look at, by id (default: of the regulations).

    `frozen`: it was checked when an evaluation began; duties that have gone since are then no fault.
    """
    reader = _Reader(where or slug, None if frozen else duties if duties is not None else _general())
    return reader.scheme(slug, Fields.of(data, reader.where))


def _general() -> dict[str, Duty]:
    return {duty.id: duty for duty in all_duties()}


class _Reader:
    """Reads one scheme; knows which slugs have been used and which duties there are."""

    def __init__(self, where: str, duties: Mapping[str, Duty] | None) -> None:
        self.where = where
        self.duties = duties
        self.slugs: set[str] = set()
        self.bodies: tuple[str, ...] = ()
        self.self_assessed = True

    def scheme(self, slug: str, given: Fields) -> Scheme:
        self.bodies = given.words("for", "organisations")
        about = given.choice("about", ("organization", "report"), "organization")
        self.self_assessed = given.truth("self", about == "organization")
        if about == "report" and self.self_assessed:
            given.wrong("self", True, Sentence("wanted-no-self", "false：对述职的评价不由本人自评"))
        objection = given.integer("objection", OBJECTION_DAYS, low=1)
        if objection > LONGEST_OBJECTION:
            given.wrong("objection", objection, _DAYS)
        scheme = Scheme(
            slug=slug,
            version=given.integer("version", 1, low=1),
            title=given.text("title"),
            title_en=given.text("title_en", ""),
            issuer=given.text("issuer"),
            number=given.text("number", ""),
            source=given.text("source"),
            confidence=given.choice("confidence", CONFIDENCES),
            bodies=self.bodies,
            parts=tuple(self._part(str(key), given.fields("parts")) for key in given.fields("parts").data),
            vetoes=self._items(given, "vetoes", "veto"),
            deductions=self._items(given, "deductions", "deduction"),
            levels=self._levels(given),
            about=about,
            self_assessed=self.self_assessed,
            objection_days=objection,
            note=given.text("note", ""),
        )
        total = _points(given, "total")
        given.done()
        if not scheme.parts:
            given.wrong("parts", "", Sentence("wanted-parts", "至少一个部分"))
        if len(scheme.items) > MOST_ITEMS:
            raise UserError("scheme-many-items", "{where}：最多{most}项，现有{count}项。", where=self.where,
                            most=MOST_ITEMS, count=len(scheme.items))  # fmt: skip
        if scheme.points != total:
            raise UserError("scheme-sum", "{where}：各部分分值合计{sum}分，与总分{total}分不符。", where=self.where,
                            sum=_shown(scheme.points), total=_shown(total))  # fmt: skip
        return scheme

    def _part(self, slug: str, parts: Fields) -> Part:
        given = Fields.of(parts.data.get(slug), f"{self.where}，{slug}")
        self._slug(slug, given)
        items = self._items(given, "items", "scored")
        part = Part(slug, self._said(given, "label"), given.text("label_en", ""), _points(given, "points"), items)
        given.done()
        found = sum((item.points for item in items), Decimal(0))
        if found != part.points:
            raise UserError(
                "scheme-part-sum",
                "{where}：“{part}”各项分值合计{sum}分，与本部分{total}分不符。",
                where=self.where,
                part=part.label,
                sum=_shown(found),
                total=_shown(part.points),
            )
        return part

    def _items(self, given: Fields, name: str, role: Role) -> tuple[Item, ...]:
        inner = given.fields(name) if role == "scored" else given.fields(name, {})
        return tuple(self._item(str(slug), data, role) for slug, data in inner.data.items())

    def _item(self, slug: str, data: Any, role: Role) -> Item:
        given = Fields.of(data, f"{self.where}，{slug}")
        self._slug(slug, given)
        item = Item(
            slug=slug,
            role=role,
            label=self._said(given, "label"),
            label_en=self._said(given, "label_en", ""),
            asks=self._said(given, "asks"),
            points=Decimal(0) if role == "veto" else _points(given, "points"),
            judged=self._measure(given),
            cites=given.text("cites", ""),
            when=_conditions(given),
        )
        given.done()
        # A scheme in use is read as it was written, before citing was asked for.
        if role != "scored" and not item.cites.strip() and self.duties is not None:
            given.wrong("cites", item.cites, _CITED)
        if item.sort == "person" and not self.self_assessed:
            wanted = Sentence("wanted-committee", "committee：本办法不要求自评，没有人回答")
            given.wrong("person.asked_of", "body", wanted)
        return item

    def _slug(self, slug: str, given: Fields) -> None:
        if not SLUG.fullmatch(slug):
            given.wrong("编号", slug, _SLUG)
        if slug in self.slugs:
            raise UserError("scheme-slug-twice", "{where}：编号“{slug}”用了两次。", where=self.where, slug=slug)
        self.slugs.add(slug)

    def _said(self, given: Fields, name: str, *default: str) -> str:
        """Text that says what is looked at; it must not be a trace instead of work."""
        text = given.text(name, *default)
        if found := REFUSED.search(text):
            raise UserError(
                "scheme-refused",
                "{where}：{field}里的“{word}”不能作为指标。评价看工作和实效，不看照片、点赞、登录和在线时间，也不给人排队。",
                where=given.where,
                field=name,
                word=found.group(),
            )
        return text

    def _measure(self, given: Fields) -> Measure:
        found = [name for name in MEASURES if given.has(name)]
        for name in given.data:
            if name not in MEASURES and REFUSED.search(str(name)):
                self._said(Fields({name: str(name)}, given.where), str(name))
        if len(found) != 1:
            raise UserError("scheme-measure", "{where}：应当恰好写一种评法（{allowed}），现有{count}种。",
                            where=given.where, allowed="、".join(MEASURES), count=len(found))  # fmt: skip
        inner = given.fields(found[0])
        measure: Measure = getattr(self, f"_{found[0]}")(inner)
        inner.done()
        return measure

    def _ledger(self, given: Fields) -> ByLedger:
        ids = given.listed("duties")
        for id in ids:
            self._duty(id, given)
        return ByLedger(ids, self._shares(given, tuple(SHARES)))

    def _shares(self, given: Fields, statuses: tuple[str, ...]) -> dict[str, Fraction]:
        """What each status counts, where the item says otherwise."""
        inner = given.fields("shares", {})
        for status in inner.data:
            inner.known(str(status), status, statuses)
        return {status: _share(inner, status) if inner.has(status) else SHARES[status] for status in statuses}

    def _duty(self, id: Any, given: Fields) -> None:
        if self.duties is None:
            return
        given.known("duties", id, self.duties)
        wanted = {*self.bodies, *(("cell",) if "branch" in self.bodies else ())}
        if wanted.isdisjoint(self.duties[id].subject):
            raise UserError("scheme-duty-of-others", "{where}：“{label}”（{id}）不是对本办法所评组织的要求。",
                            where=given.where, label=self.duties[id].label, id=id)  # fmt: skip

    def _records(self, given: Fields) -> ByRecords:
        return ByRecords(
            given.words("kinds", "kinds"), given.choice("figure", ("count", "attendance"), "count"), _steps(given)
        )

    def _tasks(self, given: Fields) -> ByTasks:
        return ByTasks(given.choice("of", TASKS, "all"), _steps(given) if given.has("steps") else ())

    def _disclosure(self, given: Fields) -> ByDisclosure:
        matters = given.listed("matters", ())
        for matter in matters:
            given.known("matters", matter, catalogue().items)
        return ByDisclosure(matters, self._shares(given, ("met", "late", "missing")))

    def _ballot(self, given: Fields) -> ByBallot:
        question = given.text("question")
        if not SLUG.fullmatch(question):
            given.wrong("question", question, _SLUG)
        return ByBallot(question)

    def _roster(self, given: Fields) -> ByRoster:
        bounds = parse_condition(given.choice("measure", vocabulary()["measures"]), given)
        return ByRoster(bounds.measure, bounds.at_least, bounds.at_most)

    def _person(self, given: Fields) -> ByPerson:
        inner = given.fields("choices")
        choices = tuple(self._choice(str(slug), inner) for slug in inner.data)
        if len(choices) < 2:
            given.wrong("choices", len(choices), Sentence("wanted-choices", "至少两个选项"))
        return ByPerson(
            self._said(given, "question"),
            self._said(given, "question_en", ""),
            choices,
            self._said(given, "evidence"),
            self._said(given, "evidence_en", ""),
            given.choice("asked_of", ("body", "committee"), "body"),
        )

    def _choice(self, slug: str, choices: Fields) -> Choice:
        given = Fields.of(choices.data.get(slug), choices.where, f"choices.{slug}")
        if not SLUG.fullmatch(slug):
            given.wrong("编号", slug, _SLUG)
        choice = Choice(slug, self._said(given, "label"), self._said(given, "label_en", ""), _share(given, "share"))
        given.done()
        return choice

    def _levels(self, given: Fields) -> tuple[Level, ...]:
        levels = []
        for data in given.listed("levels"):
            one = Fields.of(data, self.where, "levels")
            quota = one.maybe_integer("quota")
            if quota is not None and not 1 <= quota <= 100:
                one.wrong("quota", quota, _QUOTA)
            levels.append(Level(one.text("label"), one.text("label_en", ""), one.integer("at_least"), quota))
            one.done()
        bounds = [level.at_least for level in levels]
        twice = len({level.label for level in levels}) < len(levels)
        if twice or bounds != sorted(set(bounds), reverse=True) or bounds[-1] != 0 or bounds[0] > 100:
            given.wrong("levels", "，".join(f"{level.label} {level.at_least}" for level in levels), _LEVELS)
        return tuple(levels)


def _conditions(given: Fields) -> tuple[Condition, ...]:
    when = given.fields("when", {})
    conditions = []
    for measure in when.data:
        when.known(str(measure), measure, vocabulary()["measures"])
        bounds = when.fields(measure)
        conditions.append(parse_condition(measure, bounds))
        bounds.done()
    return tuple(conditions)


def _points(given: Fields, name: str) -> Decimal:
    value = Decimal(str(given.number(name)))
    if value <= 0 or value != value.quantize(Decimal("0.01")):
        given.wrong(name, value, _POINTS)
    return value


def _share(given: Fields, name: str) -> Fraction:
    value = given.take(name)
    try:
        share = Fraction(str(value).replace(" ", ""))
    except (ValueError, ZeroDivisionError):
        given.wrong(name, value, _SHARE)
    if not 0 <= share <= 1:
        given.wrong(name, value, _SHARE)
    return share


def _steps(given: Fields) -> tuple[Step, ...]:
    inner = given.fields("steps")
    if not inner.data or any(type(key) is not int or key < 0 for key in map(_number, inner.data)):
        given.wrong("steps", dict(inner.data), _STEPS)
    steps = tuple(Step(_number(key), _share(inner, key)) for key in inner.data)
    rising = all(a.at_least < b.at_least and a.share < b.share for a, b in pairwise(steps))
    if not rising or steps[-1].share != 1:
        given.wrong("steps", dict(inner.data), _STEPS)
    return steps


def _number(key: Any) -> Any:
    """JSON keeps keys as text; a frozen scheme's steps come back so."""
    return int(key) if isinstance(key, str) and key.isascii() and key.isdigit() and len(key) < 7 else key


def _shown(points: Decimal) -> str:
    return f"{points.normalize():f}"
