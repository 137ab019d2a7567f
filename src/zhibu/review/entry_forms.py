"""What handing in asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhibu.checking.given import ACCEPT, LONGEST, Given, given
from zhibu.errors import UserError
from zhibu.http import said


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("改了什么，为什么"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class WithdrawForm(forms.Form):
    why = forms.CharField(label=_("撤回原因"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}))


class FileForm(forms.Form):
    """A report written elsewhere; `given` is what was read of it."""

    file = forms.FileField(
        label=_("文件"), required=False, allow_empty_file=True, max_length=None,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
        help_text=_("Word、WPS、PDF、文本文件都可以；.doc 和 .wps 只留文字，不留原文件。"),
    )  # fmt: skip
    text = forms.CharField(
        label=_("或者粘贴文字"), required=False, max_length=LONGEST, widget=forms.Textarea(attrs={"rows": 5})
    )
    title = forms.CharField(label=_("标题"), max_length=200, required=False, help_text=_("不填时取第一行。"))
    changed = forms.CharField(
        label=_("改了什么，为什么"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("报送过以后再报，要写明。"),
    )  # fmt: skip

    given: Given

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if not self.errors:
            try:
                self.given = given(found.get("file"), found.get("text", ""))
            except UserError as refused:
                self.add_error("file", said(refused))
        return found

    @property
    def called(self) -> str:
        """The title, or else the first line."""
        first = next((line.strip() for line in self.given.text.splitlines() if line.strip()), "")
        return str(self.cleaned_data["title"] or first)[:200]
