"""What the pages of meetings ask for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.activities.entry import Person
from zhibu.activities.forms import ClockInput, DayInput
from zhibu.org.models import Member


class MeetingForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("名称"), max_length=200)
    day = forms.DateField(label=gettext_lazy("日期"), widget=DayInput)
    starts = forms.TimeField(label=gettext_lazy("开始"), widget=ClockInput, required=False)
    ends = forms.TimeField(label=gettext_lazy("结束"), widget=ClockInput, required=False)
    place = forms.CharField(label=gettext_lazy("地点"), max_length=120, required=False)
    chair = forms.TypedChoiceField(label=gettext_lazy("主持人"), required=False, empty_value=None)
    recorder = forms.TypedChoiceField(label=gettext_lazy("记录人"), required=False, empty_value=None)
    agenda = forms.CharField(
        label=gettext_lazy("议题"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("一行一项，记录时作为小标题。"),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("会前要求"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("例如：带上笔记本；先看附件。"),
    )  # fmt: skip
    invited = forms.MultipleChoiceField(
        label=gettext_lazy("通知谁参加"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, people: Mapping[int, Person], today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today
        choices = [(str(one.id), one.name) for one in people.values()]
        self.members = {str(one.pk): one for one in Member.objects.filter(pk__in=people)}
        for name in ("chair", "recorder"):
            self.fields[name].choices = [("", "—"), *choices]  # type: ignore[attr-defined]
            self.fields[name].coerce = self.members.get  # type: ignore[attr-defined]
        self.fields["invited"].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("day") and given["day"] < self.today:
            self.add_error("day", _("日期已经过去。开过的会，请直接记录活动。"))
        if given.get("starts") and given.get("ends") and given["ends"] <= given["starts"]:
            self.add_error("ends", _("结束时间应在开始时间之后。"))
        return given

    def invited_members(self) -> list[Member]:
        return [self.members[pk] for pk in self.cleaned_data["invited"] if pk in self.members]


class LeaveForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("请假原因"), max_length=100, required=False)
