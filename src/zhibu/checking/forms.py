"""What the pages of one-time checks ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhibu.checking.given import ACCEPT, LONGEST, Given, given
from zhibu.errors import UserError
from zhibu.http import said

FIRST_YEAR, LAST_YEAR = 1990, 2100


def _file(label: Any) -> forms.FileField:
    attrs = {"accept": ACCEPT, "class": "drop-file"}
    return forms.FileField(
        label=label, required=False, allow_empty_file=True, widget=forms.FileInput(attrs=attrs), max_length=None
    )


def _text(label: Any, rows: int) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs={"rows": rows}), max_length=LONGEST)


class CheckForm(forms.Form):
    """A file or a pasted text; `given` is what was read of it."""

    file = _file(_("文件（可以拖到框里）"))
    text = _text(_("或者粘贴文字"), 8)
    name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)
    year = forms.IntegerField(
        label=_("报告年度"), required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR,
        help_text=_("不填时取标题中的年度。"),
    )  # fmt: skip
    corpus = forms.BooleanField(label=_("也与本单位资料库对照"), required=False)

    given: Given

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.given = given(found.get("file"), found.get("text", ""), found.get("name", ""))
            except UserError as refused:
                self.add_error(None, said(refused))
        return found


class CompareForm(forms.Form):
    """Two texts, each a file or pasted; `first` and `second` are what was read."""

    first_file = _file(_("要看的这一篇"))
    first_text = _text(_("或者粘贴文字"), 5)
    second_file = _file(_("用来对照的另一篇"))
    second_text = _text(_("或者粘贴文字"), 5)

    first: Given
    second: Given

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        for side in ("first", "second"):
            if self.errors:
                break
            try:
                setattr(self, side, given(found.get(f"{side}_file"), found.get(f"{side}_text", "")))
            except UserError as refused:
                self.add_error(f"{side}_file", said(refused))
        return found


class RuleFilter(forms.Form):
    q = forms.CharField(label=_("名称或说明中的字"), required=False, max_length=60)
    severity = forms.CharField(required=False, max_length=10)
    family = forms.CharField(required=False, max_length=2)
