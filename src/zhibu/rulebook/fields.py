"""Reads the fields of a mapping from a rule file one by one; a slip becomes an error naming file, duty and field."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from fractions import Fraction
from typing import Any, NoReturn

from zhibu.errors import Sentence, UserError
from zhibu.rulebook.yamlfile import vocabulary

_NOTHING: Any = object()

_TEXT = Sentence("wanted-text", "一段不带花括号的文字")
_FILLED_TEXT = Sentence("wanted-filled-text", "不为空的文字")
_NUMBER = Sentence("wanted-number", "不小于0的数")
_TRUTH = Sentence("wanted-truth", "true 或 false")
_DAY = Sentence("wanted-day", "日期，如 2025-03-31")
_SHARE = Sentence("wanted-share", "0与1之间的分数，如 1/2")
_LIST = Sentence("wanted-list", "方括号里的一列值，如 [branch]")


@dataclass
class Fields:
    """The fields of one mapping. `where` is what an error calls it: branch-work/regulation.yaml，general-meeting."""

    data: Mapping[str, Any]
    where: str
    path: str = ""
    taken: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, data: Any, where: str, path: str = "") -> Fields:
        """Fields of `data`, which must be a mapping."""
        if not isinstance(data, Mapping):
            raise UserError(
                "rule-not-fields", "{where}：{field}应写成“名称: 值”的形式。", where=where, field=path or "内容"
            )
        return cls(data, where, path)

    def has(self, name: str) -> bool:
        return name in self.data

    def take(self, name: str, default: Any = _NOTHING) -> Any:
        """The raw value; without a default the field is required."""
        self.taken.add(name)
        value = self.data.get(name, default)
        if value is _NOTHING or (value is None and default is _NOTHING):
            raise UserError("rule-field-missing", "{where}：缺少{field}。", where=self.where, field=self._name(name))
        return value

    def text(self, name: str, default: Any = _NOTHING) -> str:
        """Text without braces (labels and phrases are put into sentences); required text is not empty."""
        value = self.take(name, default)
        if not isinstance(value, str) or "{" in value or "}" in value:
            self.wrong(name, value, _TEXT)
        if default is _NOTHING and not value.strip():
            self.wrong(name, value, _FILLED_TEXT)
        return value

    def integer(self, name: str, default: Any = _NOTHING, low: int = 0) -> int:
        value = self.take(name, default)
        if type(value) is not int or value < low:
            self.wrong(name, value, at_least(low))
        return value

    def maybe_integer(self, name: str) -> int | None:
        return self.integer(name) if self.has(name) else None

    def number(self, name: str, default: Any = _NOTHING) -> float:
        value = self.take(name, default)
        if type(value) not in (int, float) or not 0 <= value < 1e9:
            self.wrong(name, value, _NUMBER)
        return float(value)

    def truth(self, name: str, default: bool) -> bool:
        value = self.take(name, default)
        if not isinstance(value, bool):
            self.wrong(name, value, _TRUTH)
        return value

    def day(self, name: str, default: Any = _NOTHING) -> date:
        value = self.take(name, default)
        if isinstance(value, str):
            try:
                value = date.fromisoformat(value)
            except ValueError:
                self.wrong(name, value, _DAY)
        if not isinstance(value, date) or isinstance(value, datetime):
            self.wrong(name, value, _DAY)
        return value

    def maybe_day(self, name: str) -> date | None:
        return self.day(name) if self.data.get(name) is not None else None

    def share(self, name: str) -> Fraction:
        """1/2, 0.5 or "1/3": more than nought, at most one."""
        value = self.take(name)
        try:
            share = Fraction(str(value).replace(" ", ""))
        except (ValueError, ZeroDivisionError):
            self.wrong(name, value, _SHARE)
        if not 0 < share <= 1:
            self.wrong(name, value, _SHARE)
        return share

    def listed(self, name: str, default: Any = _NOTHING) -> tuple[Any, ...]:
        value = self.take(name, default)
        if not isinstance(value, (list, tuple)) or (default is _NOTHING and not value):
            self.wrong(name, value, _LIST)
        return tuple(value)

    def fields(self, name: str, default: Any = _NOTHING) -> Fields:
        return Fields.of(self.take(name, default), self.where, self._name(name))

    def choice(self, name: str, allowed: Collection[str], default: Any = _NOTHING) -> Any:
        value = self.take(name, default)
        self.known(name, value, allowed)
        return value

    def words(self, name: str, section: str, default: Any = _NOTHING) -> tuple[str, ...]:
        """Words of one section of vocabulary.yaml."""
        values = self.listed(name, default)
        for value in values:
            self.known(name, value, vocabulary()[section])
        return values

    def known(self, name: str, value: Any, allowed: Collection[str]) -> None:
        """Refuse a word that is not allowed and say which are."""
        if isinstance(value, str) and value in allowed:
            return
        near = get_close_matches(str(value), allowed, n=1)
        raise UserError(
            "rule-word-unknown",
            "{where}：{field}里的“{value}”不认识{near}。可用：{allowed}。",
            where=self.where,
            field=self._name(name),
            value=value,
            near=_perhaps(near),
            allowed="、".join(allowed),
        )

    def done(self) -> None:
        """Refuse fields nobody asked for: a slip of the pen would otherwise be a rule that silently says less."""
        for name in self.data:
            if name not in self.taken:
                self.unknown(str(name))

    def unknown(self, name: str) -> NoReturn:
        near = get_close_matches(name, self.taken, n=1)
        raise UserError(
            "rule-field-unknown",
            "{where}：没有“{field}”这一项{near}。",
            where=self.where,
            field=self._name(name),
            near=_perhaps(near),
        )

    def wrong(self, name: str, value: Any, wanted: Sentence) -> NoReturn:
        raise UserError(
            "rule-field-wrong",
            "{where}：{field}应为{wanted}，现为“{value}”。",
            where=self.where,
            field=self._name(name),
            wanted=wanted,
            value=value,
        )

    def _name(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def at_least(low: int) -> Sentence:
    return Sentence("wanted-integer", "不小于{low}的整数", low=low)


def _perhaps(near: list[str]) -> Sentence | str:
    return Sentence("perhaps", "，是否为“{near}”", near=near[0]) if near else ""
