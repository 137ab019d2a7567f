"""What the page of the handbook asks for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhibu.handbook.outline import Section


class HandbookForm(forms.Form):
    """Which year, and which sections; none chosen means all."""

    year = forms.TypedChoiceField(label=gettext_lazy("年度"), coerce=int)
    section = forms.MultipleChoiceField(
        label=gettext_lazy("内容"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("一项不选，就是全部。"),
    )

    def __init__(self, data: Any, *, years: Sequence[int], sections: Sequence[Section], today: date) -> None:
        super().__init__(data, initial={"year": today.year if today.month > 6 else today.year - 1})
        year, section = self.fields["year"], self.fields["section"]
        assert isinstance(year, forms.ChoiceField) and isinstance(section, forms.ChoiceField)  # noqa: PT018
        year.choices = [(one, _("{year}年").format(year=one)) for one in years]
        section.choices = [(one.slug, one.heading) for one in sections]
