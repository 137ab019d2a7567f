"""What the page that prepares the season's ballot asks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhibu.ballots.manifest import APPRAISAL
from zhibu.review.voting import Group, Voting

GROUPS = 5


class VotingForm(forms.Form):
    """Up to five categories with weight and names, further items, what each choice counts."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)
    items = forms.CharField(
        label=_("另外的测评项目"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=_("每行一项，如“抓党课质量”。不写就只有总体评价一项。"),
    )  # fmt: skip

    def __init__(self, *given: Any, begin: dict[str, Any], version: int) -> None:
        initial: dict[str, Any] = {"version": version, "items": "\n".join(begin["items"])}
        for number in range(1, GROUPS + 1):
            label, weight = (*begin["categories"], *([["", ""]] * GROUPS))[number - 1]
            names = begin["names"][number - 1] if number <= len(begin["names"]) else []
            initial |= {f"label-{number}": label, f"weight-{number}": weight, f"names-{number}": "\n".join(names)}
        initial |= {f"share-{slug}": share for slug, share in begin["shares"].items()}
        super().__init__(*given, initial=initial)
        for number in range(1, GROUPS + 1):
            self.fields[f"label-{number}"] = forms.CharField(label=_("类别"), max_length=20, required=False)
            self.fields[f"weight-{number}"] = forms.RegexField(
                r"^\d{1,4}(\.\d{1,4})?$", label=_("权重"), max_length=9, required=False,
                error_messages={"invalid": _("权重写成 0.4 或 40 这样的数。")},
            )  # fmt: skip
            self.fields[f"names-{number}"] = forms.CharField(
                label=_("投票人"), max_length=20_000, required=False, widget=forms.Textarea({"rows": 4}),
                help_text=_("每行一人。"),
            )  # fmt: skip
        for choice in APPRAISAL:
            self.fields[f"share-{choice.slug}"] = forms.DecimalField(
                label=choice.label, min_value=0, max_value=100, max_digits=5, decimal_places=2
            )

    def groups(self) -> list[tuple[Any, Any, Any]]:
        """The fields of each category."""
        return [tuple(self[f"{name}-{n}"] for name in ("label", "weight", "names")) for n in range(1, GROUPS + 1)]  # type: ignore[misc]

    def shares(self) -> list[Any]:
        return [self[f"share-{choice.slug}"] for choice in APPRAISAL]

    def voting(self) -> Voting:
        told = self.cleaned_data
        groups = tuple(
            Group(label, told[f"weight-{n}"] or "1", _lines(told[f"names-{n}"]))
            for n in range(1, GROUPS + 1)
            if (label := told[f"label-{n}"].strip())
        )
        shares = {choice.slug: str(told[f"share-{choice.slug}"]) for choice in APPRAISAL}
        return Voting(groups, _lines(told["items"]), shares)


def _lines(text: str) -> tuple[str, ...]:
    return tuple(" ".join(line.split()) for line in text.splitlines() if line.strip())
