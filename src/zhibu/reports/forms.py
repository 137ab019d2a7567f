"""What the pages about a report ask for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.errors import UserError


class ComposeForm(forms.Form):
    """Which year, who reports, on which day the ledger is frozen."""

    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int)
    writer = forms.TypedChoiceField(
        label=gettext_lazy("述职人"), coerce=int, help_text=gettext_lazy("现任书记、副书记。没有的，请先登记职务。")
    )
    on = forms.DateField(
        label=gettext_lazy("数据截至"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("报告中的数据取自这一天的台账。以后补了记录，可以在编辑页更新。"),
    )

    def __init__(self, data: Any, *, years: Sequence[int], writers: Sequence[Any], today: date) -> None:
        super().__init__(data, initial={"year": today.year if today.month > 6 else today.year - 1, "on": today})
        self.today = today
        year, writer = self.fields["year"], self.fields["writer"]
        assert isinstance(year, forms.ChoiceField) and isinstance(writer, forms.ChoiceField)  # noqa: PT018
        year.choices = [(one, _("{year}年").format(year=one)) for one in years]
        writer.choices = [(post.member_id, f"{post.member.name}（{post.get_title_display()}）") for post in writers]

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.today:
            raise forms.ValidationError(_("数据只能截至今天或以前。"))
        return on


class KeepForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=200, help_text=gettext_lazy("例如：送支委会讨论稿、按领导意见修改后")
    )


class RefreshForm(forms.Form):
    on = forms.DateField(
        label=gettext_lazy("数据截至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def posted_rows(data: Any) -> list[Mapping[str, str]]:
    """The blocks a browser sent: parallel lists `style` and `text`. Raises UserError when one is cut short."""
    styles, texts = data.getlist("style"), data.getlist("text")
    if len(styles) != len(texts):
        raise UserError("form-broken", "收到的文字不完整，没有保存。请刷新页面后重试。")
    return [{"style": style, "text": text} for style, text in zip(styles, texts, strict=True)]


def posted_version(data: Any) -> int:
    """The version the text was opened as; 0, which is never current, where it is no number."""
    digits = str(data.get("version", ""))
    return int(digits) if digits.isdecimal() and len(digits) < 9 else 0
