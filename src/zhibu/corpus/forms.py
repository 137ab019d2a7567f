"""What the pages of the corpus ask for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhibu.corpus.models import Visibility
from zhibu.corpus.reading import ACCEPT, LONGEST_TOGETHER, MOST_FILES
from zhibu.corpus.services import FIRST_YEAR, NewText


class Files(forms.ClearableFileInput):
    allow_multiple_selected = True


class UploadForm(forms.Form):
    """Files, or a pasted text, and what holds for all of them."""

    pasted = forms.CharField(
        label=_("或者粘贴一篇文字"), required=False, max_length=LONGEST_TOGETHER,
        widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip
    visibility = forms.ChoiceField(label=_("这些文字的来源"), choices=Visibility.choices, initial=Visibility.OWN)
    owner = forms.CharField(
        label=_("谁的文字"), required=False, max_length=120,
        help_text=_("例如某支部的全称。不填时取文中的署名，下一步可以逐篇改。"),
    )  # fmt: skip
    year = forms.IntegerField(
        label=_("年度"), required=False, min_value=FIRST_YEAR, max_value=2100,
        help_text=_("不填时取标题中的年度。"),
    )  # fmt: skip

    accept, most = ACCEPT, MOST_FILES


class TitleForm(forms.Form):
    title = forms.CharField(label=_("标题"), max_length=200)


class FilterForm(forms.Form):
    q = forms.CharField(label=_("标题、单位或文件名"), required=False, max_length=60)
    visibility = forms.ChoiceField(label=_("来源"), required=False)
    year = forms.TypedChoiceField(label=_("年度"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any, *, years: Sequence[int]) -> None:
        super().__init__(data)
        visibility, year = self.fields["visibility"], self.fields["year"]
        assert isinstance(visibility, forms.ChoiceField) and isinstance(year, forms.ChoiceField)  # noqa: PT018
        visibility.choices = [("", _("全部")), *Visibility.choices]
        year.choices = [("", _("全部")), *((one, str(one)) for one in years)]


class TextForm(forms.Form):
    """One text of the preview, as it will be kept."""

    keep = forms.BooleanField(label=_("收入"), required=False, initial=True)
    title = forms.CharField(label=_("标题"), max_length=200)
    owner = forms.CharField(label=_("谁的文字"), required=False, max_length=120)
    year = forms.IntegerField(label=_("年度"), required=False, min_value=FIRST_YEAR, max_value=2100)
    visibility = forms.ChoiceField(label=_("来源"), choices=Visibility.choices)
    file_name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    text = forms.CharField(max_length=LONGEST_TOGETHER, strip=False, widget=forms.HiddenInput)

    def new_text(self) -> NewText:
        found = self.cleaned_data
        return NewText(
            found["title"], found["owner"], found["year"], found["visibility"], found["text"], found["file_name"]
        )


TextForms = forms.formset_factory(TextForm, extra=0, max_num=MOST_FILES + 1, absolute_max=MOST_FILES + 1)
