"""The form for a local duty: the fields of a rule file, asked for in plain words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhibu.errors import UserError
from zhibu.rulebook.duty import STRENGTHS
from zhibu.rulebook.regulations import parse_duty
from zhibu.rulebook.yamlfile import vocabulary

SHAPES = [
    ("at_least", gettext_lazy("每个周期至少开展几次活动")),
    ("each_member", gettext_lazy("每名党员达到多少学时")),
    ("within", gettext_lazy("某件事之后限期完成")),
]
RECURRING = ("month", "quarter", "half-year", "year")
NEEDED = {
    "at_least": ("kinds", "count", "per"),
    "each_member": ("hours", "group"),
    "within": ("kinds", "event", "limit"),
}


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def choices(section: str, only: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The words of the vocabulary with their names in the reader's language."""
    words = vocabulary()[section]
    return [(slug, _(word["label"])) for slug, word in words.items() if not only or slug in only]


class LocalDutyForm(forms.Form):
    """`values()` gives what services.lay_down_duty takes."""

    label = forms.CharField(label=gettext_lazy("任务名称"), max_length=60)
    label_en = forms.CharField(label=gettext_lazy("英文名称"), max_length=120, required=False)
    document = forms.CharField(label=gettext_lazy("文件名称"), max_length=200)
    origin = forms.CharField(label=gettext_lazy("发文单位"), max_length=120)
    number = forms.CharField(label=gettext_lazy("文号"), max_length=60)
    cites = forms.CharField(label=gettext_lazy("条目"), max_length=60, required=False)
    text = forms.CharField(
        label=gettext_lazy("原文用语"),
        max_length=120,
        help_text=gettext_lazy("只摘提出要求的那一句，例如：每季度至少讲1次党课。"),
    )
    strength = forms.ChoiceField(
        label=gettext_lazy("用词"), help_text=gettext_lazy("以原文用词为准。用“一般”的，没有开展时可以说明原因。")
    )
    subject = forms.MultipleChoiceField(label=gettext_lazy("由谁完成"), widget=forms.CheckboxSelectMultiple)
    sectors = forms.MultipleChoiceField(
        label=gettext_lazy("所在单位"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("不选即不限。"),
    )
    shape = forms.ChoiceField(
        label=gettext_lazy("要求的形式"), choices=SHAPES, initial="at_least", widget=forms.RadioSelect
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("哪些活动可以完成"), widget=forms.CheckboxSelectMultiple, required=False
    )
    tags = forms.MultipleChoiceField(
        label=gettext_lazy("只计其中哪一种"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("不选即都算；选了几个，就要同时符合。"),
    )
    count = forms.IntegerField(label=gettext_lazy("次数"), min_value=1, max_value=100, required=False, initial=1)
    per = forms.ChoiceField(label=gettext_lazy("周期"), required=False)
    hours = forms.FloatField(label=gettext_lazy("学时"), min_value=0.5, max_value=500, required=False)
    group = forms.ChoiceField(label=gettext_lazy("对象"), required=False)
    event = forms.ChoiceField(label=gettext_lazy("从什么事算起"), required=False)
    limit = forms.IntegerField(label=gettext_lazy("几个月内"), min_value=1, max_value=60, required=False)
    grace_days = forms.IntegerField(
        label=gettext_lazy("宽限天数"),
        min_value=0,
        max_value=366,
        required=False,
        initial=0,
        help_text=gettext_lazy("周期结束后几天内补办仍算，记为迟办。"),
    )
    since = forms.DateField(label=pgettext_lazy("in force", "施行日期"), widget=DateInput)
    until = forms.DateField(label=gettext_lazy("截止日期"), widget=DateInput, required=False)
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        for field, section, only in (
            ("subject", "organisations", ()),
            ("sectors", "sectors", ()),
            ("kinds", "kinds", ()),
            ("tags", "tags", ()),
            ("per", "recurrences", RECURRING),
            ("group", "groups", ()),
            ("event", "events", ()),
        ):
            self.fields[field].choices = choices(section, only)
        self.fields["strength"].choices = [("", _("请选择")), *((slug, _(word)) for slug, word in STRENGTHS.items())]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for field in NEEDED.get(cleaned.get("shape", ""), ()):
            if cleaned.get(field) in (None, "", []) and field not in self.errors:
                self.add_error(field, _("请填写这一项。"))
        self._check_tags(cleaned)
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("截止日期不能早于施行日期。"))
        if not self.errors:
            self._try_as_rule()
        return cleaned

    def _check_tags(self, given: dict[str, Any]) -> None:
        """A tag that none of the chosen kinds ever carries would make a duty nobody can do."""
        if given.get("shape") != "at_least":
            return
        words = vocabulary()
        for tag in given.get("tags") or ():
            of = words["tags"][tag]["of"]
            if not set(of) & set(given.get("kinds") or ()):
                names = "、".join(_(words["kinds"][kind]["label"]) for kind in of)
                said = _("“{tag}”只用于{kinds}，请同时选上。")
                self.add_error("tags", said.format(tag=_(words["tags"][tag]["label"]), kinds=names))

    def _try_as_rule(self) -> None:
        """What the rule engine refuses is an error of the form, in its words."""
        values = self.values()
        try:
            parse_duty("local-0/duty", values["data"], regulation=values["document"], since=values["since"])
        except UserError as error:
            self.add_error(None, error.text(_))

    def values(self) -> dict[str, Any]:
        given = self.cleaned_data
        data = {
            "label": given["label"],
            "label_en": given["label_en"],
            "subject": given["subject"],
            "sectors": given["sectors"],
            "cites": given["cites"],
            "text": given["text"],
            "strength": given["strength"],
            "confidence": "P",
            given["shape"]: self._shape(),
            "grace_days": given["grace_days"],
            "note": given["note"],
        }
        filled = {key: value for key, value in data.items() if value not in ("", None, [], 0)}
        return {key: given[key] for key in ("document", "origin", "number", "since", "until")} | {"data": filled}

    def _shape(self) -> dict[str, Any]:
        given = self.cleaned_data
        if given["shape"] == "at_least":
            tags = {"tags": given["tags"]} if given["tags"] else {}
            return {"count": given["count"], "per": given["per"], "of": given["kinds"], **tags}
        if given["shape"] == "each_member":
            return {"hours": given["hours"], "group": given["group"]}
        return {"event": given["event"], "of": given["kinds"], "months": given["limit"]}


class EndForm(forms.Form):
    until = forms.DateField(label=gettext_lazy("截止日期"), widget=DateInput)


class ExplanationForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("没有开展的原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )
