"""What the pages of the meeting ask for."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhibu.review.hearing import GROUPS, LONGEST, MOST_MINUTES, MOST_PRESENT, SAID, Arrangement, Note
from zhibu.review.models import Cycle, Verb


class ArrangeForm(forms.Form):
    """When and where; once the meeting is prepared only the minutes."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)
    day = forms.DateField(label=_("日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    starts = forms.TimeField(label=_("开始"), required=False, widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    minutes = forms.IntegerField(label=_("每人述职时间（分钟）"), min_value=1, max_value=MOST_MINUTES)

    def __init__(self, *given: object, cycle: Cycle, **more: object) -> None:
        initial = {"version": cycle.version, "minutes": cycle.minutes, "day": cycle.days.get("meeting", "")}
        super().__init__(*given, initial=initial, **more)  # type: ignore[arg-type]
        if cycle.meeting_id is not None:
            for name in ("day", "starts", "place"):
                del self.fields[name]
        self.cycle = cycle

    def arrangement(self) -> Arrangement:
        told = self.cleaned_data
        meeting = self.cycle.meeting
        if meeting is not None:
            return Arrangement(meeting.day, meeting.starts, meeting.place, told["minutes"])
        return Arrangement(told["day"], told["starts"], told["place"], told["minutes"])


class PresentForm(forms.Form):
    """How many of each group were there."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)

    def __init__(self, *given: object, cycle: Cycle) -> None:
        initial = {"version": cycle.version, **cycle.present}
        super().__init__(*given, initial=initial)  # type: ignore[arg-type]
        for group, label in GROUPS.items():
            self.fields[group] = forms.IntegerField(label=label, required=False, min_value=0, max_value=MOST_PRESENT)

    def counts(self) -> dict[str, int]:
        return {group: self.cleaned_data[group] or 0 for group in GROUPS}


class NoteForm(forms.Form):
    """One thing said. `key` names the window."""

    verb = forms.ChoiceField(
        label=_("内容是"), choices=[(str(verb), verb.label) for verb in SAID], initial=Verb.SUPERIOR,
        widget=forms.RadioSelect,
    )  # fmt: skip
    speaker = forms.CharField(label=_("发言人"), max_length=60, required=False)
    text = forms.CharField(
        label=_("记录"), required=False, max_length=LONGEST, widget=forms.Textarea({"rows": 4}), strip=False
    )
    key = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def note(self) -> Note:
        told = self.cleaned_data
        return Note(told["verb"], told["text"], told["speaker"], told["key"])


class CorrectForm(forms.Form):
    """Other words for what one wrote down; `before` is what was read."""

    speaker = forms.CharField(label=_("发言人"), max_length=60, required=False)
    text = forms.CharField(
        label=_("记录"), required=False, max_length=LONGEST, strip=False, widget=forms.Textarea({"rows": 3})
    )
    before = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST + 500, strip=False)
