"""The one form, made from the kind: its columns, its fields, its roster, its rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhibu.activities.entry import ABSENT, LEAVE, OBSERVER, PRESENT, Attendee, Entry, Person, ResolutionRow, VoteRow
from zhibu.activities.kinds import Field, Kind, thresholds
from zhibu.rulebook.yamlfile import vocabulary

Choices = list[tuple[str, str | Promise]]
LONG, TEXT = 20_000, 200
EARLIEST = date(1921, 1, 1)
"""Nothing was done before there was a Party."""


def in_language(thing: Any) -> str:
    """The label of a data file's entry in the reader's language."""
    data = thing if isinstance(thing, Mapping) else {"label": thing.label, "label_en": thing.label_en}
    return str(data["label_en"] if (get_language() or "").startswith("en") else data["label"])


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ClockInput(forms.TimeInput):
    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


def long_text(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _column(label: Any, **options: Any) -> dict[str, Any]:
    return {"label": label, "required": False, **options}


class ActivityForm(forms.Form):
    """Columns and own fields of one kind. `people` are who may be chosen; `f-<slug>` are the kind's own fields."""

    title = forms.CharField(label=gettext_lazy("名称"), max_length=TEXT)
    held = forms.DateField(label=gettext_lazy("日期"), widget=DayInput(), validators=[MinValueValidator(EARLIEST)])
    starts = forms.TimeField(**_column(gettext_lazy("开始")), widget=ClockInput())
    ends = forms.TimeField(**_column(gettext_lazy("结束")), widget=ClockInput())
    place = forms.CharField(**_column(gettext_lazy("地点")), max_length=120)
    chair = forms.ChoiceField(**_column(gettext_lazy("主持人")))
    recorder = forms.ChoiceField(**_column(gettext_lazy("记录人")))
    hours = forms.FloatField(
        **_column(gettext_lazy("学时"), help_text=gettext_lazy("每人所得。留空则按起止时间计，一天不超过8学时。")),
        min_value=0,
        max_value=100,
    )
    also = forms.MultipleChoiceField(
        **_column(gettext_lazy("同时完成"), help_text=gettext_lazy("一次活动兼作几项的，记录中须分别写明。")),
        widget=forms.CheckboxSelectMultiple,
    )
    guests = forms.CharField(
        **_column(gettext_lazy("其他列席人员"), help_text=gettext_lazy("不是本组织党员的，写姓名和单位。")),
        max_length=500,
    )
    agenda = forms.CharField(**_column(gettext_lazy("议题")), max_length=LONG, widget=long_text(3))
    minutes = forms.CharField(**_column(gettext_lazy("记录")), max_length=LONG, widget=long_text(8))

    field_order = ("title", "held", "starts", "ends", "place", "chair", "recorder", "hours", "also")

    def __init__(
        self, kind: Kind, people: Mapping[int, Person], *args: Any, extra: Choices | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        self.kind = kind
        self.members: Choices = [("", "—"), *((str(p.id), p.name) for p in people.values()), *(extra or [])]
        self._fit_columns()
        for field in kind.fields:
            self.fields[f"f-{field.slug}"] = form_field(field, self.members)
        for name, field in self.fields.items():
            if name in self._wanted():
                field.widget.attrs["data-wanted"] = "yes"

    def _fit_columns(self) -> None:
        kind = self.kind
        needs = {"starts": "times", "ends": "times", "guests": "attendance"}
        for name in ("starts", "ends", "place", "chair", "recorder", "hours", "guests", "agenda", "minutes"):
            column = kind.columns.get(needs.get(name, name))
            if column is None:
                del self.fields[name]
            elif name == column.slug:
                self.fields[name].label = in_language(column)
        for name in ("chair", "recorder"):
            if name in self.fields:
                self.fields[name].choices = self.members
        words = vocabulary()["kinds"]
        self.fields["also"].choices = [(slug, in_language(words[slug])) for slug in kind.also]
        if not kind.also:
            del self.fields["also"]

    def _wanted(self) -> set[str]:
        """Names of the fields a complete record fills in: shown as wanted, but never in the way of saving."""
        columns = {slug for slug, column in self.kind.columns.items() if column.required}
        if "times" in columns:
            columns |= {"starts", "ends"}
        return columns | {f"f-{field.slug}" for field in self.kind.fields if field.required}

    def own_fields(self) -> list[Any]:
        return [self[f"f-{field.slug}"] for field in self.kind.fields]

    @property
    def partner(self) -> Any:
        """The other one of a talk, shown beside the one who talks."""
        return self["f-partner"] if "f-partner" in self.fields else None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in ("chair", "recorder"):
            data[name] = int(data[name]) if data.get(name) else None
        return data

    def own_values(self) -> dict[str, Any]:
        """The kind's own fields as JSON values; those left empty are left out."""
        values = {}
        for field in self.kind.fields:
            value = self.cleaned_data.get(f"f-{field.slug}")
            if value in (None, ""):
                continue
            if field.type == "member":
                value = int(value)
            elif field.type in ("date", "time"):
                value = value.isoformat()[:10]
            elif field.type == "money":
                value = f"{value:.2f}"
            elif field.type == "yes-no":
                value = value == "yes"
            values[field.slug] = value
        return values


def form_field(field: Field, members: Choices) -> forms.Field:
    """A form field for one field of the data file."""
    english = (get_language() or "").startswith("en")
    common: dict[str, Any] = {
        "label": in_language(field),
        "required": False,
        "help_text": field.hint_en if english and field.hint_en else field.hint,
    }
    if field.type == "number":
        return forms.IntegerField(**common, min_value=0, max_value=field.max or 100_000)
    if field.type == "money":
        return forms.DecimalField(**common, min_value=0, max_digits=12, decimal_places=2)
    if field.type == "date":
        return forms.DateField(**common, widget=DayInput())
    if field.type == "time":
        return forms.TimeField(**common, widget=ClockInput())
    if field.type == "member":
        return forms.ChoiceField(**common, choices=members)
    if field.type == "choice":
        return forms.ChoiceField(**common, choices=[("", "—"), *((c.slug, in_language(c)) for c in field.choices)])
    if field.type == "yes-no":
        return forms.ChoiceField(**common, choices=[("", "—"), ("yes", _("是")), ("no", _("否"))])
    if field.type == "long":
        return forms.CharField(**common, max_length=field.max or LONG, widget=long_text(3))
    return forms.CharField(**common, max_length=field.max or TEXT)


@dataclass
class RosterRow:
    """One line of the roster as the page shows it."""

    person: Person
    presence: str
    reason: str = ""

    @property
    def away(self) -> bool:
        return self.presence in (LEAVE, ABSENT)


class Roster:
    """Everyone expected, present unless marked otherwise; for a kind with chosen people, absent unless chosen."""

    def __init__(self, kind: Kind, people: Mapping[int, Person], data: Mapping[str, Any] | None, saved: Entry | None):
        self.kind = kind
        self.shown = kind.attends not in ("pair", "nobody") and (kind.has("attendance") or kind.attends == "chosen")
        default = "" if kind.attends == "chosen" else PRESENT
        before = {one.member: one for one in saved.attendance} if saved else {}
        self.rows = [self._row(person, data, before, default, saved is not None) for person in people.values()]

    def _row(
        self, person: Person, data: Mapping[str, Any] | None, before: Mapping[int, Attendee], default: str, saved: bool
    ) -> RosterRow:
        if data is not None and f"presence-{person.id}" in data:
            presence, reason = data[f"presence-{person.id}"], data.get(f"reason-{person.id}", "")
        elif person.id in before:
            presence, reason = before[person.id].presence, before[person.id].reason
        else:
            presence, reason = ("" if saved and data is None else default), ""
        known = (PRESENT, LEAVE, ABSENT, OBSERVER, "")
        return RosterRow(person, presence if presence in known else default, reason.strip()[:100])

    def attendance(self) -> tuple[Attendee, ...]:
        if not self.shown:
            return ()
        return tuple(
            Attendee(row.person.id, row.presence, row.reason if row.away else "") for row in self.rows if row.presence
        )

    def choices(self) -> list[tuple[str, str]]:
        if self.kind.attends == "chosen":
            return [(PRESENT, _("参加")), ("", _("未参加"))]
        return [(PRESENT, _("到会")), (LEAVE, _("请假")), (ABSENT, _("缺席")), (OBSERVER, _("列席"))]

    @property
    def tally(self) -> dict[str, int]:
        return {name: sum(row.presence == name for row in self.rows) for name in (PRESENT, LEAVE, ABSENT, OBSERVER)}


class ResolutionForm(forms.Form):
    id = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(label=gettext_lazy("事项"), max_length=300, required=False, widget=long_text(2))
    owner = forms.ChoiceField(label=gettext_lazy("责任人"), required=False)
    due = forms.DateField(label=gettext_lazy("完成时限"), required=False, widget=DayInput())
    done = forms.DateField(label=gettext_lazy("完成日期"), required=False, widget=DayInput())

    def __init__(self, *args: Any, members: Choices, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = members

    def row(self) -> ResolutionRow | None:
        """The resolution, or None for a row without text."""
        data = self.cleaned_data
        if not data.get("text"):
            return None
        owner = int(data["owner"]) if data.get("owner") else None
        return ResolutionRow(data["text"], owner, data.get("due"), data.get("done"), data.get("id"))


def _count(label: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=9999)


class VoteForm(forms.Form):
    matter = forms.CharField(label=gettext_lazy("表决事项"), max_length=TEXT, required=False)
    rule = forms.ChoiceField(label=gettext_lazy("事项性质"))
    method = forms.ChoiceField(
        label=gettext_lazy("表决方式"),
        required=False,
        choices=[("", "—"), ("hands", gettext_lazy("举手")), ("secret", gettext_lazy("无记名投票"))],
    )
    entitled = _count(gettext_lazy("应到（有表决权）"))
    present = _count(gettext_lazy("实到（有表决权）"))
    yes = _count(gettext_lazy("赞成"))
    no = _count(gettext_lazy("反对"))
    abstain = _count(gettext_lazy("弃权"))
    written = _count(gettext_lazy("会前书面意见"))
    passed = forms.BooleanField(label=gettext_lazy("通过"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [(slug, in_language(one)) for slug, one in thresholds().items()]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("matter"):
            for name in ("entitled", "present", "yes"):
                if name not in self.errors and data.get(name) is None:
                    self.add_error(name, _("请填写人数，没有的填0。"))
        elif any(data.get(name) for name in ("yes", "no", "abstain")):
            self.add_error("matter", _("请写明表决事项。"))
        return data

    def row(self) -> VoteRow | None:
        """The vote, or None for a row without a matter."""
        data = self.cleaned_data
        if not data.get("matter"):
            return None
        numbers = {name: data.get(name) or 0 for name in ("entitled", "present", "yes", "no", "abstain", "written")}
        return VoteRow(
            matter=data["matter"], rule=data["rule"], method=data.get("method", ""), passed=data["passed"], **numbers
        )


def row_numbers(data: Mapping[str, Any], prefix: str) -> list[int]:
    """The numbers of the rows that were sent, e.g. 0 and 2 for resolution-0-… and resolution-2-…"""
    found = {int(match[1]) for key in data if (match := re.match(rf"{prefix}-(\d{{1,3}})-", key))}
    return sorted(found)[:60]


class CorrectionForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("更正原因"),
        max_length=TEXT,
        help_text=gettext_lazy("更正前的记录会完整保留，原因会一并显示。"),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("撤回原因"), max_length=TEXT, help_text=gettext_lazy("例如：重复记录、记在了别的支部名下。")
    )


class ListForm(forms.Form):
    """What the list is narrowed to; wrong values are left out rather than complained about."""

    kind = forms.CharField(required=False, max_length=40)
    month = forms.RegexField(r"^[12]\d{3}(-\d{2})?$", required=False)
    search = forms.CharField(required=False, max_length=60)


def first_title(kind: Kind, on: date) -> str:
    """What the title field proposes: the month and the kind."""
    return f"{on.year}年{on.month}月{kind.label}"
