"""Freezing a year, and checking a frozen one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.duties.forms import DateInput

FILE_AT_MOST = 20 * 1024 * 1024


class SnapshotForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("年度"), min_value=1921, max_value=9998)
    on = forms.DateField(
        label=gettext_lazy("截至"), widget=DateInput, help_text=gettext_lazy("按这一天已经录入的记录计算。")
    )

    def __init__(self, *arguments: Any, latest: date, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.latest = latest

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > self.latest:
            raise forms.ValidationError(_("截至日期不能晚于今天。"), code="future")
        return on

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        year, on = cleaned.get("year"), cleaned.get("on")
        if year and on and on.year < year:
            self.add_error("on", _("截至日期早于这个年度，还没有可以冻结的台账。"))
        return cleaned


class VerifyForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("下载的快照文件"), widget=forms.FileInput(attrs={"accept": ".json"}))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > FILE_AT_MOST:
            raise forms.ValidationError(_("文件超过20兆，不是台账快照。"), code="too-large")
        return file
