"""One row of an Excel sheet of past activities, read into an Entry, with what is wrong in the user's words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from zhibu.activities.entry import ABSENT, LEAVE, OBSERVER, PRESENT, Attendee, Entry, Person, ResolutionRow
from zhibu.activities.kinds import Field, Kind, load_kinds
from zhibu.errors import Sentence


@dataclass(frozen=True, slots=True)
class SheetColumn:
    header: str
    hint: str
    required: bool = False
    aliases: tuple[str, ...] = ()


COLUMNS: tuple[SheetColumn, ...] = (
    SheetColumn("类别", "党员大会、支委会会议、党课……", required=True, aliases=("类型", "活动类别")),
    SheetColumn("日期", "2025-03-05", required=True, aliases=("时间", "活动日期")),
    SheetColumn("名称", "不填则用月份加类别", aliases=("活动名称", "会议名称")),
    SheetColumn("开始", "15:00", aliases=("开始时间",)),
    SheetColumn("结束", "16:30", aliases=("结束时间",)),
    SheetColumn("地点", "二楼会议室"),
    SheetColumn("主持人", "姓名"),
    SheetColumn("记录人", "姓名"),
    SheetColumn("应到", "人数，用来核对", aliases=("应到人数",)),
    SheetColumn("实到", "人数，用来核对", aliases=("实到人数",)),
    SheetColumn("到会名单", "不填则为全体党员，减去请假和缺席", aliases=("参加人员", "实到名单")),
    SheetColumn("请假", "张三（出差）、李四（病假）", aliases=("请假名单", "请假/缺席名单")),
    SheetColumn("缺席", "王五（原因）", aliases=("缺席名单",)),
    SheetColumn("列席", "本组织以外的人写姓名和单位", aliases=("列席人员",)),
    SheetColumn("议题", "", aliases=("议程", "主要议题")),
    SheetColumn("记录", "", aliases=("会议记录", "主要内容", "内容")),
    SheetColumn("决议", "每行一条", aliases=("决议事项", "形成决议")),
    SheetColumn("学习文件", "每行一份", aliases=("学习内容",)),
    SheetColumn("学时", "每人学时数", aliases=("学时数",)),
)
"""What the sheet may hold; a further column named like a kind's own field (主题、授课人 …) fills that field."""

_PERSON = re.compile(r"([^（(、，,;；\s#]+)(?:#(\w+))?(?:[（(]([^）)]*)[）)])?")


@dataclass
class Read:
    """What became of one row. `entry` is None while the row has errors that leave nothing to check."""

    entry: Entry | None = None
    errors: list[Sentence] = field(default_factory=list)
    warnings: list[Sentence] = field(default_factory=list)


def headers() -> dict[str, str]:
    """Every header that is understood → the header it stands for."""
    known = {name: column.header for column in COLUMNS for name in (column.header, *column.aliases)}
    own = {one.label: one.label for kind in load_kinds().values() for one in kind.fields}
    return own | known


def kind_named(text: str) -> Kind | None:
    """The kind people mean: by its label, with or without 支部 before or 会议 after."""
    wanted = text.strip().removeprefix("支部").removesuffix("会议")
    for kind in load_kinds().values():
        if text.strip() in (kind.slug, kind.label) or wanted == kind.label.removesuffix("会议"):
            return kind
    return {"支委会": load_kinds()["committee-meeting"], "民主评议": load_kinds()["member-appraisal"]}.get(text.strip())


def read_day(text: str) -> date | None:
    """2025-03-05, 2025/3/5, 2025.3.5, 2025年3月5日, 20250305 or Excel's own number of days."""
    text = text.strip()
    match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?", text)
    match = match or re.fullmatch(r"((?:19|20)\d{2})(\d{2})(\d{2})", text)
    try:
        if match:
            day = date(int(match[1]), int(match[2]), int(match[3]))
            return day if day.year > 1920 else None  # a slip of the keyboard, not a day
        if re.fullmatch(r"\d{5}(\.0)?", text):
            return date(1899, 12, 30) + timedelta(days=int(float(text)))
    except ValueError:
        return None
    return None


def read_clock(text: str) -> time | None:
    match = re.fullmatch(r"(\d{1,2})\s*[:：时点]\s*(\d{1,2})?(?:[:：分].*)?", text.strip())
    try:
        return time(int(match[1]), int(match[2] or 0)) if match else None
    except ValueError:
        return None


def read_number(text: str) -> float | None:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*(?:人|次|学时|小时|名|条|张)?\s*", text)
    return float(match[1]) if match else None


class RowReader:
    """Reads one row for one kind and the people of its day."""

    def __init__(self, values: Mapping[str, str], kind: Kind, held: date, people: Mapping[int, Person]) -> None:
        self.values, self.kind, self.held, self.people = values, kind, held, people
        self.read = Read()

    def row(self) -> Read:
        fields = self._own_fields()
        guests, observers = self._observers()
        entry = Entry(
            kind=self.kind.slug,
            title=(self._text("名称") or f"{self.held.year}年{self.held.month}月{self.kind.label}")[:200],
            held=self.held,
            starts=self._clock("开始"),
            ends=self._clock("结束"),
            place=self._text("地点")[:120],
            chair=self._person("主持人"),
            recorder=self._person("记录人"),
            agenda=self._text("议题"),
            minutes=self._text("记录"),
            guests=guests,
            studied=tuple(self._lines("学习文件")),
            hours=self._number("学时"),
            fields=fields,
            attendance=self._attendance(observers),
            resolutions=tuple(ResolutionRow(line[:300]) for line in self._lines("决议")),
        )
        self._compare_counts(entry)
        self.read.entry = entry
        return self.read

    def _text(self, header: str) -> str:
        return self.values.get(header, "").strip()

    def _lines(self, header: str) -> list[str]:
        return [line.strip() for line in re.split(r"[\n；;]", self._text(header)) if line.strip()]

    def _wrong(self, sentence: Sentence) -> None:
        self.read.errors.append(sentence)

    def _clock(self, header: str) -> time | None:
        text = self._text(header)
        found = read_clock(text) if text else None
        if text and found is None:
            self._wrong(
                Sentence("import-time", "“{column}”一栏的“{text}”不是时间，应如 15:00。", column=header, text=text)
            )
        return found

    def _number(self, header: str) -> float | None:
        text = self._text(header)
        found = read_number(text) if text else None
        if text and found is None:
            self._wrong(Sentence("import-number", "“{column}”一栏的“{text}”不是数。", column=header, text=text))
        return found

    def _named(self, name: str, number: str, column: str) -> int | None:
        """Id of the member of that name on that day; says what is wrong otherwise."""
        found = [one for one in self.people.values() if one.name == name and number in ("", one.number)]
        if len(found) == 1:
            return found[0].id
        if found:
            said = Sentence(
                "import-namesakes",
                "“{column}”一栏：{day}有{count}位党员叫“{name}”，请写成“{name}#党员编号”。",
                column=column,
                day=self.held.isoformat(),
                count=len(found),
                name=name,
            )
        else:
            said = Sentence(
                "import-not-a-member",
                "“{column}”一栏：{day}的名册上没有“{name}”。",
                column=column,
                day=self.held.isoformat(),
                name=name,
            )
        self._wrong(said)
        return None

    def _people(self, header: str) -> list[tuple[int, str]]:
        found = []
        for name, number, reason in _PERSON.findall(self._text(header)):
            member = self._named(name, number, header)
            if member is not None:
                found.append((member, reason.strip()[:100]))
        return found

    def _person(self, header: str) -> int | None:
        match = _PERSON.match(self._text(header))
        return self._named(match[1], match[2] or "", header) if match else None

    def _observers(self) -> tuple[str, list[int]]:
        """Members who only sat in are recorded as such; everybody else in free words."""
        text = self._text("列席")
        by_name = {one.name: one.id for one in self.people.values()}
        pieces = [piece.strip() for piece in re.split(r"[、，,;；\n]", text) if piece.strip()]
        members = [by_name[piece] for piece in pieces if piece in by_name]
        return "、".join(piece for piece in pieces if piece not in by_name)[:500], members

    def _attendance(self, observers: list[int]) -> tuple[Attendee, ...]:
        listed = self._people("到会名单")
        away = {member: Attendee(member, LEAVE, reason) for member, reason in self._people("请假")}
        away |= {member: Attendee(member, ABSENT, reason) for member, reason in self._people("缺席")}
        away |= {member: Attendee(member, OBSERVER) for member in observers}
        if self.kind.attends in ("pair", "nobody"):
            return ()
        there = {member for member, _reason in listed}
        for member in sorted(there & set(away)):
            name = self.people[member].name
            self._wrong(Sentence("import-there-and-away", "{name}既在到会名单中，又写了请假、缺席或列席。", name=name))
        if self.kind.attends == "chosen":
            return (*(Attendee(member, PRESENT) for member in there), *away.values())
        if listed:
            rest = [Attendee(one, ABSENT) for one in self.people if one not in there and one not in away]
            return (*(Attendee(member, PRESENT) for member in there), *away.values(), *rest)
        return (*(Attendee(one, PRESENT) for one in self.people if one not in away), *away.values())

    def _compare_counts(self, entry: Entry) -> None:
        """Figures typed into the sheet are not taken over, they check the lists."""
        counted = [one for one in entry.attendance if one.presence != OBSERVER]
        voting = [one for one in counted if self.people[one.member].voting]
        for header, keep in (("应到", (PRESENT, LEAVE, ABSENT)), ("实到", (PRESENT,))):
            number = self._number(header)
            if number is None or not counted:
                continue
            options = {sum(one.presence in keep for one in rows) for rows in (counted, voting)}
            if int(number) not in options:
                data = {"column": header, "given": int(number), "found": max(options)}
                if header == "应到":
                    self.read.warnings.append(
                        Sentence("import-entitled", "“应到”写{given}人，当天名册上是{found}人。将按名册计算。", **data)
                    )
                else:
                    self._wrong(
                        Sentence(
                            "import-present",
                            "“实到”写{given}人，按名单是{found}人。请在“请假”“缺席”中写明没有到会的人。",
                            **data,
                        )
                    )

    def _own_fields(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for one in self.kind.fields:
            text = self._text(one.label)
            if text:
                value = self._own_value(one, text)
                if value is not None:
                    values[one.slug] = value
        return values

    def _own_value(self, one: Field, text: str) -> Any:
        if one.type == "number":
            number = self._number(one.label)
            return None if number is None else int(number)
        if one.type == "money":
            number = self._number(one.label)
            return None if number is None else f"{number:.2f}"
        if one.type == "member":
            return self._person(one.label)
        if one.type == "date":
            day = read_day(text)
            if day is None:
                self._wrong(
                    Sentence(
                        "import-date",
                        "“{column}”一栏的“{text}”不是日期，应如 2025-03-05。",
                        column=one.label,
                        text=text,
                    )
                )
            return day.isoformat() if day else None
        if one.type == "choice":
            slug = next((choice.slug for choice in one.choices if choice.label == text), None)
            if slug is None:
                allowed = "、".join(choice.label for choice in one.choices)
                self._wrong(
                    Sentence(
                        "import-choice",
                        "“{column}”一栏的“{text}”应为：{allowed}。",
                        column=one.label,
                        text=text,
                        allowed=allowed,
                    )
                )
            return slug
        if one.type == "yes-no":
            return {"是": True, "有": True, "否": False, "无": False}.get(text)
        return text
